"""From the number on a line to the case, decision, letter or paper it names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, literal, or_, select

from database import session
from models import (
    Agreement,
    Amendment,
    Application,
    Blacklisting,
    Campaign,
    CreditInformation,
    CreditPledge,
    Deduction,
    Document,
    GradeChange,
    Penalty,
    Practitioner,
    Rectification,
    Renewal,
    Statement,
    UnfiledChange,
    Untrustworthy,
    Violation,
)


class Shelf(NamedTuple):
    """Records of one kind: what they are called, by which number, of which day, of which institution."""

    label: str
    model: Any
    number: Any
    day: Any
    owner: Any


@dataclass(frozen=True)
class Record:
    """`institution_id`: whose record it is, where it belongs to one institution."""

    number: str
    noun: str
    label: str
    id: int
    day: date | None
    institution_id: int | None


def _of_one(label: str, model: Any, day: Any) -> Shelf:
    return Shelf(label, model, model.number, day, model.institution_id)


NOBODY = literal(None)
SHELVES = (
    _of_one("违规案件", Violation, func.coalesce(Violation.decided_on, Violation.found_on)),
    _of_one("记分决定", Deduction, Deduction.decided_on),
    _of_one("定点申请", Application, Application.created_on),
    _of_one("文书", Document, Document.issued_on),
    _of_one("整改事项", Rectification, Rectification.ordered_on),
    _of_one("变更备案", Amendment, func.coalesce(Amendment.submitted_on, Amendment.created_on)),
    _of_one("未申请变更", UnfiledChange, func.coalesce(UnfiledChange.overdue_on, UnfiledChange.found_on)),
    _of_one("续签", Renewal, Renewal.applied_on),
    _of_one("信用信息", CreditInformation, CreditInformation.happened_on),
    _of_one("服务协议", Agreement, Agreement.agency_signed_on),
    _of_one("费用申报", Statement, Statement.settled_on),
    _of_one("信用承诺书", CreditPledge, CreditPledge.signed_on),
    _of_one("等级变动", GradeChange, GradeChange.effective_on),
    Shelf("严重失信名单", Blacklisting, Blacklisting.number, Blacklisting.listed_on, Blacklisting.place_id),
    Shelf("专项行动", Campaign, Campaign.name, Campaign.from_on, NOBODY),
    Shelf("人员档案", Practitioner, Practitioner.code, NOBODY, NOBODY),
)  # fmt: skip
PENALTIES = Shelf("行政处罚", Penalty, Penalty.number, Penalty.decided_on, Penalty.institution_id)
UNTRUSTWORTHY = Shelf("失信人名单", Untrustworthy, Untrustworthy.number, Untrustworthy.listed_on, NOBODY)  # fmt: skip


def found(
    numbers: Collection[str], *, institution_id: int | None = None, person_index: str | None = None
) -> dict[str, Record]:
    """Number → what it names, for those that are on file.

    Penalties and lists of others bear the numbers of other authorities, so they are only known by whom they are about.
    """
    wanted = [number for number in numbers if number]
    return {record.number: record for record in _found(wanted, institution_id, person_index)}


def _found(
    numbers: Collection[str], institution_id: int | None, person_index: str | None
) -> Iterator[Record]:
    if not numbers:
        return
    for shelf in SHELVES:
        yield from _on(shelf, shelf.number.in_(numbers))
    upon = [Penalty.institution_id == institution_id] if institution_id else []
    upon += [Penalty.person_index == person_index] if person_index else []
    if upon:
        yield from _on(PENALTIES, Penalty.number.in_(numbers), or_(*upon))
    if person_index:
        listed = Untrustworthy.person_index == person_index
        yield from _on(UNTRUSTWORTHY, Untrustworthy.number.in_(numbers), listed)


def _on(shelf: Shelf, *conditions: Any) -> Iterator[Record]:
    query = select(shelf.number, shelf.model.id, shelf.day, shelf.owner).where(*conditions)
    for number, key, day, owner in session.execute(query.order_by(shelf.model.id)):
        yield Record(number, shelf.model.__tablename__, shelf.label, key, day, owner)
