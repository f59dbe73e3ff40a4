"""信用看板 for the leaders: the credit board, and the same figures as a brief on A4."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

import clock
import formatting
from actions import credit_briefs
from blueprints import files, ratings
from blueprints import rating_tables as tables
from blueprints.access import permit
from queries import rating_boards
from queries.paging import Asked, asked
from rules.permissions import Permission

dashboards = Blueprint("dashboards", __name__)
MOST = 20  # changes told in the brief


@dashboards.get("/dashboards/credit")
@permit(Permission.VIEW_BUSINESS)
def credit() -> ResponseReturnValue:
    return ratings.board()


@dashboards.get("/dashboards/credit/brief.pdf")
@permit(Permission.VIEW_BUSINESS)
def brief() -> ResponseReturnValue:
    cycle, kind = ratings.cycle_asked() or abort(404), asked(request.args).word("kind")
    shown = rating_boards.board(cycle, Asked(words={"kind": kind}))
    moved = tables.changes(shown, rating_boards.changes(shown, MOST), {})
    told = ratings.frame(shown, kind)
    facts = [(one["label"], f"{one['value']}（{one['note']}）") for one in tables.kpis(shown, kind)]
    sections = [
        _table("等级分布", tables.distribution(shown, kind)),
        _table("各类机构等级构成（%）", tables.by_group(shown, kind)),
        _migration(tables.migration(shown, kind)),
        _table("历期趋势", tables.trend(shown)),
        ("等级变动", ("对象", "变动", "主要原因", "分值", "证据"), [_moved(one) for one in moved]),
        _areas(tables.areas(shown, kind)),
    ]
    state = "" if cycle.published_on else f"尚未公布（{told['state'].label}），仅供内部使用。"
    content = credit_briefs.printed(
        cycle.name,
        [*facts, ("条件", told["conditions"])],
        [one for one in sections if one],
        by=f"{g.actor.name} {formatting.day(clock.today())} 生成",
        warning=f"{state}评价的方案和标准请按本地文件核对。",
    )
    return files.send(content, f"信用评价简报 {cycle.name}.pdf", "application/pdf", inline=True)


def _table(title: str, table: Any) -> Any:
    """A table of the board as rows of plain words; nothing where the board shows none."""
    if not table:
        return None
    rows = [[_plain(cell) for cell in row] for row in table["rows"]]
    return title, tuple(table["head"]), rows


def _plain(cell: Any) -> Any:
    return cell["text"] if isinstance(cell, dict) else cell


def _migration(table: Any) -> Any:
    if not table:
        return None
    grades = table["grades"]
    rows = [
        [grade, *(cell["count"] for cell in line)]
        for grade, line in zip(grades, table["rows"], strict=True)
    ]
    return "等级迁移（行为上期，列为本期）", ("上期＼本期", *grades), rows


def _areas(found: list[dict[str, Any]]) -> Any:
    rows = [[area["name"], area["score"], area["count"]] for area in found]
    return ("辖区均分", ("辖区", "均分", "家数"), rows) if rows else None


def _moved(one: dict[str, Any]) -> list[str]:
    number = one["evidence"]["label"] if one["evidence"] else "—"
    step = f"{one['from_grade'] or '新评'} → {one['to_grade']}"
    return [one["name"], step, one["reason"], one["points"], number]
