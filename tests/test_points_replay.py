"""Every past day is worked out again from the ledger, with the rules of then: two editions of the rules lie in it."""

from datetime import date, timedelta

import pytest

import clock
from actions import deductions
from queries import points_ledger as ledger
from queries import practitioners
from rules.permissions import Role
from tests import factories_practitioner as make
from tests import local_law

FIRST, SECOND, LAST = date(2026, 6, 1), date(2026, 6, 15), date(2026, 8, 31)
EDITION = "".join(
    f"{key}: {{values: {{{SECOND}: {{value: {value}, source: house}}}}}}\n"
    for key, value in {"suspend_at": 8, "ban_cumulative": 24}.items()
)
# who → what is given on which day; then what holds from which day on: status, until, total
COURSES = {
    "eight before the second edition, four under it": (
        {date(2026, 6, 14): 8, date(2026, 7, 1): 4},
        {
            FIRST: ("normal", None, 0),
            date(2026, 6, 14): ("normal", None, 8),  # the first edition suspends at nine
            date(2026, 7, 1): ("revoked", date(2028, 7, 1), 12),  # barred for 24 months
        },
    ),
    "eight under the second edition": (
        {SECOND: 8},
        {
            FIRST: ("normal", None, 0),
            SECOND: ("suspended", date(2026, 7, 15), 8),
            date(2026, 7, 16): ("normal", None, 8),
        },
    ),
    "twelve before it, added up": (
        {FIRST: 6, date(2026, 6, 14): 6},
        {
            FIRST: ("normal", None, 6),
            date(2026, 6, 14): ("revoked", date(2027, 6, 14), 12),  # barred for 12 months, for good
        },
    ),
}


@pytest.fixture
def editions(tmp_path):
    with local_law.in_force(tmp_path / "county", {"staff.yaml": EDITION}):
        yield


@pytest.mark.law("S-07", "S-08", passes=True)
@pytest.mark.parametrize("course", COURSES)
def test_what_was_said_on_a_day_is_said_of_it_for_ever(editions, db, staff, kind, course):
    given, holds = COURSES[course]
    row, place = make.practitioner(kind)
    said, day = {}, FIRST
    while day <= LAST:
        with clock.at(day):
            if day in given:
                entry = make.recorded(row, place, given[day], staff[Role.CLERK], decided_on=day)
                deductions.confirm(entry, actor=staff[Role.REVIEWER], on=day)
            standing = practitioners.status(row, day)
            said[day] = (str(standing.status), standing.until, ledger.total(row.id, day))
        day += timedelta(days=1)
    for past, then in said.items():
        wanted = holds[max(first for first in holds if first <= past)]
        again = ledger.replay(row.id, past)
        assert then == wanted, past
        assert (str(again.standing.status), again.standing.until, again.total) == wanted, past
        assert practitioners.status(row, past) == again.standing
