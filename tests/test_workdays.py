"""Our list of working days against two others that were made by other people."""

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

import regulations
from rules import workdays
from rules.refusal import Refused

pytestmark = pytest.mark.pure

WORKDAYS = workdays.official()
NOTICES = Path(__file__).parents[2] / "shared" / "data" / "holidays"
YEARS = range(2019, 2027)


def every_day(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_the_year_equals_chinesecalendar(year):
    ours = {day: bool(WORKDAYS.is_working(day)) for day in every_day(year)}
    theirs = {day: chinese_calendar.is_workday(day) for day in every_day(year)}
    assert ours == theirs


def test_every_published_day_off_and_make_up_day_equals_the_lists_with_the_notices():
    paths = sorted(NOTICES.glob("20*.json"))
    if not paths:
        pytest.skip("公布的放假安排（../shared/data/holidays）不在此机，未比对")
    for path in paths:
        year = int(path.stem)
        published = {
            (date.fromisoformat(entry["date"]), entry["isOffDay"])
            for entry in json.loads(path.read_text("utf-8"))["days"]
        }
        loaded = next(one for one in regulations.calendar_years() if one.year == year)
        ours = {(day, off) for day, off, _ in loaded.days}
        more = {day for day, off in ours - published if not (off and day.weekday() >= 5)}
        assert published - ours == set()
        assert more == set()  # beyond the published list we only name weekends next to a holiday


def test_every_year_names_its_notices():
    years = regulations.calendar_years()
    assert [one.year for one in years] == list(YEARS)
    assert all(
        one.number.startswith("国办发明电〔") and str(one.year) in one.title for one in years
    )
    assert {one.year: one.number.count("号") for one in years if one.number.count("号") > 1} == {
        2019: 2,
        2020: 2,
    }
    assert all(one.confidence in ("official", "secondary", "assumed") for one in years)
    assert all(one.issued_on < date(one.year, 5, 1) for one in years)


def test_a_make_up_day_is_worked_on_and_says_why():
    working, reason = WORKDAYS.is_working(date(2026, 2, 14))
    assert (working, reason) == (True, "春节调休上班（国办发明电〔2025〕7号）")
    assert not WORKDAYS.is_working(date(2026, 2, 16))
    assert WORKDAYS.is_working(date(2026, 11, 22)) == (False, "星期日")


def test_a_day_off_in_december_cites_the_notice_of_the_coming_year():
    assert WORKDAYS.is_working(date(2022, 12, 31)).reason == "元旦放假（国办发明电〔2022〕16号）"


def test_add_between_and_next_agree_with_each_other():
    start = date(2026, 2, 13)
    assert WORKDAYS.add(start, 0) == start
    assert WORKDAYS.add(start, 1) == date(2026, 2, 14)
    assert WORKDAYS.add(start, 2) == date(2026, 2, 24)
    assert [WORKDAYS.between(start, WORKDAYS.add(start, n)) for n in range(60)] == list(range(60))
    assert WORKDAYS.between(date(2026, 2, 24), start) == -2
    assert WORKDAYS.next_working(date(2026, 10, 1)) == date(2026, 10, 8)
    assert WORKDAYS.next_working(date(2026, 10, 8)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: WORKDAYS.is_working(date(2027, 1, 4)),
        lambda: WORKDAYS.add(date(2026, 12, 30), 2),
        lambda: WORKDAYS.between(date(2026, 12, 30), date(2027, 1, 4)),
    ],
)
def test_a_year_not_loaded_is_refused_by_name(ask):
    with pytest.raises(Refused) as refusal:
        ask()
    assert refusal.value.why.startswith("2027年")
    assert "载入国务院办公厅2027年放假安排" in refusal.value.cure


def test_a_gap_between_loaded_years_is_not_jumped():
    rows = [
        (day, not off, name) for one in regulations.calendar_years() for day, off, name in one.days
    ]
    gapped = workdays.from_rows(rows, {2024: "甲", 2026: "乙"})
    with pytest.raises(Refused, match="2025年"):
        gapped.add(date(2024, 12, 30), 3)
    with pytest.raises(Refused, match="2025年"):
        gapped.between(date(2024, 12, 30), date(2026, 1, 8))


def test_nothing_loaded_refuses_everything():
    with pytest.raises(Refused, match="2026年"):
        workdays.from_rows([], {}).add(date(2026, 5, 6), 1)
