"""The free paragraphs of a letter in the words of whoever issues it. Every other fact stays as it was computed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import documents
from actions import operations
from database import session
from documents import letters as register
from documents.free_paragraphs import FREE
from rules.permissions import SYSTEM, Actor
from rules.refusal import Refused

PREFIX = "wording-"
LONGEST = 4000
AGAIN = "请返回填写页面，重新预览后再改写。"


@dataclass(frozen=True)
class Paragraph:
    """A free paragraph as the form would print it: under which name its wording comes back."""

    name: str
    letter: str
    label: str
    text: str


def paragraphs(drafts: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Paragraph]:
    """Of the letters that a form issues, in their order. One that says nothing now is not offered."""
    return [
        Paragraph(_name(nth, kind, fact), register.KINDS[kind].title, label, str(facts[fact]))
        for nth, (kind, facts) in enumerate(drafts)
        for fact, label in FREE.get(kind, {}).items()
        if facts.get(fact)
    ]


def bring(given: Mapping[str, str]) -> None:
    """The wordings that came with the form in hand. Refused: too long, empty, or with what cannot be printed."""
    session.info.pop("wordings", None)
    found = {name: _clean(text) for name, text in given.items() if name.startswith(PREFIX)}
    if found:
        session.info["wordings"] = found


def applied(
    kind: str, facts: Mapping[str, Any], *, actor: Actor
) -> tuple[dict[str, Any], list[str]]:
    """The facts of the letter that is issued next, and the labels of the paragraphs that are worded otherwise."""
    nth, worded, changed = operations.issued_so_far(), dict(facts), []
    waiting: dict[str, str] = session.info.get("wordings", {})
    for fact, label in FREE.get(kind, {}).items() if actor is not SYSTEM else ():
        text = waiting.pop(_name(nth, kind, fact), None)
        if text is not None and facts.get(fact) and text != plain(str(facts[fact])):
            worded[fact] = text
            changed.append(label)
    return worded, changed


def require_used() -> None:
    """Refused when a wording belongs to no letter of the form: what was looked at is not what is issued."""
    if session.info.pop("wordings", {}):
        raise Refused("改写的段落与这一步印发的文书不一致，没有执行。", cure=AGAIN)


def plain(text: str) -> str:
    """As the letters keep it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _name(nth: int, kind: str, fact: str) -> str:
    return f"{PREFIX}{nth}-{kind}-{fact}"


def _clean(given: str) -> str:
    text = plain(given)
    if not text:
        raise Refused("改写的段落不能为空。", cure="请写明内容，或者保留原来的文字。")
    if len(text) > LONGEST:
        raise Refused(
            f"改写的段落最多 {LONGEST} 字，现有 {len(text)} 字。", cure="请精简后再预览。"
        )
    if any(
        unicodedata.category(sign) in ("Cc", "Cs", "Cf") and sign not in "\n\t" for sign in text
    ):
        raise Refused(
            "改写的段落含有不能打印的控制字符。", cure="请删去后重新输入，不要从网页复制。"
        )
    missing = documents.undrawn(text)
    if missing:
        raise Refused(
            f"字体中没有“{missing}”的字形，文书不能打印。",
            cure="请换用其他写法；必须使用的，请系统管理员在设置 FONT_FANGSONG 中换用字形完整的字体。",
        )
    return text
