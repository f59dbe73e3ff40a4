"""The money of a year for tests: a ledger as its months would have left it, and cases on their way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from actions import (
    annual_budgets,
    annual_settlements,
    collective_decisions,
    ledger,
    prepayments,
    retention_releases,
)
from database import session
from models import (
    Agreement,
    AnnualBudget,
    AnnualSettlement,
    CollectiveDecision,
    Prepayment,
    RetentionRelease,
)
from rules.annual_settlement import Method
from rules.insurance import InsuranceKind
from rules.ledger import Kind, Transfer
from rules.permissions import Actor, Role
from rules.prepayment import Fund
from rules.retention import Way
from tests import factories
from tests import factories_agreement as made

YEAR = 2025
ON = date(2026, 6, 15)
JANUARY = date(2026, 1, 5)
POINTS = annual_settlements.Figures(Method.POINTS, points=60_000_000)
ITEMS = annual_settlements.Figures(Method.ITEMS)
RICH = Fund(InsuranceKind.EMPLOYEE, 1300_00, 100_00, 5_00, 5_00)


def agreement(kind: str, **values) -> Agreement:
    """In force in 2025 and 2026."""
    place = factories.institution(kind, **values)
    terms = {"term_from": date(2025, 1, 1), "term_to": date(2026, 12, 31)}
    return made.concluded(place, on=date(2024, 12, 20), **terms)


def booked(
    row: Agreement,
    staff: dict[Role, Actor],
    *,
    claimed: int = 1000_00,
    denied: int = 100_00,
    held: int = 0,
    retained: int = 45_00,
    paid: int | None = None,
    year: int = YEAR,
    insurance: InsuranceKind = InsuranceKind.EMPLOYEE,
) -> Agreement:
    """A year of claims, all settled; paid to the last 分 unless said otherwise."""
    good = claimed - denied - held
    rest = good - retained if paid is None else paid
    given = [
        (Kind.CLAIM, claimed), (Kind.DENY, denied), (Kind.HOLD, held), (Kind.ADMIT, good),
        (Kind.RETAIN, retained), (Kind.PAY, rest),
    ]  # fmt: skip
    ledger.post(
        [Transfer(kind, amount) for kind, amount in given],
        institution=row.institution, agreement=row, cause=row, year=year, insurance=insurance,
        actor=staff[Role.FINANCE], on=date(year, 12, 20),
    )  # fmt: skip
    return row


def proposed(
    row: Agreement, staff: dict[Role, Actor], score: str = "70", *, on: date = ON, **values
) -> RetentionRelease:
    plan = retention_releases.Plan(Way.LADDER, "fujian", Decimal(score), "样例考核通报", **values)
    return retention_releases.propose(row, YEAR, plan, actor=staff[Role.FINANCE], on=on)


def drafted(
    row: Agreement,
    staff: dict[Role, Actor],
    figures=ITEMS,
    *,
    year: int = YEAR,
    on: date = ON,
    insurance: InsuranceKind = InsuranceKind.EMPLOYEE,
) -> AnnualSettlement:
    return annual_settlements.draft(row, year, insurance, figures, actor=staff[Role.FINANCE], on=on)


def owner(row: Agreement) -> Actor:
    return factories.actor(Role.INSTITUTION, institution=row.institution)


def confirmed(row: AnnualSettlement, staff: dict[Role, Actor], *, on: date = ON) -> Actor:
    """Sent and agreed to; returns who agreed."""
    annual_settlements.send(row, actor=staff[Role.FINANCE], on=on)
    user = owner(row.agreement)
    annual_settlements.confirm(row, actor=user, on=on)
    return user


def discussed(
    row: AnnualSettlement, staff: dict[Role, Actor], ballot: str = "for"
) -> CollectiveDecision:
    """A group decides about a large settlement."""
    members = {staff[role].id: staff[role] for role in (Role.LEADER, Role.CHIEF, Role.REVIEWER)}
    meeting = collective_decisions.convene(row, members, actor=staff[Role.CHIEF], on=ON)
    for vote in meeting.votes:
        actor = members[vote.user_id]
        collective_decisions.cast(vote, ballot=ballot, remark="核对。", actor=actor, on=ON)
    collective_decisions.conclude(meeting, minutes="讨论清算表。", actor=staff[Role.CHIEF], on=ON)
    return meeting


def budget(
    staff: dict[Role, Actor],
    total: int = 120_000_000_00,
    insurance: InsuranceKind = InsuranceKind.EMPLOYEE,
) -> AnnualBudget:
    given = {"total": total, "source": "样例预算通知"}
    return annual_budgets.draft(YEAR, insurance, **given, actor=staff[Role.FINANCE], on=ON)


def fund(staff: dict[Role, Actor], given: Fund = RICH) -> None:
    annual_budgets.record_balance(
        2026, given, source="样例收支表", actor=staff[Role.FINANCE], on=JANUARY
    )


def asked(row: Agreement, *, amount: int = 70_00, on: date = JANUARY, **values) -> Prepayment:
    given = {"insurance": InsuranceKind.EMPLOYEE, "purpose": "drugs"} | values
    return prepayments.request(
        row, prepayments.Request(amount=amount, **given), actor=owner(row), on=on
    )


def examined(
    row: Agreement, staff: dict[Role, Actor], *, amount: int = 70_00, on: date = JANUARY
) -> Prepayment:
    """With a fund that can, and a base of 71.25 元 a month; whoever pays it is another of finance."""
    fund(staff)
    case = asked(row, amount=amount)
    prepayments.examine(
        case,
        years=[855_00],
        amount=amount,
        opinion="符合条件。",
        actor=factories.actor(Role.FINANCE),
        on=on,
    )
    return case


def advanced(row: Agreement, staff: dict[Role, Actor], *, amount: int = 70_00) -> Prepayment:
    case = examined(row, staff, amount=amount)
    prepayments.grant(case, opinion="同意。", actor=staff[Role.LEADER], on=JANUARY)
    prepayments.pay(case, voucher="YF-1", actor=staff[Role.FINANCE], on=JANUARY)
    session.flush()
    return case


def furnish(kind: str, staff: dict[Role, Actor]) -> Actor:
    """Every case that waits for somebody; returns the user of one institution that has one of each."""
    finance, leader = staff[Role.FINANCE], staff[Role.LEADER]
    for stage in ("drafted", "decided"):
        row = proposed(booked(agreement(kind), staff), staff)
        if stage == "decided":
            retention_releases.decide(row, actor=leader, on=ON)
    for stage in ("drafted", "disputed", "confirmed", "decided", "carried"):
        _settled(kind, staff, stage)
    if kind == "hospital":
        drafted(booked(agreement(kind), staff), staff, POINTS)
        budget(staff)
    advanced(agreement(kind), staff)
    for stage in ("examined", "granted"):
        case = examined(agreement(kind), staff)
        if stage == "granted":
            prepayments.grant(case, opinion="同意。", actor=leader, on=JANUARY)
    mine = booked(agreement(kind), staff)
    annual_settlements.send(drafted(mine, staff), actor=finance, on=ON)
    asked(mine)
    session.commit()
    return owner(mine)


def _settled(kind: str, staff: dict[Role, Actor], stage: str) -> AnnualSettlement:
    """A settlement in one of its stages; the carried one is owed by the institution."""
    figures = annual_settlements.Figures(Method.ITEMS, cap=800_00) if stage == "carried" else ITEMS
    place = booked(agreement(kind), staff, paid=0 if stage == "decided" else None)
    row = drafted(place, staff, figures)
    if stage == "disputed":
        annual_settlements.send(row, actor=staff[Role.FINANCE], on=ON)
        annual_settlements.dispute(row, text="拒付金额有误。", actor=owner(place), on=ON)
    elif stage != "drafted":
        confirmed(row, staff)
    if stage in ("decided", "carried"):
        annual_settlements.decide(row, actor=staff[Role.LEADER], on=ON)
    return row
