"""人员跨统筹区通报: the agency of every other pooling region where the person works is told of a measure or its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from actions import letters
from database import session
from models import Deduction, Document, Institution, QualificationMeasure
from models.qualification_measure import QualificationMeasureKind as Kind
from rules.permissions import Actor


def tell(
    measure: QualificationMeasure,
    places: Sequence[Institution],
    word: str,
    *,
    actor: Actor,
    on: date,
    from_on: date,
) -> list[Document]:
    """One letter for each region other than that of the decision, naming the sites there."""
    home = session.get_one(Deduction, measure.deduction_id).institution
    abroad: dict[str, list[Institution]] = defaultdict(list)
    for place in places:
        if place.pooling_region != home.pooling_region:
            abroad[place.pooling_region].append(place)
    return [
        _letter(measure, home, region, there, word, actor=actor, on=on, from_on=from_on)
        for region, there in sorted(abroad.items())
    ]


def _letter(
    measure: QualificationMeasure,
    home: Institution,
    region: str,
    places: list[Institution],
    word: str,
    *,
    actor: Actor,
    on: date,
    from_on: date,
) -> Document:
    person = measure.practitioner
    return letters.issue(
        "person_notice",
        measure,
        home,
        actor=actor,
        on=on,
        addressee=f"{region} 统筹区医疗保障经办机构",
        practitioner=person.name,
        practitioner_code=person.code,
        measure=word,
        from_on=from_on,
        until=measure.until if word == Kind.SUSPEND else None,
        bar_until=measure.bar_until if word == Kind.REVOKE else None,
        total=measure.total,
        places=[place.name for place in places],
        basis=measure.basis,
    )
