"""人员记分 in the portal: an own person's gauge, ledger, appeal with its clock, and the request to restore points."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import appeals as act
from actions import restorations
from blueprints import files
from blueprints.access import done, look, permit, take
from blueprints.appeals import one_file, statement_of
from blueprints.restorations import activity_of
from forms.points import AppealForm, RestorationForm
from queries import appeals as ask
from queries import (
    clock_views,
    deductions,
    points_lines,
    points_outlook,
    portal,
    practitioners,
    reinstatements,
)
from rules.lifecycle import APPEAL, REINSTATEMENT, RESTORATION
from rules.permissions import Permission
from scoring.gauge import gauge

portal_points = Blueprint("portal_points", __name__)
FOLDER = "/portal/points"


@portal_points.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    """A person once registered here: all that counts, and of others only that it is there."""
    person, on, here = _own(key), clock.today(), g.actor.institution_id
    mine = [row for row in deductions.of(key) if row.institution_id == here]
    return render_template(
        "portal/points.html",
        person=person,
        standing=practitioners.status(person, on),
        gauge=gauge(deductions.total(key, on), on),
        lines=points_lines.of(key, seen_by=here),
        entries=[_entry(row) for row in mine if row.state == "confirmed"],
        restorations=[
            (row, RESTORATION.states[row.state]) for row in ask.restorations_of(key) if row.institution_id == here
        ],
        room=points_outlook.room(person, on),
        registered=practitioners.is_registered(key, here, on),
        reinstatements=[
            (row, REINSTATEMENT.states[row.state])
            for row in reinstatements.of_practitioner(key) if row.institution_id == here
        ],
        may_reinstate=bool(reinstatements.possible(key, on)),
    )  # fmt: skip


def _own(key: int) -> Any:
    return practitioners.find(key, g.actor) or abort(404)


def _entry(row: Any) -> dict[str, Any]:
    """One entry of this institution with what can be done against it."""
    on = clock.today()
    facts, earlier = act.facts_of(row, on), ask.of(row.id)
    return {
        "row": row,
        "facts": facts,
        "clocks": clock_views.of("deduction", row.id, on=on),
        "appeals": [(one, APPEAL.states[one.state]) for one in earlier],
        "may_appeal": facts.counted
        and not (facts.open or facts.decided)
        and not (facts.due_on and on > facts.due_on),
    }


@portal_points.route("/portal/deductions/<int:key>/appeal", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def lodge(key: int) -> ResponseReturnValue:
    deduction, on = look("deduction", key), clock.today()
    form: Any = AppealForm()
    if form.validate_on_submit():
        statement = statement_of(form)
        row = act.lodge(take("deduction", key), statement, actor=g.actor, on=on)
        return done(f"申诉 {row.number} 已提交并受理", url_for("portal_points.appeal", key=row.id))
    page = render_template(
        "portal/appeal_new.html",
        deduction=deduction,
        facts=act.facts_of(deduction, on),
        held=act.is_held(deduction, on),
        form=form,
    )
    return page, 400 if form.errors else 200


@portal_points.get("/portal/appeals/<int:key>")
@permit(Permission.USE_PORTAL)
def appeal(key: int) -> ResponseReturnValue:
    row = look("appeal", key)
    decided = row.state in ask.DECIDED
    return render_template(
        "portal/appeal.html",
        appeal=row,
        state=APPEAL.states[row.state],
        outcome=act.PROPOSALS[row.proposal] if decided else "",
        letters=portal.of_subject("appeal", key),
    )


@portal_points.get("/portal/appeals/<int:key>/file")
@permit(Permission.USE_PORTAL)
def paper(key: int) -> Response:
    return files.handed_in(look("appeal", key))


@portal_points.post("/portal/appeals/<int:key>/withdraw")
@permit(Permission.USE_PORTAL)
def withdraw(key: int) -> ResponseReturnValue:
    row = take("appeal", key)
    act.withdraw(row, actor=g.actor, on=clock.today())
    return done("申诉已撤回，原记分继续有效", url_for("portal_points.appeal", key=key))


@portal_points.route(f"{FOLDER}/<int:key>/restoration", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def restore(key: int) -> ResponseReturnValue:
    person, on = _own(key), clock.today()
    institution = look("institution", g.actor.institution_id)
    form: Any = RestorationForm()
    form.offer([(institution.id, institution.name)], on)
    if form.validate_on_submit():
        row = restorations.request(
            person, institution, activity_of(form), upload=one_file(form.file), actor=g.actor, on=on
        )
        return done(
            f"修复申请 {row.number} 已提交，等待核对", url_for("portal_points.show", key=key)
        )
    page = render_template(
        "portal/restoration_new.html",
        person=person,
        institution=institution,
        room=points_outlook.room(person, on),
        form=form,
    )
    return page, 400 if form.errors else 200
