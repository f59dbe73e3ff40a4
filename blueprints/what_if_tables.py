"""What a page about a trial shows: the numbers that may be changed, the result before and after as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request, url_for

from formatting import grade_colours
from queries import ratings
from queries.what_ifs import Row, Tried
from scoring.places import CURVES, EVENTS, LINES, PARAMETERS, USES, WEIGHTS, places
from scoring.problems import Problem
from scoring.scheme import Scheme

WAYS = {"": "全部变动", "grade": "等级变动", "up": "升级", "down": "降级"}
NOTES = {
    WEIGHTS: "按合计数折算；试算后另存的草案，合计与原方案相同才能提交审批。",
    LINES: "得分达到分数线的定为该等级，最低一级不写分数线。",
    PARAMETERS: "方案的算式和一票否决的条件用到的数。",
    EVENTS: "有效月数改长的，试算仍只含冻结时已收入的记录；以后的周期按新的月数收入。",
    USES: "不影响得分和等级，只改变以后按等级提出的建议；建议仍由人采纳，或写明理由不采纳。",
}
FOLDED = (CURVES, EVENTS, USES)
SLIDING = (WEIGHTS, LINES)


def groups(
    frozen: Scheme, changes: Mapping[str, str], faults: Mapping[str, Problem]
) -> list[dict[str, Any]]:
    """Fields by group, each with what it was; a group with a change or a fault stands open."""
    found: dict[str, list[dict[str, Any]]] = {}
    ends = {WEIGHTS: 100, LINES: frozen.combine.ceiling}
    for place in places(frozen):
        given = changes.get(place.path, place.value)
        found.setdefault(place.group, []).append(
            {
                "place": place,
                "id": f"p-{place.path.replace('.', '-')}",
                "value": given,
                "given": replace(place, value=given).shown,
                "changed": place.path in changes,
                "fault": faults.get(place.path),
                "until": ends.get(place.group) if place.group in SLIDING else None,
            }
        )
    return [
        {
            "label": label,
            "note": NOTES.get(label, ""),
            "rows": rows,
            "folded": label in FOLDED,
            "open": any(row["changed"] or row["fault"] for row in rows),
            "sums": label == WEIGHTS,
        }
        for label, rows in found.items()
    ]


def distribution(found: Tried) -> dict[str, Any]:
    """Grades as rows: by the trial, and as it was."""
    labels = found.labels
    rows = [[labels.get(key, key), now, then] for key, then, now in found.trial.distribution]
    return {
        "caption": f"等级分布（{found.cycle.unit}）",
        "head": ["等级", "试算", "原结果"],
        "rows": rows,
        "colours": grade_colours(len(labels)),
    }


def migration(found: Tried) -> dict[str, Any]:
    """From each grade of the result to each grade of the trial."""
    keys = list(found.labels)
    counted = found.trial.migration
    rows = [[counted[before, now] for now in keys] for before in keys]
    return {"grades": list(found.labels.values()), "rows": rows}


def tabs(found: Tried, way: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": found.trial.count(key),
            "href": _here(way=key),
            "current": key == way,
        }
        for key, label in WAYS.items()
    ]


def _here(way: str) -> str:
    """This page under another way of looking, from its first page."""
    words: dict[str, Any] = {**(request.view_args or {}), **request.args, "way": way or None}
    words.pop("page", None)
    return url_for(request.endpoint or "", **words)


def moved(row: Row, found: Tried) -> dict[str, Any]:
    labels, tones = found.labels, ratings.tones(found.scheme)
    grades = [(labels.get(one or "", "未评定"), tones.get(one or "", "")) for one in row.who.grade]
    return {
        "name": row.name,
        "code": row.code,
        "href": url_for("ratings.show", key=row.rating_id) if row.rating_id else "",
        "grades": grades,
        "score": [_said(one) for one in row.who.score],
        "rank": [_said(one) for one in row.who.rank],
        "way": row.who.direction,
        "reason": row.reason,
    }


def _said(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
