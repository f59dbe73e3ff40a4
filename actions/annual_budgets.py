"""年度总额预算 and 基金收支: entered by finance; the value of a point is fixed by the leader."""

from __future__ import annotations

from datetime import date
from typing import Any

import regulations
from actions import events, lifecycle
from database import session
from models import AnnualBudget, FundBalance
from queries import annual_settlements as ask
from rules import annual_settlement as rule
from rules.insurance import InsuranceKind
from rules.lifecycle import AnnualBudgetState
from rules.permissions import Actor, Permission, require
from rules.prepayment import Fund
from rules.refusal import Refused


def draft(
    year: int, insurance: InsuranceKind, *, total: int, source: str, actor: Actor, on: date
) -> AnnualBudget:
    """The sum a fund divides by points for a year, in 分. Refused twice for a year and without source."""
    require(actor, Permission.DRAFT_BUDGET)
    if total <= 0 or not source.strip():
        raise Refused("请填写总额预算的金额和下达文件。")
    if ask.budget_of(actor.pooling_region or "", year, insurance) is not None:
        raise Refused(
            f"{year} 年度{insurance.label}的总额预算已经登记。", cure="金额有误的，请修改原登记。"
        )
    law = regulations.at(date(year, 12, 31))
    percent = law.annual.adjusting_fund.value
    fund, _ = rule.fund_of(total, percent)
    row = AnnualBudget(
        pooling_region=actor.pooling_region,
        year=year,
        insurance=insurance,
        state=AnnualBudgetState.DRAFTED,
        total=total,
        adjusting_percent=percent,
        adjusting_fund=fund,
        source=source.strip()[:200],
        recorded_by_id=actor.id,
    )
    basis = law.annual.adjusting_fund.basis
    lifecycle.begin(
        row, "draft_budget", "登记年度总额预算", actor=actor, on=on, basis=basis, total=total
    )
    session.flush()
    return row


def change(row: AnnualBudget, *, total: int, source: str, actor: Actor, on: date) -> None:
    """Correct the sum while nothing is fixed on it."""
    require(actor, Permission.DRAFT_BUDGET, row)
    if row.state != AnnualBudgetState.DRAFTED:
        raise Refused("点值已经核定，不能修改预算。", cure="请先由分管领导重新核定。")
    if total <= 0 or not source.strip():
        raise Refused("请填写总额预算的金额和下达文件。")
    before, row.total, row.source = row.total, total, source.strip()[:200]
    row.adjusting_fund, _ = rule.fund_of(total, row.adjusting_percent)
    row.recorded_by_id = actor.id
    events.record(
        row, "change_budget", "修改年度总额预算", actor=actor, on=on, before=before, total=total
    )


def fix(row: AnnualBudget, *, actor: Actor, on: date) -> None:
    """Divide the budget by the net points of every settlement of the year. Refused while one of them has none."""
    rows = _members(row)
    without = [one.institution.name for one in rows if not one.points]
    if not rows or without:
        names = "、".join(without[:5])
        raise Refused(
            f"还有机构没有登记全年点数：{names}。" if without else "还没有按点数清算的机构。",
            cure="请先编制各机构的年度清算表，登记全年点数。",
        )
    net = [rule.net_points(one.points, one.deducted_points) for one in rows]
    for one, share in zip(rows, rule.shares(row.rest, net), strict=True):
        one.share, one.budget_id = share, row.id
    lifecycle.move(
        row, "fix", actor=actor, on=on, points=sum(net), fixed_by_id=actor.id, fixed_on=on
    )


def reopen(row: AnnualBudget, *, reason: str, actor: Actor, on: date) -> None:
    """Take the value back, while no settlement that rests on it has gone out."""
    if not reason.strip():
        raise Refused("请写明重新核定的理由。")
    rows = _members(row)
    for one in rows:
        one.share = None
    lifecycle.move(
        row, "reopen", actor=actor, on=on, note=reason.strip()[:300],
        points=None, fixed_by_id=None, fixed_on=None,
    )  # fmt: skip


def _members(row: AnnualBudget) -> list[Any]:
    """Settlements by points of the year, held. Refused when one of them is no longer a draft."""
    session.refresh(row, with_for_update=True)
    rows = ask.by_points(row.pooling_region, row.year, row.insurance, lock=True)
    gone = [one.institution.name for one in rows if one.state != "drafted"]
    if gone:
        raise Refused(
            f"{'、'.join(gone[:5])}的清算表已经送出，不能再变动点值。",
            cure="请先把这些清算表退回编制。",
        )
    return rows


def record_balance(year: int, fund: Fund, *, source: str, actor: Actor, on: date) -> FundBalance:
    """What the tests of prepayment look at in January of the year; entered anew it replaces what was there."""
    require(actor, Permission.DRAFT_BUDGET)
    if fund.monthly <= 0 or fund.balance < 0 or not source.strip():
        raise Refused("请填写累计结余、月均支出和数据出处。", cure="月均支出应当大于零。")
    row = ask.fund_of(actor.pooling_region or "", year, fund.insurance)
    if row is None:
        row = FundBalance(
            pooling_region=actor.pooling_region, year=year, insurance=InsuranceKind(fund.insurance)
        )
        session.add(row)
    row.balance, row.monthly = fund.balance, fund.monthly
    row.last_year, row.forecast = fund.last_year, fund.forecast
    row.source, row.recorded_by_id, row.recorded_on = source.strip()[:200], actor.id, on
    session.flush()
    events.record(
        row, "record_balance", "登记基金收支", actor=actor, on=on, balance=fund.balance,
        monthly=fund.monthly, last_year=fund.last_year, forecast=fund.forecast,
    )  # fmt: skip
    return row
