"""Words that many rules share: enumerations with their Chinese label, and a day as a sentence says it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """Members are written `MEMBER = "word", "标签"`, or with the colour of their badge behind it.

    The word is stored and compared; the label is what people read; without a colour `light` is empty.
    """

    label: str
    light: str

    def __new__(cls, word: str, label: str = "", light: str = "") -> Self:
        member = str.__new__(cls, word)
        member._value_, member.label, member.light = word, label, light
        return member


def cn(day: date) -> str:
    """2026年6月5日, as the orders and the letters write a day."""
    return f"{day.year}年{day.month}月{day.day}日"
