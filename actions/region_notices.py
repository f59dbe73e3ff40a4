"""跨统筹区通报: the agency of another pooling region is told, with relation and article, that it has to act as well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from actions import letters
from models import Document, Suspension, Termination
from queries.affected import Hit
from rules import measures
from rules.permissions import Actor


def tell(
    decision: Suspension | Termination, hits: Iterable[Hit], *, actor: Actor, on: date
) -> list[Document]:
    """One letter for each who is hit elsewhere, in the transaction of the decision."""
    return [_tell(decision, hit, actor=actor, on=on) for hit in hits]


def _tell(decision: Suspension | Termination, hit: Hit, *, actor: Actor, on: date) -> Document:
    suspended = isinstance(decision, Suspension)
    institution = decision.institution
    return letters.issue(
        "region_notice",
        decision,
        institution,
        actor=actor,
        on=on,
        addressee=hit.addressee or f"{hit.region} 统筹区医疗保障经办机构",
        institution=institution.name,
        agreement_number=decision.agreement.number,
        measure=measures.SUSPEND if suspended else measures.TERMINATE,
        decided_on=decision.decided_on,
        effective_on=decision.from_on
        if isinstance(decision, Suspension)
        else decision.effective_on,
        ground_text=decision.ground_text,
        basis=decision.basis,
        subject_name=hit.name,
        subject_code=hit.subject,
        relation=hit.relation,
        article=hit.article,
    )
