"""The lists of appeals, corrections and restorations: one shape for three nouns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from blueprints import lists
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
    states = [(word, one.label) for word, one in table.states.items()]
    return lists.answer(
        "points/list.html",
        heading,
        given,
        list(zip(rows, cells, strict=True)),
        page,
        cells=cells,
        head=list(columns),
        columns=list(columns),
        filters=lists.filters(given, "编号/姓名/编码/机构", ("state", "状态", states)),
        lights=table.states,
        show=show,
        empty=empty,
    )
