"""The list of conduct that costs points, its bands, and the degrees of responsibility, as in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused

CURE = "请按作出处理决定之日有效的负面清单重新选择。"


@dataclass(frozen=True)
class Item:
    """One conduct with the band of its points, both ends included. `after`: the penalty article it presupposes.

    `own`: the person's own penalty is a basis too. `repeats`: bands in which the same act was scored before.
    """

    key: str
    label: str
    band_key: str
    band: str
    least: int
    most: int
    after: str
    basis: str
    confidence: str
    articles: frozenset[int] = frozenset()
    own: bool = False
    repeats: frozenset[str] = frozenset()

    def check(self, points: int) -> None:
        """Refuse points outside the band."""
        if not self.least <= points <= self.most:
            raise Refused(
                f"该情形应记 {self.least} 至 {self.most} 分，不能记 {points} 分。",
                basis=self.basis,
                cure="请按负面清单的档次确定分值，或者重新选择情形。",
            )


def items(day: date) -> tuple[Item, ...]:
    """The list in force on the day, lightest first; empty before there was one."""
    try:
        law = regulations.at(day)
        bands = {row.key: row for row in law.table("points_bands")}
        rows = law.table("negative_items")
    except regulations.NotInForce:
        return ()
    return tuple(_item(row, bands[row.extra["band"]]) for row in rows)


def item(key: str, day: date) -> Item:
    """One item of the list in force. Refused when the list of that day does not hold it."""
    found = {one.key: one for one in items(day)}
    if not found:
        raise Refused(f"{day} 没有生效的记分负面清单，不能记分。", cure="请核对处理决定的日期。")
    if key not in found:
        raise Refused(f"{day} 有效的负面清单中没有所选情形。", cure=CURE)
    return found[key]


def responsibilities(day: date) -> Mapping[str, str]:
    """Degree → label, least first; empty before there were degrees."""
    try:
        rows = regulations.at(day).table("responsibilities")
    except regulations.NotInForce:
        return {}
    return {row.key: row.label for row in rows}


def responsibility(key: str, day: date) -> str:
    """The label of a degree. Refused when that day knew no such degree."""
    labels = responsibilities(day)
    if key not in labels:
        raise Refused(
            "没有选择有效的责任程度。", cure=f"责任程度分为{'、'.join(labels.values())}。"
        )
    return labels[key]


def _item(row: regulations.Row, band: regulations.Row) -> Item:
    return Item(
        key=row.key,
        label=row.label,
        band_key=row.extra["band"],
        band=band.label,
        least=band.extra["min"],
        most=band.extra["max"],
        after=row.extra.get("after", ""),
        basis=row.basis,
        confidence=row.confidence,
        articles=frozenset(row.extra.get("articles", ())),
        own=bool(row.extra.get("own")),
        repeats=frozenset(row.extra.get("repeats", ())),
    )
