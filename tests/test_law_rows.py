"""Every row of the two orders that has a machine trigger: cases a case worker can read, at the day before, on, after.

Tests elsewhere name their rows by `@pytest.mark.law("P3-08i", refuses=True)`; tests/law_coverage.py says how.
"""

from __future__ import annotations

import pytest

from rules.refusal import Refused
from tests import law_coverage
from tests.law_questions import QUESTIONS

CASES = [
    pytest.param(case, day, answer, id=f"{'+'.join(case['rows']) or 'days'}-{case['name']}-{day}")
    for _file, case in law_coverage.scenarios()
    for day, answer in case["answers"].items()
]


@pytest.mark.parametrize(("case", "day", "answer"), CASES)
def test_a_case_of_the_law_is_answered_as_its_scenario_says(case, day, answer):
    found, said = "passes", ""
    try:
        if QUESTIONS[case["question"]](case["kind"], case["facts"], day) is False:
            found = "refused"
    except Refused as refused:
        found, said = "refused", f"{refused} {refused.basis}"
    assert found == answer, said
    assert found == "passes" or case.get("says", "") in said


def test_every_question_is_asked_and_every_case_is_whole():
    cases = [case for _file, case in law_coverage.scenarios()]
    assert {case["question"] for case in cases} == set(QUESTIONS)
    wanted = {"name", "rows", "kind", "question", "facts", "answers", "source"}
    assert [case["name"] for case in cases if set(case) - {"says"} != wanted] == []
    assert {answer for case in cases for answer in case["answers"].values()} == {
        "passes",
        "refused",
    }
    assert {case["kind"] for case in cases} == {"hospital", "pharmacy"}
    assert len(cases) == len({case["name"] for case in cases}) >= 60


def test_every_row_that_a_test_names_exists():
    names = [name for proof in law_coverage.proofs() for name in proof.rows]
    assert law_coverage.unknown(names) == []
    assert law_coverage.unknown(["P3-99", "M2-12", "Z-01"]) == ["P3-99"]


def test_every_row_the_house_decides_is_proved_both_ways_or_says_why_not():
    lacking, stale = [], []
    for key, one in law_coverage.covered().items():
        whole = bool(one.count("refuses") and one.count("passes"))
        if one.row["trigger"] == "machine" and not whole and "pending" not in one.row:
            lacking.append(key)
        if "pending" in one.row and whole:
            stale.append(key)
    assert (lacking, stale) == ([], [])


def test_the_page_says_what_the_tests_say():
    written = law_coverage.DOCUMENT.read_text("utf-8")
    assert written == law_coverage.document(), "run script/coverage-of-the-law"


def test_every_page_named_beside_a_row_exists(app):
    known = {str(rule) for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    named = {page for row in law_coverage.rows().values() for page in row["pages"]}
    assert named - known == set()
