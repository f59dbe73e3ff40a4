"""机构人员占比: who counts, who was suspended or revoked in the year, and what one more measure would bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from database import session
from models import Institution, QualificationMeasure, Registration
from queries import practitioners, qualification_measures
from scoring import institution_share
from scoring.institution_share import Share


@dataclass(frozen=True)
class Crossing:
    """A measure on one more person takes the institution's share over a threshold."""

    institution: Institution
    before: Share
    after: Share

    @property
    def sentence(self) -> str:
        step = institution_share.WORDS[self.after.step]
        return (
            f"{self.institution.name}：被暂停、终止的人员由 {self.before.affected} 人增至 {self.after.affected} 人"
            f"（共 {self.after.registered} 人），占比由 {self.before.percent}% 升至 {self.after.percent}%，{step}"
        )


def of(institution_id: int, day: date) -> Share:
    """Of the people counted here in the calendar year up to the day, how many got a measure in it while here."""
    hit = set(session.scalars(_affected(institution_id, day)))
    counted = set(session.scalars(_counted(institution_id, day))) | hit
    return institution_share.share(len(hit), len(counted), day)


def crossings(practitioner_id: int, day: date) -> list[Crossing]:
    """The sites at which a measure on this person from this day would reach a threshold not reached before."""
    found = []
    for place in practitioners.sites(practitioner_id, day):
        before = of(place.id, day)
        hit = set(session.scalars(_affected(place.id, day)))
        after = before if practitioner_id in hit else before.and_one_more()
        if after.step != before.step:
            found.append(Crossing(place, before, after))
    return found


def token(found: list[Crossing]) -> str:
    """What somebody was warned of, in a word that changes when the warning does."""
    return ",".join(f"{one.institution.id}:{one.after.step}" for one in found)


def touched(day: date) -> Select[Any]:
    """Institutions with somebody who got a measure in the year of the day while registered there."""
    return _measured(day).with_only_columns(Registration.institution_id).distinct()


def _affected(institution_id: int, day: date) -> Select[Any]:
    return (
        _measured(day)
        .where(Registration.institution_id == institution_id)
        .with_only_columns(QualificationMeasure.practitioner_id)
    )


def _measured(day: date) -> Select[Any]:
    return (
        select(QualificationMeasure.id)
        .join(Registration, Registration.practitioner_id == QualificationMeasure.practitioner_id)
        .where(
            QualificationMeasure.from_on.between(date(day.year, 1, 1), day),
            qualification_measures.not_void(),
            _during(QualificationMeasure.from_on, QualificationMeasure.from_on),
        )
    )


def _counted(institution_id: int, day: date) -> Select[Any]:
    """The denominator that the law of the day chooses."""
    whole_year = institution_share.denominator(day).key == "year"
    first = date(day.year, 1, 1) if whole_year else day
    return select(Registration.practitioner_id).where(
        Registration.institution_id == institution_id, _during(first, day)
    )


def _during(first: Any, last: Any) -> ColumnElement[bool]:
    return and_(
        Registration.from_on <= last, or_(Registration.to_on.is_(None), Registration.to_on >= first)
    )
