"""Lists: one query string is the page, the sheet and the print-out of the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue

import clock
from blueprints.sheets import sheet
from queries.paging import Asked, Page

KIND = ("kind", "类型", [("medical", "医疗机构"), ("pharmacy", "零售药店")])
Choice = tuple[str, str, Sequence[tuple[Any, str]]]  # name, label, what may be chosen


def answer(
    template: str,
    heading: str,
    given: Asked,
    rows: Sequence[Any],
    page: Page | None,
    *,
    cells: Iterable[Sequence[Any]],
    head: Sequence[str],
    title: str = "",
    **more: Any,
) -> ResponseReturnValue:
    """The page or, if asked for, the sheet. `head`, `cells`, `title` are of the sheet alone."""
    if given.word("format"):
        return sheet(title or heading, head, cells)
    printed = {"by": g.actor.name, "at": clock.now()}
    return render_template(
        template, heading=heading, rows=rows, page=page, exportable=True, printed=printed, **more
    )


def filters(given: Asked, hint: str, *choices: Choice) -> list[dict[str, Any]]:
    """A text to look for, and so many choices."""
    text = {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": hint}
    return [text, *(choice(given, *one) for one in choices)]


def choice(
    given: Asked, name: str, label: str, options: Sequence[tuple[Any, str]]
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": "select",
        "value": given.word(name),
        "options": options,
    }
