"""Bounded keep-alive clients on the loopback: so many, for so long, and every answer must be a whole 200."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
MOST_CLIENTS, MOST_SECONDS = 50, 30


@dataclass
class Load:
    """What came back: seconds of every answer, and the length of the measurement."""

    seconds: float = 0.0
    answers: list[float] = field(default_factory=list)
    largest: int = 0

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds


def load(port: int, addresses: Iterator[str], cookie: str, *, clients: int, seconds: float) -> Load:
    """Ask for these addresses as fast as the server answers. Raises when an answer is not a whole 200.

    `cookie` is what opens the door: of a signed-in person, or `Bearer …` of another system.
    """
    clients, seconds = min(clients, MOST_CLIENTS), min(seconds, MOST_SECONDS)
    return asyncio.run(_load(port, addresses, cookie, clients, seconds))


async def _load(
    port: int, addresses: Iterator[str], cookie: str, clients: int, seconds: float
) -> Load:
    seen, started = Load(), time.perf_counter()
    work = [_client(port, addresses, cookie, started + seconds, seen) for _ in range(clients)]
    async with asyncio.timeout(seconds + 60):
        await asyncio.gather(*work)
    seen.seconds = time.perf_counter() - started
    return seen


async def _client(
    port: int, addresses: Iterator[str], cookie: str, until: float, seen: Load
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (asked := time.perf_counter()) < until:
        opens = "Authorization" if cookie.startswith("Bearer ") else "Cookie"
        request = f"GET {next(addresses)} HTTP/1.1\r\nHost: 127.0.0.1\r\n{opens}: {cookie}\r\n\r\n"
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length is None or not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{request.splitlines()[0]}: {head[:40]!r}")
        body = await reader.readexactly(int(length[1]))
        seen.answers.append(time.perf_counter() - asked)
        seen.largest = max(seen.largest, len(body))
        if b"connection: close" in head.lower():
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
