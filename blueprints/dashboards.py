"""信用看板 for the leaders: the credit board, and the same figures as a brief on A4."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

import clock
import formatting
from actions import credit_briefs
from actions.credit_briefs import Part
from blueprints import files, ratings
from blueprints import rating_tables as tables
from blueprints.access import permit
from queries import rating_boards
from queries.paging import asked
from queries.rating_boards import Board
from rules.credit_briefs import most_changes
from rules.permissions import Permission

dashboards = Blueprint("dashboards", __name__)
CHANGES = ("对象", "变动", "主要原因", "分值", "证据")


@dashboards.get("/dashboards/credit")
@permit(Permission.VIEW_BUSINESS)
def credit() -> ResponseReturnValue:
    return ratings.board()


@dashboards.get("/dashboards/credit/brief.pdf")
@permit(Permission.VIEW_BUSINESS)
def brief() -> ResponseReturnValue:
    cycle, given = ratings.cycle_asked() or abort(404), asked(request.args)
    shown = rating_boards.board(cycle, ratings.narrowed(given))
    told = ratings.frame(shown, given)
    facts = [(one["label"], f"{one['value']}（{one['note']}）") for one in tables.kpis(shown)]
    state = "" if cycle.published_on else f"尚未公布（{told['state'].label}），仅供内部使用。"
    content = credit_briefs.printed(
        cycle.name,
        facts,
        [one for one in _parts(shown) if one],
        by=f"{g.actor.name} {formatting.day(clock.today())} 生成",
        warning=f"{state}条件：{told['conditions']}。评价的方案和标准请按本地文件核对。",
    )
    return files.send(content, f"信用评价简报 {cycle.name}.pdf", "application/pdf", inline=True)


def _parts(shown: Board) -> list[Part | None]:
    """In the order of the board; what does not fit into the text is in the annex."""
    moved = rating_boards.changes(shown, len(shown.entries))
    most = most_changes(clock.today())
    rows = [_moved(one) for one in tables.changes(shown, moved, {})]
    unit = shown.cycle.unit
    more = f"另有 {len(rows) - most} {unit}见附表。" if len(rows) > most else ""
    name, radar = ratings.beside_peers(shown, moved)
    return [
        _table("等级分布", tables.distribution(shown), "columns"),
        _table(f"各类{shown.cycle.who}等级构成（%）", tables.by_group(shown), "stacked"),
        _migration(tables.migration(shown)),
        _table("历期趋势", tables.trend(shown), "lines"),
        _table(f"{name}与同类平均（各维度得分率，%）", radar, "radar"),
        Part("等级变动", CHANGES, rows[:most], note=more),
        _areas(tables.areas(shown)),
        Part(f"附表　其余等级变动（{len(rows) - most} {unit}）", CHANGES, rows[most:]) if more else None,
    ]  # fmt: skip


def _table(title: str, table: Any, chart: str) -> Part | None:
    """A table of the board as rows of plain words; nothing where the board shows none."""
    if not table or not table["rows"]:
        return None
    rows = [[_plain(cell) for cell in row] for row in table["rows"]]
    return Part(title, tuple(table["head"]), rows, chart)


def _plain(cell: Any) -> Any:
    return cell["text"] if isinstance(cell, dict) else cell


def _migration(table: Any) -> Part | None:
    if not table:
        return None
    grades = table["grades"]
    rows = [
        [grade, *(cell["count"] for cell in line)]
        for grade, line in zip(grades, table["rows"], strict=True)
    ]
    return Part("等级迁移（行为上期，列为本期）", ("上期＼本期", *grades), rows, "heat")


def _areas(found: list[dict[str, Any]]) -> Part | None:
    rows = [[area["name"], area["score"], area["count"]] for area in found]
    return Part("辖区均分", ("辖区", "均分", "家数"), rows) if rows else None


def _moved(one: dict[str, Any]) -> list[str]:
    number = one["evidence"]["label"] if one["evidence"] else "—"
    step = f"{one['from_grade'] or '新评'} → {one['to_grade']}"
    return [one["name"], step, one["reason"], one["points"], number]
