"""到账登记 and 核减: the money of one measure."""

from __future__ import annotations

from flask import Blueprint, g, redirect, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import offsets
from actions import remittances as act
from blueprints.access import done, look, permit, take
from blueprints.typed import valid
from forms import case_measures as counter
from rules import ladder, permissions
from rules.permissions import Permission

remittances = Blueprint("remittances", __name__)


@remittances.post("/case-measures/<int:key>/remittances")
@permit(Permission.RECORD_REMITTANCE)
def record(key: int) -> ResponseReturnValue:
    row, form = take("case_measure", key), valid(counter.RemittanceForm())
    act.record(
        row,
        amount=form.amount.fen or 0,
        received_on=form.received_on.data,
        voucher=form.voucher.data,
        actor=g.actor,
        on=clock.today(),
    )
    return done("已登记到账，等待他人核对", _page(key))


@remittances.post("/case-measures/<int:key>/offsets")
@permit(Permission.RECORD_REMITTANCE)
def offset(key: int) -> ResponseReturnValue:
    form = valid(counter.OffsetForm())
    statement = look("statement", form.statement.data or 0)
    offsets.lock(statement)
    row = take("case_measure", key)
    offsets.plan(row, statement, amount=form.amount.fen or 0, actor=g.actor, on=clock.today())
    return done(f"已登记，随 {statement.number} 拨付时抵扣", _page(key))


@remittances.post("/remittances/<int:key>/drop")
@permit(Permission.CONFIRM_REMITTANCE)
def drop(key: int) -> ResponseReturnValue:
    row, form = take("remittance", key), valid(counter.ReasonForm())
    offsets.drop(row, reason=form.reason.data, actor=g.actor, on=clock.today())
    return done("已撤销抵扣", _page(row.case_measure_id))


@remittances.post("/case-measures/<int:key>/write-down")
@permit(Permission.WRITE_DOWN)
def write_down(key: int) -> ResponseReturnValue:
    row, form = take("case_measure", key), valid(counter.AmountForm())
    given = {"amount": form.amount.fen or 0, "reason": form.reason.data}
    act.write_down(row, **given, actor=g.actor, on=clock.today())
    return done(f"已核减，未结 {ladder.yuan(row.balance)} 元", _page(key))


@remittances.get("/remittances/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    """The work list leads here; the money is shown on the page of its measure."""
    row = look("remittance", key)
    permissions.require(g.actor, Permission.VIEW_CASES, row)
    return redirect(url_for("case_measures.show", key=row.case_measure_id, _anchor="money"))


@remittances.post("/remittances/<int:key>/confirmation")
@permit(Permission.CONFIRM_REMITTANCE)
def confirm(key: int) -> ResponseReturnValue:
    row = take("remittance", key)
    act.confirm(row, actor=g.actor, on=clock.today())
    return done("已确认到账", _page(row.case_measure_id))


@remittances.post("/remittances/<int:key>/rejection")
@permit(Permission.CONFIRM_REMITTANCE)
def reject(key: int) -> ResponseReturnValue:
    row, form = take("remittance", key), valid(counter.ReasonForm())
    act.reject(row, reason=form.reason.data, actor=g.actor, on=clock.today())
    return done("已退回到账登记", _page(row.case_measure_id))


def _page(key: int) -> str:
    return url_for("case_measures.show", key=key, _anchor="money")
