"""An SQL expression as a sentence: columns by their labels, words and signs in Chinese. For people only."""

from __future__ import annotations

import re
from collections.abc import Mapping

WORDS = (
    (r"\bCASE\b", ""),
    (r"\bWHEN\b", "；如果"),
    (r"\bTHEN\b", "，则为"),
    (r"\bELSE\b", "；否则为"),
    (r"\bEND\b", ""),
    (r"\bIS NOT NULL\b", "有数据"),
    (r"\bIS NULL\b", "没有数据"),
    (r"\bNULL\b", "空"),
    (r"\bAND\b", "并且"),
    (r"\bOR\b", "或者"),
    (r"\bNOT\b", "并非"),
    (r"\bIN\b", "属于"),
    (r"\bCOALESCE\b", "依次取第一个有数据的"),
    (r"\bABS\b", "绝对值"),
    (r"\bLEAST\b", "取最小的"),
    (r"\bGREATEST\b", "取最大的"),
    (r"\bNULLIF\(([^,()]+), 0\)", r"\1"),
    (r">=", "≥"),
    (r"<=", "≤"),
    (r"<>|!=", "≠"),
    (r"\*", "×"),
    (r"/", "÷"),
)
TOKEN = re.compile(r"\"([^\"]+)\"|('[^']*')|(\b[A-Za-z_]\w*\b)")
MARK = "\x00"


def said_sql(sql: str, labels: Mapping[str, str]) -> str:
    """Labels are set aside while the words are exchanged, so that none of them is touched."""
    kept: list[str] = []

    def aside(hit: re.Match[str]) -> str:
        quoted, text, bare = hit.groups()
        if text is None and (quoted or bare) not in labels:
            return hit.group()
        kept.append(f"“{text[1:-1]}”" if text else f"“{labels[quoted or bare]}”")
        return f"{MARK}{len(kept) - 1}{MARK}"

    said = TOKEN.sub(aside, sql)
    for pattern, word in WORDS:
        said = re.sub(pattern, word, said, flags=re.IGNORECASE)
    said = re.sub(f"{MARK}(\\d+){MARK}", lambda hit: kept[int(hit.group(1))], said)
    said = re.sub(r"\s*([，；])\s*", r"\1", said)
    return re.sub(r"\s+", " ", said).strip("； ")
