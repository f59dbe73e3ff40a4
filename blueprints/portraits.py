"""The one page of an institution: who it is, tab by tab. What a tab shows is in `portrait_tabs`."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from blueprints import dossiers
from blueprints.access import look, may, permit
from blueprints.portrait_tabs import TABS
from queries import former_facts, published_ratings
from queries import institutions as ask
from rules.permissions import Permission


@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    return page(look("institution", key))


@permit(Permission.PRINT_DOSSIER)
def dossier(key: int) -> ResponseReturnValue:
    """一户一档 on paper. Who took it stands in the log."""
    return dossiers.institution(look("institution", key))


def page(row: Any, **more: Any) -> str:
    """Everything the page shows; only the opened tab is read. `more`: a form with its errors, a revealed number."""
    on = clock.today()
    tab = _opened(row)
    stand = ask.standings([row.id], on)[row.id]
    grades = published_ratings.of_institution(row.id, on=on)
    given = {
        "row": row,
        "tab": tab,
        "page_of_tab": f"institutions/tabs/{tab or 'overview'}.html",
        "today": on,
        "standing": stand,
        "identity": _identity(row, stand),
        "letter": grades[0].marked_grade if grades else "",
        "tabs": _tabs(row, tab),
        "crumbs_items": [
            {"label": "机构档案", "href": url_for("institutions.index")}, {"label": row.name, "href": ""},
        ],
        **TABS[tab].context(row, on),
    }  # fmt: skip
    return render_template("institutions/show.html", **{**given, **more})


def _opened(row: Any) -> str:
    tab = request.args.get("tab", "")
    return tab if tab in TABS and _open(tab, row) else ""


def _open(tab: str, row: Any) -> bool:
    permission = TABS[tab].permission
    return permission is None or may(str(permission), row)


def _identity(row: Any, stand: Any) -> list[dict[str, str]]:
    until = f"{formatting.day(stand.since)} 至 {formatting.day(stand.until)}" if stand.until else ""
    former = "、".join(former_facts.names_of([row.id]).get(row.id, []))
    return [
        *([{"label": "曾用名", "value": former}] if former else []),
        {"label": "医保编码", "value": row.code or "未赋码"},
        {"label": "统一社会信用代码", "value": row.uscc or "未登记"},
        {
            "label": "类型",
            "value": "，".join(word for word in (row.kind.label, row.nature, row.level) if word),
        },
        {"label": "行政区划", "value": row.division or "未登记"},
        {"label": "协议期间", "value": until or stand.label},
    ]


def _tabs(row: Any, tab: str) -> list[dict[str, Any]]:
    return [
        {
            "label": shown.label,
            "href": url_for("institutions.show", key=row.id, tab=word or None),
            "current": word == tab,
        }
        for word, shown in TABS.items()
        if _open(word, row)
    ]
