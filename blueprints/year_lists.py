"""What the doors of the money of a year share: the shape of their lists, a checked form, yuan in a field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from blueprints import files
from blueprints.sheets import sheet
from queries.paging import Asked, Page
from rules.insurance import InsuranceKind
from rules.lifecycle import Lifecycle

TABS = (
    ("年度清算", "annual_settlements.index"),
    ("质量保证金", "retention_releases.index"),
    ("基金预付", "prepayments.index"),
    ("预算和基金收支", "annual_budgets.index"),
)


def year_list(
    heading: str,
    columns: Sequence[Any],
    cells: list[list[Any]],
    page: Page,
    given: Asked,
    table: Lifecycle,
    years: Sequence[int],
    insured: bool = False,
    **more: Any,
) -> ResponseReturnValue:
    """The page or, if asked for, the sheet. The first cell is a link (href, text), the last a light.

    `insured`: each row is of one kind of insurance, and may be asked for by it.
    """
    if given.word("format"):
        plain = [[_plain(cell) for cell in line] for line in cells]
        return sheet(heading, [_head(column) for column in columns], plain)
    return render_template(
        "year/list.html",
        heading=heading,
        columns=list(columns),
        filters=_filters(given, table, years, insured),
        rows=cells,
        tabs=tabs(),
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
        **more,
    )


def _filters(
    given: Asked, table: Lifecycle, years: Sequence[int], insured: bool
) -> list[dict[str, Any]]:
    search = {"name": "q", "label": "关键字", "type": "text", "value": given.q}
    kinds = [(str(one), one.label) for one in InsuranceKind]
    fund = files.select_filter("insurance", "险种", given.word("insurance"), kinds)
    states = [(word, one.label) for word, one in table.states.items()]
    known = [(str(one), str(one)) for one in years]
    return [
        search | {"placeholder": "机构/编码/编号/拼音"},
        files.select_filter("year", "年度", given.word("year"), known),
        *([fund] if insured else []),
        files.select_filter("state", "状态", given.word("state"), states),
        files.kind_filter(given.word("kind")),
    ]


def tabs() -> list[dict[str, Any]]:
    """The four pages of the money of a year, side by side."""
    return [
        {"label": label, "href": url_for(endpoint), "current": endpoint == request.endpoint}
        for label, endpoint in TABS
    ]


def money(fen: int | None) -> dict[str, Any]:
    """An amount as a cell: 元 on the page, a number in the sheet."""
    if fen is None:
        return {"money": "—", "value": ""}
    return {"money": formatting.yuan(fen), "value": formatting.yuan_number(fen)}


def _plain(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    return cell["value"] if "value" in cell else cell["text"]


def _head(column: Any) -> str:
    return str(column["label"]) if isinstance(column, dict) else str(column)


def typed_yuan(fen: int | None) -> str:
    """An amount as a field holds it."""
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"
