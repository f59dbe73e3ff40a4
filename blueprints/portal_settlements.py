"""费用结算 in the portal: the own statements, what is not paid and why, objecting to it or accepting it."""

from __future__ import annotations

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import statement_appeals as act
from actions import statements
from blueprints.access import done, look, permit
from blueprints.settlement_steps import contested, held
from queries import portal
from queries import portal_settlements as views
from rules.permissions import Permission

portal_settlements = Blueprint("portal_settlements", __name__)
FOLDER = "/portal/settlements"


@portal_settlements.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    rows = views.of_institution(g.actor.institution_id, on=clock.today())
    return render_template("portal/settlements.html", rows=rows)


@portal_settlements.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    row = look("statement", key)
    return render_template(
        "portal/settlement.html",
        s=views.view(row, clock.today()),
        letters=portal.of_subject("statement", key),
    )


@portal_settlements.post(f"{FOLDER}/<int:key>/appeal")
@permit(Permission.APPEAL_STATEMENT)
def appeal(key: int) -> ResponseReturnValue:
    contested(held(key))
    return done("申诉已提交，等待审理", url_for("portal_settlements.show", key=key))


@portal_settlements.post(f"{FOLDER}/<int:key>/acceptance")
@permit(Permission.ACCEPT_FINDINGS)
def accept(key: int) -> ResponseReturnValue:
    act.accept(held(key), actor=g.actor, on=clock.today())
    return done("已确认没有异议，转入结算", url_for("portal_settlements.show", key=key))


@portal_settlements.post(f"{FOLDER}/<int:key>/withdrawal")
@permit(Permission.WITHDRAW_STATEMENT)
def withdraw(key: int) -> ResponseReturnValue:
    statements.withdraw(held(key), actor=g.actor, on=clock.today())
    return done("申报已撤回", url_for("portal_settlements.show", key=key))
