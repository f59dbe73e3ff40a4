"""The records on which an institution's own grade rests, as it may see them: its own, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from database import session
from models import CreditInformation, Deduction, Statement
from queries import evidence, portal, published_ratings
from queries.evidence import Record
from queries.portal import Letter
from queries.published_ratings import Line
from rules import credit_information as rule
from rules.ladder import yuan


@dataclass(frozen=True)
class Shown:
    """`facts`: what may be told of it; `person`: whose points it is about; `letters`: what was sent about it."""

    record: Record
    facts: tuple[tuple[str, str], ...]
    person: int | None
    letters: list[Letter]


def own(lines: Iterable[Line], institution_id: int) -> dict[str, Record]:
    """Number → record, for those on these lines that are the institution's own."""
    numbers = {number for line in lines for number in line.evidence}
    found = evidence.found(numbers, institution_id=institution_id)
    return {number: row for number, row in found.items() if row.institution_id == institution_id}


def of(number: str, institution_id: int, *, on: date) -> Shown | None:
    """One record, if a published grade of the institution rests on it and it is its own."""
    grades = published_ratings.of_institution(institution_id, on=on)
    lines = [line for grade in grades for line in grade.lines if number in line.evidence]
    record = own(lines, institution_id).get(number)
    if record is None:
        return None
    deduction = session.get(Deduction, record.id) if record.noun == "deduction" else None
    return Shown(
        record,
        _facts(record, deduction),
        deduction.practitioner_id if deduction else None,
        portal.of_subject(record.noun, record.id),
    )


def _facts(record: Record, deduction: Deduction | None) -> tuple[tuple[str, str], ...]:
    """Papers from outside by kind, source and numbers; points by what was taken."""
    if deduction is not None:
        return (("记分", f"{deduction.points}分"), ("行为发生", str(deduction.conduct_on)))
    if record.noun == "statement":
        claim = session.get_one(Statement, record.id)
        denied = sum(one.amount for one in claim.findings if one.stands)
        return (
            ("申报月份", f"{claim.month:%Y-%m}"),
            ("申报金额", f"{yuan(claim.total)}元"),
            ("拒付金额", f"{yuan(denied)}元"),
        )
    if record.noun != "credit_information":
        return ()
    row = session.get_one(CreditInformation, record.id)
    kind = rule.kinds(row.happened_on)[row.kind]
    named = rule.all_figures(kind, row.happened_on)
    numbers = [
        (named[name].label, rule.said(value, named[name])) for name, value in row.figures.items()
    ]
    return (("种类", kind.label), ("有效至", str(row.valid_to)), ("来源", row.source), *numbers)
