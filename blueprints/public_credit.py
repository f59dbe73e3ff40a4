"""信用等级公示 for everybody: the intended grades while they are on notice, and a form to object without signing in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import rating_objections as act
from blueprints.access import done
from blueprints.access import public as everybody
from forms.credit import PublicRatingObjectionForm
from queries import cycles, rating_notices, scope
from rules.permissions import PUBLIC
from rules.rating_objections import LONGEST, ONLINE

public_credit = Blueprint("public_credit", __name__)


@public_credit.after_request
def _keep_nowhere(answer: Response) -> Response:
    """Pages with a form of their own, and lists that end with the day."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public_credit.get("/public/credit-notices/<int:key>")
@everybody
def notice(key: int) -> ResponseReturnValue:
    found = rating_notices.posted_one(key, clock.today()) or abort(404)
    return render_template(
        "public/credit_notice.html", cycle=found, rows=rating_notices.shown(found)
    )


def _posted(key: int) -> Any:
    return rating_notices.posted_rating(key, clock.today()) if key < 2**31 else None


@public_credit.route("/public/credit-notices/ratings/<int:key>/objection", methods=["GET", "POST"])
@everybody
def send(key: int) -> ResponseReturnValue:
    """Taken while the notice is up. What a machine fills in is answered like the rest and kept nowhere."""
    rating, form = _posted(key) or abort(404), PublicRatingObjectionForm()
    where = url_for("public_credit.thanks")
    if form.validate_on_submit():
        if form.website.data:
            return done("异议已经收到", where)
        said = act.Said(
            form.raised_by.data or "", form.text.data or "", form.contact.data or "", ONLINE
        )
        row = act.raise_objection(
            scope.locked("rating", rating.id), said, actor=PUBLIC, on=clock.today()
        )
        return done(f"异议已经收到，编号 {row.number}", where)
    page = render_template(
        "public/credit_objection.html",
        rating=rating,
        grade=cycles.scheme_of(rating.cycle).grade(rating.grade).label,
        form=form,
        longest=LONGEST,
    )
    return page, 400 if form.errors else 200


@public_credit.get("/public/credit-notices/thanks")
@everybody
def thanks() -> ResponseReturnValue:
    """What happens next; the same for whoever asks."""
    return render_template("public/credit_thanks.html")
