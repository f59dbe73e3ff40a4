"""What a measure that is planned would stop, in words: from which day, by what, and who is paid all the same. Pure."""

from __future__ import annotations

from datetime import date

import regulations
from rules.eligibility import Stop
from rules.kinds import MEDICAL


def said(stop: Stop, family: str, on: date) -> str:
    """From which day, what becomes of it, and who is paid all the same, with what says so."""
    law = regulations.at(on, family)
    row = next(one for one in law.table("payment_stops") if one.key == stop.code)
    period = f"自{stop.from_on}起" + (f"至{stop.to_on}" if stop.to_on else "")
    what = "暂缓，措施结束以后再付" if row.extra["then"] == "hold" else "不予支付"
    text = f"{period}，按服务日期停止支付：{row.label}{what}（{row.basis}{_unsure(row)}）"
    admitted = law.pay.admitted_before
    if family == MEDICAL and row.extra["admitted"] and admitted.value:
        text += f"；此前已经入院的，照常支付（{admitted.basis}）"
    return text


def _unsure(row: regulations.Row) -> str:
    told = row.confidence == "official" or "请按本地文件核对" in row.basis
    return "" if told else "，请按本地文件核对"
