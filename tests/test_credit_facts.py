"""The facts of a cycle: exactly the scheme's columns, counted by hand, alike for hospital and pharmacy."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, select

from actions import violations
from database import session
from models import Agreement
from queries import credit_facts
from queries.credit_sources import SOURCES
from rules.permissions import Role
from scoring import catalogue, frames
from tests import factories, factories_cycle
from tests import factories_agreement as agreements

SCHEME = catalogue.parsed(catalogue.text(factories_cycle.SCHEME))
FROM, TO = factories_cycle.YEAR


def rows(**period):
    given = {"from_on": FROM, "to_on": TO, **period}
    return credit_facts.rows(SCHEME, factories.REGION, **given)


def only(found, place):
    return next(row for row in found if row["institution"] == place.id)


def test_the_frame_has_exactly_the_columns_of_the_scheme(db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    found = rows()
    frame = frames.frame(found, SCHEME)
    assert tuple(frame.columns) == SCHEME.fact_columns
    assert frame["institution"].to_list() == [place.id]


@pytest.mark.law("S-18", passes=True)
def test_what_happened_is_counted_as_one_counts_by_hand(db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    found = only(rows(), place)
    numbers = {name: value for name, value in found.items() if not name.endswith("evidence")}
    expected = dict.fromkeys(SCHEME.fact_columns) | {
        "institution": place.id,
        "family": "pharmacy" if kind == "pharmacy" else "medical",
        "peer_group": "零售药店" if kind == "pharmacy" else "二级医院",
        "violations_confirmed": 1,  # 2 March
        "violations_open": 1,  # 20 May; the one of 10 June comes after the period
        "suspension_days": 30,  # 2 to 31 March
        "practitioners": 4,  # five came, one left in January
        "practitioner_points": 12,  # 3 + 9; 2 were last year's, 4 are not confirmed
        "practitioners_stopped": 1,  # the one with 9
        "supplement_rounds": 1,
        "evaluation_items": 6,
        "evaluation_items_failed": 1,
        "years_of_service": 3,  # since 1 March 2023
        "agreement_terminated": False,
        "violation_amount": 0,
        "money_overdue": 0,
        "inspections": 0,
        "inspections_failed": 0,
        "pledges_breached": 0,
        "rectifications_overdue": 0,
        "late_filings": 0,
        "fraud_found": False,
        "penalty_unperformed": False,
        "blacklisted": False,
    }
    assert numbers == {name: v for name, v in expected.items() if not name.endswith("evidence")}


def test_every_number_names_its_evidence(db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    found = only(rows(), place)
    numbers = {
        name: value.split("、")
        for name, value in found.items()
        if name.endswith("evidence") and value
    }
    # a case decided and another open; points of 3 and 9, of which the 9 suspended; the first agreement of 2023
    assert {name: len(own) for name, own in numbers.items()} == {
        "violations_evidence": 1, "open_evidence": 1, "points_evidence": 2, "stopped_evidence": 1,
        "suspension_evidence": 1, "supplement_evidence": 1, "evaluation_evidence": 1, "service_evidence": 1,
    }  # fmt: skip
    assert numbers["stopped_evidence"][0] in numbers["points_evidence"]
    first = session.scalars(select(Agreement).where(Agreement.term_from == date(2023, 3, 1))).one()
    assert numbers["service_evidence"] == [first.number]


def test_a_quiet_institution_has_noughts_and_what_is_not_recorded_stays_empty(db, staff, kind):
    place = factories_cycle.quiet(kind)
    found = only(rows(), place)
    assert (found["violations_confirmed"], found["suspension_days"], found["practitioners"]) == (
        0,
        0,
        0,
    )
    assert found["evaluation_items"] is None
    assert credit_facts.unsourced(SCHEME) == []
    empty = {fact.column for fact in credit_facts.empty([found], SCHEME)}
    assert empty == {
        "evaluation_items",
        "evaluation_items_failed",
        "self_inspection_done",
        "data_quality",
    }


@pytest.mark.parametrize(
    ("term_from", "term_to", "rated"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), False),
        (date(2025, 1, 2), date(2026, 1, 1), True),
        (date(2026, 5, 31), date(2027, 5, 30), True),
        (date(2026, 6, 1), date(2027, 5, 31), False),
    ],
)
def test_only_who_had_an_agreement_living_in_the_period_is_rated(
    db, kind, term_from, term_to, rated
):
    place = factories.institution(kind)
    agreements.concluded(place, on=date(2024, 12, 20), term_from=term_from, term_to=term_to)
    assert [row["institution"] for row in rows()] == ([place.id] if rated else [])


def test_an_agreement_terminated_in_the_period_is_still_rated_and_says_so(db, staff, kind):
    place = factories.institution(kind)
    agreement = agreements.concluded(place)
    case = agreements.case(agreement, staff, on=date(2026, 4, 1), measure="terminate", number=4)
    agreements.reviewed(case, staff, on=date(2026, 4, 1))
    violations.approve(
        case, opinion="同意。", actor=staff[Role.LEADER], on=date(2026, 4, 1), ban_class="illegal"
    )
    found = only(rows(), place)
    assert found["agreement_terminated"] is True
    assert found["veto_evidence"]
    assert rows(from_on=date(2026, 4, 2)) == []


def test_a_suspension_counts_only_the_days_inside_the_period(db, staff, kind):
    place = factories.institution(kind)
    agreement = agreements.concluded(place)
    agreements.suspended(agreement, staff, on=date(2026, 5, 22))
    assert only(rows(), place)["suspension_days"] == 10  # 22 to 31 May, still open
    assert only(rows(to_on=date(2026, 5, 21)), place)["suspension_days"] == 0
    later = rows(from_on=date(2026, 6, 1), to_on=date(2026, 6, 14))
    assert only(later, place)["suspension_days"] == 14


def test_another_region_does_not_appear(db, staff, kind):
    factories_cycle.quiet(kind, region="990999")
    assert rows() == []


def test_the_number_of_statements_does_not_grow_with_the_institutions(db, staff):
    def statements():
        seen = []

        def listen(*args):
            seen.append(args[2])

        event.listen(db.get_bind(), "before_cursor_execute", listen)
        rows()
        event.remove(db.get_bind(), "before_cursor_execute", listen)
        return len(seen)

    factories_cycle.troubled("hospital", staff)
    few = statements()
    for _ in range(5):
        factories_cycle.troubled("pharmacy", staff)
    assert statements() == few <= 2 * len(SOURCES)
