"""线索: noted on an agreement, checked in time, taken up as a case or set aside; and the contents of a case file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import clues as act
from blueprints import case
from blueprints.access import done, look, permit, take
from forms import case_measures as counter
from forms import violations as general
from queries import case_contents
from rules import permissions
from rules.ladder import CaseSource
from rules.permissions import Permission
from rules.refusal import Refused

clues = Blueprint("clues", __name__)


@clues.route("/cases/clues/new", methods=["GET", "POST"])
@permit(Permission.REGISTER_CASE)
def new() -> ResponseReturnValue:
    key = request.args.get("agreement", type=int)
    if key is None:
        raise Refused("请先选择协议。", cure="从服务协议的页面登记线索。")
    agreement = look("agreement", key)
    form = counter.ClueForm()
    if form.validate_on_submit():
        return _note(take("agreement", key), form)
    context = {
        "agreement": agreement,
        "form": form,
        "crumbs_items": case.crumbs("违规案件", "violations.index", "登记线索"),
    }
    return render_template("violations/clue_new.html", **context), 400 if form.errors else 200


def _note(agreement: Any, form: counter.ClueForm) -> ResponseReturnValue:
    row = act.note(
        agreement,
        source=CaseSource(form.source.data),
        source_text=form.source_text.data or "",
        clue_text=form.clue_text.data or "",
        found_on=form.found_on.data or clock.today(),
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已登记线索 {row.number}", url_for("violations.show", key=row.id))


@clues.post("/cases/<int:key>/extension")
@permit(Permission.EXTEND_CLUE)
def extend(key: int) -> ResponseReturnValue:
    longer = act.extend(take("violation", key), reason=_opinion(), actor=g.actor, on=clock.today())
    return done(f"线索核查延长至 {longer.due_on}", _page(key))


@clues.post("/cases/<int:key>/take-up")
@permit(Permission.REGISTER_CASE)
def take_up(key: int) -> ResponseReturnValue:
    act.take_up(take("violation", key), facts_text=_opinion(), actor=g.actor, on=clock.today())
    return done("已立案，请登记违规事实、拟定处理措施", _page(key))


@clues.post("/cases/<int:key>/set-aside")
@permit(Permission.SET_ASIDE_CLUE)
def set_aside(key: int) -> ResponseReturnValue:
    act.set_aside(take("violation", key), reason=_opinion(), actor=g.actor, on=clock.today())
    return done("已决定不予立案", _page(key))


@clues.get("/cases/<int:key>/contents")
@permit(Permission.VIEW_CASES)
def contents(key: int) -> ResponseReturnValue:
    row = look("violation", key)
    permissions.require(g.actor, Permission.VIEW_CASES, row)
    context = {
        "violation": row,
        "lines": case_contents.of(row),
        "crumbs_items": case.crumbs("违规案件", "violations.index", f"{row.number} 案卷目录"),
        "printed": {"by": g.actor.name, "at": clock.now()},
    }
    return render_template("violations/contents.html", **context)


def _opinion() -> str:
    form = general.OpinionForm()
    if not form.validate_on_submit():
        raise Refused("；".join(str(one) for errors in form.errors.values() for one in errors))
    return str(form.opinion.data)


def _page(key: int) -> str:
    return url_for("violations.show", key=key)
