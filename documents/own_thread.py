"""Work of a library that runs an event loop of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def in_own_thread(work: Callable[..., Answer], *arguments: Any, **named: Any) -> Answer:
    """What the work returns or raises, done in a thread of its own.

    pyHanko calls `asyncio.run`, which fails where the caller's thread has a loop running already, as under an
    asynchronous server or beside a driven browser.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work, *arguments, **named).result()
