"""How far a batch has come, from the outcomes of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.words import Labelled


class RowOutcome(Labelled):
    WAITING = "waiting", "未办理", "na"
    DONE = "done", "已办成", "ok"
    REFUSED = "refused", "不予办理", "due"
    FAILED = "failed", "出错未办", "over"


@dataclass(frozen=True)
class Progress:
    total: int
    waiting: int = 0
    done: int = 0
    refused: int = 0
    failed: int = 0

    @property
    def settled(self) -> int:
        return self.total - self.waiting

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 is said only of a batch with nothing left."""
        return 100 * self.settled // self.total if self.total else 100


def progress(counts: Mapping[str, int]) -> Progress:
    """From how many rows have each outcome."""
    return Progress(sum(counts.values()), **{str(word): counts.get(word, 0) for word in RowOutcome})
