"""结案: what must be finished before a case is closed, each point by name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.refusal import Refused


@dataclass(frozen=True)
class OpenPoint:
    """Something unfinished: what it is, and what to do about it."""

    text: str
    cure: str


def check(points: Sequence[OpenPoint]) -> None:
    """Refused while anything is open, naming everything."""
    if not points:
        return
    cures = "；".join(dict.fromkeys(point.cure for point in points))
    raise Refused(
        f"案件还不能办结：{'；'.join(point.text for point in points)}。", cure=f"请{cures}。"
    )
