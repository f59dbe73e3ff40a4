"""One press for whoever prints a letter now and then; a few at once for whoever prints many."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from documents.fonts import Fonts
from documents.press import Limits, Press


class Presses:
    """Whoever prints takes an idle press and waits while there is none; a press starts with its first letter."""

    def __init__(self, fonts: Fonts, limits: Limits, at_once: int = 1) -> None:
        self.first = Press(fonts, limits)
        self.at_once = at_once
        self._own = [self.first]
        self._idle = [self.first]
        self._turn = threading.Condition()

    def print(self, kind: str, facts: Mapping[str, Any]) -> bytes:
        """The PDF; raises RenderFailed with a sentence for people. What happens to one press stays with its letter."""
        with self._turn:
            self._turn.wait_for(lambda: self._idle)
            press = self._idle.pop()
        try:
            return press.print(kind, facts)
        finally:
            with self._turn:
                kept = press in self._own
                if kept:
                    self._idle.append(press)
                    self._turn.notify()
            if not kept:
                press.close()

    @contextmanager
    def many(self) -> Iterator[int]:
        """As many presses as are set for the time of a long work by as many threads; how many these are."""
        more = [Press(self.first.fonts, self.first.limits) for _ in range(self.at_once - 1)]
        with self._turn:
            self._own += more
            self._idle[:0] = more  # the one that runs goes first
            self._turn.notify_all()
        try:
            yield self.at_once
        finally:
            with self._turn:
                self._own = [press for press in self._own if press not in more]
                over = [press for press in self._idle if press in more]
                self._idle = [press for press in self._idle if press not in more]
            for press in over:
                press.close()

    def children(self) -> list[int]:
        """Process ids of the children that run."""
        return [press.child_id for press in self._own if press.child_id is not None]

    def configure(self, fonts: Fonts, limits: Limits, at_once: int) -> None:
        """For every letter from now on. A change of fonts or limits ends the running children."""
        self.at_once = at_once
        for press in self._own:
            if (fonts, limits) != (press.fonts, press.limits):
                press.close()
                press.fonts, press.limits = fonts, limits

    def forget(self) -> None:
        """After a fork: the children belong to the process that started them."""
        for press in self._own:
            press.forget()
        self.first.forget()
        self._own, self._idle, self._turn = [self.first], [self.first], threading.Condition()

    def close(self) -> None:
        for press in self._own:
            press.close()


_presses = Presses(Fonts(), Limits())


def configure(
    font_fangsong: str = "",
    font_title: str = "",
    *,
    limits: Limits | None = None,
    at_once: int = 1,
) -> None:
    """Fonts of the bureau, limits, and how many letters a long work prints at once."""
    _presses.configure(Fonts(font_fangsong, font_title), limits or Limits(), at_once)


def presses() -> Presses:
    """The presses of this process."""
    return _presses


def press() -> Press:
    """The press that prints whenever only one letter is asked for."""
    return _presses.first


os.register_at_fork(after_in_child=_presses.forget)
atexit.register(_presses.close)
