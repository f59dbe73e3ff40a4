"""Statutory clocks: when a period ends, why on that day, and which light it shows. Pure; nobody here asks the time.

The day the period starts on is not counted. Months and years end on the same day of the month, or on the month's last
day where that day does not exist. Pauses are taken out. A last day that is a rest day moves to the next working day.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import regulations
from rules import clock_words as words
from rules.kinds import family_of
from rules.periods import Count
from rules.periods import Deadline as Deadline
from rules.periods import Light as Light
from rules.periods import Pause as Pause
from rules.refusal import Refused
from rules.words import cn
from rules.workdays import Workdays

WORKING_DAY = "working_day"
_MONTHS = {"month": 1, "year": 12}
_DECEMBER = 12
_PERIODS = (WORKING_DAY, "day", *_MONTHS)


def due(
    rule: str,
    start: date,
    kind: str | None = None,
    pauses: Sequence[Pause] = (),
    *,
    workdays: Workdays,
    strict: bool = True,
) -> Deadline:
    """When the period `rule` (a parameter key) that starts on `start` ends, by the law of the starting day.

    Refused when no such rule was in force, or when a year it needs is not loaded. With strict=False a period of
    natural days, months or years is then given without the roll-over, marked provisional.
    """
    period = _in_force(rule, start, kind)
    count = _count_up(period, start, pauses, workdays, strict=strict)
    return Deadline(
        rule=rule,
        label=period.label,
        basis=period.basis,
        article=period.article,
        unit=period.unit,
        length=period.value,
        start=start,
        nominal=count.nominal,
        due=count.due,
        provisional=count.provisional,
        explain=words.explain(period, count, workdays),
        pauses=tuple(pauses),
        confidence=period.confidence,
    )


def period(rule: str, day: date) -> regulations.Value:
    """The period itself, as it was in force on the day."""
    return regulations.at(day).value(rule)


def describe(deadline: Deadline) -> dict[str, object]:
    """Plain values for JSON: the answer of `flask clock`."""
    return {
        "due": deadline.due.isoformat(),
        "rule": deadline.rule,
        "article": deadline.basis,
        "unit": deadline.unit,
        "length": deadline.length,
        "explain": list(deadline.explain),
        "provisional": deadline.provisional,
        "start": deadline.start.isoformat(),
        "pauses": [
            {
                "from": pause.from_.isoformat(),
                "to": pause.to.isoformat() if pause.to else None,
                "reason": pause.reason,
            }
            for pause in deadline.pauses
        ],
    }


def light(
    due: date | None,
    today: date,
    workdays: Workdays,
    *,
    paused: bool = False,
    finished_on: date | None = None,
) -> Light:
    """The light of a clock. A finished clock is judged at the day it was finished and never changes again."""
    if due is None:
        return Light("na", "无期限")
    if finished_on is not None:
        return _finished(due, finished_on, workdays)
    if paused:
        return Light("paused", "停钟")
    if today > due:
        return Light("over", f"超期 {_distance(due, today, workdays)}")
    if today == due:
        return Light("due", "今日到期")
    return _running(due, today, workdays)


def last_amber(today: date, workdays: Workdays) -> date:
    """The last due day whose light is amber today: what a list filters by, so that it agrees with its rows."""
    soon = regulations.at(today).clock.soon.value
    try:
        return workdays.add(today, soon + 1) - timedelta(days=1)
    except Refused:  # next year is not loaded: its days are counted as they come
        return max(date(today.year, _DECEMBER, 31), today + timedelta(days=soon))


def remaining(deadline: Deadline, today: date, workdays: Workdays) -> int:
    """Days left that still count: working days for a working-day rule, else natural days. Negative when overdue.

    A clock that still stands (open pause) is read at the day it stopped.
    """
    today = min([today, *(pause.from_ for pause in deadline.pauses if pause.to is None)])
    if today > deadline.due:
        return -_count(deadline.due, today, deadline.unit, workdays)
    return _counted(deadline, max(today, deadline.start), deadline.due, workdays)


def used_percent(deadline: Deadline, today: date, workdays: Workdays) -> int:
    """Share of the counted days already gone, 0 to 100. It stands still during a pause."""
    total = _counted(deadline, deadline.start, deadline.due, workdays)
    left = max(0, remaining(deadline, today, workdays))
    return 100 if total == 0 else (total - left) * 100 // total


def add_months(day: date, count: int) -> date:
    """The same day `count` months later, or that month's last day."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _in_force(rule: str, start: date, kind: str | None) -> regulations.Value:
    law = regulations.at(start, family_of(kind) if kind else None)
    try:
        period = law.value(rule)
    except regulations.NotInForce as reason:
        raise Refused(
            f"{cn(start)}没有生效的期限规则（{rule}）。",
            cure="请核对起算日期和机构类别，或补录当时有效的规定。",
        ) from reason
    if period.unit not in _PERIODS:
        raise ValueError(f"{rule} is no period: its unit is {period.unit}")
    return period


def _count_up(
    period: regulations.Value,
    start: date,
    pauses: Sequence[Pause],
    workdays: Workdays,
    *,
    strict: bool,
) -> Count:
    base = _plus(start, period.value, period.unit, workdays)
    nominal, taken = _paused(base, start, _union(pauses), period.unit, workdays)
    last, rolled = _rolled(nominal, workdays, strict=strict or period.unit == WORKING_DAY)
    return Count(start, base, nominal, last, rolled, tuple(taken), _still(pauses, nominal))


def _still(pauses: Sequence[Pause], nominal: date) -> Pause | None:
    """The first pause that has not ended, if the period was still running when it began."""
    open_ones = [pause for pause in pauses if pause.to is None and pause.from_ <= nominal]
    return min(open_ones, key=_began, default=None)


def _plus(start: date, length: int, unit: str, workdays: Workdays) -> date:
    if unit == WORKING_DAY:
        return workdays.add(start, length)
    if unit == "day":
        return start + timedelta(days=length)
    return add_months(start, length * _MONTHS[unit])


def _paused(
    base: date, start: date, pauses: Sequence[Pause], unit: str, workdays: Workdays
) -> tuple[date, list[tuple[Pause, int]]]:
    """The last day moved by every pause that began while the period ran, and what each pause took out (0: nothing)."""
    last, counted = base, list[tuple[Pause, int]]()
    for pause in pauses:
        running = pause.from_ <= last and start < pause.end
        taken = _count(max(pause.from_, start), pause.end, unit, workdays) if running else 0
        last = workdays.add(last, taken) if unit == WORKING_DAY else last + timedelta(days=taken)
        counted.append((pause, taken))
    return last, counted


def _union(pauses: Iterable[Pause]) -> list[Pause]:
    """Closed pauses in order; two that overlap or touch are one standstill."""
    merged: list[Pause] = []
    for pause in sorted((one for one in pauses if one.to is not None), key=_began):
        if merged and pause.from_ <= merged[-1].end:
            merged.append(_joined(merged.pop(), pause))
        else:
            merged.append(pause)
    return merged


def _joined(first: Pause, second: Pause) -> Pause:
    reasons = "、".join(dict.fromkeys((first.reason, second.reason)))
    return Pause(first.from_, max(first.end, second.end), reasons)


def _rolled(nominal: date, workdays: Workdays, *, strict: bool) -> tuple[date, bool]:
    """The first working day from `nominal` on; when its year is unknown and that may pass, `nominal` and False."""
    try:
        return workdays.next_working(nominal), True
    except Refused:
        if strict:
            raise
        return nominal, False


def _counted(deadline: Deadline, start: date, end: date, workdays: Workdays) -> int:
    """Days after `start` up to `end` that no pause takes out."""
    days = _count(start, end, deadline.unit, workdays)
    for pause in _union(deadline.pauses):
        first, last = max(pause.from_, start), min(pause.end, end)
        days -= _count(first, last, deadline.unit, workdays) if first < last else 0
    return days


def _count(start: date, end: date, unit: str, workdays: Workdays) -> int:
    return workdays.between(start, end) if unit == WORKING_DAY else (end - start).days


def _finished(due: date, finished_on: date, workdays: Workdays) -> Light:
    if finished_on <= due:
        return Light("ok", "按期办结")
    return Light("over", f"超期 {_distance(due, finished_on, workdays)}办结")


def _running(due: date, today: date, workdays: Workdays) -> Light:
    soon = regulations.at(today).clock.soon.value
    if not workdays.loaded(*range(today.year, due.year + 1)):
        left = (due - today).days
        return Light("soon", f"剩余 {left} 日") if left <= soon else Light("ok", "正常")
    left = workdays.between(today, due)
    return Light("soon", f"剩余 {left} 工作日") if left <= soon else Light("ok", "正常")


def _distance(start: date, end: date, workdays: Workdays) -> str:
    """In working days; in natural days where the calendar of a year is missing: a list must still be shown."""
    if not workdays.loaded(*range(start.year, end.year + 1)):
        return f"{(end - start).days} 日"
    days = workdays.between(start, end)
    return f"{days} 工作日" if days else "不足 1 工作日"


def _began(pause: Pause) -> date:
    return pause.from_
