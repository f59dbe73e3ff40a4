"""Enumerations whose members are a lower-case English word and carry their Chinese label."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

Words = TypeVar("Words", bound=StrEnum)


def labelled(cls: type[Words], word: str, label: str) -> Words:
    """For `__new__` of a StrEnum whose members are written `MEMBER = "word", "标签"`."""
    member = str.__new__(cls, word)
    member._value_ = word
    member.label = label  # type: ignore[attr-defined]  # each enumeration declares `label: str`
    return member
