"""Points of a calendar year and the measures they bring: every boundary, the year's end, one decision against many."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.points import Entry, PointsLaw, Revoke, Suspend, crossing, legal_day, year_total

pytestmark = pytest.mark.pure

LAW = PointsLaw(
    suspend_at=9,
    terminate_at=12,
    suspend_min=1,
    suspend_max=6,
    ban_cumulative=12,
    ban_single=36,
    months={9: 1, 10: 3, 11: 5},
    suspend_basis="甲",
    revoke_basis="乙",
)
DAY = date(2026, 6, 1)


def suspend(months, total, *, prolongs=False):
    return Suspend(months, "甲", total, prolongs)


def revoke(how, total):
    return Revoke({"single": 36, "cumulative": 12}[how], "乙", how, total)


def entries(*points, on=DAY):
    """Each from a decision of its own."""
    return [Entry(p, on, f"决定{n}") for n, p in enumerate(points)]


def measures(*points):
    """What each entry of a ledger brings in turn."""
    ledger = entries(*points)
    return [crossing(ledger[:n], entry, LAW) for n, entry in enumerate(ledger)]


CASES = [  # points in turn, the measure each brings
    ([8], [None]),
    ([9], [suspend(1, 9)]),
    ([10], [suspend(3, 10)]),
    ([11], [suspend(5, 11)]),
    ([12], [revoke("single", 12)]),
    ([8, 1], [None, suspend(1, 9)]),
    ([8, 3], [None, suspend(5, 11)]),
    ([8, 4], [None, revoke("cumulative", 12)]),
    ([9, 3], [suspend(1, 9), revoke("cumulative", 12)]),
    ([3, 3, 3, 3, 3], [None, None, suspend(1, 9), revoke("cumulative", 12), None]),
    ([6, 3, 3], [None, suspend(1, 9), revoke("cumulative", 12)]),
    ([5, 7], [None, revoke("cumulative", 12)]),
    ([7, 5], [None, revoke("cumulative", 12)]),
    ([1, 11], [None, revoke("cumulative", 12)]),
    ([1, 12], [None, revoke("single", 13)]),
    ([9, 1, 1], [suspend(1, 9), suspend(3, 10, prolongs=True), suspend(5, 11, prolongs=True)]),
    ([8, 4, 12], [None, revoke("cumulative", 12), revoke("single", 24)]),
    ([12, 12], [revoke("single", 12), revoke("single", 24)]),
    ([12, 3], [revoke("single", 12), None]),
    ([9, -1, 1], [suspend(1, 9), None, suspend(1, 9)]),
    ([6, -4, 6], [None, None, None]),
    ([6, -6, 3, 6], [None, None, None, suspend(1, 9)]),
]


@pytest.mark.parametrize(("points", "expected"), CASES, ids=lambda value: str(value)[:30])
@pytest.mark.law("S-07", "S-08", refuses=True, passes=True)
def test_each_entry_brings_the_measure_of_the_threshold_it_crosses(points, expected):
    assert measures(*points) == expected


@pytest.mark.law("S-08", passes=True)
def test_points_of_one_decision_count_as_given_at_once():
    together = [Entry(6, DAY, "决定"), Entry(6, DAY, "决定")]
    apart = entries(6, 6)
    assert crossing(together[:1], together[1], LAW) == revoke("single", 12)
    assert crossing(apart[:1], apart[1], LAW) == revoke("cumulative", 12)


def test_a_second_total_in_the_same_row_of_the_table_prolongs_nothing():
    law = replace(LAW, months={9: 3})
    ledger = entries(9, 1)
    assert crossing(ledger[:1], ledger[1], law) is None


@pytest.mark.parametrize(("months", "expected"), [({9: 9}, 6), ({9: 0}, 1), ({}, 1)])
@pytest.mark.law("S-10", refuses=True, passes=True)
def test_a_local_table_cannot_leave_the_statutory_range(months, expected):
    assert replace(LAW, months=months).suspension_months(9) == expected


YEAR_END = [  # first entry, day of the second (each 6 points), measure of the second
    (date(2026, 12, 31), date(2026, 12, 31), revoke("cumulative", 12)),
    (date(2026, 12, 31), date(2027, 1, 1), None),
    (date(2026, 1, 1), date(2026, 12, 31), revoke("cumulative", 12)),
    (date(2025, 12, 31), date(2026, 1, 1), None),
]


@pytest.mark.parametrize(("first", "second", "expected"), YEAR_END)
@pytest.mark.law("S-04", refuses=True, passes=True)
def test_a_new_year_starts_from_nothing(first, second, expected):
    assert crossing([Entry(6, first, "甲")], Entry(6, second, "乙"), LAW) == expected


def test_an_entry_dated_back_meets_what_was_confirmed_later_in_its_year():
    later = Entry(6, date(2026, 9, 1), "甲")
    assert crossing([later], Entry(6, date(2026, 3, 1), "乙"), LAW) == revoke("cumulative", 12)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (date(2026, 12, 31), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
@pytest.mark.law("S-04", "S-06", passes=True)
def test_the_legal_day_is_the_day_in_shanghai(moment, expected):
    assert legal_day(moment) == expected


def test_an_instant_without_zone_has_no_legal_day():
    with pytest.raises(ValueError, match="time zone"):
        legal_day(datetime(2026, 1, 1))  # noqa: DTZ001 — the naive instant is the fault under test


LEDGER = [
    Entry(4, date(2025, 12, 31), "甲"),
    Entry(3, date(2026, 1, 1), "乙"),
    Entry(2, datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "丙"),
    Entry(5, date(2026, 12, 31), "丁"),
    Entry(-1, date(2026, 12, 31), "戊"),
]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 30), 0),
        (date(2025, 12, 31), 4),
        (date(2026, 1, 1), 3),
        (date(2026, 12, 30), 3),
        (date(2026, 12, 31), 7),
        (date(2027, 1, 1), 2),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), 2),
    ],
)
@pytest.mark.law("S-04", refuses=True, passes=True)
def test_the_total_counts_the_calendar_year_up_to_the_day(day, expected):
    assert year_total(LEDGER, day) == expected


def test_a_total_is_never_below_nothing():
    assert year_total(entries(2, -4), DAY) == 0


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_somebody_is_revoked_exactly_when_the_points_reach_the_upper_threshold(points):
    found = measures(*points)
    revoked = [measure for measure in found if isinstance(measure, Revoke)]
    assert bool(revoked) == (sum(points) >= 12)
    assert [m.how for m in revoked].count("single") == points.count(12)
    suspended = [m for m in found if isinstance(m, Suspend) and not m.prolongs]
    totals = [sum(points[: n + 1]) for n in range(len(points))]
    assert len(suspended) == any(9 <= total < 12 for total in totals)


def test_the_values_come_from_the_law_of_the_day():
    law = PointsLaw.on(date(2026, 6, 1))
    assert (law.suspend_at, law.terminate_at) == (9, 12)
    assert (law.ban_cumulative, law.ban_single) == (12, 36)
    assert all(
        law.suspend_min <= law.suspension_months(total) <= law.suspend_max for total in (9, 10, 11)
    )
    assert "医保发〔2024〕23号" in law.suspend_basis
