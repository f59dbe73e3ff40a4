"""权重试算: a cycle's frozen facts by other numbers, on screen and as a sheet; kept as a draft on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

import clock
from actions import scheme_drafts as act
from blueprints import case
from blueprints import what_if_tables as tables
from blueprints.access import done, permit
from blueprints.sheets import sheet
from forms.scheme_drafts import DraftForm
from queries import cycles, scheme_drafts, scope
from queries import what_ifs as ask
from queries.paging import Page, asked
from rules.lifecycle import CYCLE
from rules.permissions import Permission
from rules.refusal import Refused
from scoring import changes as change
from scoring.changes import ChangeError
from scoring.step_words import bottom_words

what_ifs = Blueprint("what_ifs", __name__)
WORDS = ("way", "page", "size", "format", "print")  # of the address, besides what is changed
COLUMNS = [
    "对象",
    "编码",
    "原等级",
    "试算等级",
    "原得分",
    "试算得分",
    "原名次",
    "试算名次",
    "主要原因",
]


@what_ifs.get("/ratings/cycles/<int:key>/what-if")
@permit(Permission.VIEW_DRAFT_RATING)
def show(key: int) -> ResponseReturnValue:
    cycle = cycles.find(key, g.actor) or abort(404)
    given = paths(request.args)
    draft = request.args.get("draft", 0, type=int)
    if draft and not given:
        given = _of_draft(draft, cycle)
    real = change.real(cycle.scheme_text, given)
    if draft or set(real) != set(paths(request.args)):
        words: dict[str, Any] = {word: request.args[word] for word in WORDS if word in request.args}
        return redirect(url_for("what_ifs.show", key=key, **{**words, **real}))
    try:
        found, faults = ask.tried(cycle, real), {}
    except ChangeError as error:
        found, faults = ask.tried(cycle, {}), error.faults
    return _answer(cycle, real, found, faults)


def paths(words: Mapping[str, str]) -> dict[str, str]:
    """What is to be changed: names with a dot in them."""
    return {name: value.strip()[:100] for name, value in words.items() if "." in name}


def _of_draft(key: int, cycle: Any) -> dict[str, str]:
    draft = scope.find("scheme_draft", key, g.actor)
    return dict(draft.changes) if draft is not None and draft.cycle_id == cycle.id else {}


def _answer(
    cycle: Any, real: dict[str, str], found: ask.Tried, faults: Mapping[str, Any]
) -> ResponseReturnValue:
    given = asked(request.args)
    if given.word("format"):
        rows = [_cells(row, found.labels) for row in ask.everyone(found)]
        return sheet(f"{cycle.name}权重试算", COLUMNS, rows)
    way = given.word("way") if given.word("way") in tables.WAYS else ""
    page = Page(given.page, given.size, found.trial.count(way))
    frozen = cycles.scheme_of(cycle)
    return render_template(
        "what_ifs/show.html",
        cycle=cycle,
        state=CYCLE.states[cycle.state],
        scheme=found.scheme,
        numbers=tables.groups(frozen, real, faults),
        changes=real,
        faults=faults,
        weights=(change.weights(frozen), change.weights(found.scheme)),
        found=found,
        distribution=tables.distribution(found),
        migration=tables.migration(found),
        tabs=tables.tabs(found, way),
        rows=[tables.moved(row, found) for row in ask.rows(found, page, way)],
        page=page,
        bottom=(bottom_words(found.scheme), ask.last(found)),
        drafts=scheme_drafts.of_cycle(cycle),
        form=DraftForm(formdata=None),
        printed={"by": g.actor.name, "at": clock.now()},
        crumbs_items=_crumbs(cycle),
    )


def _crumbs(cycle: Any) -> list[dict[str, str]]:
    first, last = case.crumbs("评价周期", "cycles.index", "权重试算")
    return [first, {"label": cycle.name, "href": url_for("cycles.show", key=cycle.id)}, last]


def _cells(row: ask.Row, labels: Mapping[str, str]) -> list[Any]:
    who = row.who
    grades = [labels.get(one or "", "未评定") for one in who.grade]
    return [row.name, row.code, *grades, *who.score, *who.rank, row.reason]


@what_ifs.post("/ratings/cycles/<int:key>/what-if/drafts")
@permit(Permission.DRAFT_SCHEME)
def draft(key: int) -> ResponseReturnValue:
    cycle = cycles.find(key, g.actor) or abort(404)
    form: Any = DraftForm()
    if not form.validate_on_submit():
        raise Refused(_errors(form), cure="请返回试算页面补充后再保存。")
    row = act.draft(
        cycle,
        form.name.data,
        paths(request.form),
        form.purpose.data,
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"草案“{row.name}”已保存", url_for("scheme_drafts.show", key=row.id))


def _errors(form: Any) -> str:
    return "；".join(str(one) for field in form for one in field.errors) or "表单内容无法识别。"
