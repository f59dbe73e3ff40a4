"""`flask bench`: what things cost, beside a peer that did the same in the same run."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator

import click

from benchmarks import gate, pdf, pdf_batch, pdf_stamp, what_if, worklist
from benchmarks.figures import Figure
from commands.output import fail

BENCHMARKS: dict[str, tuple[str, Callable[[], Iterator[Figure]]]] = {
    "worklist": ("the page /worklist over 50,000 work items, on each database", worklist.run),
    "what-if": (
        "a cycle by other weights, through the page, 1,000 and 50,000 institutions",
        what_if.run,
    ),
    "eligibility": (
        "may this service be paid: one question, fifty clients, a million at once",
        gate.run,
    ),
    "pdf": ("one agreement as PDF: processor time, wall time, memory", pdf.run),
    "pdf-batch": ("24 agreements printed and made into one file for the printer", pdf_batch.run),
    "pdf-stamp": ("letters that differ in a few fields, and a signature", pdf_stamp.run),
}


@click.command("bench")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def bench(name: str | None, as_json: bool) -> None:
    """Run a benchmark, or list them. Ratios are of the same run: above 1 is better than the peer."""
    if name is None:
        for known, (what, _run) in BENCHMARKS.items():
            click.echo(json.dumps({"name": known, "what": what}) if as_json else f"{known}: {what}")
        return
    if name not in BENCHMARKS:
        fail(f"没有名为 {name} 的基准测试。可用：{'、'.join(BENCHMARKS)}。", as_json=as_json)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # so that databases and servers are cleared away
    for figure in BENCHMARKS[name][1]():
        click.echo(json.dumps(figure.line(), ensure_ascii=False) if as_json else _words(figure))


def _words(figure: Figure) -> str:
    line = figure.line()
    beside = (
        f"; {line['peer']}: {line['peer_value']}; ratio {line['ratio']}" if line["ratio"] else ""
    )
    return f"{line['name']}: {line['value']} {line['unit']}{beside}"


COMMANDS = [bench]
