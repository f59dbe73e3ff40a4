"""The bureau's default schemes: each worked out by hand, for both kinds, and the promises that hold for all of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.kinds import MEDICAL, PHARMACY
from scoring import catalogue, credit

pytestmark = pytest.mark.pure

RATED_ON = date(2026, 6, 30)
SCHEMES = {scheme.key: scheme for scheme in catalogue.defaults()}
FOLDER = Path(__file__).parent / "scenarios" / "credit_defaults"
BOOKS = {key: yaml.safe_load((FOLDER / f"{key}.yaml").read_text("utf-8")) for key in SCHEMES}
CASES = [(key, case) for key, book in BOOKS.items() for case in book]


def rate(key, rows, records=()):
    """`rows` by name of the subject; `records` are (subject, day, class) of the schemes that count events."""
    scheme = SCHEMES[key]
    who = scheme.subject.key
    empty = dict.fromkeys(scheme.fact_columns) | {"rated_on": RATED_ON}
    named = [{who if name == "institution" else name: v for name, v in row.items()} for row in rows]
    facts = pl.DataFrame([empty | row for row in named], infer_schema_length=None)
    names = [who, "认定日期", "类别"]
    events = pl.DataFrame(list(records), schema=names, orient="row", schema_overrides={"认定日期": pl.Date})  # fmt: skip
    return credit.rate(facts, scheme, {source.name: events for source in scheme.sources})


def records_of(case):
    return [(case["name"], *event.values()) for event in case.get("events", [])]


@pytest.fixture(scope="module")
def worked():
    found = {}
    for key, book in BOOKS.items():
        rows = [{"institution": case["name"], **case["facts"]} for case in book]
        records = [record for case in book for record in records_of(case)]
        for row in rate(key, rows, records).results.to_dicts():
            found[key, row[SCHEMES[key].subject.key]] = row
    return found


@pytest.mark.parametrize(("key", "case"), CASES, ids=lambda part: part if isinstance(part, str) else part["name"])  # fmt: skip
def test_the_workbooks_worked_out_by_hand(key, case, worked):
    found = worked[key, case["name"]]
    assert {name: found[name] for name in case["expect"]} == pytest.approx(case["expect"], abs=1e-7)


@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
@pytest.mark.parametrize("key", SCHEMES)
def test_each_workbook_holds_five_subjects_of_each_family_and_every_grade(key, family):
    own = [case for case in BOOKS[key] if case["facts"].get("family", family) == family]
    assert len(own) >= 5
    reached = {case["expect"]["grade"] for case in BOOKS[key]}
    assert {grade.key for grade in SCHEMES[key].grades} - reached <= {"D"}


@pytest.mark.parametrize("key", SCHEMES)
def test_every_default_is_labelled_as_one_to_be_checked(key):
    scheme = SCHEMES[key]
    assert (scheme.status, scheme.note) == ("editable_default", "请按本地文件核对")
    assert scheme.confidence in ("local", "assumed")
    assert all(item.confidence in ("local", "assumed") for item in scheme.indicators)
    assert key not in [one.key for one in catalogue.schemes()]


# --- promises for any facts ---------------------------------------------------------------------------------

BAD = {  # facts of which more is worse
    "one_m_n": ["serious_violation"],
    "thousand_points": ["violations_confirmed", "violations_open", "rectifications_overdue", "late_filings"],
    "points_and_years": ["institution_points", "failed_assessments"],
    "eighty_twenty": [],
    "validity_850": [],
    "practitioner": ["year_points"],
    "legal_representative": ["violations_confirmed", "agreements_terminated", "penalties"],
    "insured_person": ["misuse_cases", "money_overdue"],
}  # fmt: skip
FLAGS = {"serious_violation", "agreement_terminated", "blacklisted", "fraud_found"}
SETTLED = {  # what a veto settles
    "one_m_n": ("agreement_terminated", "E"),
    "thousand_points": ("blacklisted", "D_minus"),
    "validity_850": ("blacklisted", "E"),
    "eighty_twenty": ("fraud_found", "none"),
    "practitioner": ("revoked", "failing"),
    "legal_representative": ("barred", "failing"),
    "insured_person": ("fraud_found", "failing"),
}


def facts_of(key):
    columns = {
        fact.column: st.none() | (st.booleans() if fact.type == "flag" else st.integers(0, 40))
        for fact in SCHEMES[key].facts
        if fact.type in ("number", "flag")
    }
    return st.fixed_dictionaries({"family": st.sampled_from([MEDICAL, PHARMACY]), **columns})


def placed(key, grade):
    """The place of a grade, the best being 0."""
    return [one.key for one in SCHEMES[key].grades].index(grade)


WORSE = [(key, column) for key, columns in BAD.items() for column in columns]


@pytest.mark.parametrize(("key", "column"), WORSE)
@settings(max_examples=10, deadline=None)
@given(st.data(), st.integers(1, 30))
def test_more_violations_never_raise_a_grade(key, column, data, more):
    one = data.draw(facts_of(key)) | {"peer_group": "甲"}
    worse = True if column in FLAGS else (one[column] or 0) + more
    before, after = (
        rate(key, [row | {"institution": "甲"}]).results.row(0, named=True)
        for row in (one, one | {column: worse})
    )
    if before["grade"] is not None:
        assert placed(key, after["grade"]) >= placed(key, before["grade"])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.dates(date(2020, 1, 1), RATED_ON), st.sampled_from(["守信", "轻微失信", "一般失信", "严重失信"])), max_size=8),
    st.dates(date(2020, 1, 1), RATED_ON),
    st.sampled_from(["轻微失信", "一般失信", "严重失信"]),
)  # fmt: skip
def test_one_more_record_of_bad_faith_never_raises_a_grade(records, day, sort):
    row = {"institution": "甲", "family": MEDICAL, "peer_group": "甲"}
    before = rate("validity_850", [row], [("甲", *one) for one in records]).results
    after = rate("validity_850", [row], [("甲", *one) for one in [*records, (day, sort)]]).results
    assert after["score"][0] <= before["score"][0]


@pytest.mark.parametrize("key", SETTLED)
@settings(max_examples=10, deadline=None)
@given(st.data())
def test_a_veto_outranks_any_score(key, data):
    flag, grade = SETTLED[key]
    row = data.draw(facts_of(key)) | {flag: True, "institution": "甲", "peer_group": "甲"}
    assert rate(key, [row]).results["grade"][0] == grade


@pytest.mark.parametrize("key", SCHEMES)
@settings(max_examples=10, deadline=None)
@given(st.data())
def test_ties_and_places_do_not_depend_on_the_order_of_rows(key, data):
    drawn = data.draw(st.lists(facts_of(key), min_size=2, max_size=6))
    rows = [row | {"institution": str(n), "peer_group": "甲"} for n, row in enumerate(drawn)]
    mixed = data.draw(st.permutations(rows))
    assert rate(key, mixed).results.sort(SCHEMES[key].subject.key).equals(rate(key, rows).results)


@settings(max_examples=25, deadline=None)
@given(facts_of("eighty_twenty"))
def test_weights_are_two_hundred_whatever_is_missing(row):
    lines = rate("eighty_twenty", [row | {"institution": "甲", "peer_group": "甲"}]).lines
    weights = lines.filter(pl.col("weight").is_not_null())["weight"].sum()
    known = row["assessment_score"] is not None or (row["satisfied"] is not None and (row["answers"] or 0) >= 30)  # fmt: skip
    assert weights == pytest.approx(200 if known else 0)
