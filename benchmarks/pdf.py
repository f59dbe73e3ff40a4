"""One agreement as PDF in the warm printing process, beside plain WeasyPrint, Chromium and LibreOffice."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import documents
from benchmarks.agreement import facts
from benchmarks.figures import Figure, note, spread
from config import ROOT

WARM, MEASURED = 3, 10


@dataclass
class Cost:
    """Of every document: processor seconds and wall seconds; of the process: its highest memory in MB."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    memory: float = 0.0


def run() -> Iterator[Figure]:
    """Our press, then whichever peers are on this machine."""
    with tempfile.TemporaryDirectory(prefix="dingdian-bench-") as folder:
        pages = Path(folder) / "agreement.html"
        peers: dict[str, Callable[[], Cost | None]] = {
            "naive WeasyPrint": lambda: naive(pages),
            "Chromium print, a process each": lambda: _chromium(pages),
            "LibreOffice, a process each": lambda: _libreoffice(pages),
        }
        own = ours()
        for peer, measure in peers.items():
            theirs = measure()
            if theirs is None:
                note(f"{peer}: skipped (not installed here)")
                continue
            note(f"pdf: {spread(own.cpu)} CPU s a document, {peer} {spread(theirs.cpu)}")
            yield from _beside(own, peer, theirs)


def _beside(own: Cost, peer: str, theirs: Cost) -> Iterator[Figure]:
    for name in ("cpu", "wall"):
        one, other = statistics.median(getattr(own, name)), statistics.median(getattr(theirs, name))
        yield Figure(f"pdf.agreement.{name}", one, "s", peer, other)
    yield Figure("pdf.agreement.peak-memory", own.memory, "MB", peer, theirs.memory)


def ours() -> Cost:
    """Through `documents.render`, as every letter of the product; the process is warm."""
    letter, cost = facts(), Cost()
    for number in range(WARM + MEASURED):
        before, started = child_cpu(), time.perf_counter()
        documents.render("agreement", letter)
        if number >= WARM:
            cost.wall.append(time.perf_counter() - started)
            cost.cpu.append(child_cpu() - before)
    cost.memory = _peak(documents.press().child_id)
    return cost


def child_cpu() -> float:
    if documents.press().child_id is None:
        return 0.0
    threads = Path(f"/proc/{documents.press().child_id}/task").glob("*/schedstat")
    return sum(int(thread.read_text("ascii").split()[0]) for thread in threads) / 1e9


def _peak(pid: int | None) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def naive(pages: Path) -> Cost:
    """In a process of its own, so that its memory can be told from ours. It also leaves the HTML for the others."""
    command = [sys.executable, "-m", "benchmarks.naive_pdf", str(WARM), str(MEASURED), str(pages)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return Cost(**json.loads(done.stdout))


def _chromium(pages: Path) -> Cost | None:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return None
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    switches = [
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
    ]
    target = f"--print-to-pdf={pages.with_suffix('.chromium.pdf')}"
    profile = f"--user-data-dir={pages.parent / 'profile'}"
    return _processes([program, *switches, *sandbox, profile, target, pages.as_uri()])


def _libreoffice(pages: Path) -> Cost | None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    home = f"-env:UserInstallation={(pages.parent / 'office').as_uri()}"
    return _processes(
        [
            program,
            home,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(pages.parent),
            str(pages),
        ]
    )


def _processes(command: list[str]) -> Cost:
    """A new process for every document; the first one only warms the disk."""
    cost = Cost()
    for number in range(4):
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _pid, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)
        if number:
            cost.wall.append(time.perf_counter() - started)
            cost.cpu.append(used.ru_utime + used.ru_stime)
            cost.memory = max(cost.memory, used.ru_maxrss / 1024)
    return cost
