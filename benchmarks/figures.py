"""Figures as they are printed: a value, the peer's value from the same run, their ratio, and the machine."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BETTER_HIGHER = {"1/s"}


@dataclass(frozen=True)
class Figure:
    """One line of `flask bench`. Without a peer its name says `none` and the ratio is null."""

    name: str
    value: float
    unit: str
    peer: str = "none"
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer: above 1 is faster, smaller or more per second."""
        if not self.peer_value or not self.value:
            return None
        higher = self.unit in BETTER_HIGHER
        return round(self.value / self.peer_value if higher else self.peer_value / self.value, 2)

    def line(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "value": _short(self.value),
            "peer_value": None if self.peer_value is None else _short(self.peer_value),
            "ratio": self.ratio,
            "machine": machine(),
        }


def machine() -> str:
    """Processor, cores, memory, versions, and how busy the machine was: ratios travel, seconds do not."""
    load = os.getloadavg()[0]
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"{os.cpu_count()} x {_processor()}, {_memory()} GB, {platform.system()} {platform.machine()}, "
        f"Python {python}, load {load:.1f}"
    )


def note(text: str) -> None:
    """What is skipped or going on: said aloud on standard error, so that figures stay alone on the other."""
    print(text, file=sys.stderr, flush=True)


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: a value that was really measured."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100).__int__() - 1)]


def spread(values: Sequence[float]) -> str:
    """Lowest to highest of the rounds: how much the machine itself moved."""
    return f"{_short(min(values))}–{_short(max(values))}"


def _short(value: float) -> float:
    return round(value, 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 4)


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "processor"


def _memory() -> int:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return round(int(line.split()[1]) / 1024**2)
    return 0


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text("utf-8").splitlines() if file.exists() else []
