"""岗位轮换: who has audited or paid for how long, and until when somebody else takes the post."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

import clock
from blueprints.access import permit
from blueprints.sheets import sheet
from queries import post_rotation as ask
from queries.paging import asked
from rules import post_rotation as rule
from rules.permissions import Permission

post_rotation = Blueprint("post_rotation", __name__)
COLUMNS = ["姓名", "用户名", "岗位", "任职日期", "已任职（个月）", "轮换期限", "状态"]


@post_rotation.get("/post-rotation")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    on = clock.today()
    rows = ask.holders(g.actor.pooling_region, on=on)
    if asked(request.args).word("format"):
        return sheet("岗位轮换", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "settlements/posts.html",
        heading="岗位轮换",
        rows=rows,
        period=rule.period(on),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.Holder) -> list[Any]:
    return [row.name, row.username, row.post, row.since, row.months, row.due_on, row.light.text]
