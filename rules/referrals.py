"""移送: to whom, on what basis, and what a referral must say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused

RULE = "referral.receipt"  # the clock of the receipt


@dataclass(frozen=True)
class Paper:
    """One line of the list of materials."""

    name: str
    copies: int = 1


def authorities(day: date) -> tuple[regulations.Row, ...]:
    """To whom a case may be referred on the day."""
    return regulations.at(day).table("receiving_authorities")


def authority(key: str, day: date) -> regulations.Row:
    found = next((row for row in authorities(day) if row.key == key), None)
    if found is None:
        raise Refused("受移送机关不在可以选择的范围内。", cure="请重新选择受移送机关。")
    return found


def check(
    name: str, facts_text: str, materials: Sequence[Paper], *, institution: bool, persons: int
) -> None:
    """Refuses a referral that the other authority could not take up."""
    empty = [
        label
        for label, text in (("受移送机关名称", name), ("移送的事实和理由", facts_text))
        if not text.strip()
    ]
    if empty:
        raise Refused(f"没有填写{'、'.join(empty)}。", cure="请补全后再提交。")
    if persons < 0 or (not institution and persons == 0):
        raise Refused("没有写明移送的对象。", cure="请勾选移送机构，或者填写移送的人数。")
    if not materials or any(not one.name.strip() or one.copies < 1 for one in materials):
        raise Refused("移送须附材料清单。", cure="请逐项写明材料名称和份数。")
