"""主动退出 in the portal: the three ways with their computed days, the request, its answer, taking it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import withdrawals as act
from blueprints.access import done, look, permit, take
from forms.withdrawals import RequestForm
from queries import portal
from queries import portal_withdrawals as views
from queries import withdrawals as ask
from rules.permissions import Permission

portal_withdrawals = Blueprint("portal_withdrawals", __name__)
FOLDER = "/portal/withdrawals"


@portal_withdrawals.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    key, on = g.actor.institution_id, clock.today()
    agreement = ask.running_agreement(key)
    return render_template(
        "portal/withdrawals.html",
        agreement=agreement,
        ways=ask.ways(agreement, on) if agreement else [],
        open=ask.open_of(agreement.id) if agreement else None,
        requests=[views.view(row) for row in ask.of_institution(key)],
    )


@portal_withdrawals.route(f"{FOLDER}/new/<act_word>", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def new(act_word: str) -> ResponseReturnValue:
    """The form of one way out; a way that is closed today is not found."""
    on, agreement = clock.today(), ask.running_agreement(g.actor.institution_id) or abort(404)
    way: Any = next((one for one in ask.ways(agreement, on) if one.act == act_word), None)
    form = RequestForm()
    if way is None or way.forbidden:
        abort(404)
    if form.validate_on_submit():
        row = act.request(
            take("agreement", agreement.id),
            act=act_word,
            reason=form.reason.data or "",
            from_on=form.from_on.data,
            to_on=form.to_on.data,
            actor=g.actor,
            on=on,
        )
        return done(
            f"退出申请 {row.number} 已提交，等待经办机构答复",
            url_for("portal_withdrawals.show", key=row.id),
        )
    context = {"agreement": agreement, "way": way, "form": form}
    context |= {"effects": views.consequences(agreement, way, on)}
    return render_template("portal/withdrawal_new.html", **context), 400 if form.errors else 200


@portal_withdrawals.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    row = look("withdrawal", key)
    letters = portal.of_subject("withdrawal", key)
    shown = views.view(row)
    return render_template("portal/withdrawal.html", request_=shown, letters=letters)


@portal_withdrawals.post(f"{FOLDER}/<int:key>/recall")
@permit(Permission.USE_PORTAL)
def recall(key: int) -> ResponseReturnValue:
    act.recall(take("withdrawal", key), actor=g.actor, on=clock.today())
    return done("退出申请已撤回，协议继续履行", url_for("portal_withdrawals.index"))
