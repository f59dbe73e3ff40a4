"""Dates, amounts and masks, alike on pages and in letters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Asia/Shanghai")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_PLAIN = "〇一二三四五六七八九"


def day(value: date | None) -> str:
    """2026-11-23; an empty day is an empty string."""
    return value.isoformat() if value else ""


def date_cn(value: date | str | None) -> str:
    """2026年11月23日. Letters hold their frozen days as ISO text, so text is taken too."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return f"{value.year}年{value.month}月{value.day}日"


def month(value: date | None) -> str:
    """2026年11月: the month a statement is about."""
    return f"{value.year}年{value.month}月" if value else ""


def instant(value: datetime | None) -> str:
    """Local wall clock of Shanghai to the minute: 2026-11-23 09:30."""
    return value.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M") if value else ""


def yuan_number(fen: int) -> Decimal:
    """分 as 元 with both decimals, for the cell of a sheet that is added up."""
    return Decimal(fen).scaleb(-2)


def yuan(fen: int | None) -> str:
    """分 → 1,234.00 (元)."""
    if fen is None:
        return ""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def yuan_upper(fen: int) -> str:
    """分 → 人民币大写, as written on vouchers: 壹仟零伍元整, 叁角, 负贰元伍分."""
    if fen == 0:
        return "零元整"
    whole, jiao, cents = abs(fen) // 100, abs(fen) // 10 % 10, abs(fen) % 10
    text = _whole_upper(whole) + "元" if whole else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif cents and whole:
        text += "零"
    text += _DIGITS[cents] + "分" if cents else "整"
    return ("负" if fen < 0 else "") + text


def _whole_upper(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10000)
        groups.append(group)
    text = ""
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if group:
            if text and (group < 1000 or groups[index + 1] == 0) and not text.endswith("零"):
                text += "零"
            text += _group_upper(group) + _GROUPS[index]
    return text


def _group_upper(group: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return text


def number_cn(number: int) -> str:
    """1…99 in words for chapter headings: 一, 十, 十二, 九十九."""
    if not 0 < number < 100:
        raise ValueError("only 1 to 99 are written out")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _PLAIN[tens] + "十")
    return head + (_PLAIN[ones] if ones else "")


def mask_name(name: str) -> str:
    """甲* · 甲*丙: the family name stays."""
    if len(name) <= 1:
        return name
    return (
        name[0] + "*" * (len(name) - 1)
        if len(name) == 2
        else name[0] + "*" * (len(name) - 2) + name[-1]
    )


def mask_code(code: str, head: int = 4, tail: int = 4) -> str:
    """9199****0123. A code too short to hide anything is hidden whole."""
    if len(code) <= head + tail:
        return "*" * len(code)
    return code[:head] + "****" + code[-tail:]


def mask_id(number: str) -> str:
    """Resident ID: first three and last four characters."""
    return mask_code(number, 3, 4)


# Grades in charts from the best to the worst, by how many there are: blue over ochre to red, on screen and on paper.
_GRADES = ("#0b5394", "#2f7fc1", "#69aedb", "#b9d4ea", "#e0a526", "#d9702b", "#b3261e")
_PLACES_OF = {
    2: (0, 6), 3: (0, 2, 6), 4: (0, 2, 4, 6), 5: (0, 2, 4, 5, 6), 6: (0, 1, 2, 4, 5, 6),
}  # fmt: skip


def grade_colours(count: int) -> list[str]:
    """The colour of each of so many grades, the best first."""
    places = _PLACES_OF.get(count, range(count))
    return [_GRADES[min(place, len(_GRADES) - 1)] for place in places]
