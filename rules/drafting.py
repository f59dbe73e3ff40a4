"""Changes to the text of an agreement under negotiation. Pure: chapters in, new chapters out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rules.clauses import SPECIAL_CHAPTER, Added, Rank, by_key, numbered
from rules.refusal import Refused

Chapters = list[dict[str, Any]]


def with_text(chapters: Chapters, key: str, text: str, reason: str) -> Chapters:
    """The chapters with another wording of one local clause. Refused for mandatory ones, with their source."""
    clause = by_key(chapters).get(key)
    if clause is None:
        raise Refused("协议草案中没有这一条款。", cure="请刷新页面后选择现有条款。")
    if clause["rank"] == Rank.MANDATORY:
        raise Refused(
            f"第 {clause['number']} 条执行国家规定，不能在协商中修改。",
            basis=str(clause["basis"]),
            cure="如有意见请写入条款意见；双方另有约定的，可以提出专门约定。",
        )
    text, reason = text.strip(), reason.strip()
    if not text or not reason:
        raise Refused("修改条款须写明新的条款内容和理由。")
    if text == clause["text"]:
        raise Refused("条款内容没有变化。")
    return _replaced(chapters, key, {**clause, "text": text, "edited": True, "reason": reason})


def with_special(chapters: Chapters, special: Iterable[Added]) -> Chapters:
    """The chapters with exactly these special clauses, before the closing chapter."""
    rest = [one for one in chapters if one["title"] != SPECIAL_CHAPTER]
    lines = [
        {"number": 0, "key": a.key, "text": a.text, "rank": str(Rank.SPECIAL), "basis": a.basis}
        for a in special
    ]
    if lines:
        rest.insert(max(len(rest) - 1, 0), {"title": SPECIAL_CHAPTER, "clauses": lines})
    return numbered(rest)


def keeping_edits(fresh: Chapters, old: Chapters) -> Chapters:
    """A newly drawn up text that keeps the local wordings the parties had agreed on."""
    for key, clause in by_key(old).items():
        now = by_key(fresh).get(key)
        if clause.get("edited") and now and now["rank"] == Rank.LOCAL:
            kept = {"text": clause["text"], "edited": True, "reason": clause["reason"]}
            fresh = _replaced(fresh, key, {**now, **kept})
    return fresh


def _replaced(chapters: Chapters, key: str, clause: dict[str, Any]) -> Chapters:
    return [
        {**one, "clauses": [clause if c.get("key") == key else c for c in one["clauses"]]}
        for one in chapters
    ]
