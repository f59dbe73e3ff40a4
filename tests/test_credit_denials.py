"""扣款率 of a rating: what was denied of what was claimed, by the statements settled in the period; else by the paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import credit_information, settlements, statement_appeals
from database import session
from models import Agreement, Rating
from queries import credit_facts, record_corrections
from rules.insurance import InsuranceKind
from rules.permissions import Role
from scoring import catalogue
from tests import factories, factories_credit, factories_cycle
from tests import factories_money as money
from tests.web import client_for

DAY = timedelta(days=1)
FROM, TO = factories_cycle.YEAR  # 1 January to 31 May 2026
SETTLED = date(2026, 4, 10)
SCHEME = "thousand_points"


@pytest.fixture
def place(db, staff, kind):
    return factories_cycle.quiet(kind)


def agreement_of(place):
    return session.scalars(select(Agreement).where(Agreement.institution_id == place.id)).one()


def settled(place, staff, *, claimed, denied, on=SETTLED, month=date(2026, 3, 1), **values):
    """One line of so many 元, of which so many are denied; settled on the day."""
    agreement = agreement_of(place)
    lines = [money.line(1, claimed * 100, service_date=month)]
    row = money.received(agreement, staff, lines=lines, month=month, on=on, **values)
    if denied:
        money.deny(row, staff, 1, denied * 100, on=on)
    money.told(money.audited(row, staff, on=on), staff, on=on)
    if denied:
        owner = factories.actor(Role.INSTITUTION, institution=place)
        statement_appeals.accept(row, actor=owner, on=on)
    return money.settled(row, staff, on=on)


def paper(place, staff, rate="4", cost="120"):
    figures = {"denial_rate": rate, "average_cost": cost}
    return factories_credit.confirmed(
        place, "settlement_figures", date(2026, 4, 20), staff, figures=figures
    )


def known(place, **period):
    """(rate, its evidence) of the period."""
    scheme = catalogue.parsed(catalogue.text(SCHEME))
    given = {"from_on": FROM, "to_on": TO, **period}
    rows = credit_facts.rows(scheme, factories.REGION, **given)
    row = next(one for one in rows if one["institution"] == place.id)
    return row["denial_rate"], row["denial_evidence"]


def test_it_is_denied_of_claimed_over_every_statement_settled_in_the_period(staff, place):
    first = settled(place, staff, claimed=300, denied=10)
    second = settled(place, staff, claimed=100, denied=0, insurance=InsuranceKind.RESIDENT)
    # 10 of 400
    assert known(place) == (2.5, f"{first.number}、{second.number}")


def test_nothing_denied_is_nought_and_nothing_settled_is_not_recorded(staff, place):
    assert known(place) == (None, "")
    row = settled(place, staff, claimed=300, denied=0)
    assert known(place) == (0, row.number)


def test_what_is_not_settled_or_was_sent_back_does_not_count(staff, place):
    agreement = agreement_of(place)
    month = date(2026, 3, 1)
    money.received(
        agreement, staff, lines=[money.line(service_date=month)], month=month, on=SETTLED
    )
    row = settled(place, staff, claimed=200, denied=20, insurance=InsuranceKind.RESIDENT)
    assert known(place) == (10, row.number)
    settlements.send_back(row, reason="金额有疑问。", actor=staff[Role.LEADER], on=SETTLED)
    assert known(place) == (None, "")


@pytest.mark.parametrize(
    ("on", "counts"),
    [(SETTLED - DAY, False), (SETTLED, True), (SETTLED + DAY, True)],
)
def test_the_day_of_the_settlement_lies_in_the_period_from_its_first_day_on(
    staff, place, on, counts
):
    settled(place, staff, claimed=200, denied=20, on=on)
    assert known(place, from_on=SETTLED)[0] == (10 if counts else None)


@pytest.mark.parametrize(
    ("on", "counts"),
    [(SETTLED - DAY, True), (SETTLED, True), (SETTLED + DAY, False)],
)
def test_and_to_its_last_day(staff, place, on, counts):
    settled(place, staff, claimed=200, denied=20, on=on)
    assert known(place, to_on=SETTLED)[0] == (10 if counts else None)


def test_a_paper_counts_only_where_nothing_was_settled(staff, place):
    row = paper(place, staff)
    assert known(place) == (4, row.number)
    statement = settled(place, staff, claimed=200, denied=20)
    assert known(place) == (10, statement.number)
    scheme = catalogue.parsed(catalogue.text(SCHEME))
    (facts,) = credit_facts.rows(scheme, factories.REGION, from_on=FROM, to_on=TO)
    assert (facts["average_cost"], facts["settlement_evidence"]) == (120, row.number)


def test_places_under_one_code_share_the_rate_of_all_their_statements(staff, kind, place):
    branch = factories_cycle.quiet(kind, uscc=place.uscc)
    first = settled(place, staff, claimed=100, denied=10)
    second = settled(branch, staff, claimed=300, denied=0)
    # 10 of 400, and neither 10 % nor 0 %
    assert known(place) == (2.5, f"{first.number}、{second.number}")


def test_where_only_the_second_place_has_something_it_speaks_for_the_code(staff, kind, place):
    branch = factories_cycle.quiet(kind, uscc=place.uscc)
    row = paper(branch, staff)
    assert known(place) == (4, row.number)


@pytest.mark.once
def test_the_number_of_the_statement_opens_its_page_for_the_agency_and_its_sums_in_the_portal(
    app, db, staff
):
    place = factories_cycle.quiet("pharmacy")
    row = settled(place, staff, claimed=200, denied=20)
    cycle = factories_cycle.published(staff, scheme=SCHEME)
    owner = factories.actor(Role.INSTITUTION, institution=place, name="示例机构经办人")
    db.commit()
    rating = db.scalars(select(Rating).where(Rating.cycle_id == cycle.id)).one()
    page = client_for(app, staff[Role.CLERK]).get(f"/ratings/{rating.id}").text
    assert f'<a href="/settlements/{row.id}">{row.number}</a>' in page
    portal = client_for(app, owner)
    assert row.number in portal.get("/portal/grades").text
    record = portal.get("/portal/grades/record", query_string={"number": row.number})
    assert record.status_code == 200
    for words in ("2026-03", "200.00元", "20.00元"):
        assert words in record.text


@pytest.mark.once
def test_a_revoked_paper_leaves_alone_what_rests_on_statements(db, staff):
    place = factories_cycle.quiet("pharmacy")
    row = paper(place, staff)
    statement = settled(place, staff, claimed=200, denied=20)
    cycle = factories_cycle.published(staff, scheme=SCHEME)
    rating = db.scalars(select(Rating).where(Rating.cycle_id == cycle.id)).one()
    on = factories_cycle.ON + DAY
    settlements.send_back(statement, reason="金额有疑问。", actor=staff[Role.LEADER], on=on)
    credit_information.revoke(row, reason="撤销。", actor=staff[Role.REVIEWER], on=on)
    session.flush()
    (gone,) = record_corrections.of_rating(rating)
    assert {change.fact for change in gone.changes} == {"average_cost", "settlement_evidence"}
