"""Agreements by the dozen, printed by one press and by two, then one file for the printer; beside plain WeasyPrint."""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import documents
from benchmarks import pdf
from benchmarks.agreement import facts
from benchmarks.engines import Cost
from benchmarks.figures import Figure, note, spread
from documents import print_file
from documents.letters import freeze
from documents.presses import Presses

LETTERS, ROUNDS = 24, 3
NAIVE = 8  # documents of the peer a round


def run() -> Iterator[Figure]:
    """Rounds of one press, two presses and the peer in turn. Of a letter: processor time with its share of the file."""
    one, two, merging = Cost(), Cost(), []
    with (
        tempfile.TemporaryDirectory(prefix="dingdian-bench-") as folder,
        pdf.naive(Path(folder) / "agreement.html") as peer,
    ):
        peer.print(counts=False)
        for _ in range(ROUNDS):
            printed = _printed(1, one)
            _printed(2, two)
            began = time.process_time()
            merged = print_file.merged(printed)
            merging.append((time.process_time() - began) / LETTERS)
            for _document in range(NAIVE):
                peer.print()
    note(
        f"pdf-batch: {LETTERS} letters a round; CPU s a letter {spread(one.cpu)} by one press, {spread(two.cpu)} "
        f"by two, {spread(merging)} for the file, naive WeasyPrint {spread(peer.cost.cpu)}"
    )
    middle = statistics.median
    cpu, naive = middle(peer.cost.cpu), "naive WeasyPrint"
    yield Figure("pdf-batch.cpu", middle(one.cpu) + middle(merging), "s", naive, cpu)
    yield Figure("pdf-batch.print-cpu", middle(one.cpu), "s", naive, cpu)
    yield Figure("pdf-batch.rate", 1 / middle(one.wall), "1/s", naive, 1 / middle(peer.cost.wall))
    yield Figure("pdf-batch.two.print-cpu", middle(two.cpu), "s", "one press", middle(one.cpu))
    yield Figure(
        "pdf-batch.two.rate", 1 / middle(two.wall), "1/s", "one press", 1 / middle(one.wall)
    )
    yield Figure("pdf-batch.two.peak-memory", two.memory, "MB/press")
    yield Figure("pdf-batch.file", len(merged) / LETTERS / 1000, "kB/letter")


def _printed(at_once: int, cost: Cost) -> list[bytes]:
    """The letters of a round in their order, as a batch has them printed; the presses are warm."""
    settled = documents.presses().first
    presses = Presses(settled.fonts, settled.limits, at_once)
    waiting = (freeze("agreement", **facts(day)) for day in range(1000))
    try:
        with presses.many(), ThreadPoolExecutor(at_once) as threads:

            def printed(count: int) -> list[bytes]:
                batch = itertools.islice(waiting, count)
                return list(threads.map(lambda letter: presses.print("agreement", letter), batch))

            printed(6)  # every press has started and knows its fonts
            children = presses.children()
            used, started = sum(map(pdf.cpu_of, children)), time.perf_counter()
            letters = printed(LETTERS)
            cost.wall.append((time.perf_counter() - started) / LETTERS)
            cost.cpu.append((sum(map(pdf.cpu_of, children)) - used) / LETTERS)
            cost.memory = max([cost.memory, *map(pdf.peak, children)])
            return letters
    finally:
        presses.close()
