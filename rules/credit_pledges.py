"""信用承诺书: which text an institution signs on a day. A text is never changed, so that it can be shown for ever."""

from __future__ import annotations

from datetime import date

import regulations
from rules.commitments import Text, of_row
from rules.refusal import Refused


def text(family: str, day: date) -> Text:
    """The newest text in force on the day for the family."""
    try:
        rows = regulations.at(day, family).table("credit_pledge_texts")
    except regulations.NotInForce as error:
        raise Refused(f"{day} 还没有信用承诺书的文本。", cure="请按现行文本签署。") from error
    return of_row(max(rows, key=lambda row: row.since))


def by_key(key: str, day: date) -> Text:
    """A text that was signed once, whenever that was."""
    return of_row(
        next(row for row in regulations.at(day).table("credit_pledge_texts") if row.key == key)
    )


def check_breach(facts_text: str, found_on: date, signed_on: date, on: date) -> None:
    """Refused without facts, and for a day before the signature or to come."""
    if not facts_text.strip():
        raise Refused("请写明违背承诺的事实。")
    if not signed_on <= found_on <= on:
        raise Refused("发现日期应在签署之后、今天之前（含当日）。", cure="请核对发现日期。")
