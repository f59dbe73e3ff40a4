"""异议 from the public site: a form without signing in, for what is on notice now. The only public door that writes."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import objections as act
from blueprints.access import done
from blueprints.access import public as everybody
from forms.evaluations import PublicObjectionForm
from queries import public_facts, scope
from rules.objections import LONGEST, ONLINE
from rules.permissions import PUBLIC

public_objections = Blueprint("public_objections", __name__)


@public_objections.after_request
def _keep_nowhere(answer: Response) -> Response:
    """A page with a form of its own is nobody else's."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public_objections.get("/public/notices/<code>/objection")
@everybody
def form(code: str) -> ResponseReturnValue:
    found = public_facts.posted_under(code, on=clock.today()) or abort(404)
    return _page(found[0], PublicObjectionForm())


def _page(notice: public_facts.Notice, filled: PublicObjectionForm) -> ResponseReturnValue:
    page = render_template(
        "public/objection.html", notice=notice, form=filled, longest=LONGEST, today=clock.today()
    )
    return page, 400 if filled.errors else 200


@public_objections.post("/public/notices/<code>/objection")
@everybody
def send(code: str) -> ResponseReturnValue:
    """Taken while the notice is up. What a machine fills in is answered like the rest and kept nowhere."""
    found = public_facts.posted_under(code, on=clock.today()) or abort(404)
    filled = PublicObjectionForm()
    if not filled.validate_on_submit():
        return _page(found[0], filled)
    where = url_for("public_objections.thanks", code=code)
    if filled.website.data:
        return done("异议已经收到", where)
    application = scope.locked("application", found[1].id)
    said = act.Said(
        filled.raised_by.data or "", filled.text.data or "", filled.contact.data or "", ONLINE
    )
    act.raise_objection(application, said, actor=PUBLIC, on=clock.today())
    return done("异议已经收到", where)


@public_objections.get("/public/notices/<code>/thanks")
@everybody
def thanks(code: str) -> ResponseReturnValue:
    """What happens next; it says the same to whoever asks, whatever the code."""
    return render_template("public/objection_thanks.html", asked=code[:40])
