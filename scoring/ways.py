"""What would have to be otherwise for a better grade, as facts and as words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scoring.operators import said


@dataclass(frozen=True)
class Step:
    """One fact that would have to be otherwise."""

    column: str
    label: str
    unit: str
    before: Any
    after: Any

    @property
    def words(self) -> str:
        if isinstance(self.before, bool):
            return f"“{self.label}”由“{_yes(self.before)}”变为“{_yes(self.after)}”"
        sign = "减少" if self.after < self.before else "增加"
        change = said(round(abs(self.after - self.before), 6))
        ends = f"由{said(self.before)}{self.unit}到{said(self.after)}{self.unit}"
        return f"{self.label}{sign}{change}{self.unit}（{ends}）"

    @property
    def size(self) -> tuple[float, str]:
        """Units of change; the other answer counts as one."""
        units = 1.0 if isinstance(self.before, bool) else abs(self.after - self.before)
        return (units, self.column)


@dataclass(frozen=True)
class Way:
    """Steps that together reach the grade; without any one of them they do not."""

    steps: tuple[Step, ...]
    score: float | None
    grade: str


def _yes(value: bool) -> str:
    return "是" if value else "否"
