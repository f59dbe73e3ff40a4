"""What points may rest on: decided cases and registered penalties, and what one act was scored for already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import and_, or_, select

from database import session
from models import Deduction, Penalty, Practitioner, Violation
from queries import points_ledger
from rules import articles, negative_list
from rules.negative_list import Item
from rules.points_basis import BasisFacts

DECIDED = ("decided", "closed")


def facts(basis: Violation | Penalty, practitioner: Practitioner) -> BasisFacts:
    """A case or a penalty as the rule wants it; a penalty of somebody else counts as nobody's."""
    if isinstance(basis, Violation):
        return _of_case(basis)
    of_person = basis.person_index is not None and basis.person_index == practitioner.id_index
    return BasisFacts(
        text=f"{basis.authority}行政处罚决定书 {basis.number}（{basis.article}）",
        institution_id=basis.institution_id,
        of_person=of_person,
        decided_on=basis.decided_on,
        articles=articles.of_fund_regulation(basis.article),
    )


def _of_case(case: Violation) -> BasisFacts:
    return BasisFacts(
        text=f"违规案件 {case.number} 协议处理决定（{case.basis}）",
        institution_id=case.institution_id,
        of_person=False,
        decided_on=case.decided_on if case.state in DECIDED else None,
        articles=articles.of_fund_regulation(f"{case.basis}；{case.ground_text}"),
    )


def choices(person: Practitioner, institutions: Collection[int], on: date) -> list[tuple[str, str]]:
    """Word and label of every decision that points of this person may rest on, the newest first."""
    cases = session.scalars(
        select(Violation).where(
            Violation.institution_id.in_(institutions),
            Violation.state.in_(DECIDED),
            Violation.decided_on <= on,
        )
    )
    penalties = session.scalars(
        select(Penalty).where(
            or_(
                Penalty.institution_id.in_(institutions),
                Penalty.person_index == person.id_index,
            ),
            Penalty.decided_on <= on,
        )
    )
    found: list[tuple[str, Violation | Penalty]] = [(f"case-{row.id}", row) for row in cases]
    found += [(f"penalty-{row.id}", row) for row in penalties]
    found.sort(key=lambda each: (each[1].decided_on or on, each[0]), reverse=True)
    return [(word, f"{row.decided_on} {facts(row, person).text}") for word, row in found]


def find(word: str) -> Violation | Penalty | None:
    """The decision of a word that `choices` offered."""
    noun, _, key = word.partition("-")
    if not key.isdecimal():
        return None
    if noun == "case":
        return session.get(Violation, int(key[:9]))
    return session.get(Penalty, int(key[:9])) if noun == "penalty" else None


def scored_before(practitioner_id: int, year: int, *, than: int | None = None) -> list[Item]:
    """The items for which points of a year count, oldest first; `than`: only entries before this one."""
    query = select(Deduction).where(
        Deduction.practitioner_id == practitioner_id,
        Deduction.year == year,
        Deduction.state == "confirmed",
        points_ledger.not_taken_back(),
    )
    if than is not None:
        query = query.where(Deduction.id < than)
    with session.no_autoflush:
        rows = session.scalars(query.order_by(Deduction.id)).all()
    return [negative_list.item(row.item, row.decided_on) for row in rows]


def repeats(deduction: Deduction) -> Item | None:
    """The heavier item that this entry's act falls under because it was scored for before in the year, if any."""
    mine = negative_list.item(deduction.item, deduction.decided_on)
    heavier = [one for one in negative_list.items(deduction.decided_on) if one.repeats]
    if not any(mine.band_key in one.repeats for one in heavier):
        return None
    earlier = scored_before(deduction.practitioner_id, deduction.year, than=deduction.id)
    same = any(one.key == mine.key for one in earlier)
    return next((one for one in heavier if mine.band_key in one.repeats), None) if same else None


def same_act(deduction: Deduction) -> str:
    """The number of another entry for the same person, decision and day of conduct, or nothing."""
    on_basis = and_(
        Deduction.violation_id == deduction.violation.id
        if deduction.violation
        else Deduction.penalty_id == (deduction.penalty.id if deduction.penalty else None)
    )
    query = select(Deduction.number).where(
        Deduction.practitioner_id == deduction.practitioner.id,
        Deduction.conduct_on == deduction.conduct_on,
        Deduction.state.in_(("recorded", "confirmed")),
        points_ledger.not_taken_back(),
        on_basis,
    )
    return session.scalar(query.order_by(Deduction.id).limit(1)) or ""
