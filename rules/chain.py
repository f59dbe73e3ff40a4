"""How the event log is chained: also what the stand-alone checker recomputes.

A line's hash is SHA-256 over the JSON list of its fields in the order of FIELDS, the previous line's hash last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

GENESIS = "0" * 64
FIELDS = (
    "seq",
    "at",
    "day",
    "actor_id",
    "actor",
    "role",
    "verb",
    "title",
    "subject",
    "subject_id",
    "institution_id",
    "pooling_region",
    "from_state",
    "to_state",
    "basis",
    "facts",
    "previous",
)

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class Fault:
    """A break of the chain: the first line concerned, and what is wrong in Chinese."""

    seq: int
    what: str


def canonical(line: Mapping[str, Any]) -> list[Any]:
    """The hashed fields in a form every machine writes alike: ISO days, UTC instants to the microsecond."""
    return [plain(line[field]) for field in FIELDS]


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if isinstance(value, date) else value


def digest(line: Mapping[str, Any]) -> str:
    """The hash of a line given with its own types."""
    return digest_of(canonical(line))


def digest_of(fields: Sequence[Any]) -> str:
    """The hash of a line that is canonical already."""
    return hashlib.sha256(_encode(fields).encode("utf-8", "surrogatepass")).hexdigest()


def anchors_in(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines of an anchor file, «seq hash». Raises ValueError naming a line that is neither."""
    for number, line in enumerate(lines, 1):
        seq, _, kept = line.strip().partition(" ")
        if not (seq.isascii() and seq.isdigit() and len(kept) == len(GENESIS)):
            raise ValueError(f"库外留存文件第 {number} 行无法识别。")
        yield int(seq), kept


class Check:
    """One walk along the log. `faults()` gives every break in order; afterwards `rows` and `unanchored` are known.

    The chain itself shows edits, insertions, reordering and gaps. That the tail, or the whole table, was exchanged
    only shows against the hashes kept outside the database. `upto` is the last line that was there before those
    were read: a later one cannot be among them yet.
    """

    def __init__(self, anchors: Iterable[tuple[int, str]] = (), *, upto: int | None = None) -> None:
        self.rows = 0
        self.head = GENESIS
        self.unanchored: list[int] = []
        self._upto = upto
        self._kept: dict[int, str] = {}
        self._torn: list[int] = []
        for seq, kept in anchors:
            if self._kept.setdefault(seq, kept) != kept:
                self._torn.append(seq)

    def faults(self, lines: Iterable[Sequence[Any]]) -> Iterator[Fault]:
        """Walk along lines, each the canonical fields and behind them the hash."""
        for seq in self._torn:
            yield Fault(
                seq, f"第 {seq} 条在库外留存了两个不同的校验值：日志曾被换回旧的，又接着写。"
            )
        expected = 1
        for line in lines:
            yield from self._line(line, expected)
            expected, self.head = line[0] + 1, line[-1]
            self.rows += 1
        yield from self._end(expected)

    def _line(self, line: Sequence[Any], expected: int) -> Iterator[Fault]:
        seq, found = line[0], line[-1]
        if seq > expected:
            yield Fault(expected, f"第 {expected} 至 {seq - 1} 条缺失。")
        elif seq < expected:
            yield Fault(seq, f"第 {seq} 条次序错乱。")
        if line[-2] != self.head:
            yield Fault(seq, f"第 {seq} 条与上一条不衔接。")
        if digest_of(line[:-1]) != found:
            yield Fault(seq, f"第 {seq} 条内容被改动。")
        kept = self._kept.get(seq)
        if kept is None:
            self.unanchored.append(seq)
        elif kept != found:
            yield Fault(seq, f"第 {seq} 条与库外留存的校验值不一致。")

    def _end(self, expected: int) -> Iterator[Fault]:
        """After the last line: was something behind it, or was it put there past the log?"""
        last = max(self._kept, default=0)
        if last >= expected:
            yield Fault(
                expected, f"库外留存到第 {last} 条，库内只到第 {expected - 1} 条：末尾被删除。"
            )
        stray = [seq for seq in self.unanchored if last < seq <= (self._upto or seq)]
        if self._kept and stray:
            yield Fault(
                stray[0], f"第 {stray[0]} 条起没有库外留存：绕过系统写入，或者写入后进程中断。"
            )
