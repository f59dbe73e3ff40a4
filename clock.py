"""The only file that asks the time. Everything else is told: `on=`, `at=`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_instant", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The legal day: the date in Asia/Shanghai, whatever the machine's own zone."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def at(instant: date | datetime) -> Iterator[None]:
    """Hold the clock at an instant; a bare date means nine in the morning in Shanghai.

    For playing past days through the real actions and for tests. Never used while serving.
    """
    if not isinstance(instant, datetime):
        instant = datetime(instant.year, instant.month, instant.day, 9, tzinfo=SHANGHAI)
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
