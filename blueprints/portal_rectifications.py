"""整改 in the portal: what has to be put right, the answer and the proof of each item, handing in."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import rectifications as act
from blueprints import files
from blueprints.access import done, look, permit, take
from blueprints.rectifications import answered
from queries import portal
from queries import portal_rectifications as views
from queries import rectifications as ask
from rules.permissions import Permission

portal_rectifications = Blueprint("portal_rectifications", __name__)
FOLDER = "/portal/rectifications"


@portal_rectifications.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    orders = views.of_institution(g.actor.institution_id, on=clock.today())
    return render_template("portal/rectifications.html", orders=orders)


@portal_rectifications.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    row = look("rectification", key)
    return render_template(
        "portal/rectification.html",
        r=views.view(row, clock.today()),
        letters=portal.of_subject("rectification", key),
    )


@portal_rectifications.get(f"{FOLDER}/<int:key>/files/<int:file>")
@permit(Permission.USE_PORTAL)
def file(key: int, file: int) -> ResponseReturnValue:
    return files.handed_in(ask.file(look("rectification", key), file) or abort(404))


@portal_rectifications.post(f"{FOLDER}/<int:key>/items/<int:item>")
@permit(Permission.USE_PORTAL)
def answer(key: int, item: int) -> ResponseReturnValue:
    answered(take("rectification", key), item)
    return done("已保存，全部事项填报后请提交验收", url_for("portal_rectifications.show", key=key))


@portal_rectifications.post(f"{FOLDER}/<int:key>/submit")
@permit(Permission.USE_PORTAL)
def submit(key: int) -> ResponseReturnValue:
    act.submit(take("rectification", key), actor=g.actor, on=clock.today())
    return done("整改情况已提交，等待验收", url_for("portal_rectifications.show", key=key))
