"""The nouns of a statutory clock: pause, deadline, light."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True)
class Pause:
    """The clock stands still after `from_` up to and including `to`; `to` is None while it still stands."""

    from_: date
    to: date | None
    reason: str

    @property
    def end(self) -> date:
        if self.to is None:
            raise ValueError("a pause that has not ended has no end")
        return self.to


@dataclass(frozen=True)
class Deadline:
    """`nominal` is the last day before the roll-over, `due` after it. `provisional`: `due` may still move."""

    rule: str
    label: str
    basis: str
    article: str
    unit: str
    length: int
    start: date
    nominal: date
    due: date
    provisional: bool
    explain: tuple[str, ...]
    pauses: tuple[Pause, ...] = ()
    confidence: str = "official"


@dataclass(frozen=True)
class Count:
    """How a deadline was counted: the plain end, the end after pauses, the end after the roll-over.

    `taken` says what each pause took out, in the unit of the clock. `rolled` is False when the roll-over could not be
    judged because the year is not loaded. `still` is the pause that has not ended.
    """

    start: date
    base: date
    nominal: date
    due: date
    rolled: bool
    taken: tuple[tuple[Pause, int], ...]
    still: Pause | None

    @property
    def provisional(self) -> bool:
        return not self.rolled or self.still is not None


class Light(NamedTuple):
    """state: over | due | soon | ok | paused | na."""

    state: str
    text: str
