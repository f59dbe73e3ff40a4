"""年度清算: the list, drafting, sending, deciding, paying."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import annual_settlements as act
from blueprints import case
from blueprints.access import done, look, permit
from blueprints.money_doors import held
from blueprints.typed import valid
from blueprints.year_lists import money, typed_yuan, year_list
from forms import year as counter
from queries import annual_ledger, ledger, proposals
from queries import annual_settlements as ask
from queries.paging import asked
from rules import annual_settlement as rule
from rules.annual_settlement import Method
from rules.insurance import InsuranceKind
from rules.lifecycle import ANNUAL_SETTLEMENT
from rules.permissions import Permission, may
from rules.refusal import Refused

annual_settlements = Blueprint("annual_settlements", __name__)
COLUMNS: list[Any] = [
    "清算编号", "机构名称", "年度", "险种", "清算方式",
    {"label": "清算差额（元）", "sort": "difference", "class": "num"},
    {"label": "本次应拨付（元）", "sort": "due", "class": "num"}, "送核日期", "确认日期", "状态",
]  # fmt: skip
MILLI = 1000


@annual_settlements.get("/annual-settlements")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    creates = {"label": "编制清算表", "href": url_for("annual_settlements.new")}
    return year_list(
        "年度清算", COLUMNS, [_cells(row) for row in rows], page, given, ANNUAL_SETTLEMENT, ask.years(g.actor),
        creates=creates if may(g.actor, Permission.DRAFT_ANNUAL) else None,
        insured=True,
        nothing="还没有编制年度清算表。年度结束、各月费用结算办完以后编制。",
    )  # fmt: skip


def _cells(row: Any) -> list[Any]:
    state = ANNUAL_SETTLEMENT.states[row.state]
    return [
        {"text": row.number, "href": url_for("annual_settlements.show", key=row.id)},
        row.institution.name, row.year, row.insurance.label, row.method.label, money(row.difference), money(row.due),
        row.sent_on, row.confirmed_on, {"text": state.label, "light": state.light},
    ]  # fmt: skip


@annual_settlements.route("/annual-settlements/new", methods=["GET", "POST"])
@permit(Permission.DRAFT_ANNUAL)
def new() -> ResponseReturnValue:
    on = clock.today()
    year = _year(on)
    rows = ask.unsettled(g.actor, year)
    form: Any = counter.SettlementForm().offer(
        [
            (f"{row.id}:{kind}", f"{row.institution.name} {row.number} {kind.label}")
            for row, kind in rows
        ]
    )
    if form.validate_on_submit():
        key, insurance = form.agreement.data.split(":")
        agreement, kind = held("agreement", int(key)), InsuranceKind(insurance)
        row = act.draft(agreement, year, kind, _figures(form), actor=g.actor, on=on)
        return done(f"{row.number} 已编制", url_for("annual_settlements.show", key=row.id))
    page = render_template(
        "year/settlement_new.html",
        form=form,
        year=year,
        years=range(on.year - 1, on.year - 4, -1),
        possible=bool(rows),
        crumbs_items=case.crumbs("年度清算", "annual_settlements.index", "编制清算表"),
    )
    return page, 400 if form.errors else 200


def _year(on: date) -> int:
    """The year in the address; the one before this one if none, or nonsense, is asked for."""
    text = request.args.get("year", "")
    known = text.isascii() and text.isdecimal() and counter.FIRST_YEAR <= int(text[:4]) < on.year
    return int(text[:4]) if known else on.year - 1


def _figures(form: Any) -> act.Figures:
    return act.Figures(
        method=Method(form.method.data),
        points=_milli(form.points.number),
        deducted_points=_milli(form.deducted_points.number),
        violating_cases=form.violating_cases.data or 0,
        cap=form.cap.fen,
        reduction=form.reduction.number,
        reduction_reason=form.reduction_reason.data or "",
    )


def _milli(points: Decimal | None) -> int:
    return int((points or 0) * MILLI)


@annual_settlements.get("/annual-settlements/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("annual_settlement", key)
    on = clock.today()
    lines, why = _lines(row)
    return render_template(
        "year/settlement.html",
        **case.frame(row),
        lines=lines,
        why=why,
        form=_filled(row),
        value=rule.point_value(row.budget.rest, row.budget.points or 0) if row.budget else None,
        entries=annual_ledger.shown(ledger.of_cause("annual_settlement", key)),
        group=_group(row, on),
        suggested=proposals.in_force(row.institution_id, "budget_factor", on=on),
        crumbs_items=case.crumbs("年度清算", "annual_settlements.index", row.number),
        waiting=case.waiting_for(row),
    )


def _lines(row: Any) -> tuple[list[Any], str]:
    """What was frozen, or as a draft what the ledger says now; why it cannot be counted yet."""
    if row.lines or row.state != "drafted":
        return row.lines, ""
    try:
        return [vars(line) for line in ask.outcome(row).lines], ""
    except Refused as refused:
        return [], str(refused)


def _group(row: Any, on: date) -> dict[str, Any] | None:
    """What the card of the collective decision needs, where a group decides."""
    if row.state != "confirmed" or not rule.needs_group(row.difference, row.due, on):
        return None
    return case.council(row, rule.group_limit(on), on)


def _filled(row: Any) -> Any:
    form: Any = counter.FiguresForm(formdata=None)
    form.method.data = row.method
    form.points.data, form.deducted_points.data = _typed(row.points), _typed(row.deducted_points)
    form.violating_cases.data, form.cap.data = row.violating_cases, typed_yuan(row.cap)
    form.reduction.data = f"{Decimal(row.reduction) / act.HUNDREDTHS:f}"
    form.reduction_reason.data = row.reduction_reason
    return form


def _typed(points: int) -> str:
    return f"{points // MILLI}.{points % MILLI:03d}" if points else ""


@annual_settlements.post("/annual-settlements/<int:key>")
@permit(Permission.DRAFT_ANNUAL)
def change(key: int) -> ResponseReturnValue:
    row, form = held("annual_settlement", key), valid(counter.FiguresForm())
    act.change(row, _figures(form), actor=g.actor, on=clock.today())
    return done("清算表已修改", _page(key))


@annual_settlements.post("/annual-settlements/<int:key>/send")
@permit(Permission.DRAFT_ANNUAL)
def send(key: int) -> ResponseReturnValue:
    letter = act.send(held("annual_settlement", key), actor=g.actor, on=clock.today())
    return done(f"已送机构核对，印发 {letter.number}", _page(key))


@annual_settlements.post("/annual-settlements/<int:key>/answer")
@permit(Permission.DRAFT_ANNUAL)
def answer(key: int) -> ResponseReturnValue:
    row, form = held("annual_settlement", key), valid(counter.TextForm())
    act.answer(row, text=form.text.data, actor=g.actor, on=clock.today())
    return done("已答复异议，再次送机构确认", _page(key))


@annual_settlements.post("/annual-settlements/<int:key>/revise")
@permit(Permission.DRAFT_ANNUAL)
def revise(key: int) -> ResponseReturnValue:
    return _back(key, "revise")


@annual_settlements.post("/annual-settlements/<int:key>/return")
@permit(Permission.DECIDE_ANNUAL)
def return_(key: int) -> ResponseReturnValue:
    return _back(key, "return")


def _back(key: int, verb: str) -> ResponseReturnValue:
    row, form = held("annual_settlement", key), valid(counter.TextForm())
    act.back(row, verb, reason=form.text.data, actor=g.actor, on=clock.today())
    return done("清算表已退回编制", _page(key))


@annual_settlements.post("/annual-settlements/<int:key>/drop")
@permit(Permission.DRAFT_ANNUAL)
def drop(key: int) -> ResponseReturnValue:
    row, form = held("annual_settlement", key), valid(counter.TextForm())
    act.drop(row, reason=form.text.data, actor=g.actor, on=clock.today())
    return done("清算表已作废", _page(key))


@annual_settlements.post("/annual-settlements/<int:key>/decide")
@permit(Permission.DECIDE_ANNUAL)
def decide(key: int) -> ResponseReturnValue:
    act.decide(held("annual_settlement", key), actor=g.actor, on=clock.today())
    return done("清算已批准并记入结算台账", _page(key))


@annual_settlements.post("/annual-settlements/<int:key>/payment")
@permit(Permission.PAY_ANNUAL)
def pay(key: int) -> ResponseReturnValue:
    row, form = held("annual_settlement", key), valid(counter.VoucherForm())
    act.pay(row, voucher=form.voucher.data, actor=g.actor, on=clock.today())
    return done("已登记拨付", _page(key))


@annual_settlements.post("/annual-settlements/<int:key>/repayment")
@permit(Permission.PAY_ANNUAL)
def repay(key: int) -> ResponseReturnValue:
    row, form = held("annual_settlement", key), valid(counter.VoucherForm())
    act.repay(row, voucher=form.voucher.data, actor=g.actor, on=clock.today())
    return done("已登记收回", _page(key))


def _page(key: int) -> str:
    return url_for("annual_settlements.show", key=key)
