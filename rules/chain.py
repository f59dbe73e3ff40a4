"""How an event line is hashed: also what the stand-alone checker recomputes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
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


def canonical(line: Mapping[str, Any]) -> dict[str, Any]:
    """The hashed fields in a form every machine writes alike: ISO days, UTC instants to the microsecond."""
    return {field: _text(line[field]) for field in FIELDS}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if isinstance(value, date) else value


def digest(line: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a line, the previous hash included."""
    text = json.dumps(canonical(line), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults(lines: Iterable[Mapping[str, Any]], anchors: Iterable[tuple[int, str]]) -> list[str]:
    """Every break of the chain in words, empty when whole.

    The chain itself shows edits, insertions, reordering and gaps; that the tail or the whole table was exchanged
    only shows against the heads kept outside (`anchors`).
    """
    found, previous, expected = [], GENESIS, 1
    kept = dict(anchors)
    for line in lines:
        seq = line["seq"]
        if seq != expected:
            found.append(f"第 {expected} 至 {seq - 1} 条缺失。" if seq > expected else f"第 {seq} 条次序错乱。")
        if line["previous"] != previous:
            found.append(f"第 {seq} 条与上一条不衔接。")
        if digest(line) != line["hash"]:
            found.append(f"第 {seq} 条内容被改动。")
        if seq in kept and kept.pop(seq) != line["hash"]:
            found.append(f"第 {seq} 条与库外留存的校验值不一致。")
        previous, expected = line["hash"], seq + 1
    if kept:
        found.append(f"库外留存到第 {max(kept)} 条，库内只到第 {expected - 1} 条：末尾被删除。")
    return found
