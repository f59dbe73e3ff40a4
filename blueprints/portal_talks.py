"""约谈 in the portal: what the institution is called to, and the talks it holds with its own people."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import talks as act
from blueprints import files
from blueprints.access import done, look, permit, take
from blueprints.talks import hold, upload
from forms.talks import RecordForm
from queries import portal
from queries import portal_talks as ask
from rules.lifecycle import TalkState
from rules.permissions import Permission
from rules.refusal import Refused

portal_talks = Blueprint("portal_talks", __name__)
FOLDER = "/portal/talks"


@portal_talks.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    return render_template("portal/talks.html", talks=ask.of_institution(g.actor.institution_id))


@portal_talks.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    shown = ask.view(look("talk", key))
    return render_template("portal/talk.html", talk=shown, letters=portal.of_subject("talk", key))


@portal_talks.route(f"{FOLDER}/<int:key>/record", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def record(key: int) -> ResponseReturnValue:
    """Put the own talk with a practitioner on record; of the agency's talks there is no such page."""
    shown, form = ask.view(look("talk", key)), RecordForm()
    form.came.choices = list(shown.called)
    if not shown.own or look("talk", key).state != TalkState.CALLED:
        abort(404)
    if form.validate_on_submit():
        hold(take("talk", key), form)
        address = url_for("portal_talks.show", key=key)
        return done("约谈记录已登记，请打印签字后上传", address)
    if request.method == "GET":
        form.held_on.data, form.came.data = clock.today(), [one for one, _text in shown.called]
    return render_template("portal/talk_record.html", talk=shown, form=form), (
        400 if form.errors else 200
    )


@portal_talks.post(f"{FOLDER}/<int:key>/signed")
@permit(Permission.USE_PORTAL)
def signed(key: int) -> ResponseReturnValue:
    given = upload(request.files.get("signed"))
    if given is None:
        raise Refused("没有选择文件。", cure="请选择签字的约谈记录。")
    act.hand_in(take("talk", key), given, actor=g.actor, on=clock.today())
    return done("签字的约谈记录已上传，等待经办机构归档", url_for("portal_talks.show", key=key))


@portal_talks.get(f"{FOLDER}/<int:key>/signed")
@permit(Permission.USE_PORTAL)
def signed_copy(key: int) -> ResponseReturnValue:
    return files.handed_in(look("talk", key))
