"""What may be recorded about a credit subject, how long it counts, and which numbers it may bring. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import regulations
from rules import terms
from rules.credit_subjects import CreditSubject
from rules.refusal import Refused


def kinds(on: date) -> Mapping[str, regulations.Row]:
    try:
        rows = regulations.at(on).table("credit_information_kinds")
    except regulations.NotInForce:
        return {}
    return {row.key: row for row in rows}


def kind(key: str, subject: str, on: date) -> regulations.Row:
    """One kind. Refused when that day knew none of the name, or not for such a subject."""
    row = kinds(on).get(key)
    if row is None:
        raise Refused("没有选择有效的信用信息种类。", cure="请选择种类。")
    if subject not in row.extra["subjects"]:
        label = CreditSubject(subject).label
        raise Refused(f"“{row.label}”不适用于{label}。", cure="请另选种类或者主体。")
    return row


def all_figures(row: regulations.Row, on: date) -> Mapping[str, regulations.Row]:
    """The numbers a kind may bring, whatever the family."""
    known = {one.key: one for one in regulations.at(on).table("credit_figures")}
    return {name: known[name] for name in row.extra["figures"]}


def figures_of(row: regulations.Row, family: str, on: date) -> Mapping[str, regulations.Row]:
    """The numbers a kind brings for an institution of the family, in the order of the table."""
    wanted = all_figures(row, on)
    return {key: one for key, one in wanted.items() if one.kind in (None, family)}


def numbers(
    row: regulations.Row, family: str, typed: Mapping[str, str], on: date
) -> dict[str, float]:
    """The typed numbers as they count. Refused for one the kind does not bring, out of bounds, or none at all."""
    wanted = figures_of(row, family, on)
    given = {name: text.strip() for name, text in typed.items() if text.strip()}
    strange = [name for name in given if name not in wanted]
    if strange:
        raise Refused(f"“{row.label}”没有“{strange[0]}”这一项。", cure="请按表填写。")
    if wanted and not given:
        raise Refused(f"“{row.label}”至少要填写一个数。", cure="请填写数值。")
    found = {name: _number(wanted[name], text) for name, text in given.items()}
    for name, value in found.items():
        if name.endswith("_got") and value > found.get(name.replace("_got", "_due"), value):
            raise Refused(f"{wanted[name].label}多于应得分。", cure="请核对计分表。")
    if "satisfied" in found and found["satisfied"] > found.get("answers", -1):
        raise Refused("满意份数多于有效问卷，或者没有填写有效问卷。", cure="请核对调查结果。")
    return found


def _number(row: regulations.Row, text: str) -> float:
    known: Mapping[str, Any] = row.extra
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Refused(f"{row.label}“{text}”不是数字。", cure="请填写数字。") from None
    fits = value.is_finite() and known["least"] <= value <= known["most"]
    if not fits or (known["whole"] and value != value.to_integral_value()):
        sort = "整数" if known["whole"] else "数"
        raise Refused(
            f"{row.label}应为{known['least']}至{known['most']}的{sort}。", cure="请核对后重新填写。"
        )
    return float(value)


def valid_to(row: regulations.Row, happened_on: date) -> date:
    """The last day on which it counts: the day before so many months are over."""
    return terms.last_day(happened_on, row.extra["months"])


def said(value: float, figure: regulations.Row) -> str:
    """A number with its unit; yes or no where it is one or nought."""
    if figure.extra["most"] == 1:
        return "是" if value else "否"
    return f"{value:g}{figure.extra['unit']}"
