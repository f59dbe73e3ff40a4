"""Agreements by the dozen: printed by the warm process, made into one file for the printer; beside plain WeasyPrint."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import documents
from benchmarks import pdf
from benchmarks.agreement import facts
from benchmarks.figures import Figure, note, spread
from documents import print_file

LETTERS = 24


def run() -> Iterator[Figure]:
    """Of every letter: processor time with its share of the printer's file, wall time, size. The peer prints alone."""
    letter = facts()
    documents.render("agreement", letter)
    own, child, started = time.process_time(), pdf.child_cpu(), time.perf_counter()
    merged = print_file.merged([documents.render("agreement", letter) for _ in range(LETTERS)])
    wall = time.perf_counter() - started
    put_together, printed = time.process_time() - own, pdf.child_cpu() - child
    with tempfile.TemporaryDirectory(prefix="dingdian-bench-") as folder:
        naive = pdf.naive(Path(folder) / "agreement.html")
    note(
        f"pdf-batch: {LETTERS} letters, {printed:.1f} CPU s to print, {put_together:.1f} CPU s to put together; "
        f"naive WeasyPrint {spread(naive.cpu)} CPU s a document"
    )
    cpu, peer = (printed + put_together) / LETTERS, statistics.median(naive.cpu)
    yield Figure("pdf-batch.cpu", cpu, "s", "naive WeasyPrint", peer)
    yield Figure(
        "pdf-batch.rate",
        LETTERS / wall,
        "1/s",
        "naive WeasyPrint",
        1 / statistics.median(naive.wall),
    )
    yield Figure("pdf-batch.file", len(merged) / LETTERS / 1000, "kB/letter")
