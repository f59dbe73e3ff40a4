"""分片包干: which inspector answers for which institution, and the chief's assignment."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import responsible_inspectors as act
from blueprints import files
from blueprints.access import done, permit, take
from blueprints.sheets import sheet
from queries import responsible_inspectors as ask
from queries.paging import Asked, asked
from rules.permissions import Permission
from rules.refusal import Refused

responsible_inspectors = Blueprint("responsible_inspectors", __name__)
COLUMNS = ["机构名称", "医保编码", "类型", "区划", "责任稽核员", "起始日期"]


@responsible_inspectors.get("/inspectors")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = ask.page(g.actor, given, on=on)
    if given.word("format"):
        return sheet("分片包干", COLUMNS, [_cells(row) for row in rows])
    inspectors = ask.inspectors(g.actor)
    return render_template(
        "responsible_inspectors/list.html",
        heading="分片包干",
        filters=_filters(given, inspectors),
        rows=rows,
        page=page,
        shares=ask.shares(g.actor, on),
        inspectors=inspectors,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.ListRow) -> list[Any]:
    return [row.name, row.code, row.kind_label, row.division, row.inspector, row.since]


def _filters(given: Asked, inspectors: list[Any]) -> list[dict[str, Any]]:
    options = [(ask.NOBODY, "未指定"), *((str(one.id), one.name) for one in inspectors)]
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/编码/区划/拼音"},
        {
            "name": "inspector", "label": "责任稽核员", "type": "select", "options": options,
            "value": given.word("inspector"),
        },
        files.kind_filter(given.word("kind")),
    ]  # fmt: skip


@responsible_inspectors.post("/inspectors/assign")
@permit(Permission.ASSIGN_INSPECTOR)
def assign() -> ResponseReturnValue:
    """The ticked institutions, from today on."""
    user = ask.inspector(request.form.get("user_id", default=0, type=int), g.actor)
    if user is None:
        raise Refused("没有选择责任稽核员。", cure="请选择本统筹区在用的稽核岗人员。")
    keys = sorted({int(one) for one in request.form.getlist("id") if one.isdecimal()})
    if not keys:
        raise Refused("没有选择机构。", cure="请先勾选机构。")
    rows = act.assign(
        [take("institution", key) for key in keys], user, actor=g.actor, on=clock.today()
    )
    return done(
        f"已指定 {user.name} 负责 {len(rows)} 家机构", url_for("responsible_inspectors.index")
    )
