"""The lists of appeals, corrections and restorations: one shape for three nouns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue

import clock
from blueprints.sheets import sheet
from queries.paging import Asked, Page
from rules.lifecycle import Lifecycle


def points_list(
    heading: str,
    columns: Sequence[str],
    rows: Sequence[Any],
    cells: list[list[Any]],
    page: Page,
    given: Asked,
    table: Lifecycle,
    show: str,
    *,
    empty: tuple[str, str] = ("deductions.index", "查看记分记录"),
) -> ResponseReturnValue:
    """The page or, if asked for, the sheet. The last cell is the state; the first leads to the row."""
    if given.word("format"):
        return sheet(heading, list(columns), cells)
    search = {"name": "q", "label": "关键字", "type": "text", "value": given.q}
    state = {"name": "state", "label": "状态", "type": "select", "value": given.word("state")}
    states = [(word, one.label) for word, one in table.states.items()]
    return render_template(
        "points/list.html",
        heading=heading,
        columns=list(columns),
        filters=[search | {"placeholder": "编号/姓名/编码/机构"}, state | {"options": states}],
        rows=list(zip(rows, cells, strict=True)),
        lights=table.states,
        show=show,
        empty=empty,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )
