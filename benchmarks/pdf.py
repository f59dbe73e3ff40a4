"""One agreement as PDF in the warm printing process, beside plain WeasyPrint, Chromium and LibreOffice."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import documents
from benchmarks import engines
from benchmarks.agreement import facts
from benchmarks.engines import Cost
from benchmarks.figures import Figure, note, spread
from config import ROOT

WARM, MEASURED = 3, 15


class Naive:
    """Plain WeasyPrint in a process of its own, so that its memory can be told from ours."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.cost = process, Cost()

    def print(self, *, counts: bool = True) -> None:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the peer was started without pipes")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        if counts:
            self.cost.cpu.append(told["cpu"])
            self.cost.wall.append(told["wall"])
            self.cost.memory = told["memory"]


def run() -> Iterator[Figure]:
    """Our press and the naive peer in turn, then whichever other engines are on this machine."""
    with tempfile.TemporaryDirectory(prefix="dingdian-bench-") as folder:
        pages = Path(folder) / "agreement.html"
        own, peer = in_turn(pages)
        yield from _beside(own, "naive WeasyPrint", peer)
        for name, measure in (
            ("Chromium print, kept warm", engines.chromium),
            ("LibreOffice, a dozen .docx a process", engines.libreoffice),
        ):
            theirs = measure(pages)
            if theirs is None:
                note(f"{name}: skipped (not installed here)")
                continue
            yield from _beside(own, name, theirs)


def in_turn(pages: Path) -> tuple[Cost, Cost]:
    """Through `documents.render`, as every letter of the product, and as a first version would; both warm."""
    own = Cost()
    with naive(pages) as peer:
        for number in range(WARM + MEASURED):
            before, started = child_cpu(), time.perf_counter()
            documents.render("agreement", facts(number))
            wall = time.perf_counter() - started
            time.sleep(0.1)  # the child clears up after its answer: that counts as well
            if number >= WARM:
                own.wall.append(wall)
                own.cpu.append(child_cpu() - before)
            peer.print(counts=number >= WARM)
    own.memory = peak(documents.press().child_id)
    return own, peer.cost


def _beside(own: Cost, peer: str, theirs: Cost) -> Iterator[Figure]:
    note(f"pdf: {spread(own.cpu)} CPU s a document, {peer} {spread(theirs.cpu)}")
    for name in ("cpu", "wall"):
        one, other = statistics.median(getattr(own, name)), statistics.median(getattr(theirs, name))
        yield Figure(f"pdf.agreement.{name}", one, "s", peer, other)
    yield Figure("pdf.agreement.peak-memory", own.memory, "MB", peer, theirs.memory)


@contextmanager
def naive(pages: Path) -> Iterator[Naive]:
    """The peer, started; it leaves the HTML for the others."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.naive_pdf", str(pages)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Naive(process)


def child_cpu() -> float:
    """Processor seconds of the printing processes that live."""
    return sum(cpu_of(child) for child in documents.presses().children())


def cpu_of(process: int) -> float:
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text("ascii").split()[0]) for thread in threads) / 1e9


def peak(process: int | None) -> float:
    """The highest memory it ever held, in MB."""
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
