"""The bureau's default schemes: each worked out by hand, for both kinds, and the promises that hold for all of them."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml

from queries.credit_sources import CONTEXT, SOURCES
from rules.kinds import MEDICAL, PHARMACY
from scoring import catalogue, credit, kept
from scoring.formula import columns_of
from scoring.groups import GroupWork

pytestmark = pytest.mark.pure

RATED_ON = date(2026, 6, 30)
SCHEMES = {scheme.key: scheme for scheme in catalogue.defaults()}
EVERY = {scheme.key: scheme for scheme in catalogue.startable()}
FOLDER = Path(__file__).parent / "scenarios" / "credit_defaults"
BOOKS = {key: yaml.safe_load((FOLDER / f"{key}.yaml").read_text("utf-8")) for key in SCHEMES}
CASES = [(key, case) for key, book in BOOKS.items() for case in book]


def rate(key, rows, records=()):
    """`rows` by name of the subject; `records` are (subject, day, class) of the schemes that count events."""
    scheme = EVERY[key]
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
@pytest.mark.parametrize(("size", "points"), [(1, 0), (2, 0), (3, 60), (4, 60)])
def test_who_has_too_few_peers_is_not_compared_and_the_lines_say_so(family, size, points):
    """Of equals each is the best and the median; below three there is nobody to be measured by."""
    row = {"family": family, "peer_group": "甲", "denial_rate": 60, "average_cost": 900}
    rated = rate("thousand_points", [row | {"institution": str(n)} for n in range(size)])
    assert set(rated.results["plus"]) == {points}
    said = rated.lines.filter(pl.col("remark").str.contains("有数据的同类机构不足最少家数"))
    assert set(said["indicator"]) == (set() if points else {"cost", "denial"})


@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
@pytest.mark.parametrize(
    ("found", "gain", "percent"),
    [
        ({}, 0, 100),
        ({"violations_confirmed": 2, "late_filings": 4}, -120, 85.2),  # 100 and 20 of 810: 690/810
        ({"violations_confirmed": 6, "violations_open": 10, "violation_amount": 500_000, "money_overdue": 100_000,
          "rectifications_overdue": 5, "late_filings": 10, "pledges_breached": 2}, -810, 0),
    ],
)  # fmt: skip
def test_what_only_deducts_is_a_corner_of_the_radar_by_what_was_kept_of_it(
    family, found, gain, percent
):
    """At most 300 + 100 + 100 + 100 + 100 + 50 + 60 = 810 may be taken."""
    row = {"institution": "甲", "family": family, "peer_group": "甲", **found}
    (rating,) = kept.ratings(rate("thousand_points", [row]), [row])
    parts = {part.key: part for part in kept.parts(rating["lines"], EVERY["thousand_points"])}
    minus = parts["minus"]
    assert (minus.weight_milli, minus.allowed_milli) == (0, 810_000)
    assert (minus.gain_milli, minus.percent) == (gain * 1000, percent)


@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
@pytest.mark.parametrize("key", SCHEMES)
def test_each_workbook_holds_five_subjects_of_each_family_and_every_grade(key, family):
    own = [case for case in BOOKS[key] if case["facts"].get("family", family) == family]
    assert len(own) >= 5
    reached = {case["expect"]["grade"] for case in BOOKS[key]}
    assert {grade.key for grade in SCHEMES[key].grades} == reached - {None}


@pytest.mark.parametrize("key", SCHEMES)
def test_every_default_is_labelled_as_one_to_be_checked(key):
    scheme = SCHEMES[key]
    assert (scheme.status, scheme.note) == ("editable_default", "请按本地文件核对")
    assert scheme.confidence in ("local", "assumed")
    assert all(item.confidence in ("local", "assumed") for item in scheme.indicators)
    assert key not in [one.key for one in catalogue.schemes()]


# --- promises for any facts ---------------------------------------------------------------------------------

BAD = {  # facts of which more is worse; `FLAGS` among them are yes or no
    "county_four_grades": [
        "violations_confirmed", "violations_open", "violation_amount", "money_overdue", "suspension_days",
        "practitioner_points", "practitioners_stopped", "rectifications_overdue", "late_filings", "supplement_rounds",
        "evaluation_items_failed", "inspections_failed", "pledges_breached", "agreement_terminated", "fraud_found",
        "penalty_unperformed", "blacklisted",
    ],
    "one_m_n": ["serious_violation", "agreement_terminated"],
    "thousand_points": [
        "violations_confirmed", "violations_open", "violation_amount", "money_overdue", "rectifications_overdue",
        "late_filings", "pledges_breached", "denial_rate", "blacklisted",
    ],
    "points_and_years": ["institution_points", "failed_assessments"],
    "eighty_twenty": ["fraud_found"],
    "validity_850": ["blacklisted"],
    "practitioner": ["year_points", "suspended", "revoked", "blacklisted"],
    "legal_representative": [
        "violations_confirmed", "agreements_terminated", "penalties", "penalty_unperformed", "barred", "untrustworthy",
        "blacklisted",
    ],
    "insured_person": ["misuse_cases", "money_overdue", "fraud_found", "blacklisted"],
}  # fmt: skip
RECORDS = ["validity_850", "practitioner", "legal_representative", "insured_person"]
WORDS = ["守信", "轻微失信", "一般失信", "严重失信"]


def is_flag(key, column):
    return next(fact for fact in EVERY[key].facts if fact.column == column).type == "flag"


SCALED = {"violation_amount": 4000, "money_overdue": 4000, "average_cost": 40}  # in yuan
EXAMPLES = 50


def facts_of(key, draw):
    """One subject of either kind: some facts unknown, few flags raised."""
    facts = {"family": draw.choice([MEDICAL, PHARMACY])}
    for fact in EVERY[key].facts:
        if fact.type in ("number", "flag") and draw.random() > 0.15:
            number = draw.choice([0, 0, 0, 1, 1, 2, 3, 5, 12, 40])
            scaled = number * SCALED.get(fact.column, 1)
            facts[fact.column] = scaled if fact.type == "number" else draw.random() < 0.15
    return facts


def crowd(key, draw, size, prefix=""):
    """Subjects of one group of peers."""
    rows = [facts_of(key, draw) for _ in range(size)]
    return [
        row | {"institution": f"{prefix}{n}", "peer_group": prefix} for n, row in enumerate(rows)
    ]


def placed(key, grade):
    """The place of a grade, the best being 0."""
    return [one.key for one in EVERY[key].grades].index(grade)


def by_name(key, rows, records=()):
    found = rate(key, rows, records).results.to_dicts()
    return {row[EVERY[key].subject.key]: row for row in found}


def test_every_scheme_is_asked_what_is_worse():
    assert BAD.keys() == EVERY.keys()


def worsened(key, draw, examples):
    """For each fact and example a group of five, and its twin in which the first has more of what is bad."""
    for column in BAD[key]:
        for n in range(examples):
            before = crowd(key, draw, 5, f"{column}-{n}-")
            more = draw.choice([1, 2, 5, 30]) * SCALED.get(column, 1)
            had = before[0].get(column, 0)  # a number that is not known cannot be said to grow
            if not is_flag(key, column):
                before[0] = before[0] | {column: had}
            worse = True if is_flag(key, column) else had + more
            after = [
                row | {"institution": f"{row['institution']}'", "peer_group": f"{column}-{n}-'"}
                for row in before
            ]
            yield column, before, [after[0] | {column: worse}, *after[1:]]


def check_worse(key, seed, examples):
    worlds = list(worsened(key, random.Random(f"{key} {seed}"), examples))
    found = by_name(key, [row for _, one, two in worlds for row in (*one, *two)])
    settled = 0
    for column, before, after in worlds:
        pairs = [
            (found[one["institution"]]["grade"], found[two["institution"]]["grade"])
            for one, two in zip(before, after, strict=True)
        ]
        (own, worse), *others = pairs
        if own is not None:
            settled += 1
            assert placed(key, worse) >= placed(key, own), (column, before, after[0])
        for then, now in others:  # what another did makes nobody worse; compared with, it may help
            assert then == now or placed(key, now) < placed(key, then), (column, before, after[0])
            assert then == now or column in PEER_RELATIVE, (column, before, after[0])
    assert settled * 2 > len(worlds)


PEER_RELATIVE = {"denial_rate"}  # of the facts above


@pytest.mark.parametrize("key", EVERY)
def test_more_violations_never_raise_a_grade(key):
    check_worse(key, 1, EXAMPLES)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("key", EVERY)
def test_more_violations_never_raise_a_grade_in_a_large_sweep(key, seed):
    check_worse(key, seed, 150)


def test_groups_are_those_of_peers_so_that_one_frame_holds_many():
    steps = [step for scheme in EVERY.values() for step in scheme.steps]
    groups = [step.rule.groups for step in steps if isinstance(step.rule, GroupWork)]
    assert groups
    assert set(groups) == {("peer_group",)}


@pytest.mark.parametrize("key", RECORDS)
def test_one_more_record_of_bad_faith_never_raises_a_grade(key):
    draw, span = random.Random(key), (RATED_ON - date(2020, 1, 1)).days
    rows, records = [], []
    for n in range(60):
        own = [(draw.randrange(span), draw.choice(WORDS)) for _ in range(draw.randrange(9))]
        more = (draw.randrange(span), draw.choice(WORDS[1:]))
        for name, given in ((f"{n}", own), (f"{n}'", [*own, more])):
            family = draw.choice([MEDICAL, PHARMACY])
            rows.append({"institution": name, "family": family, "peer_group": "甲"})
            records += [(name, RATED_ON - timedelta(days=ago), sort) for ago, sort in given]
    found = by_name(key, rows, records)
    for n in range(60):
        before, after = found[f"{n}"], found[f"{n}'"]
        assert after["score"] <= before["score"]
        assert placed(key, after["grade"]) >= placed(key, before["grade"])


VETOES = [(scheme.key, veto.key) for scheme in EVERY.values() for veto in scheme.vetoes]
BY_FLAG = [(key, veto) for key, veto in VETOES if veto in {f.column for f in EVERY[key].facts}]


def test_the_vetoes_that_are_no_flag_are_these_two():
    assert sorted(set(VETOES) - set(BY_FLAG)) == [
        ("county_four_grades", "half_stopped"), ("county_four_grades", "suspended"),
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "veto"), BY_FLAG)
def test_a_veto_outranks_any_score(key, veto):
    """It settles the grade, or holds it down, whatever was earned; what settles before it counts alone."""
    rule = next(one for one in EVERY[key].vetoes if one.key == veto)
    draw = random.Random(f"{key} {veto}")
    before = [one.key for one in EVERY[key].vetoes if one.grade]
    earlier = before[: before.index(veto)] if veto in before else []
    for found in by_name(key, [row | {veto: True} for row in crowd(key, draw, 30)]).values():
        if found["grade"] is None:  # a cap settles nothing where nothing is known
            assert rule.cap
        elif rule.cap:
            assert placed(key, found["grade"]) >= placed(key, rule.cap)
        elif not set(earlier) & set(found["vetoes"].split("、")):
            assert found["grade"] == rule.grade


@pytest.mark.parametrize("key", EVERY)
def test_ties_and_places_do_not_depend_on_the_order_of_rows(key):
    draw = random.Random(key)
    rows = [row for group in "甲乙丙丁" for row in crowd(key, draw, 10, group)]
    mixed = draw.sample(rows, len(rows))
    assert mixed != rows
    assert by_name(key, mixed) == by_name(key, rows)


WEIGHTED = [key for key, scheme in EVERY.items() if scheme.combine.method == "weighted_mean"]


@pytest.mark.parametrize("key", WEIGHTED)
def test_weights_add_up_to_the_whole_scale_whatever_is_missing(key):
    rows = crowd(key, random.Random(key), 60)
    lines = rate(key, rows).lines
    summed = dict(lines.group_by("institution").agg(pl.col("weight").sum()).iter_rows())
    for row in rows:
        known = key != "eighty_twenty" or (
            row.get("assessment_score") is not None
            or (row.get("satisfied") is not None and (row.get("answers") or 0) >= 30)
        )
        assert summed[row["institution"]] == pytest.approx(EVERY[key].combine.scale if known else 0)


# --- what is gathered is weighed, and what is weighed is proved ---------------------------------------------


def read_by(scheme):
    """Every column some part of the scheme reads."""
    items = [*scheme.indicators, *(item for _, item in scheme.extras)]
    asked = [step.reads for step in scheme.steps] + [
        columns_of(item.sql) for item in items if item.sql
    ]
    asked += [columns_of(veto.when) for veto in scheme.vetoes]
    asked += [(item.fact,) for item in items] + [(one.fact,) for one in scheme.ranking.then]
    asked += [(tally.as_of,) for tally in scheme.tallies] + [
        (source.name,) for source in scheme.sources
    ]
    return {name for names in asked for name in names}


def test_every_fact_the_house_gathers_is_weighed_or_stands_aside_for_a_reason():
    weighed = {
        name
        for scheme in EVERY.values()
        if scheme.subject.key == "institution"
        for name in read_by(scheme)
    }
    gathered = {
        name for source in SOURCES for name in source.nothing if not name.endswith("_evidence")
    }
    assert gathered - weighed == CONTEXT.keys()
    assert all(CONTEXT.values())


@pytest.mark.parametrize("key", EVERY)
def test_a_scheme_reads_every_number_it_asks_for(key):
    asked = {fact.column for fact in EVERY[key].facts if fact.type in ("number", "flag")}
    assert asked - read_by(EVERY[key]) <= {"institutions_held"}  # shown on the file of the person


UNPROVED = {"thousand_points": {"commitments"}}  # no paper with a number stands behind it


@pytest.mark.parametrize("key", EVERY)
def test_every_line_names_the_column_of_its_evidence(key):
    scheme = EVERY[key]
    items = [*scheme.indicators, *(item for _, item in scheme.extras), *scheme.vetoes]
    assert {item.key for item in items if not item.evidence} == UNPROVED.get(key, set())


PUBLISHED = {path.stem: credit.load(path) for path in (catalogue.FOLDER / "published").glob("*.yaml")}  # fmt: skip


@pytest.mark.parametrize("key", [*EVERY, *PUBLISHED])
def test_no_number_of_a_rule_hides_in_an_expression(key):
    """Nought, one, a hundred percent and ten thousand yuan are units; levels of 分级 are names."""
    scheme = EVERY.get(key) or PUBLISHED[key]
    items = [*scheme.indicators, *(item for _, item in scheme.extras)]
    sql = [step.sql for step in scheme.steps if step.sql] + [veto.when for veto in scheme.vetoes]
    sql += [one.when for item in items for one in item.remarks]
    bare = [re.sub(r"(THEN|ELSE) \d|\"[^\"]*\"", "", one) for one in sql]
    found = {number for one in bare for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", one)}
    assert found <= {"0", "1", "100", "10000"}
