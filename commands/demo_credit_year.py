"""The rating cycles of the demo year: one corrected and filed away, one published lately, one in every other state."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from commands.demo_agenda import ONE_DAY, Agenda
from commands.demo_credit import Rated, Round
from commands.demo_credit_drafts import Drafts, adopt_defaults
from commands.demo_credit_objections import frozen, open_objections
from commands.demo_people import Cast
from rules.lifecycle import CycleState

HALF = timedelta(days=181)
CLOSING = timedelta(days=4)  # from the end of a rated period to its computation
QUARTER = timedelta(days=100)


def write(agenda: Agenda, cast: Cast, first: date) -> None:
    """The schemes approved first; then half a year, the rest published lately, and runs that wait for somebody."""
    end = agenda.end
    half, late = first + HALF, agenda.work(end, -10) - CLOSING
    lately = f"{late.year}年第{(late.month - 1) // 3 + 1}季度"
    second = f"{end.year}年第二次信用评价"
    rest = (half + ONE_DAY, late)
    rounds = (
        (
            half + timedelta(days=10),
            Round(f"{half.year}年第一次信用评价", first, half, decided=70, again=True),
        ),
        (agenda.work(end, -10), Round(second, *rest, decided=24)),
        (agenda.work(end, -9), Round(f"{lately}药品目录评价", *rest, CycleState.DECIDED)),
        (agenda.work(end, -4), Round(f"{lately}结算清单评价", *rest, CycleState.ANNOUNCED)),
        (
            agenda.work(end, -3),
            Round(f"{lately}专项评价", end - QUARTER, late, CycleState.REVIEWED),
        ),
        (
            agenda.work(end, -1),
            Round(f"{end.year}年年度预评价", first, late, CycleState.COMPUTED),
        ),
    )
    agenda.put(agenda.work(first + ONE_DAY), partial(adopt_defaults, cast))
    for day, plan in rounds:
        agenda.put(agenda.work(day), Rated(agenda, cast, plan).compute)
    agenda.put(agenda.work(end, -2), Drafts(cast, second).play)
    agenda.put(agenda.work(end, -1), partial(frozen, cast, rest))
    agenda.put(end, partial(open_objections, agenda, cast, second))
