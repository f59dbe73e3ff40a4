"""Other programs that make a PDF of the same page: Chromium kept warm, LibreOffice by the dozen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WARM, DOCUMENTS = 3, 12


@dataclass
class Cost:
    """Of every document: processor seconds and wall seconds; of the largest process: its highest memory in MB."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    memory: float = 0.0


def chromium(pages: Path) -> Cost | None:
    """One browser, one tab; the page is opened and printed for every document."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return None
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 — a package of requirements-dev.txt
    except ImportError:
        return None
    cost, args = Cost(), ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=args)
        tab = browser.new_page()
        for number in range(WARM + DOCUMENTS):
            used, started = _used(), time.perf_counter()
            tab.goto(pages.as_uri())
            tab.pdf(prefer_css_page_size=True, tagged=True)
            if number >= WARM:
                cost.wall.append(time.perf_counter() - started)
                cost.cpu.append(_used() - used)
        cost.memory = max(_status(process, "VmHWM") / 1024 for process in _browsers())
        browser.close()
    return cost


def _used() -> float:
    """Processor seconds of the browser's processes that live, with those of their threads that ended."""
    ticks = 0
    for process in _browsers():
        after_name = (process / "stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _browsers() -> Iterator[Path]:
    """Those processes of ours, at whatever depth, that are the browser."""
    mine = {os.getpid()}
    for process in sorted(Path("/proc").glob("[0-9]*"), key=lambda one: int(one.name)):
        try:
            if _status(process, "PPid") in mine:
                mine.add(int(process.name))
                if b"chrom" in (process / "cmdline").read_bytes().split(b"\0")[0]:
                    yield process
        except (FileNotFoundError, ProcessLookupError):
            continue


def _status(process: Path, name: str) -> int:
    lines = (process / "status").read_text("utf-8").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


AS_OURS = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},"SelectPdfVersion":{"type":"long","value":"3"}}'  # noqa: E501 — one word of the command line
LAUNCH = """
import json, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""  # in a small process of its own: a child's highest memory begins with its parent's


def libreoffice(pages: Path) -> Cost | None:
    """A dozen letters as .docx handed to one process, which shares among them what it takes to start."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    home = f"-env:UserInstallation={(pages.parent / 'office').as_uri()}"
    words, target = [program, home, "--headless"], ["--outdir", str(pages.parent)]
    reading = [*words, "--infilter=HTML (StarWriter)", "--convert-to", "docx", *target, str(pages)]
    subprocess.run(reading, check=True, capture_output=True)
    files = [pages.with_name(f"letter-{number}.docx") for number in range(DOCUMENTS)]
    for file in files:
        shutil.copyfile(pages.with_suffix(".docx"), file)
    cost = Cost()
    for number in range(4):  # the first only warms the disk
        started = time.perf_counter()
        command = [*words, "--convert-to", AS_OURS, *target, *map(str, files)]
        command = [sys.executable, "-c", LAUNCH, *command]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        if not all(file.with_suffix(".pdf").is_file() for file in files):
            raise RuntimeError("LibreOffice left letters out")
        cpu, memory = json.loads(done.stdout)
        if number:
            cost.wall.append((time.perf_counter() - started) / DOCUMENTS)
            cost.cpu.append(cpu / DOCUMENTS)
            cost.memory = max(cost.memory, memory)
    return cost
