"""续签 in the portal: asking in time, seeing what came of it, taking it back before anything was proposed."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import renewals as act
from blueprints.access import done, look, permit, take
from forms.renewals import RenewalForm
from queries import portal
from queries import portal_renewals as ask
from rules.permissions import Permission

portal_renewals = Blueprint("portal_renewals", __name__)
FOLDER = "/portal/renewals"


@portal_renewals.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    key = g.actor.institution_id
    return render_template(
        "portal/renewals.html",
        renewals=ask.of_institution(key),
        openings=ask.openings(key, on=clock.today()),
    )


@portal_renewals.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    shown = ask.view(look("renewal", key))
    letters = portal.of_subject("renewal", key)
    return render_template("portal/renewal.html", renewal=shown, letters=letters)


@portal_renewals.route("/portal/agreements/<int:key>/renewal", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def apply(key: int) -> ResponseReturnValue:
    """Computed days, what is looked at, and the statement."""
    form = RenewalForm()
    if form.validate_on_submit():
        renewal = act.apply(
            take("agreement", key),
            statement=form.statement.data or "",
            actor=g.actor,
            on=clock.today(),
        )
        return done(
            f"续签申请 {renewal.number} 已提交", url_for("portal_renewals.show", key=renewal.id)
        )
    opening = ask.opening(look("agreement", key), on=clock.today())
    if opening is None:
        abort(404)
    page = render_template("portal/renewal_apply.html", opening=opening, form=form)
    return page, 400 if form.errors else 200


@portal_renewals.post(f"{FOLDER}/<int:key>/withdraw")
@permit(Permission.USE_PORTAL)
def withdraw(key: int) -> ResponseReturnValue:
    act.withdraw(take("renewal", key), actor=g.actor, on=clock.today())
    return done("续签申请已撤回", url_for("portal_renewals.show", key=key))
