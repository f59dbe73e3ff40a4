"""What of a rating is kept: score in thousandths and the lines that explain it, as plain JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.refusal import Refused
from scoring.credit import Rated
from scoring.operators import said, taken
from scoring.scheme import Scheme

DIGITS = 3
NO_SCORE = "没有可以计分的数据，等级由一票否决确定，得分记0"


def ratings(rated: Rated, facts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row per subject that has a grade: subject, score_milli, grade, rank, lines.

    `facts` are the rows that were rated: a line says so where its number was not found but filled in by the scheme.
    Refused when the scheme keeps more decimals than a score has room for. A subject about which nothing is known
    has no grade and so no row.
    """
    if rated.scheme.rounding.digits > DIGITS:
        raise Refused(
            f"方案得分保留{rated.scheme.rounding.digits}位小数，超过{DIGITS}位，无法存档。",
            cure="请修改方案 rounding 部分的 digits。",
        )
    key = rated.scheme.subject.key
    lines = _lines(rated, key)
    for row in facts:
        _mark(lines[row[key]], row, _fillings(rated.scheme))
    graded = [row for row in rated.results.to_dicts() if row["grade"] is not None]
    return [_rating(row, row[key], lines[row[key]]) for row in graded]


def _rating(row: Mapping[str, Any], subject: Any, lines: list[dict[str, Any]]) -> dict[str, Any]:
    if row["score"] is None:
        lines = [{**line, "remark": f"{line['remark']}；{NO_SCORE}"} for line in lines]
    return {
        "subject": subject,
        "score_milli": milli(row["score"]) or 0,
        "grade": row["grade"],
        "rank": int(row["rank"]),
        "lines": lines,
    }


def _lines(rated: Rated, key: str) -> dict[Any, list[dict[str, Any]]]:
    units = {
        item.key: rated.scheme.unit_of(item)
        for item in (*rated.scheme.indicators, *(item for _, item in rated.scheme.extras))
    }
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rated.lines.iter_rows(named=True):
        found[row[key]].append(_line(row, units.get(row["indicator"], "")))
    return found


def _fillings(scheme: Scheme) -> dict[str, tuple[str, str]]:
    """Item → the column it reads and what the scheme puts there when it is empty."""
    filled = {f.column: said(f.default) for f in scheme.facts if isinstance(f.default, int | float)}
    items = (*scheme.indicators, *(item for _, item in scheme.extras))
    return {i.key: (i.fact, filled[i.fact]) for i in items if i.fact in filled}


def _mark(
    lines: list[dict[str, Any]], facts: Mapping[str, Any], filled: Mapping[str, tuple[str, str]]
) -> None:
    for line in lines:
        column, value = filled.get(line["indicator"], ("", ""))
        if column and facts.get(column) is None:
            unsaid = f"没有记录，按方案视为{value}"
            line["remark"] = f"{line['remark']}；{unsaid}" if line["remark"] else unsaid


def _line(row: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Figures as people read them; what is added up later, in thousandths."""
    return {
        **{name: row[name] for name in ("indicator", "part", "label")},
        "raw": "" if row["raw"] is None else f"{_said(row['raw'])}{unit}",
        "points": _said(row["points"]),
        "full": _said(row["full"]),
        "weight_milli": milli(row["weight"]),
        "gain_milli": milli(row["gain"]) or 0,
        **{name: row[name] for name in ("rule", "basis", "remark", "confidence")},
        "evidence": [number for number in row["evidence"].split("、") if number],
    }


def milli(value: float | None) -> int | None:
    """Thousandths; nothing stays nothing."""
    return None if value is None else round(value * 1000)


def _said(value: float | None) -> str:
    return "" if value is None else said(round(value, DIGITS) + 0.0)  # never «-0»


@dataclass(frozen=True)
class Part:
    """A domain of one subject: what was earned of what could be earned in its score.

    `allowed_milli`: what its items may take below nought; where they only deduct, the percentage is what was kept.
    """

    key: str
    label: str
    gain_milli: int
    weight_milli: int
    allowed_milli: int = 0

    @property
    def percent(self) -> float:
        room = self.weight_milli + self.allowed_milli
        return round(100 * (self.gain_milli + self.allowed_milli) / room, 1) if room else 0.0


def parts(lines: list[dict[str, Any]], scheme: Scheme) -> list[Part]:
    """The domains in the order of the scheme, added up from kept lines; those that cannot move are left out."""
    allowed = {item.key: milli(taken(item.rule)) or 0 for item in scheme.indicators}
    found = []
    for domain in scheme.domains:
        own = [line for line in lines if line["part"] == domain.key]
        weight = sum(line["weight_milli"] or 0 for line in own)
        room = sum(allowed.get(line["indicator"], 0) for line in own)
        if weight or room:
            gain = sum(line["gain_milli"] for line in own)
            found.append(Part(domain.key, domain.label, gain, weight, room))
    return found
