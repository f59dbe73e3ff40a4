"""年度资金 in the portal: retained money, the annual settlement that both sides confirm, prepayment."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import annual_settlements as settle
from actions import prepayments as advance
from blueprints import prepayments as counter
from blueprints.access import done, look, permit
from blueprints.money_doors import held
from blueprints.typed import valid
from forms import year as forms
from queries import portal
from queries import portal_year as ask
from rules import prepayment as rule
from rules.clocks import Light
from rules.lifecycle import ANNUAL_SETTLEMENT, PREPAYMENT
from rules.permissions import Permission

portal_year = Blueprint("portal_year", __name__)


@portal_year.get("/portal/year")
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    on = clock.today()
    return render_template(
        "portal/year.html",
        money=ask.of_institution(g.actor.institution_id),
        window=rule.window(on.year),
        window_open=rule.is_open(on),
    )


@portal_year.get("/portal/annual-settlements/<int:key>")
@permit(Permission.USE_PORTAL)
def settlement(key: int) -> ResponseReturnValue:
    row = _sent(key)
    shown = ANNUAL_SETTLEMENT.states[row.state]
    return render_template(
        "portal/annual_settlement.html",
        row=row,
        state=Light(shown.light, shown.public),
        meaning=shown.meaning,
        letters=portal.of_subject("annual_settlement", key),
    )


def _sent(key: int) -> Any:
    """A draft is the agency's own: not found."""
    return ask.own_settlement(key, g.actor) or abort(404)


@portal_year.post("/portal/annual-settlements/<int:key>/confirmation")
@permit(Permission.CONFIRM_ANNUAL)
def confirm(key: int) -> ResponseReturnValue:
    _sent(key)
    settle.confirm(held("annual_settlement", key), actor=g.actor, on=clock.today())
    return done("已确认年度清算表", url_for("portal_year.settlement", key=key))


@portal_year.post("/portal/annual-settlements/<int:key>/dispute")
@permit(Permission.CONFIRM_ANNUAL)
def dispute(key: int) -> ResponseReturnValue:
    _sent(key)
    row, form = held("annual_settlement", key), valid(forms.TextForm())
    settle.dispute(row, text=form.text.data, actor=g.actor, on=clock.today())
    return done("异议已提交，经办机构核对后答复", url_for("portal_year.settlement", key=key))


@portal_year.route("/portal/prepayments/new", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def apply() -> ResponseReturnValue:
    form = counter.form_for(g.actor.institution_id)
    if form.validate_on_submit():
        row = counter.asked_for(form)
        return done(f"预付申请 {row.number} 已提交", url_for("portal_year.prepayment", key=row.id))
    window = rule.window(clock.today().year)
    page = render_template("portal/prepayment_new.html", form=form, window=window)
    return page, 400 if form.errors else 200


@portal_year.get("/portal/prepayments/<int:key>")
@permit(Permission.USE_PORTAL)
def prepayment(key: int) -> ResponseReturnValue:
    row = look("prepayment", key)
    shown = PREPAYMENT.states[row.state]
    return render_template(
        "portal/prepayment.html",
        row=row,
        purpose=rule.check_purpose(row.purpose, row.requested_on),
        state=Light(shown.light, shown.public),
        meaning=shown.meaning,
        letters=portal.of_subject("prepayment", key),
    )


@portal_year.post("/portal/prepayments/<int:key>/withdrawal")
@permit(Permission.REQUEST_PREPAYMENT)
def withdraw(key: int) -> ResponseReturnValue:
    advance.withdraw(held("prepayment", key), actor=g.actor, on=clock.today())
    return done("预付申请已撤回", url_for("portal_year.prepayment", key=key))
