"""违规事实: the catalogue of acts and situations, and what an institution of this class is watched for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from rules.ladder import MOST_AMOUNT, yuan
from rules.refusal import Refused

MOST_RECORDS = 10_000_000


@dataclass(frozen=True)
class Found:
    """One item that was found. `amount` in 分, of `records` cases, committed from the first day to the last."""

    item: str
    text: str = ""
    amount: int = 0
    records: int = 0
    from_on: date | None = None
    to_on: date | None = None
    department: str = ""
    practitioner_id: int | None = None


@dataclass(frozen=True)
class Item:
    """`act` is the act of the law that the situation is an example of; `focus`: this class is watched for it."""

    key: str
    act: str
    label: str
    basis: str
    confidence: str
    focus: bool


def class_of(kind: str, nature: str, level: str, day: date) -> regulations.Row | None:
    """The class of supervision (分类监管): the first row that the institution's kind, nature and level fit."""
    for row in regulations.at(day).table("supervision_classes"):
        given = row.extra
        if (
            _fits(given["kinds"], kind)
            and _fits(given["natures"], nature)
            and _fits(given["levels"], level)
        ):
            return row
    return None


def _fits(allowed: Sequence[str], value: str) -> bool:
    return not allowed or any(value.startswith(word) if word else not value for word in allowed)


def items(day: date, family: str, class_key: str = "") -> list[Item]:
    """Every situation and act for this kind, those the class is watched for first."""
    law = regulations.at(day, family)
    acts = {row.key: row for row in law.table("violation_acts")}
    found = [
        Item(
            row.key,
            row.extra["act"],
            row.label,
            acts[row.extra["act"]].basis,
            row.confidence,
            class_key in row.extra["focus"],
        )
        for row in law.table("violation_situations")
        if row.extra["act"] in acts
    ]
    found += [
        Item(row.key, row.key, row.label, row.basis, row.confidence, False) for row in acts.values()
    ]
    return sorted(found, key=lambda item: not item.focus)


def named(key: str, day: date, family: str) -> Item:
    """The item of this key; Refused when the catalogue of the day does not list it for the kind."""
    item = next((one for one in items(day, family) if one.key == key), None)
    if item is None:
        raise Refused("违规事实只能从目录中选择。", cure="没有列明的，请选择所在条款的兜底项。")
    return item


def check(found: Found, day: date) -> None:
    """Refused for days out of order or to come, and for figures that cannot be."""
    if found.to_on and (found.from_on is None or found.to_on < found.from_on):
        raise Refused("违规行为的截止日期早于起始日期。")
    if any(one and one > day for one in (found.from_on, found.to_on)):
        raise Refused("违规行为的日期晚于今天。")
    if not 0 <= found.amount < MOST_AMOUNT or not 0 <= found.records < MOST_RECORDS:
        raise Refused("请核对涉及金额和件数。")
    if found.amount and not found.records:
        raise Refused("有涉及金额的，请写明涉及的件数。", cure="按处方、病历或者结算单计数。")


def said(rows: Iterable[tuple[str, str, int, int]]) -> str:
    """Findings as the notice lists them: label, description, records, amount (分) of each."""
    lines = []
    for number, (label, text, records, amount) in enumerate(rows, 1):
        figures = f"，涉及{records}件" if records else ""
        figures += f"、金额{yuan(amount)}元" if amount else ""
        lines.append(f"{number}．{label}{figures}。{text}".strip())
    return "\n".join(lines)
