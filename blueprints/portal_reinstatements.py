"""恢复支付资格 in the portal: asking for an own person, following it, taking it back."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import reinstatements as act
from blueprints import reinstatements as counter
from blueprints.access import done, look, permit, take
from queries import portal, practitioners
from rules.lifecycle import REINSTATEMENT
from rules.permissions import Permission

portal_reinstatements = Blueprint("portal_reinstatements", __name__)


@portal_reinstatements.route("/portal/points/<int:key>/reinstatement", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def new(key: int) -> ResponseReturnValue:
    """For a person once registered here; the institution asks in its own name, whatever the form says."""
    person = practitioners.find(key, g.actor) or abort(404)
    institution = look("institution", g.actor.institution_id)
    form, possible = counter.form_for(key)
    form.place.data = institution.code or institution.name
    if form.validate_on_submit():
        row = counter.asked_for(form, possible, institution)
        address = url_for("portal_reinstatements.show", key=row.id)
        return done(f"恢复申请 {row.number} 已提交，等待审核", address)
    page = render_template(
        "portal/reinstatement_new.html", person=person, possible=possible, form=form
    )
    return page, 400 if form.errors else 200


@portal_reinstatements.get("/portal/reinstatements/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    row = look("reinstatement", key)
    return render_template(
        "portal/reinstatement.html",
        row=row,
        state=REINSTATEMENT.states[row.state],
        letters=portal.of_subject("reinstatement", key),
    )


@portal_reinstatements.get("/portal/reinstatements/<int:key>/files/<int:number>")
@permit(Permission.USE_PORTAL)
def paper(key: int, number: int) -> ResponseReturnValue:
    return counter.one_paper(look("reinstatement", key), number)


@portal_reinstatements.post("/portal/reinstatements/<int:key>/withdraw")
@permit(Permission.USE_PORTAL)
def withdraw(key: int) -> ResponseReturnValue:
    row = take("reinstatement", key)
    act.withdraw(row, actor=g.actor, on=clock.today())
    return done("恢复申请已撤回", url_for("portal_reinstatements.show", key=key))
