"""信用方案草案: list, one with its result, two beside each other; submitted by one person, approved by another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import scheme_drafts as act
from blueprints import case, lists
from blueprints import what_if_tables as tables
from blueprints.access import done, look, permit, take
from forms.scheme_drafts import AdoptForm, ReasonForm
from queries import cycles, timeline, what_ifs
from queries import scheme_drafts as ask
from queries.paging import Page, asked
from rules.lifecycle import SCHEME_DRAFT
from rules.permissions import Permission
from rules.refusal import Refused
from scoring import catalogue, wording
from scoring import changes as change
from scoring.explain import describe

scheme_drafts = Blueprint("scheme_drafts", __name__)
COLUMNS = ["名称", "原方案", "试算所用周期", "改动", "拟订", "拟订日期", "状态", "版本", "施行日期"]


@scheme_drafts.get("/schemes/drafts")
@permit(Permission.VIEW_SCHEME_DRAFT)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    return lists.answer(
        "scheme_drafts/list.html",
        "方案草案",
        given,
        rows,
        page,
        cells=map(_cells, rows),
        head=COLUMNS,
        filters=lists.filters(given, "名称", ("state", "状态", ask.STATES)),
    )


def _cells(row: ask.DraftRow) -> list[Any]:
    one = row.draft
    known = [
        one.name,
        row.scheme_label,
        one.cycle.name if one.cycle else "",
        row.number,
        one.author.name,
        one.drafted_on,
    ]
    return [*known, row.state.label, one.edition, one.in_force_on]


@scheme_drafts.get("/schemes/drafts/<int:key>")
@permit(Permission.VIEW_SCHEME_DRAFT)
def show(key: int) -> ResponseReturnValue:
    row = look("scheme_draft", key)
    scheme = catalogue.parsed(row.scheme_text)
    return render_template(
        "scheme_drafts/show.html",
        row=row,
        state=SCHEME_DRAFT.states[row.state],
        scheme=scheme,
        base=catalogue.parsed(row.base_text) if row.base_text else None,
        fingerprint=act.fingerprint(row),
        differences=ask.differences(row),
        wordings=ask.wordings(row) if row.file else [],
        unsourced=ask.unsourced(scheme),
        lacking=what_ifs.lacking(row.cycle, row.scheme_text) if row.cycle else [],
        others=ask.others(row),
        adopting=AdoptForm(formdata=None, edition=scheme.edition if row.as_written else ""),
        events=timeline.of([("scheme_draft", key)]),
        crumbs_items=case.crumbs("方案草案", "scheme_drafts.index", row.name),
        **_trial(row),
    )


def _trial(row: Any) -> dict[str, Any]:
    """What it would do to the cycle it is tried on; nothing where no cycle can show it."""
    if row.cycle is None:
        return {"found": None, "opened": False}
    return _result(what_ifs.by_text(row.cycle, row.scheme_text), row.cycle_id)


def _result(found: what_ifs.Tried, cycle_id: int) -> dict[str, Any]:
    """A trial as both pages show it; the list of those who moved in pages.

    Whoever may decide on a draft sees it whole; pages of a cycle that is not published open for the agency alone.
    """
    given, opened = asked(request.args), cycles.find(cycle_id, g.actor) is not None
    way = given.word("way") if given.word("way") in tables.WAYS else ""
    page = Page(given.page, given.size, found.trial.count(way))
    shown = [tables.moved(one, found) for one in what_ifs.rows(found, page, way)]
    return {
        "found": found,
        "distribution": tables.distribution(found),
        "migration": tables.migration(found),
        "tabs": tables.tabs(found, way),
        "rows": shown if opened else [{**one, "href": ""} for one in shown],
        "opened": opened,
        "page": page,
    }


@scheme_drafts.get("/schemes/drafts/<int:key>/text")
@permit(Permission.VIEW_SCHEME_DRAFT)
def text(key: int) -> ResponseReturnValue:
    """The whole scheme in words."""
    row = look("scheme_draft", key)
    scheme = catalogue.parsed(row.scheme_text)
    return render_template(
        "schemes/show.html",
        scheme=scheme,
        draft=row,
        cycle=None,
        sections=describe(scheme),
        unsourced=[],
        crumbs_items=[
            *case.crumbs("方案草案", "scheme_drafts.index", row.name)[:1],
            {"label": row.name, "href": url_for("scheme_drafts.show", key=key)},
            {"label": "全文"},
        ],
    )


@scheme_drafts.get("/schemes/drafts/compare")
@permit(Permission.VIEW_SCHEME_DRAFT)
def compare() -> ResponseReturnValue:
    """Two drafts of one scheme: what differs in their numbers and words, and in their results on one cycle."""
    one, two = (
        look("scheme_draft", request.args.get(name, 0, type=int)) for name in ("first", "second")
    )
    if one.scheme != two.scheme or one.id == two.id:
        abort(404)
    schemes = [catalogue.parsed(row.scheme_text) for row in (one, two)]
    result: dict[str, Any] = {"found": None, "opened": False}
    if one.cycle_id is not None and one.cycle_id == two.cycle_id:
        found = what_ifs.compared(one.cycle, one.scheme_text, two.scheme_text)
        result = _result(found, one.cycle_id)
    return render_template(
        "scheme_drafts/compare.html",
        one=one,
        two=two,
        cycle=one.cycle,
        differences=change.differences(*schemes),
        wordings=wording.differences(*schemes) if one.file or two.file else [],
        crumbs_items=case.crumbs("方案草案", "scheme_drafts.index", "比较"),
        **result,
    )


@scheme_drafts.post("/schemes/drafts/<int:key>/submit")
@permit(Permission.DRAFT_SCHEME)
def submit(key: int) -> ResponseReturnValue:
    row = take("scheme_draft", key)
    act.submit(row, actor=g.actor, on=clock.today())
    return done(f"草案“{row.name}”已提交审批", _page(key))


@scheme_drafts.post("/schemes/drafts/<int:key>/take-back")
@permit(Permission.DRAFT_SCHEME)
def take_back(key: int) -> ResponseReturnValue:
    row = take("scheme_draft", key)
    act.take_back(row, actor=g.actor, on=clock.today())
    return done(f"草案“{row.name}”已撤回", _page(key))


@scheme_drafts.post("/schemes/drafts/<int:key>/drop")
@permit(Permission.DRAFT_SCHEME)
def drop(key: int) -> ResponseReturnValue:
    row = take("scheme_draft", key)
    act.drop(row, actor=g.actor, on=clock.today(), reason=_filled(ReasonForm()).reason.data)
    return done(f"草案“{row.name}”已撤销", _page(key))


@scheme_drafts.post("/schemes/drafts/<int:key>/adopt")
@permit(Permission.ADOPT_SCHEME)
def adopt(key: int) -> ResponseReturnValue:
    row, form = take("scheme_draft", key), _filled(AdoptForm())
    act.adopt(
        row,
        edition=form.edition.data,
        in_force_on=form.in_force_on.data,
        minutes=form.minutes.data,
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"{row.edition}版已批准，自 {row.in_force_on} 起可以用于新的评价周期", _page(key))


@scheme_drafts.post("/schemes/drafts/<int:key>/refuse")
@permit(Permission.ADOPT_SCHEME)
def refuse(key: int) -> ResponseReturnValue:
    row = take("scheme_draft", key)
    act.refuse(row, actor=g.actor, on=clock.today(), reason=_filled(ReasonForm()).reason.data)
    return done("已记录不批准的理由", _page(key))


def _filled(form: Any) -> Any:
    if not form.validate_on_submit():
        wrong = "；".join(str(one) for field in form for one in field.errors)
        raise Refused(wrong or "表单内容无法识别。", cure="请返回补充后再提交。")
    return form


def _page(key: int) -> str:
    return url_for("scheme_drafts.show", key=key)
