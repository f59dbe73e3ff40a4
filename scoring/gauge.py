"""The twelve-point gauge of a person's year: how far the needle is and where the marks stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations


@dataclass(frozen=True)
class Gauge:
    """`talk_at` is where an institution has to talk to the person; its confidence says whether that is only local."""

    total: int
    talk_at: int
    suspend_at: int
    terminate_at: int
    talk_confidence: str

    @property
    def share(self) -> float:
        """Of the full scale, 0 to 1; a total beyond the last mark fills it."""
        return min(1.0, self.total / self.terminate_at)

    @property
    def state(self) -> str:
        marks = ((self.terminate_at, "over"), (self.suspend_at, "due"), (self.talk_at, "soon"))
        return next((state for mark, state in marks if self.total >= mark), "ok")


def gauge(total: int, day: date) -> Gauge:
    """The gauge with the marks in force on the day."""
    law = regulations.at(day)
    return Gauge(
        total=total,
        talk_at=law.staff.talk_at.value,
        suspend_at=law.staff.suspend_at.value,
        terminate_at=law.staff.terminate_at.value,
        talk_confidence=law.staff.talk_at.confidence,
    )
