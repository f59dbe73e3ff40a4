"""Letters that differ in a few fields: stamped by the warm process, beside the same laid out in full; a signature."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import documents
from benchmarks import pdf, sealed
from benchmarks.agreement import facts
from benchmarks.figures import Figure, note, spread
from documents import seal_keys, signing

LETTERS = 24
FIRST = 3  # letters, before the process stamps those like them
NAMES = (
    "示例县样例医院",
    "示例县第二人民医院",
    "样例镇中心卫生院",
    "䶮堃喆医院",
    "示例街道社区卫生服务中心",
)


def run() -> Iterator[Figure]:
    """Processor time of a letter of each kind, and of its signature."""
    yield from _stamped("agreement", _agreement)
    yield from _stamped("renewal_notice", _notice)
    yield from _signed()


def _stamped(kind: str, letter: Callable[[int], dict[str, Any]]) -> Iterator[Figure]:
    """Letters that differ in their fields: those after the first few are stamped, these laid out in full."""
    for number in range(FIRST):
        documents.render(kind, letter(number))
    stamped = [_cost(kind, letter(number)) for number in range(FIRST, FIRST + LETTERS)]
    others = [{"agency": f"示例{number}县医疗保障事业中心"} for number in range(1, FIRST + 1)]
    full = [_cost(kind, letter(0) | other) for other in others]
    cpu, peer = statistics.mean(stamped), statistics.mean(full)
    note(f"pdf-stamp: {kind} stamped {spread(stamped)} CPU s, laid out in full {spread(full)}")
    yield Figure(f"pdf-stamp.{kind}.stamped", cpu, "s", "laid out in full", peer)
    yield Figure(f"pdf-stamp.{kind}.rate", 1 / cpu, "1/s of a core", "laid out in full", 1 / peer)


def _cost(kind: str, letter: dict[str, Any]) -> float:
    before = pdf.child_cpu()
    documents.render(kind, letter)
    time.sleep(0.1)  # the child clears up after its answer: that counts as well
    return pdf.child_cpu() - before


def _signed() -> Iterator[Figure]:
    """A signature with its seal, the key kept open as in a batch."""
    letter = documents.render("renewal_notice", _notice(1))
    drawing = documents.render_seal("示例县医疗保障事业中心", sample=True)
    ring, content, took = seal_keys.Ring(), sealed.key_file(), []
    for _ in range(LETTERS):
        before = time.process_time()
        key = ring.key_of(content, sealed.PASSPHRASE)
        signing.sign(letter, "agency", key, seal=drawing, making=["agency"], reason="示例")
        took.append(time.process_time() - before)
    note(f"pdf-stamp: a signature {spread(took)} CPU s")
    yield Figure("pdf-stamp.signature", statistics.median(took), "s")


def _agreement(number: int) -> dict[str, Any]:
    return facts() | _own(number) | {"agreement_number": f"XY{2026000300 + number}"}


def _notice(number: int) -> dict[str, Any]:
    common = {name: facts()[name] for name in ("agency", "bureau", "issued_on", "signer", "family")}
    return {
        **common,
        **_own(number),
        "agreement_number": f"XY{2025000300 + number}",
        "next_number": f"XY{2026000300 + number}",
        "term_to": date(2026, 11, 30),
        "next_from": date(2026, 12, 1),
        "next_to": date(2027, 11, 30),
        "basis": "《医疗机构医疗保障定点管理暂行办法》第四十一条",
    }


def _own(number: int) -> dict[str, Any]:
    """What differs from letter to letter; no sample, as that has the institution's own seal drawn in it."""
    name = NAMES[number % len(NAMES)]
    return {
        "number": f"示医保协〔2026〕{number + 1}号",
        "addressee": name,
        "institution": name,
        "verify_code": f"{number * 7919:016X}",
        "verify_address": "https://example.invalid/public/verify/",
        "sample": False,
        "sealed_by": "1F",
    }
