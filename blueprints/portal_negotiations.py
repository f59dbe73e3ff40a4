"""协商 in the portal: the same text the agency sees, one's opinions on it, wording of one's own, declining to sign."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import negotiations as act
from blueprints.access import done, look, permit, take
from queries import negotiations as ask
from rules.permissions import Permission

portal_negotiations = Blueprint("portal_negotiations", __name__)
FOLDER = "/portal/agreements/<int:key>"


@portal_negotiations.get(f"{FOLDER}/negotiation")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    agreement = look("agreement", key)
    table = ask.table(agreement, request.args, on=clock.today())
    return render_template("portal/negotiation.html", agreement=agreement, table=table)


@portal_negotiations.post(f"{FOLDER}/comments")
@permit(Permission.USE_PORTAL)
def comment(key: int) -> ResponseReturnValue:
    act.comment(
        take("agreement", key),
        clause=request.form.get("clause", ""),
        text=request.form.get("text", "")[:2000],
        actor=g.actor,
        on=clock.today(),
    )
    return done("意见已提交，经办机构可以看到", _back(key))


@portal_negotiations.post(f"{FOLDER}/special-clauses")
@permit(Permission.USE_PORTAL)
def propose(key: int) -> ResponseReturnValue:
    act.propose(
        take("agreement", key),
        text=request.form.get("text", "")[:2000],
        reason=request.form.get("reason", "")[:500],
        actor=g.actor,
        on=clock.today(),
    )
    return done("专门约定已提出，等待经办机构答复", _back(key))


@portal_negotiations.post(f"{FOLDER}/reopen")
@permit(Permission.USE_PORTAL)
def reopen(key: int) -> ResponseReturnValue:
    """The institution declines to sign this text and says why."""
    reason = request.form.get("reason", "")[:500]
    act.reopen(take("agreement", key), reason=reason, actor=g.actor, on=clock.today())
    return done("已退回协商，理由已告知经办机构", _back(key))


def _back(key: int) -> str:
    return url_for("portal_negotiations.show", key=key)
