"""The tables behind the pictures of the credit board; every count leads to the list it counts."""

from __future__ import annotations

from typing import Any

from flask import url_for

from queries import rating_boards as ask
from queries import rating_objections as ask_objections
from queries.rating_boards import Board, Change

Table = dict[str, Any]


def to_list(board: Board, **words: str) -> str:
    """The list of this cycle under the filters of the board and these."""
    given: dict[str, Any] = {
        name: value for name, value in {**board.narrowed, **words}.items() if value
    }
    return url_for("ratings.listing", cycle=board.cycle.id, **given)


def labels(board: Board) -> dict[str, str]:
    return {grade.key: grade.label for grade in board.scheme.grades}


def kpis(board: Board) -> list[dict[str, Any]]:
    """Five numbers of the cycle, each with what it was."""
    names, top = labels(board), board.keys[:2]
    good = _share(sum(board.now[key] for key in top), board.total)
    before = _share(sum(board.then[key] for key in top), board.met_before)
    compared = bool(board.met_before)
    return [
        {
            "label": f"参评{board.cycle.who}",
            "value": board.total,
            "note": f"其中上期参评 {board.met_before} {board.cycle.unit}"
            if compared
            else "首次评价",
            "href": to_list(board),
        },
        {
            "label": f"{'、'.join(names[key] for key in top)}占比",
            "value": f"{good:g}%",
            "note": f"上期 {before:g}%" if compared else "没有上期",
            "tone": _tone(good - before) if compared else "",
            "href": to_list(board, grade=",".join(top)),
        },
        _moved(board, "升级", "up", board.up),
        _moved(board, "降级", "down", board.down),
        _objections(board),
    ]


def _moved(board: Board, label: str, change: str, number: int) -> dict[str, Any]:
    return {
        "label": label,
        "value": number,
        "note": "较上期" if board.met_before else "没有上期",
        "tone": change if number else "",
        "href": to_list(board, change=change),
    }


def _objections(board: Board) -> dict[str, Any]:
    """How many are open against the grades of the cycle, and when the first has to be answered."""
    number, due = ask_objections.open_until(board.cycle.id)
    return {
        "label": "异议在办",
        "value": number,
        "note": f"最早 {due} 到期" if due else "没有待答复的异议",
        "href": url_for("rating_objections.index", cycle=board.cycle.id),
    }


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _tone(step: float) -> str:
    return "up" if step > 0 else "down" if step < 0 else ""


def distribution(board: Board) -> Table:
    """Grades as rows: this time, and the time before where there was one."""
    head = ["等级", "本期"] + (["上期"] if board.met_before else [])
    rows = []
    for key, name in labels(board).items():
        row: list[Any] = [name, _cell(board.now[key], to_list(board, grade=key))]
        if board.met_before:
            row.append(_cell(board.then[key], to_list(board, before=key)))
        rows.append(row)
    return {"caption": f"等级分布（{board.cycle.unit}）", "head": head, "rows": rows}


def by_group(board: Board) -> Table:
    """Peer groups as rows, the share of each grade in percent."""
    names = labels(board)
    rows = []
    for group, counted in board.by_group.items():
        shares = [
            _cell(
                _share(counted[key], counted.total()),
                to_list(board, peers=group.key, grade=key),
            )
            for key in names
        ]
        rows.append([f"{group.label}（{counted.total()}）", *shares])
    return {
        "caption": f"各类{board.cycle.who}等级构成（%）",
        "head": ["类型", *names.values()],
        "rows": rows,
    }


def trend(board: Board) -> Table | None:
    """Cycles as rows, grades as lines; nothing while there is only one cycle."""
    line, names = ask.trend(board.cycle), labels(board)
    if len(line) <= 1:
        return None
    rows = [
        [
            one.name,
            *[
                _cell(counted.get(key, 0), url_for("ratings.listing", cycle=one.id, grade=key))
                for key in names
            ],
        ]
        for one, counted in line
    ]
    return {
        "caption": f"历期等级（{board.cycle.unit}，全部类型）",
        "head": ["周期", *names.values()],
        "rows": rows,
    }


def migration(board: Board) -> dict[str, Any] | None:
    """From each grade to each grade."""
    if not board.met_before:
        return None
    names = labels(board)
    rows = [
        [
            {
                "count": board.migration[before, now],
                "href": to_list(board, before=before, grade=now),
            }
            for now in names
        ]
        for before in names
    ]
    return {"grades": list(names.values()), "rows": rows}


def changes(board: Board, moved: list[Change], evidence: dict[str, str]) -> list[dict[str, Any]]:
    """The rows of 等级变动与证据; `evidence`: number → address."""
    return [_change(one, labels(board), evidence, board) for one in moved]


def _change(
    one: Change, names: dict[str, str], evidence: dict[str, str], board: Board
) -> dict[str, Any]:
    number = next(iter(one.evidence), "")
    return {
        "on": board.cycle.published_on or board.cycle.to_on,
        "name": one.entry.name,
        "href": url_for("ratings.show", key=one.entry.id),
        "from_grade": names.get(str(one.entry.before), str(one.entry.before)),
        "to_grade": names[one.entry.grade],
        "reason": one.reason,
        "points": f"{one.difference:+g}",
        "evidence": {"label": number, "href": evidence.get(number, "")} if number else None,
    }


def areas(board: Board) -> list[dict[str, Any]]:
    return [
        {
            "name": area.name,
            "score": area.score,
            "count": area.count,
            "level": area.level,
            "href": to_list(board, area=area.name if area.name != "未登记" else ""),
        }
        for area in ask.areas(board.entries)
    ]


def _cell(value: float, href: str) -> Any:
    """A nought leads nowhere."""
    return {"text": f"{value:g}", "href": href} if value else 0


def radar(detail: Any, name: str) -> Table:
    """Domains as corners: this institution and the mean of its peers, in percent of full marks."""
    rows = [
        [row.part.label, f"{row.part.percent:g}", None if row.mean is None else f"{row.mean:g}"]
        for row in detail.parts
    ]
    return {"caption": "各维度得分率（%）", "head": ["维度", name, "同类平均"], "rows": rows}
