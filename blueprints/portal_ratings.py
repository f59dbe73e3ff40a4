"""信用 in the portal: the own grades, what is on notice, self-assessment, objecting, asking for restoration."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import grade_changes as act_changes
from actions import rating_objections as act
from actions import self_assessments as act_assess
from blueprints import files
from blueprints.access import done, look, permit, take
from forms.credit import RatingObjectionForm, RestorationForm
from queries import cycles as ask_cycles
from queries import (
    grade_changes,
    portal,
    portal_evidence,
    rating_objections,
    scope,
    self_assessments,
)
from queries import portal_ratings as ask
from rules import rating_objections as rule
from rules.lifecycle import GRADE_CHANGE, RATING_OBJECTION
from rules.permissions import Permission
from rules.self_assessments import is_open

portal_ratings = Blueprint("portal_ratings", __name__)


def _own(key: int) -> Any:
    """An own rating that is known outside, or one of the own people's; anything else does not exist here."""
    return ask.own(key, g.actor.institution_id) or abort(404)


def _label(rating: Any) -> str:
    return str(ask_cycles.scheme_of(rating.cycle).grade(rating.grade).label)


@portal_ratings.route("/portal/ratings/<int:key>/objection", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def object_to(key: int) -> ResponseReturnValue:
    rating, form = _own(key), RatingObjectionForm()
    if form.validate_on_submit():
        uploads = files.uploads_of(form.files.data or [])
        said = act.Said(rating.name, form.text.data or "", source=rule.PORTAL, uploads=uploads)
        row = act.raise_objection(rating, said, actor=g.actor, on=clock.today())
        return done(
            f"信用异议 {row.number} 已提交", url_for("portal_ratings.objection", key=row.id)
        )
    page = render_template(
        "portal/rating_objection_new.html",
        rating=rating,
        grade=_label(rating),
        window=rating_objections.window(rating),
        form=form,
    )
    return page, 400 if form.errors else 200


def _own_objection(key: int) -> Any:
    """What the public raised is not the institution's to see."""
    row = look("rating_objection", key)
    return row if row.source != rule.ONLINE else abort(404)


@portal_ratings.get("/portal/rating-objections/<int:key>")
@permit(Permission.USE_PORTAL)
def objection(key: int) -> ResponseReturnValue:
    row = _own_objection(key)
    return render_template(
        "portal/rating_objection.html",
        objection=row,
        grade=_label(row.rating),
        state=RATING_OBJECTION.states[row.state],
        said=rating_objections.said,
        until=ask.answered_by("rating_objection", key),
        letters=portal.of_subject("rating_objection", key),
    )


@portal_ratings.get("/portal/rating-objections/<int:key>/files/<int:number>")
@permit(Permission.USE_PORTAL)
def objection_file(key: int, number: int) -> ResponseReturnValue:
    row = _own_objection(key)
    return files.kept(row.files[number]) if number < len(row.files) else abort(404)


@portal_ratings.post("/portal/rating-objections/<int:key>/withdraw")
@permit(Permission.USE_PORTAL)
def withdraw(key: int) -> ResponseReturnValue:
    row = take("rating_objection", _own_objection(key).id)
    act.withdraw(row, actor=g.actor, on=clock.today())
    return done("异议已撤回", url_for("portal_ratings.objection", key=key))


@portal_ratings.route("/portal/ratings/<int:key>/restoration", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def restore(key: int) -> ResponseReturnValue:
    rating, form = _own(key), RestorationForm()
    if form.validate_on_submit():
        uploads = files.uploads_of(form.files.data or [])
        row = act_changes.request(
            rating, text=form.text.data or "", uploads=uploads, actor=g.actor, on=clock.today()
        )
        return done(
            f"信用修复申请 {row.number} 已提交", url_for("portal_ratings.change", key=row.id)
        )
    facts = grade_changes.facts(rating, clock.today())
    page = render_template(
        "portal/restoration_of_grade.html",
        rating=rating,
        facts=facts,
        grade=ask_cycles.scheme_of(rating.cycle).grade(facts.grade).label,
        form=form,
    )
    return page, 400 if form.errors else 200


PAGES = {
    "agreement": "portal_agreements.show", "amendment": "portal_amendments.show",
    "application": "portal_applications.show", "document": "portal.letter", "grade_change": "portal_ratings.change",
    "rectification": "portal_rectifications.show", "renewal": "portal_renewals.show",
}  # fmt: skip
LISTS = {
    "blacklisting": "portal_credit.index",
    "credit_pledge": "portal_credit.index",
    "unfiled_change": "portal_amendments.index",
}


@portal_ratings.get("/portal/grades/record")
@permit(Permission.USE_PORTAL)
def record() -> ResponseReturnValue:
    """What an own grade rests on: the record by its number, what was sent about it, and its own page."""
    shown = portal_evidence.of(
        request.args.get("number", ""), g.actor.institution_id, on=clock.today()
    )
    if shown is None:
        abort(404)
    return render_template("portal/record.html", shown=shown, more=_more(shown))


def _more(shown: portal_evidence.Shown) -> str:
    noun = shown.record.noun
    if shown.person:
        return url_for("portal_points.show", key=shown.person)
    if noun in LISTS:
        return url_for(LISTS[noun])
    return url_for(PAGES[noun], key=shown.record.id) if noun in PAGES else ""


@portal_ratings.get("/portal/grade-changes/<int:key>")
@permit(Permission.USE_PORTAL)
def change(key: int) -> ResponseReturnValue:
    row = look("grade_change", key)
    if not ask.is_told(row):
        abort(404)
    return render_template(
        "portal/grade_change.html",
        change=row,
        shown=grade_changes.row_of(row),
        state=GRADE_CHANGE.states[row.state],
        until=ask.answered_by("grade_change", key),
        letters=portal.of_subject("grade_change", key),
    )


@portal_ratings.get("/portal/grade-changes/<int:key>/files/<int:number>")
@permit(Permission.USE_PORTAL)
def change_file(key: int, number: int) -> ResponseReturnValue:
    row = look("grade_change", key)
    return files.kept(row.files[number]) if number < len(row.files) else abort(404)


@portal_ratings.route("/portal/self-assessments/<int:key>", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def assess(key: int) -> ResponseReturnValue:
    """The own frozen facts of one cycle, each beside what the institution states."""
    place = look("institution", g.actor.institution_id)
    found = next(
        (row for row in self_assessments.open_for(place.id, clock.today()) if row.id == key), None
    )
    cycle = found or abort(404)
    if request.method == "POST":
        facts = self_assessments.facts_of(cycle, place.id)
        stated = {
            fact.fact: (request.form.get(fact.fact, ""), request.form.get(f"why-{fact.fact}", ""))
            for fact in facts
        }
        act_assess.submit(
            scope.locked("cycle", key),
            place,
            stated,
            text=request.form.get("text", ""),
            actor=g.actor,
            on=clock.today(),
        )
        return done("自评已提交", url_for("portal_ratings.assess", key=key))
    given = self_assessments.of_institution(key, place.id)
    return render_template(
        "portal/self_assessment.html",
        cycle=cycle,
        facts=self_assessments.facts_of(cycle, place.id),
        given=given,
        differing={item["fact"]: item for item in given.items} if given else {},
        open=is_open(cycle.state, cycle.assess_until, clock.today()),
    )
