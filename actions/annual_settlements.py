"""年度清算: drafted by finance, confirmed by the institution, decided by the leader, entered into the ledger."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actions import (
    annual_transfers,
    collective_decisions,
    events,
    ledger,
    letters,
    lifecycle,
    numbering,
)
from database import session
from models import Agreement, AnnualSettlement, Document
from queries import annual_settlements as ask
from queries import proposals
from rules import annual_settlement as rule
from rules.annual_settlement import Method
from rules.insurance import InsuranceKind
from rules.lifecycle import AnnualSettlementState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

HUNDREDTHS = 100


@dataclass(frozen=True)
class Figures:
    """What is entered for one agreement. Points in thousandths, `cap` in 分.

    `reduction` in percent, none: as it was adopted for the grade; another one needs its `reduction_reason`.
    """

    method: Method
    points: int = 0
    deducted_points: int = 0
    violating_cases: int = 0
    cap: int | None = None
    reduction: Decimal | None = None
    reduction_reason: str = ""


def draft(
    agreement: Agreement,
    year: int,
    insurance: InsuranceKind,
    figures: Figures,
    *,
    actor: Actor,
    on: date,
) -> AnnualSettlement:
    """Begin the settlement of a year that is over, of one fund. Refused while it runs and a second time."""
    require(actor, Permission.DRAFT_ANNUAL, agreement)
    ledger.lock(agreement.institution_id, agreement_id=agreement.id)
    if on <= date(year, 12, 31):
        raise Refused(f"{year} 年度还没有结束，不能清算。", cure="请在年度结束以后编制。")
    known = ask.living(agreement.id, year, insurance)
    if known is not None:
        raise Refused(f"该协议 {year} 年度{insurance.label}的清算已由 {known.number} 办理。")
    row = AnnualSettlement(
        number=numbering.case_number("QS", on.year),
        state=AnnualSettlementState.DRAFTED,
        institution=agreement.institution,
        agreement=agreement,
        year=year,
        insurance=insurance,
        method=figures.method,
        recorded_by_id=actor.id,
    )
    _enter(row, figures, on)
    lifecycle.begin(row, "draft_settlement", "编制年度清算表", actor=actor, on=on, year=year)
    session.flush()
    return row


def change(row: AnnualSettlement, figures: Figures, *, actor: Actor, on: date) -> None:
    """Correct the figures of a draft; what rests on a fixed value of the point cannot be changed any more."""
    require(actor, Permission.DRAFT_ANNUAL, row)
    if row.state != AnnualSettlementState.DRAFTED:
        raise Refused("清算表已经送出，不能修改。", cure="请先退回编制。")
    before = (row.method, row.points, row.deducted_points)
    given = (figures.method, figures.points, figures.deducted_points)
    if row.share is not None and before != given:
        raise Refused("点值已经核定，不能修改点数。", cure="请先由分管领导重新核定点值。")
    _enter(row, figures, on)
    row.recorded_by_id = actor.id
    events.record(
        row, "change_settlement", "修改年度清算表", actor=actor, on=on,
        points=row.points, deducted=row.deducted_points, reduction=row.reduction,
    )  # fmt: skip


def _enter(row: AnnualSettlement, figures: Figures, on: date) -> None:
    if figures.method is Method.POINTS:
        rule.net_points(figures.points, figures.deducted_points)
        _check_open_budget(row)
    adopted = proposals.in_force(row.institution.id, "budget_factor", on=on)
    usual = Decimal(adopted.value) if adopted else Decimal(0)
    given = usual if figures.reduction is None else figures.reduction
    if given != usual and not figures.reduction_reason.strip():
        raise Refused(
            f"已经采用的核减比例是 {usual.normalize():f}%，另定的请写明理由。",
            basis=adopted.basis if adopted else "",
        )
    row.method, row.points = figures.method, figures.points
    row.deducted_points, row.violating_cases = figures.deducted_points, figures.violating_cases
    row.cap = figures.cap if figures.method is Method.ITEMS else None
    row.reduction = int(given * HUNDREDTHS)
    row.proposal_id = adopted.proposal_id if adopted and given == usual else None
    row.reduction_reason = figures.reduction_reason.strip()[:300]


def _check_open_budget(row: AnnualSettlement) -> None:
    """Whoever shares the budget must be there before its points are valued."""
    budget = ask.budget_of(row.institution.pooling_region, row.year, row.insurance)
    if budget is not None and budget.state == "fixed" and row.share is None:
        raise Refused(
            f"{row.year} 年度{row.insurance.label}的点值已经核定，不能再加入按点数清算的机构。",
            cure="请先由分管领导重新核定点值。",
        )


def send(row: AnnualSettlement, *, actor: Actor, on: date) -> Document:
    """Freeze the lines and give them to the institution, with their letter."""
    _take(row)
    row.carried_from = ask.carried_from(row.institution_id, row.year, row.insurance)
    outcome = ask.outcome(row)
    lifecycle.move(
        row, "send", actor=actor, on=on, sent_on=on, lines=[asdict(line) for line in outcome.lines],
        difference=outcome.difference, due=outcome.due, looks=row.looks + 1,
    )  # fmt: skip
    return _letter(row, actor=actor, on=on)


def confirm(row: AnnualSettlement, *, actor: Actor, on: date) -> None:
    """The institution agrees with every line."""
    lifecycle.move(row, "confirm", actor=actor, on=on, confirmed_on=on, confirmed_by_id=actor.id)


def dispute(row: AnnualSettlement, *, text: str, actor: Actor, on: date) -> None:
    """The institution says what is wrong."""
    if not text.strip():
        raise Refused("请写明对哪一项有异议和理由。")
    lifecycle.move(row, "dispute", actor=actor, on=on, dispute=text.strip()[:2000], answer="")


def answer(row: AnnualSettlement, *, text: str, actor: Actor, on: date) -> None:
    """The figures stand, for a written reason; the institution is asked again."""
    if not text.strip():
        raise Refused("请写明核对的情况和维持的理由。")
    lifecycle.move(row, "answer", actor=actor, on=on, answer=text.strip()[:2000])


def back(row: AnnualSettlement, verb: str, *, reason: str, actor: Actor, on: date) -> None:
    """`revise` by finance or `return` by the leader: a draft again, and what was confirmed is not any more."""
    if not reason.strip():
        raise Refused("请写明重新编制的理由。")
    lifecycle.move(
        row, verb, actor=actor, on=on, note=reason.strip()[:500], answer=reason.strip()[:2000],
        sent_on=None, confirmed_on=None, confirmed_by_id=None, lines=[], difference=None, due=None,
    )  # fmt: skip


def drop(row: AnnualSettlement, *, reason: str, actor: Actor, on: date) -> None:
    """A draft that should not have been begun. Refused while it shares a fixed budget."""
    if not reason.strip():
        raise Refused("请写明作废的理由。")
    if row.share is not None:
        raise Refused("点值已经核定，不能作废。", cure="请先由分管领导重新核定点值。")
    lifecycle.move(row, "drop", actor=actor, on=on, note=reason.strip()[:500])


def decide(row: AnnualSettlement, *, actor: Actor, on: date) -> None:
    """The leader agrees with what both sides confirmed: differences are entered, the rest is paid or carried.

    Refused when the ledger says something else than on the day it was sent, and for a large sum before a group has
    decided about these lines.
    """
    _take(row)
    now = [asdict(line) for line in ask.outcome(row).lines]
    if _amounts(now) != _amounts(row.lines):
        raise Refused(
            "送出以后台账有变化，清算表与台账不再相符。", cure="请退回重新核对，再次送机构确认。"
        )
    if rule.needs_group(row.difference, row.due, on):
        collective_decisions.check_year(row, on)
    lifecycle.move(row, "decide", actor=actor, on=on, decided_by_id=actor.id, decided_on=on)
    annual_transfers.enter(row, actor=actor, on=on)
    due = row.due or 0
    if due <= 0:
        lifecycle.move(row, "carry" if due else "close", actor=actor, on=on)


def _amounts(lines: list[Any]) -> list[tuple[str, int]]:
    return [(line["key"], line["amount"]) for line in lines]


def pay(row: AnnualSettlement, *, voucher: str, actor: Actor, on: date) -> None:
    """Finance has transferred what was due."""
    _with_voucher(row, "pay", voucher, actor=actor, on=on)
    annual_transfers.pay(row, actor=actor, on=on)


def repay(row: AnnualSettlement, *, voucher: str, actor: Actor, on: date) -> None:
    """The institution has brought what it owed."""
    _with_voucher(row, "repay", voucher, actor=actor, on=on)
    annual_transfers.repay(row, actor=actor, on=on)


def _with_voucher(
    row: AnnualSettlement, verb: str, voucher: str, *, actor: Actor, on: date
) -> None:
    if not voucher.strip():
        raise Refused("请填写凭证号。")
    _take(row)
    lifecycle.move(
        row,
        verb,
        actor=actor,
        on=on,
        paid_by_id=actor.id,
        paid_on=on,
        voucher=voucher.strip()[:100],
    )


def _take(row: AnnualSettlement) -> None:
    """Institution, agreement, then the case: the order of every writer of the ledger."""
    ledger.lock(row.institution_id, agreement_id=row.agreement_id)
    session.refresh(row, with_for_update=True)


def _letter(row: AnnualSettlement, *, actor: Actor, on: date) -> Document:
    return letters.issue(
        "annual_settlement",
        row,
        row.institution,
        actor=actor,
        on=on,
        institution=row.institution.name,
        agreement_number=row.agreement.number,
        settlement_number=row.number,
        year=row.year,
        insurance=row.insurance.label,
        method=row.method.label,
        lines=[
            {"label": line["label"], "amount": line["amount"], "formula": line["formula"],
             "basis": line["basis"], "to_check": line["confidence"] in ("local", "assumed")}
            for line in row.lines
        ],
        violating_cases=row.violating_cases,
        due=row.due,
        basis=next(line["basis"] for line in row.lines if line["key"] == "claimed"),
    )  # fmt: skip
