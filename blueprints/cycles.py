"""信用评价周期: started by one person, reviewed by another, published by a third."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import cycles as act
from actions.credit_files import FactFile
from blueprints import case, evidence, lists
from blueprints import rating_tables as tables
from blueprints.access import done, permit, take
from blueprints.proposals import PAGES
from forms.cycles import FREEZE, CycleForm, OpinionForm
from queries import (
    credit_facts,
    cycle_acts,
    proposals,
    rating_anomalies,
    rating_boards,
    ratings,
    schemes,
    timeline,
)
from queries import cycles as ask
from queries.paging import Asked, asked
from rules.anomalies import Anomaly
from rules.lifecycle import CYCLE
from rules.lifecycles_credit import VALID
from rules.permissions import Permission
from rules.refusal import Refused
from scoring.step_words import bottom_words

cycles = Blueprint("cycles", __name__)
COLUMNS = [
    "名次",
    "机构名称",
    "医保编码",
    "同类机构",
    "得分",
    "上期得分",
    "等级",
    "上期等级",
    "核对事项",
]
FIRST = 10  # anomalies told on the page of the cycle itself
LARGEST_UPLOAD = 10 * 1024 * 1024
STEPS = [
    ("冻结事实", "frozen"),
    ("自评", "self_assessing"),
    ("测算", "computed"),
    ("复核", "reviewed"),
    ("公示", "announced"),
    ("集体审定", "decided"),
    ("公布", "published"),
    ("归档", "archived"),
]


@cycles.get("/ratings/cycles")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    rows, given = ask.rows(g.actor), asked(request.args)
    return lists.answer(
        "cycles/list.html",
        "评价周期",
        given,
        rows,
        None,
        cells=map(_line, rows),
        head=["名称", "评价期自", "评价期至", "方案", "参评对象", "状态", "公布日期"],
    )


def _line(row: ask.CycleRow) -> list[Any]:
    one, scheme = row.cycle, f"{row.scheme_label}（{row.cycle.edition}版）"
    return [one.name, one.from_on, one.to_on, scheme, row.rated, row.state.label, one.published_on]


@cycles.route("/ratings/cycles/new", methods=["GET", "POST"])
@permit(Permission.START_CYCLE)
def new() -> ResponseReturnValue:
    form: Any = CycleForm()
    form.offer(schemes.offered(g.actor.pooling_region, clock.today()))
    if not form.validate_on_submit():
        return _new_page(form), 400 if form.errors else 200
    first = act.freeze if form.begin.data == FREEZE else act.start
    cycle = first(
        form.name.data,
        form.from_on.data,
        form.to_on.data,
        form.scheme.data,
        actor=g.actor,
        on=clock.today(),
        given=_fact_file(form.file.data),
    )
    said = "事实已冻结，等待测算" if first is act.freeze else "已测算，等待复核"
    return done(f"{cycle.name} {said}", url_for("cycles.show", key=cycle.id))


def _fact_file(storage: Any) -> FactFile | None:
    if not storage or not storage.filename:
        return None
    content = storage.stream.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        raise Refused("事实表超过 10 MB。", cure="请拆成几个周期，或者删去用不到的列。")
    return FactFile(content, storage.filename)


def _new_page(form: Any) -> str:
    crumbs = case.crumbs("评价周期", "cycles.index", "开展信用评价")
    return render_template("cycles/new.html", form=form, crumbs_items=crumbs)


@cycles.get("/ratings/cycles/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    cycle = ask.find(key, g.actor) or abort(404)
    shown = rating_boards.board(cycle, Asked(words={}))
    vetoed = rating_boards.vetoes(cycle)
    return render_template(
        "cycles/show.html",
        cycle=cycle,
        state=CYCLE.states[cycle.state],
        scheme=shown.scheme,
        steps=_steps(cycle),
        board=shown,
        unrated=len(cycle.facts) - shown.total,
        distribution=tables.distribution(shown),
        vetoed=vetoed,
        links=evidence.links(line for _, lines in vetoed for line in lines),
        **_to_check(cycle),
        unsourced=credit_facts.empty(cycle.facts, shown.scheme),
        counts=proposals.counts(cycle.id),
        uses=shown.scheme.uses,
        pages=PAGES,
        events=timeline.of([("cycle", cycle.id)]),
        people=ask.people(cycle),
        acts=cycle_acts.of(cycle, g.actor, on=clock.today()),
        crumbs_items=case.crumbs("评价周期", "cycles.index", cycle.name),
    )


def _to_check(cycle: Any) -> dict[str, Any]:
    """Before publication: what a reviewer looks at first, and who stands at the bottom."""
    if cycle.state in VALID or cycle.state == "superseded":
        return {"odd": [], "signs": {}, "bottom": ("", [])}
    odd = rating_anomalies.of_cycle(cycle, on=clock.today())
    scheme = ask.scheme_of(cycle)
    return {
        "odd": odd[:FIRST],
        "signs": rating_anomalies.counts(odd),
        "anomalies": list(Anomaly),
        "names": {grade.key: grade.label for grade in scheme.grades},
        "tones": ratings.tones(scheme),
        "bottom": (bottom_words(scheme), rating_anomalies.bottom(cycle)),
    }


@cycles.get("/ratings/cycles/<int:key>/anomalies")
@permit(Permission.VIEW_BUSINESS)
def anomalies(key: int) -> ResponseReturnValue:
    """Everyone with an anomaly, the gravest first; as a sheet and on paper as well."""
    cycle, given = ask.find(key, g.actor) or abort(404), asked(request.args)
    rows, page = rating_anomalies.page(cycle, given, on=clock.today())
    scheme = ask.scheme_of(cycle)
    names = {grade.key: grade.label for grade in scheme.grades}
    signs = ("sign", "核对事项", [(sign.value, sign.label) for sign in Anomaly])
    hint, kinds = ("姓名/编码", []) if cycle.of_persons else ("机构/编码/拼音", [lists.KIND])
    return lists.answer(
        "cycles/anomalies.html",
        f"核对清单　{cycle.name}",
        given,
        rows,
        page,
        cells=(_cells(row, names) for row in rows),
        head=COLUMNS,
        title=f"{cycle.name}核对清单",
        cycle=cycle,
        filters=lists.filters(given, hint, signs, *kinds),
        names=names,
        tones=ratings.tones(scheme),
        crumbs_items=_crumbs(cycle, "核对清单"),
    )


def _crumbs(cycle: Any, label: str) -> list[dict[str, str]]:
    first, last = case.crumbs("评价周期", "cycles.index", label)
    return [first, {"label": cycle.name, "href": url_for("cycles.show", key=cycle.id)}, last]


def _cells(row: rating_anomalies.Odd, names: dict[str, str]) -> list[Any]:
    one = row.entry
    grade, before = names[one.grade], names.get(one.before or "", "")
    then = None if one.before_milli is None else one.before_milli / 1000
    signs = "；".join(f"{sign.label}：{words}" for sign, words in row.signs.items())
    return [one.rank, one.name, one.code, one.peers.label, one.score, then, grade, before, signs]


def _steps(cycle: Any) -> list[dict[str, str]]:
    """What is done, and what comes next; the self-assessment only where there was one."""
    left_out = {"self_assessing": not cycle.assess_until, "announced": cycle.of_persons}
    steps = [step for step in STEPS if not left_out.get(step[1])]
    states = [word for _, word in steps]
    if cycle.state not in states:
        return []
    reached = states.index(cycle.state)
    return [
        {"label": label, "state": "done" if n <= reached else "cur" if n == reached + 1 else ""}
        for n, (label, _) in enumerate(steps)
    ]


@cycles.post("/ratings/cycles/<int:key>/review")
@permit(Permission.REVIEW_CYCLE)
def review(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    act.review(cycle, actor=g.actor, on=clock.today(), opinion=_opinion())
    following = "等待集体审定" if cycle.of_persons else "等待公示"
    return done(f"{cycle.name} 已复核，{following}", url_for("cycles.show", key=key))


@cycles.post("/ratings/cycles/<int:key>/publish")
@permit(Permission.PUBLISH_CYCLE)
def publish(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    if request.form.get("read") != "y":
        raise Refused("请先确认已核对评价结果。", cure="勾选确认后再公布。")
    act.publish(cycle, actor=g.actor, on=clock.today(), opinion=_opinion())
    return done(f"{cycle.name} 已公布，等级告知书已印发", url_for("cycles.show", key=key))


@cycles.post("/ratings/cycles/<int:key>/supersede")
@permit(Permission.START_CYCLE)
def supersede(key: int) -> ResponseReturnValue:
    cycle = take("cycle", key)
    act.supersede(cycle, actor=g.actor, on=clock.today(), reason=_opinion())
    return done(f"{cycle.name} 的测算已作废", url_for("cycles.show", key=key))


def _opinion() -> str:
    form: Any = OpinionForm()
    if not form.validate_on_submit():
        raise Refused("；".join(map(str, form.opinion.errors)) or "表单内容无法识别。")
    return str(form.opinion.data or "")
