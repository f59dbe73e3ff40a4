"""How those who are told a result read what its figures rest on. Pure."""

from __future__ import annotations

STANDING = {"local": "按本地评价办法", "assumed": "按本地评价办法（暂行标准）"}


def told(basis: str, confidence: str) -> str:
    """The basis, and that the figure stands in a local rule or in a provisional one where no law sets it."""
    mark = STANDING.get(confidence)
    return f"{basis}；分值{mark}" if mark else basis


def standing(confidence: str) -> str:
    """The same about a suggestion; empty where a law says so."""
    return STANDING.get(confidence, "")
