"""Articles named in a text, in Chinese figures or in digits: 第三十八条, 第38条. Pure."""

from __future__ import annotations

import re

_FIGURES = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
_ARTICLE = re.compile(r"第\s*([零〇一二两三四五六七八九十百]{1,8}|[0-9０-９]{1,4})\s*条")
FUND, SHORT = "医疗保障基金使用监督管理条例", "条例"


def numbers(text: str) -> frozenset[int]:
    """The numbers of the articles that a text names."""
    return frozenset(_value(found) for found in _ARTICLE.findall(text))


def of_fund_regulation(text: str) -> frozenset[int]:
    """Those named together with the fund regulation; another law's article of the same number is none of its."""
    parts = re.split(r"[；;，,。]|(?=《)", text)
    named, found = False, set[int]()
    for part in parts:
        if "《" in part or SHORT in part:
            named = FUND in part if "《" in part else True
        if named:
            found |= numbers(part)
    return frozenset(found)


def _value(text: str) -> int:
    if not any(sign in text for sign in (*_FIGURES, *_UNITS)):
        return int(text)  # full-width digits are digits to int()
    total = last = 0
    for sign in text:
        if sign in _UNITS:
            total, last = total + (last or 1) * _UNITS[sign], 0
        else:
            last = _FIGURES[sign]
    return total + last
