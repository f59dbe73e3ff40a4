"""为什么是这一天: the sentences that let anybody recompute a deadline by hand."""

from datetime import date, timedelta

import regulations
from rules.periods import Count, Pause
from rules.words import cn
from rules.workdays import Workdays

_DECEMBER = 12
UNITS = {"working_day": "个工作日", "day": "日", "month": "个月", "year": "年"}
_DOUBTS = {
    "secondary": "条文据二手资料转引，请核对原文",
    "local": "取自地方做法，请按本地文件核对",
    "assumed": "尚未核到条文，请按本地文件核对",
}


def explain(period: regulations.Value, count: Count, workdays: Workdays) -> tuple[str, ...]:
    """One sentence per step, in the order in which a person would count."""
    start, next_day = count.start, count.start + timedelta(days=1)
    return (
        _rule(period),
        f"{cn(start)}起算，当日不计入，从次日{cn(next_day)}开始计算。",
        *_crossed(period, start, count.nominal, workdays),
        *_clamp(period, start, count.base),
        *(_pause(pause, taken, start, period.unit) for pause, taken in count.taken),
        *_still(count.still),
        *_roll(count, workdays),
        f"因此{'暂' if count.provisional else ''}定{cn(count.due)}到期。",
    )


def _rule(period: regulations.Value) -> str:
    doubt = None if "请按本地文件核对" in period.basis else _DOUBTS.get(period.confidence)
    return f"{period.label}为{period.value}{UNITS[period.unit]}，依据{period.basis}" + (
        f"（{doubt}）。" if doubt else "。"
    )


def _crossed(period: regulations.Value, start: date, last: date, workdays: Workdays) -> list[str]:
    """Only working-day clocks skip rest days; the others count through them and say so."""
    if period.unit != "working_day":
        return ["按日历计算，期间的周末和节假日计入。"]
    sentences = ["按工作日计算，周末和放假的日子不计。"]
    off = _named(workdays.listed(start, last, working=False))
    made_up = _named(workdays.listed(start, last, working=True))
    sentences += [f"期间遇{name}放假：{_spans(days)}，不计入。" for name, days in off.items()]
    sentences += [f"因{name}调休上班：{_spans(days)}，计入。" for name, days in made_up.items()]
    return sentences


def _named(days: list[tuple[date, str]]) -> dict[str, list[date]]:
    """By year and holiday; New Year's days in December belong to the year that begins."""
    groups: dict[str, list[date]] = {}
    for day, name in days:
        year = day.year + 1 if day.month == _DECEMBER else day.year
        groups.setdefault(f"{year}年{name}", []).append(day)
    return groups


def _spans(days: list[date]) -> str:
    """Runs of days: 2026年2月15日至2026年2月23日（9天）、2026年5月1日."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(
        cn(run[0]) if len(run) == 1 else f"{cn(run[0])}至{cn(run[-1])}（{len(run)}天）"
        for run in runs
    )


def _clamp(period: regulations.Value, start: date, base: date) -> list[str]:
    if period.unit not in ("month", "year"):
        return []
    if base.day == start.day:
        return [f"{period.value}{UNITS[period.unit]}后的对应日为{cn(base)}。"]
    return [f"{base.year}年{base.month}月没有{start.day}日，以当月最后一日{cn(base)}为对应日。"]


def _pause(pause: Pause, taken: int, start: date, unit: str) -> str:
    first = max(pause.from_, start)
    stop = f"{cn(first)}停钟（{pause.reason}），{cn(pause.to or first)}恢复，"
    if not taken:
        return stop + "停钟时期限已满或其间没有应计的日子，到期日不变。"
    length = f"{taken}个工作日" if unit == "working_day" else f"{taken}日"
    return f"{stop}停钟次日至恢复当日的{length}不计入，期限相应顺延。"


def _still(pause: Pause | None) -> list[str]:
    return (
        [f"{cn(pause.from_)}起停钟（{pause.reason}），恢复计时后到期日相应顺延。"] if pause else []
    )


def _roll(count: Count, workdays: Workdays) -> list[str]:
    nominal = count.nominal
    if not count.rolled:
        return [
            f"期满日{cn(nominal)}所涉的放假安排尚未载入，暂不能判断是否顺延，载入后重新核定。",
        ]
    if nominal == count.due:
        return []
    reason = workdays.is_working(nominal).reason
    return [f"期满日{cn(nominal)}为{reason}，是休息日，顺延至其后第一个工作日{cn(count.due)}。"]
