"""服务协议 in the portal: reading and signing, asking for resumption, stating one's case before a decision."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import signatures as act
from actions import suspensions, violations
from blueprints import files
from blueprints.access import done, look, permit, take
from forms.agreements import SignForm
from forms.portal import ResumptionForm, ViewsForm
from queries import negotiations, portal
from queries import portal_agreements as ask
from rules.permissions import Permission
from rules.refusal import Refused
from rules.signing import SignerCapacity

portal_agreements = Blueprint("portal_agreements", __name__)
FOLDER = "/portal/agreements"


@portal_agreements.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    on, key = clock.today(), g.actor.institution_id
    found = [ask.view(row, on=on) for row in ask.of_institution(key)]
    return render_template("portal/agreements.html", agreements=found, notices=ask.all_told(key))


@portal_agreements.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    agreement = look("agreement", key)
    shown = ask.view(agreement, on=clock.today())
    subjects = [("agreement", agreement.id)]
    subjects += [("suspension", row.id) for row in agreement.suspensions]
    subjects += [("termination", row.id) for row in agreement.terminations]
    letters = [letter for noun, one in subjects for letter in portal.of_subject(noun, one)]
    changes = negotiations.since_last(agreement, on=clock.today())
    return render_template(
        "portal/agreement.html", agreement=shown, letters=letters, changes=changes
    )


@portal_agreements.route(f"{FOLDER}/<int:key>/sign", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def sign(key: int) -> ResponseReturnValue:
    """The last of three steps: read, confirm, sign."""
    form = SignForm()
    if request.method == "POST":
        agreement = take("agreement", key)
        if not form.validate():
            raise Refused("；".join(str(e) for one in form.errors.values() for e in one))
        act.sign_for_institution(
            agreement,
            read=form.read.data,
            capacity=SignerCapacity(form.capacity.data),
            mandate=form.mandate.data or "",
            actor=g.actor,
            on=clock.today(),
        )
        return done(
            f"协议 {agreement.number} 已签署，接下来由经办机构签署",
            url_for("portal_agreements.show", key=key),
        )
    shown = ask.view(look("agreement", key), on=clock.today())
    if not shown.may_sign:
        raise Refused(
            f"协议 {shown.number} 现在不由您单位签署：{shown.state.text}。",
            cure="请返回协议页面查看由谁办理。",
        )
    return render_template(
        "portal/sign.html",
        agreement=shown,
        home=portal.oneself(g.actor.institution_id, on=clock.today()),
        changes=negotiations.since_last(look("agreement", key), on=clock.today()),
        form=form,
    )


@portal_agreements.route("/portal/suspensions/<int:key>/resumption", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def resumption(key: int) -> ResponseReturnValue:
    """Ask that a suspended agreement goes on."""
    form = ResumptionForm()
    if form.validate_on_submit():
        row = take("suspension", key)
        suspensions.request_resumption(
            row,
            text=form.text.data or "",
            files=files.uploads_of(request.files.getlist("files")),
            actor=g.actor,
            on=clock.today(),
        )
        address = url_for("portal_agreements.show", key=row.agreement_id)
        return done("恢复申请已提交，等待经办机构审核", address)
    row = look("suspension", key)
    shown = ask.view(row.agreement, on=clock.today())
    if shown.pause is None or shown.pause.id != row.id or not shown.pause.may_ask:
        abort(404)
    return render_template(
        "portal/resumption.html", agreement=shown, form=form
    ), 400 if form.errors else 200


@portal_agreements.route("/portal/violations/<int:key>", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def views(key: int) -> ResponseReturnValue:
    """What was told before a decision, and the statement on it. A case not told yet is not found."""
    form = ViewsForm()
    if ask.told(look("violation", key)) is None:
        abort(404)
    if form.validate_on_submit():
        violations.record_views(
            take("violation", key), text=form.text.data or "", actor=g.actor, on=clock.today()
        )
        return done("陈述申辩已提交", url_for("portal_agreements.views", key=key))
    shown = ask.told(look("violation", key))
    return render_template(
        "portal/views.html", notice=shown, form=form
    ), 400 if form.errors else 200
