"""基金预付: the list, asking at the counter, examination, decision, payment."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import prepayments as act
from blueprints import case
from blueprints.access import done, look, permit
from blueprints.money_doors import held
from blueprints.typed import valid
from blueprints.year_lists import money, typed_yuan, year_list
from forms import year as counter
from queries import institutions
from queries import prepayments as ask
from queries.paging import asked
from rules import prepayment as rule
from rules.insurance import InsuranceKind
from rules.lifecycle import PREPAYMENT
from rules.permissions import Permission

prepayments = Blueprint("prepayments", __name__)
COLUMNS = [
    "预付编号", "机构名称", "年度", "险种", "申请（元）", "核定（元）", "申请日期", "拨付日期", "状态",
]  # fmt: skip


@prepayments.get("/prepayments")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    first, last = rule.window(clock.today().year)
    return year_list(
        "基金预付", COLUMNS, [_cells(row) for row in rows], page, given, PREPAYMENT, ask.years(g.actor),
        insured=True,
        nothing=f"没有预付申请。机构在每年1月{first.day}日至{last.day}日提出申请。",
    )  # fmt: skip


def _cells(row: Any) -> list[Any]:
    state = PREPAYMENT.states[row.state]
    return [
        {"text": row.number, "href": url_for("prepayments.show", key=row.id)},
        row.institution.name, row.year, row.insurance.label, money(row.asked), money(row.amount),
        row.requested_on, row.paid_on, {"text": state.label, "light": state.light},
    ]  # fmt: skip


@prepayments.route("/institutions/<int:key>/prepayment", methods=["GET", "POST"])
@permit(Permission.REQUEST_PREPAYMENT)
def new(key: int) -> ResponseReturnValue:
    place = institutions.find(key, g.actor) or abort(404)
    form = form_for(place.id)
    if form.validate_on_submit():
        row = asked_for(form)
        return done(f"预付申请 {row.number} 已登记", url_for("prepayments.show", key=row.id))
    page = render_template(
        "year/prepayment_new.html",
        place=place,
        form=form,
        window=rule.window(clock.today().year),
        crumbs_items=case.crumbs("基金预付", "prepayments.index", "登记预付申请"),
    )
    return page, 400 if form.errors else 200


def form_for(institution_id: int) -> Any:
    """The form with the agreements in force and the purposes there are."""
    on = clock.today()
    rows = ask.standing_agreements(institution_id, on)
    return counter.PrepaymentForm().offer(
        [(row.id, row.number) for row in rows],
        [(row.key, row.label) for row in rule.purposes(on)],
    )


def asked_for(form: Any) -> Any:
    agreement = held("agreement", form.agreement_id.data)
    given = act.Request(
        InsuranceKind(form.insurance.data), form.purpose.data, form.amount.fen or 0, form.text.data or ""
    )  # fmt: skip
    return act.request(agreement, given, actor=g.actor, on=clock.today())


@prepayments.get("/prepayments/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row, on = look("prepayment", key), clock.today()
    fund, paid = ask.fund(row), ask.paid_before(row)
    credit, found = ask.credit(row, on)
    return render_template(
        "year/prepayment.html",
        **case.frame(row),
        purpose=rule.check_purpose(row.purpose, row.requested_on),
        tests=row.tests
        or ([vars(one) for one in rule.tests(fund, row.requested_on)] if fund else []),
        form=_filled(row, paid),
        credit=credit,
        found=found,
        opinion=counter.OpinionForm(formdata=None),
        crumbs_items=case.crumbs("基金预付", "prepayments.index", row.number),
        waiting=case.waiting_for(row),
    )


def _filled(row: Any, paid: list[int]) -> Any:
    """The ledger's own figures stand in the form; years before the ledger are typed in."""
    form: Any = counter.ExaminationForm(formdata=None)
    for field, fen in zip((form.first, form.second, form.third), paid, strict=True):
        field.data = typed_yuan(fen) if fen else ""
    form.amount.data = typed_yuan(row.asked)
    return form


@prepayments.post("/prepayments/<int:key>/examination")
@permit(Permission.EXAMINE_PREPAYMENT)
def examine(key: int) -> ResponseReturnValue:
    row, form = held("prepayment", key), valid(counter.ExaminationForm())
    act.examine(
        row, years=form.years, amount=form.amount.fen or 0, opinion=form.opinion.data,
        actor=g.actor, on=clock.today(),
    )  # fmt: skip
    return done("审核意见已提出，等待审批", _page(key))


@prepayments.post("/prepayments/<int:key>/grant")
@permit(Permission.DECIDE_PREPAYMENT)
def grant(key: int) -> ResponseReturnValue:
    row, form = held("prepayment", key), valid(counter.OpinionForm())
    letter = act.grant(row, opinion=form.opinion.data or "", actor=g.actor, on=clock.today())
    return done(f"已同意预付，印发 {letter.number}", _page(key))


@prepayments.post("/prepayments/<int:key>/decline")
@permit(Permission.DECIDE_PREPAYMENT)
def decline(key: int) -> ResponseReturnValue:
    row, form = held("prepayment", key), valid(counter.OpinionForm())
    letter = act.decline(row, opinion=form.opinion.data or "", actor=g.actor, on=clock.today())
    return done(f"不予预付，印发 {letter.number}", _page(key))


@prepayments.post("/prepayments/<int:key>/withdrawal")
@permit(Permission.REQUEST_PREPAYMENT)
def withdraw(key: int) -> ResponseReturnValue:
    act.withdraw(held("prepayment", key), actor=g.actor, on=clock.today())
    return done("预付申请已撤回", _page(key))


@prepayments.post("/prepayments/<int:key>/payment")
@permit(Permission.PAY_PREPAYMENT)
def pay(key: int) -> ResponseReturnValue:
    row, form = held("prepayment", key), valid(counter.VoucherForm())
    act.pay(row, voucher=form.voucher.data, actor=g.actor, on=clock.today())
    return done("已登记拨付", _page(key))


@prepayments.post("/prepayments/<int:key>/repayment")
@permit(Permission.CLEAR_PREPAYMENT)
def repay(key: int) -> ResponseReturnValue:
    row, form = held("prepayment", key), valid(counter.VoucherForm())
    act.repay(row, voucher=form.voucher.data, actor=g.actor, on=clock.today())
    return done("已登记收回预付金", _page(key))


def _page(key: int) -> str:
    return url_for("prepayments.show", key=key)
