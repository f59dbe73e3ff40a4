"""How long a record of good or bad faith counts: as the scheme says, and as its kind says where the scheme is silent."""

from __future__ import annotations

import copy
from datetime import date

import pytest

from actions import cycles
from queries import credit_facts
from rules.refusal import Refused
from scoring import catalogue
from scoring.changes import loaded, written
from tests import factories, factories_credit, factories_cycle

FROM, TO = factories_cycle.YEAR  # to 31 May 2026
TEXT = catalogue.text("validity_850")
SLIGHT = 1  # the place of 轻微失信 among the counts: twelve months in the file, as its kind says


def scheme_with(**months):
    """The scheme with other months for slight records; `None` names none, and `every` changes all counts."""
    given = copy.deepcopy(loaded(TEXT))
    counts = given["sources"][0]["tallies"]
    for place, count in enumerate(counts):
        wanted = months.get("every", ...) if place != SLIGHT else months.get("slight", months.get("every", ...))  # fmt: skip
        if wanted is None:
            count.pop("months")
            count.pop("fading", None)
        elif wanted is not ...:
            count["months"] = wanted
    return written(given)


def facts(text):
    (row,) = credit_facts.rows(catalogue.parsed(text), factories.REGION, from_on=FROM, to_on=TO)
    return row


def score(staff, text, monkeypatch):
    monkeypatch.setattr(catalogue, "text", lambda key: text)
    cycle = factories_cycle.started(staff, scheme="validity_850")
    assert cycles.differences(cycle) == []
    (rating,) = cycle.ratings
    return rating.score


def slight(kind, staff, on):
    place = factories_cycle.quiet(kind)
    return factories_credit.confirmed(place, "slight", on, staff)


@pytest.mark.parametrize(
    ("on", "points"),
    [
        (date(2024, 5, 31), 850),  # twenty-four months are over on the last day of the period
        (date(2024, 6, 1), 830),  # they end the day after: one slight record takes 20
        (date(2025, 5, 31), 830),  # beyond the twelve months of the kind
    ],
)
def test_months_longer_than_those_of_the_kind_count(staff, kind, monkeypatch, on, points):
    row = slight(kind, staff, on)
    text = scheme_with(slight=24)
    assert score(staff, text, monkeypatch) == points
    assert facts(text)["slight_evidence"] == (row.number if points == 830 else "")


@pytest.mark.parametrize(
    ("on", "points"), [(date(2025, 11, 30), 850), (date(2025, 12, 1), 830), (TO, 830)]
)
def test_shorter_ones_as_well(staff, kind, monkeypatch, on, points):
    """Six months from 30 November end on 29 May."""
    slight(kind, staff, on)
    assert score(staff, scheme_with(slight=6), monkeypatch) == points


@pytest.mark.parametrize(
    ("on", "points"),
    [(date(2025, 5, 31), 850), (date(2025, 6, 1), 830), (date(2025, 6, 2), 830)],
)
def test_where_the_scheme_names_none_the_months_of_the_kind_hold(
    staff, kind, monkeypatch, on, points
):
    slight(kind, staff, on)
    assert score(staff, scheme_with(every=None), monkeypatch) == points


def test_the_facts_keep_what_happened_so_that_other_months_can_be_tried(staff, kind):
    slight(kind, staff, date(2024, 3, 1))
    event = {"认定日期": "2024-03-01", "类别": "轻微失信"}
    found = facts(TEXT)
    assert (found["credit_records"], found["slight_evidence"]) == ([event], "")


def test_a_scheme_that_names_months_for_some_counts_only_is_refused(staff, kind):
    slight(kind, staff, date(2026, 3, 1))
    with pytest.raises(Refused, match="“轻微失信”没有写明"):
        facts(scheme_with(slight=None))


def test_every_default_names_months_for_all_its_counts_or_for_none():
    for scheme in catalogue.defaults():
        counts = [one.months for source in scheme.sources for one in source.tallies]
        assert all(counts) or not any(counts)
