"""评估组: who could sit and who must step aside, the draw or the choice, the beginning of a round."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import draws, evaluations
from actions import teams as act
from actions.teams import Plan
from blueprints import case, typed
from blueprints.access import done, look, may, permit, take
from forms import evaluations as counter
from forms.base import choices
from queries import evaluators
from queries import teams as ask
from rules import evaluation as rule
from rules.permissions import Permission
from rules.refusal import Refused

teams = Blueprint("teams", __name__)


@teams.get("/applications/<int:key>/team")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    application = look("application", key)
    forming = application.state == "accepted" and may("form_team", application)
    candidates = ask.candidates(application) if forming else []
    labels = rule.specialty_labels(application.institution.kind.family, on=clock.today())
    found = ask.draws("application", key)
    latest = next((d for d in found if d.round == len(application.evaluations) + 1), None)
    return render_template(
        "evaluations/team.html",
        forming=forming,
        candidates=candidates,
        meter=ask.meter(labels, candidates),
        specialties=labels,
        draws=[{"row": row, "holds": draws.holds(row)} for row in found],
        latest=latest,
        names=_names(application),
        round=len(application.evaluations) + int(forming),
        plan_form=counter.PlanForm(),
        recusal_form=_recusal_form(candidates),
        crumbs_items=[
            *case.crumbs("定点申请", "applications.index", application.number)[:1],
            {"label": application.number, "href": url_for("applications.show", key=key)},
            {"label": "评估组", "href": ""},
        ],
        **case.frame(application),
    )


def _names(application: Any) -> dict[str, str]:
    """Key in a draw → name, for whoever is or was in the pool."""
    return {f"{row.id:06d}": row.user.name for row in evaluators.everybody(application)}


def _recusal_form(candidates: list[ask.Candidate]) -> Any:
    form = counter.RecusalForm()
    form.evaluator.choices = choices(
        (one.evaluator.id, one.evaluator.user.name) for one in candidates if one.free
    )
    return form


@teams.post("/applications/<int:key>/team/draw")
@permit(Permission.FORM_TEAM)
def draw(key: int) -> ResponseReturnValue:
    application, form = take("application", key), counter.DrawForm()
    if not form.validate_on_submit():
        raise Refused(counter.faults(form))
    labels = rule.specialty_labels(application.institution.kind.family, on=clock.today())
    wanted = {name: _number(f"wanted_{name}") for name in labels}
    row = act.draw_team(
        application,
        wanted,
        reason=form.reason.data or "",
        actor=g.actor,
        on=clock.today(),
        at=clock.now(),
    )
    return done(f"已抽取 {len(row.drawn)} 名成员，记录已保存", url_for("teams.show", key=key))


def _number(name: str) -> int:
    text = request.form.get(name, "1").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise Refused("抽取人数应为 1 到 99 的整数。")
    return int(text)


@teams.post("/applications/<int:key>/team/recusals")
@permit(Permission.FORM_TEAM)
def recuse(key: int) -> ResponseReturnValue:
    application = take("application", key)
    form = _recusal_form(ask.candidates(application))
    if not form.validate_on_submit():
        raise Refused(counter.faults(form) or "请选择评估人员。")
    row = evaluators.one(form.evaluator.data, g.actor)
    if row is None:
        raise Refused("该人员不在评估人员库中。")
    act.declare_recusal(
        application, row, reason=form.reason.data or "", actor=g.actor, on=clock.today()
    )
    return done(f"已登记{row.user.name}回避", url_for("teams.show", key=key))


@teams.post("/applications/<int:key>/team")
@permit(Permission.FORM_TEAM)
def start(key: int) -> ResponseReturnValue:
    application, form = take("application", key), counter.PlanForm()
    if not form.validate_on_submit():
        raise Refused(counter.faults(form))
    drawn = _drawn(key)
    if drawn is not None:
        members = act.drawn(drawn, evaluators.pool(application))
    else:
        members = evaluators.chosen(typed.keys(request.form.getlist("evaluators")), application)
    plan = Plan(
        form=form.form.data,
        visit_on=form.visit_on.data,
        third_party=form.third_party.data or "",
        reason=form.reason.data or "",
        draw=drawn,
    )
    evaluations.start(application, members, plan, actor=g.actor, on=clock.today())
    return done("评估组已组建，成员可以开始评估", url_for("applications.show", key=key))


def _drawn(key: int) -> Any:
    """The draw the form names, of this application; none when the members were chosen."""
    wanted = request.form.get("draw", "")
    if not wanted:
        return None
    found = [row for row in ask.draws("application", key) if str(row.id) == wanted]
    if not found:
        raise Refused("该抽取记录不是本件的记录。")
    return found[0]
