"""条款库: the clauses of the model agreement, the pooling region's own, and who still holds an old wording."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from actions import local_clauses as act
from blueprints import case, files
from blueprints.access import chosen, done, permit, take
from blueprints.sheets import sheet
from forms.agreements import LocalClauseForm
from queries import local_clauses as own
from queries import old_clauses
from queries.paging import asked
from rules import clause_library as library
from rules import differences
from rules.clauses import Rank
from rules.permissions import Permission

clauses = Blueprint("clauses", __name__)
COLUMNS = ["编号", "章", "类别", "适用", "协议形式", "条款内容", "起用", "停用", "依据", "可信度"]
HOLDER_COLUMNS = [
    "协议编号",
    "机构名称",
    "类型",
    "形式",
    "文本日期",
    "截止日期",
    "与现行范本不同的条款",
]


@clauses.get("/clauses")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    day = given.day("on") or clock.today()
    rows = library.entries(day, family=given.word("kind"), rank=given.word("rank"))
    rows = [one for one in rows if not given.q or given.q in one.text or given.q == one.key]
    if given.word("format"):
        return sheet("条款库", COLUMNS, [_cells(one) for one in rows])
    return render_template(
        "clauses/list.html",
        heading="条款库",
        filters=_filters(given, formatting.day(day)),
        rows=rows,
        local=own.all_of(g.actor),
        holders=old_clauses.total(g.actor, on=clock.today()),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
        creates={"label": "增加统筹区条款", "href": url_for("clauses.new")}
        if g.actor.role == "clerk"
        else None,
    )


def _cells(one: library.Entry) -> list[Any]:
    days = [one.since, one.until]
    return [
        one.key,
        one.chapter,
        one.rank.label,
        one.kinds,
        one.forms,
        one.text,
        *days,
        one.basis,
        one.confidence,
    ]


def _filters(given: Any, day: str) -> list[dict[str, Any]]:
    ranks = [(str(one), one.label) for one in Rank if one is not Rank.SPECIAL]
    return [
        {"name": "on", "label": "哪一天", "type": "date", "value": day},
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "内容或者编号"},
        files.kind_filter(given.word("kind")),
        {"name": "rank", "label": "类别", "type": "select", "value": given.word("rank"), "options": ranks},
    ]  # fmt: skip


@clauses.get("/clauses/<key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: str) -> ResponseReturnValue:
    """One clause with every wording, each against the one before."""
    entry, local = library.entry(key), own.of_key(g.actor.pooling_region, key)
    if entry is None and not local:
        abort(404)
    before = ["", *(row.text for row in local)]
    pairs = zip(before, local, strict=False)
    return render_template(
        "clauses/show.html",
        key=key,
        entry=entry,
        steps=library.history(key),
        local=[(row, differences.words(old, row.text)) for old, row in pairs][::-1],
        holders=old_clauses.total(g.actor, on=clock.today(), clause=key),
    )


@clauses.get("/clauses/holders")
@permit(Permission.VIEW_BUSINESS)
def holders() -> ResponseReturnValue:
    """Living agreements that still hold an old wording."""
    given = asked(request.args)
    rows, page = old_clauses.page(g.actor, given, on=clock.today())
    if given.word("format"):
        cells = [
            [r.number, r.institution, r.kind_label, r.form_label, r.text_on, r.term_to, "、".join(r.keys)]
            for r in rows
        ]  # fmt: skip
        return sheet("仍执行旧条款的协议", HOLDER_COLUMNS, cells)
    options = [(one.key, f"{one.key} {one.text[:18]}") for one in library.entries(clock.today())]
    return render_template(
        "clauses/holders.html",
        heading="仍执行旧条款的协议",
        crumbs_items=case.crumbs("条款库", "clauses.index", "仍执行旧条款的协议"),
        filters=[
            {
                "name": "clause",
                "label": "条款",
                "type": "select",
                "value": given.word("clause"),
                "options": options,
            },
            files.kind_filter(given.word("kind")),
        ],
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


@clauses.route("/clauses/new", methods=["GET", "POST"])
@permit(Permission.ADD_LOCAL_CLAUSE)
def new() -> ResponseReturnValue:
    form = LocalClauseForm()
    if form.validate_on_submit() and form.since.data is not None:
        given = act.Wording(
            key=form.key.data or "",
            chapter=form.chapter.data,
            family=form.family.data,
            text=form.text.data or "",
            basis=form.basis.data or "",
            reason=form.reason.data or "",
            since=form.since.data,
            until=form.until.data,
        )
        row = act.propose(given, actor=g.actor, on=clock.today())
        return done(f"统筹区条款 {row.key} 已提交批准", url_for("clauses.show", key=row.key))
    if request.method == "GET":
        form.key.data = request.args.get("key", "")[:16]
    return render_template("clauses/new.html", form=form), 400 if form.errors else 200


@clauses.post("/clauses/local/<int:key>/review")
@permit(Permission.APPROVE_LOCAL_CLAUSE)
def review(key: int) -> ResponseReturnValue:
    row = take("local_clause", key)
    act.review(
        row,
        approved=chosen("result", yes="approved", no="refused"),
        answer=request.form.get("answer", "")[:500],
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"统筹区条款 {row.key} {row.state.label}", url_for("clauses.show", key=row.key))
