"""The steps of a cycle between start and publication, and after: self-assessment, notice, meeting, filing, replay."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import batches, cycle_decisions, cycle_notices, letters, rating_corrections
from actions import cycles as act
from blueprints import case, evidence, files, letter_lists, typed
from blueprints.access import done, opens, permit, take
from queries import cycle_acts
from queries import cycle_decisions as ask_decisions
from queries import cycles as ask
from queries import rating_corrections as ask_corrections
from rules.collective import Ballot
from rules.permissions import Permission

cycle_steps = Blueprint("cycle_steps", __name__)


def _back(key: int) -> str:
    return url_for("cycles.show", key=key)


@cycle_steps.post("/ratings/cycles/<int:key>/invite")
@permit(Permission.START_CYCLE)
def invite(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    cycle_notices.invite(cycle, actor=g.actor, on=clock.today())
    return done(f"已开放自评，到 {cycle.assess_until} 结束", _back(key))


@cycle_steps.post("/ratings/cycles/<int:key>/compute")
@permit(Permission.START_CYCLE)
def compute(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    act.compute(cycle, actor=g.actor, on=clock.today())
    return done(f"{cycle.name} 已测算，等待复核", _back(key))


@cycle_steps.post("/ratings/cycles/<int:key>/announcement")
@permit(Permission.ANNOUNCE_CYCLE)
def announce(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    channel = request.form.get("channel", "")
    cycle_notices.announce(cycle, channel=channel, actor=g.actor, on=clock.today())
    return done(f"已公示，到 {cycle.notice_to} 结束", _back(key))


@cycle_steps.get("/ratings/cycles/<int:key>/notice")
@permit(Permission.VIEW_BUSINESS)
def notice(key: int) -> ResponseReturnValue:
    """The notice as it was posted, from its frozen facts."""
    cycle = ask.find(key, g.actor) or abort(404)
    if not cycle.notice:
        abort(404)
    content = letters.print_frozen("credit_notice", cycle.notice)
    name = f"{cycle.notice['number']}.pdf"
    return files.send(content, name, "application/pdf", inline=True)


@cycle_steps.post("/ratings/cycles/<int:key>/meeting")
@permit(Permission.CONVENE_DECISION)
def convene(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    members = typed.keys(request.form.getlist("members"))
    cycle_decisions.convene(cycle, members, actor=g.actor, on=clock.today())
    return done("审定会议已召集，等待参会人员表决", _back(key))


@cycle_steps.get("/ratings/cycles/<int:key>/vote")
@permit(Permission.VOTE)
def vote(key: int) -> ResponseReturnValue:
    row = ask_decisions.own(key, g.actor) or abort(404)
    return render_template(
        "cycles/vote.html",
        vote=row,
        cycle=row.cycle,
        ballots=list(Ballot),
        crumbs_items=case.crumbs("评价周期", "cycles.index", row.cycle.name),
    )


@cycle_steps.post("/ratings/cycles/<int:key>/vote")
@permit(Permission.VOTE)
def cast(key: int) -> ResponseReturnValue:
    row = ask_decisions.own(key, g.actor) or abort(404)
    take("cycle", key)
    ballot, remark = request.form.get("ballot", ""), request.form.get("remark", "")
    cycle_decisions.cast(row, ballot=ballot, remark=remark, actor=g.actor, on=clock.today())
    return done("表决已记录", _back(key))


@cycle_steps.post("/ratings/cycles/<int:key>/conclusion")
@permit(Permission.CONVENE_DECISION)
def conclude(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    minutes = request.form.get("minutes", "")
    cycle_decisions.conclude(cycle, minutes=minutes, actor=g.actor, on=clock.today())
    return done(cycle.result, _back(key))


@cycle_steps.post("/ratings/cycles/<int:key>/letters")
@permit(Permission.RECORD_SERVICE)
def print_letters(key: int) -> ResponseReturnValue:
    """The letters of the cycle as a batch to print."""
    cycle = ask.find(key, g.actor) or abort(404)
    rows = cycle_acts.letters(cycle.id)
    batch = batches.prepare("print", letter_lists.items(rows), actor=g.actor, on=clock.today())
    return done(f"已列出 {len(rows)} 件，请核对后确认", url_for("batches.show", key=batch.id))


@cycle_steps.post("/ratings/cycles/<int:key>/archive")
@permit(Permission.ANNOUNCE_CYCLE)
def archive(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    act.archive(cycle, actor=g.actor, on=clock.today())
    return done(f"{cycle.name} 已归档", _back(key))


@cycle_steps.post("/ratings/cycles/<int:key>/replay")
@permit(Permission.START_CYCLE)
def replay(key: int) -> ResponseReturnValue:
    """A new run with the corrections; it is shown beside the one it corrects."""
    run = rating_corrections.replay(take("cycle", key), actor=g.actor, on=clock.today())
    return done("已按更正重新计算，等待复核", url_for("cycle_steps.differences", key=run.id))


@cycle_steps.get("/ratings/cycles/<int:key>/differences")
@permit(Permission.VIEW_BUSINESS)
def differences(key: int) -> ResponseReturnValue:
    """Everyone whose score, grade or rank a correction changed, and why."""
    cycle = ask.find(key, g.actor) or abort(404)
    if cycle.replaces_id is None:
        abort(404)
    scheme = ask.scheme_of(cycle)
    rows = ask_corrections.differences(cycle)
    crumbs: list[dict[str, Any]] = case.crumbs("评价周期", "cycles.index", "更正前后对照")
    return render_template(
        "cycles/differences.html",
        cycle=cycle,
        rows=rows,
        corrections=ask_corrections.taken_in(cycle),
        said=ask_corrections.said,
        pages={noun: page for noun, page in evidence.PAGES.items() if opens(page)},
        names={grade.key: grade.label for grade in scheme.grades},
        crumbs_items=[crumbs[0], {"label": cycle.name, "href": _back(key)}, crumbs[1]],
    )
