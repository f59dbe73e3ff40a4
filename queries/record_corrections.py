"""Records behind a grade: which there are, which were revoked or taken back since, what the facts are without those.

What was entered from outside (信用信息) and points are records of two persons; they are revoked or taken back by two
persons as well. An objection names them, and the replay takes up what follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from database import session
from models import CreditInformation, Cycle, Deduction, PointsEntry, Rating
from queries import (
    credit_denials,
    credit_entered,
    credit_facts,
    credit_people,
    credit_subjects,
    cycles,
    rating_corrections,
)
from rules.lifecycle import CreditInformationState as S
from scoring.points_ledger import EntryKind

INFORMATION, POINTS = "credit_information", "deduction"
LABELS = {INFORMATION: "信用信息", POINTS: "记分"}
WORDS = {INFORMATION: "撤销", POINTS: "更正"}
_OF_PERSONS = {
    INFORMATION: {
        "provincial_awards", "city_awards", "credit_records", *credit_entered.NO_AWARDS, *credit_entered.NO_RECORDS,
    },
    POINTS: {"year_points", "points_evidence", "suspended", "revoked", "standing_evidence"},
}  # fmt: skip
_COUNTED = {"practitioner_points", "practitioners_stopped"}


@dataclass(frozen=True)
class Record:
    """One about the subject in the rated period. `gone_on`, `why`: since when and why it counts no more.

    `alike`: what a record put in its place has in common with it.
    """

    noun: str
    id: int
    number: str
    known_on: date
    gone_on: date | None
    why: str
    alike: Any


@dataclass(frozen=True)
class Change:
    """A column of the frozen facts as it stands there, and as it is without the records."""

    fact: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Gone:
    """Records of one noun that are gone. `fault`: why the facts cannot be corrected by them, empty when they can."""

    noun: str
    records: tuple[Record, ...]
    changes: tuple[Change, ...]
    fault: str

    @property
    def label(self) -> str:
        return LABELS[self.noun]

    @property
    def evidence(self) -> str:
        return "、".join(
            f"{one.number}（{one.gone_on} {WORDS[self.noun]}）" for one in self.records
        )


def behind(rating: Rating) -> list[Record]:
    """What counted when the facts were frozen and still does."""
    frozen_on = rating.cycle.frozen_on
    known = [one for noun in LABELS for one in _records(noun, rating)]
    return [one for one in known if one.gone_on is None and one.known_on <= frozen_on]


def of_rating(rating: Rating) -> list[Gone]:
    """By noun, what is gone of that which was frozen; none when every record still counts."""
    found = {noun: _records(noun, rating) for noun in LABELS}
    frozen_on = rating.cycle.frozen_on
    gone = {
        noun: [one for one in rows if one.gone_on and one.known_on <= frozen_on <= one.gone_on]
        for noun, rows in found.items()
    }
    if not any(gone.values()):
        return []
    frozen = rating_corrections.as_corrected(rating.cycle, str(rating.subject))
    now = _today(rating.cycle, str(rating.subject))
    return [
        _gone(rating.cycle, noun, rows, found[noun], (frozen, now))
        for noun, rows in gone.items()
        if rows
    ]


def _records(noun: str, rating: Rating) -> list[Record]:
    return _information(rating) if noun == INFORMATION else _points(rating)


def _information(rating: Rating) -> list[Record]:
    row, cycle = CreditInformation, rating.cycle
    query = select(row).where(
        _subject(rating, row.institution_id, row.practitioner_id, row.person_index),
        row.state.in_((S.CONFIRMED, S.REVOKED)),
        row.pooling_region == cycle.pooling_region,
        row.happened_on <= cycle.to_on,
    )
    return [
        Record(
            INFORMATION, one.id, one.number, one.confirmed_on or one.happened_on,
            one.state_since if one.state == S.REVOKED else None, one.reason, one.kind,
        )
        for one in session.scalars(query.order_by(row.id))
    ]  # fmt: skip


def _points(rating: Rating) -> list[Record]:
    """Confirmed points of the calendar year; `alike`: what it was given in place of, or is itself."""
    if rating.person_index is not None:
        return []
    row, cycle, back = Deduction, rating.cycle, aliased(PointsEntry)
    taken = and_(back.deduction_id == row.id, back.kind == EntryKind.REVERSE)
    query = select(row, back.booked_on).outerjoin(back, taken)
    query = query.where(
        _subject(rating, row.institution_id, row.practitioner_id),
        row.state == "confirmed",
        row.decided_on.between(date(cycle.to_on.year, 1, 1), cycle.to_on),
    )
    return [
        Record(
            POINTS, one.id, one.number, one.confirmed_on or one.decided_on, gone_on,
            "记分已经更正" if gone_on else "", one.replaces_id or one.id,
        )
        for one, gone_on in session.execute(query.order_by(row.id))
    ]  # fmt: skip


def _subject(rating: Rating, institution: Any, practitioner: Any, person: Any = None) -> Any:
    """The condition that a record is about who was rated; places gathered under one code answer together."""
    if rating.institution_id is None:
        return (
            practitioner == rating.practitioner_id
            if rating.practitioner_id
            else person == rating.person_index
        )
    gathered = cycles.scheme_of(rating.cycle).subject.one_per is not None
    places = (
        credit_subjects.asked_as([rating.institution_id]) if gathered else [rating.institution_id]
    )
    return institution.in_(list(places))


def _today(cycle: Cycle, subject: str) -> Mapping[str, Any]:
    """The subject's facts of the same days, gathered anew."""
    scheme = cycles.scheme_of(cycle)
    rows = credit_facts.rows(scheme, cycle.pooling_region, from_on=cycle.from_on, to_on=cycle.to_on)
    return next((row for row in rows if str(row[scheme.subject.key]) == subject), {})


def _columns(noun: str) -> set[str]:
    """The facts that follow from records of this noun."""
    sources = credit_entered.SOURCES if noun == INFORMATION else credit_people.SOURCES
    found = {
        name
        for source in sources
        if noun == INFORMATION or source.nothing.keys() & _COUNTED
        for name in source.nothing
    }
    return found | _OF_PERSONS[noun]


def _gone(
    cycle: Cycle,
    noun: str,
    gone: list[Record],
    every: list[Record],
    facts: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> Gone:
    (frozen, now), labels = facts, cycles.scheme_of(cycle).labels
    names = _columns(noun) - _of_statements(frozen, gone)
    changes = tuple(
        Change(name, labels.get(name, LABELS[noun]), value, now.get(name))
        for name, value in frozen.items()
        if name in names and now.get(name) != value
    )
    new = _new(gone, every, cycle.frozen_on, _numbers(frozen))
    if new:
        fault = f"冻结以后另有登记：{'、'.join(new)}，不能按记录更正，请逐项更正。"
    elif not now:
        fault = "现在取不到该主体在评价期的事实，请逐项更正。"
    else:
        fault = "" if changes else "撤销或者更正该记录不改变评价所用的事实。"
    return Gone(noun, tuple(gone), changes, fault)


def _of_statements(frozen: Mapping[str, Any], gone: Iterable[Record]) -> set[str]:
    """Columns that rest on statements and not on the paper that is gone: they are corrected apart from it."""
    shown = str(frozen.get(credit_denials.EVIDENCE) or "").split("、")
    if any(one.number in shown for one in gone):
        return set()
    return {credit_denials.RATE, credit_denials.EVIDENCE}


def _new(
    gone: Iterable[Record], every: Iterable[Record], frozen_on: date, known: set[str]
) -> list[str]:
    """What came in since the facts were frozen and stands in the place of nothing that is gone: nobody's objection."""
    alike = {one.alike for one in gone} | {one.id for one in gone if one.noun == POINTS}
    return [
        one.number
        for one in every
        if one.gone_on is None
        and one.known_on >= frozen_on
        and one.number not in known
        and one.alike not in alike
    ]


def _numbers(frozen: Mapping[str, Any]) -> set[str]:
    """Every number in the frozen evidence."""
    texts = [str(value) for name, value in frozen.items() if name.endswith("_evidence") and value]
    return {number for text in texts for number in text.split("、")}
