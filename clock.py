"""The only file that asks the time. Everything else is told: `on=`, `at=`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_instant", default=None)
_held: dict[str, datetime] = {}


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or _held.get("now") or datetime.now(UTC)


def today() -> date:
    """The legal day: the date in Asia/Shanghai, whatever the machine's own zone."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def at(instant: date | datetime) -> Iterator[None]:
    """Hold the clock at an instant; a bare date means nine in the morning in Shanghai.

    For playing past days through the real actions and for tests. Never used while serving.
    """
    token = _frozen.set(_instant(instant))
    try:
        yield
    finally:
        _frozen.reset(token)


def hold(instant: date | datetime | None) -> None:
    """Hold the clock for every thread of this process, or let it run again (None). For browser tests."""
    _held.clear()
    if instant is not None:
        _held["now"] = _instant(instant)


def _instant(given: date | datetime) -> datetime:
    if not isinstance(given, datetime):
        given = datetime(given.year, given.month, given.day, 9, tzinfo=SHANGHAI)
    return given.astimezone(UTC)
