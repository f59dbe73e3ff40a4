"""定点申请 in the portal: checklist, check of the answers, handing in, supplement, withdrawal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import applications as act
from actions import clarifications, materials, reevaluations
from blueprints import employments, files
from blueprints.access import done, look, permit, take
from forms.applications import MaterialForm
from forms.portal import RetryForm
from queries import conditions, portal
from queries import portal_applications as ask
from rules.permissions import Permission

portal_applications = Blueprint("portal_applications", __name__)
FOLDER = "/portal/applications"


@portal_applications.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    shown = portal.home(g.actor.institution_id, on=clock.today())
    rows = ask.of_institution(g.actor.institution_id)
    found = [ask.view(row, on=clock.today()) for row in rows]
    return render_template("portal/applications.html", applications=found, home=shown)


@portal_applications.post(FOLDER)
@permit(Permission.USE_PORTAL)
def start() -> ResponseReturnValue:
    institution = take("institution", g.actor.institution_id)
    application = act.open_draft(institution, actor=g.actor, on=clock.today())
    return done(
        f"已建立申请 {application.number}，请逐项上传材料", _address("show", application.id)
    )


def _address(page: str, key: int, **more: Any) -> str:
    return url_for(f"portal_applications.{page}", key=key, **more)


def _shown(key: int) -> ask.ApplicationView:
    return ask.view(look("application", key), on=clock.today())


@portal_applications.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    application = look("application", key)
    letters = portal.of_subject("application", application.id)
    shown = ask.view(application, on=clock.today())
    return render_template(
        "portal/application.html",
        application=shown,
        letters=letters,
        conditions=_conditions(application) if shown.editing else [],
    )


def _conditions(application: Any) -> list[dict[str, Any]]:
    """What registered facts decide, while it can still be put right."""
    lines = conditions.machine(application.institution, on=clock.today())
    return [employments.shown(line) for line in lines]


@portal_applications.route(f"{FOLDER}/<int:key>/materials/<int:item>", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def material(key: int, item: int) -> ResponseReturnValue:
    """One paper: what is asked, why it was returned, what lies there, and the upload."""
    form = MaterialForm()
    if form.validate_on_submit():
        application = take("application", key)
        row = files.material_row(application, item)
        materials.hand_in(
            row, application, files.upload_of(form.file.data), actor=g.actor, on=clock.today()
        )
        return done(f"已上传“{row.label}”", _address("show", key))
    application = _shown(key)
    row = next((one for one in application.items if one.id == item), None) or abort(404)
    page = render_template("portal/material.html", application=application, item=row, form=form)
    return page, 400 if form.errors else 200


@portal_applications.get(f"{FOLDER}/<int:key>/materials/<int:item>/file")
@permit(Permission.USE_PORTAL)
def file(key: int, item: int) -> ResponseReturnValue:
    return files.material(look("application", key), item)


@portal_applications.get(f"{FOLDER}/<int:key>/check")
@permit(Permission.USE_PORTAL)
def check(key: int) -> ResponseReturnValue:
    """Everything once more before it is handed in; «改» leads to the one paper and back."""
    application = _shown(key)
    if not application.editing:
        abort(404)
    found = _conditions(look("application", key)) if not application.supplementing else []
    return render_template(
        "portal/check.html",
        application=application,
        conditions=found,
        unmet=[one for one in found if one["line"].result != "fine"],
        home=portal.oneself(g.actor.institution_id, on=clock.today()),
    )


@portal_applications.post(f"{FOLDER}/<int:key>/submit")
@permit(Permission.USE_PORTAL)
def submit(key: int) -> ResponseReturnValue:
    application = take("application", key)
    act.submit(application, actor=g.actor, on=clock.today())
    return done(f"申请已提交，受理号 {application.number}", _address("receipt", key))


@portal_applications.post(f"{FOLDER}/<int:key>/supplement")
@permit(Permission.USE_PORTAL)
def supplement(key: int) -> ResponseReturnValue:
    application = take("application", key)
    if application.state == "clarifying":
        clarifications.supply(application, actor=g.actor, on=clock.today())
        return done("补充材料已提交，评估时限继续计算", _address("show", key))
    act.supplement(application, actor=g.actor, on=clock.today())
    return done("补正材料已提交，办理时限继续计算", _address("receipt", key))


@portal_applications.route(f"{FOLDER}/<int:key>/retry", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def retry(key: int) -> ResponseReturnValue:
    """What was put right, then the request for another evaluation."""
    form = RetryForm()
    if form.validate_on_submit():
        application = take("application", key)
        reevaluations.retry(
            application, rectification=form.text.data or "", actor=g.actor, on=clock.today()
        )
        return done("再次评估的申请已受理，评估时限重新计算", _address("show", key))
    application = _shown(key)
    if not application.may_retry:
        abort(404)
    page = render_template("portal/retry.html", application=application, form=form)
    return page, 400 if form.errors else 200


@portal_applications.get(f"{FOLDER}/<int:key>/receipt")
@permit(Permission.USE_PORTAL)
def receipt(key: int) -> ResponseReturnValue:
    """What was handed in and when, to keep on paper."""
    application = _shown(key)
    if application.received_on is None:
        abort(404)
    return render_template(
        "portal/receipt.html",
        application=application,
        home=portal.oneself(g.actor.institution_id, on=clock.today()),
    )


@portal_applications.route(f"{FOLDER}/<int:key>/withdraw", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def withdraw(key: int) -> ResponseReturnValue:
    """A page that says what follows, then the step itself."""
    if request.method == "POST":
        application = take("application", key)
        act.withdraw(application, actor=g.actor, on=clock.today())
        return done(f"申请 {application.number} 已撤回", _address("show", key))
    application = _shown(key)
    if not application.may_withdraw:
        abort(404)
    return render_template("portal/withdraw.html", application=application)
