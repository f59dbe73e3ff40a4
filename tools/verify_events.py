#!/usr/bin/env python3
"""Checks an exported event log with nothing but Python: is the chain whole, and does it fit the anchor file?

    flask events verify --export events.jsonl
    python3 verify_events.py events.jsonl [--anchor FILE] [--json]

Each line of the export is one event. Its hash is SHA-256 over the JSON list of the fields named below, in this
order, without blanks and with the keys of inner objects sorted; the last field is the hash of the line before.
An anchor file holds one «seq hash» per line and was kept outside the database; without it neither a missing end
nor an exchanged log can be seen. Exit 0: whole. Exit 1: not. Exit 2: a file cannot be read.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

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
SHOWN = 20

encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def digest(line):
    text = encode([line[field] for field in FIELDS])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def exported(file):
    for number, text in enumerate(file, 1):
        try:
            line = json.loads(text)
            missing = [field for field in (*FIELDS, "hash") if field not in line]
            readable = not missing and type(line["seq"]) is int
        except (ValueError, TypeError):
            readable = False
        if not readable:
            raise SystemExit(f"第 {number} 行不是一条完整的日志。")
        yield line


def anchors_in(file):
    for number, text in enumerate(file, 1):
        seq, _, kept = text.strip().partition(" ")
        if not (seq.isascii() and seq.isdigit() and len(kept) == len(GENESIS)):
            raise SystemExit(f"库外留存文件第 {number} 行无法识别。")
        yield int(seq), kept


class Check:
    def __init__(self, anchors):
        self.rows, self.head = 0, GENESIS
        self.unanchored, self.kept, self.torn = [], {}, []
        for seq, kept in anchors:
            if self.kept.setdefault(seq, kept) != kept:
                self.torn.append(seq)

    def faults(self, lines):
        for seq in self.torn:
            yield (
                seq,
                f"第 {seq} 条在库外留存了两个不同的校验值：日志曾被换回旧的，又接着写。",
            )
        expected = 1
        for line in lines:
            yield from self.line(line, expected)
            expected = line["seq"] + 1
            self.head = line["hash"]
            self.rows += 1
        yield from self.end(expected)

    def line(self, line, expected):
        seq = line["seq"]
        if seq > expected:
            yield expected, f"第 {expected} 至 {seq - 1} 条缺失。"
        elif seq < expected:
            yield seq, f"第 {seq} 条次序错乱。"
        if line["previous"] != self.head:
            yield seq, f"第 {seq} 条与上一条不衔接。"
        if digest(line) != line["hash"]:
            yield seq, f"第 {seq} 条内容被改动。"
        kept = self.kept.get(seq)
        if kept is None:
            self.unanchored.append(seq)
        elif kept != line["hash"]:
            yield seq, f"第 {seq} 条与库外留存的校验值不一致。"

    def end(self, expected):
        last = max(self.kept, default=0)
        if last >= expected:
            yield (
                expected,
                f"库外留存到第 {last} 条，库内只到第 {expected - 1} 条：末尾被删除。",
            )
        stray = [seq for seq in self.unanchored if seq > last]
        if self.kept and stray:
            yield stray[0], f"第 {stray[0]} 条起没有库外留存：绕过系统写入，或者写入后进程中断。"


def verdict(export, anchor=None):
    """The same words and figures as `flask events verify --json`."""
    kept = anchors_in(anchor.open(encoding="ascii", errors="replace")) if anchor else ()
    check = Check(kept)
    with export.open(encoding="utf-8", errors="surrogatepass") as file:
        found = list(check.faults(exported(file)))
    return {
        "whole": not found,
        "rows": check.rows,
        "head": check.head,
        "first_bad": min((seq for seq, _ in found[:SHOWN]), default=None),
        "fault_count": len(found),
        "faults": [{"seq": seq, "what": what} for seq, what in found[:SHOWN]],
        "unanchored": len(check.unanchored) if anchor else None,
    }


def main():
    parser = argparse.ArgumentParser(description="Check an exported event log.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--anchor", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    try:
        found = verdict(given.export, given.anchor)
    except (OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for fault in found["faults"]:
            print(fault["what"])
        state = "完整" if found["whole"] else f"有 {found['fault_count']} 处问题"
        print(f"共 {found['rows']} 条，{state}。{'' if given.anchor else '（没有对照库外留存）'}")
    return 0 if found["whole"] else 1


if __name__ == "__main__":
    sys.exit(main())
