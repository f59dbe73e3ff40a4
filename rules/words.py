"""Enumerations whose members are a lower-case English word and carry their Chinese label."""

from __future__ import annotations

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
