"""Facts from 信用信息: numbers of the latest paper, awards by number, the records themselves, years in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from queries import credit_denials, credit_information
from queries.credit_period import Life, Period, Source, Values, added, first, largest, note
from rules import credit_information as rule
from rules.clocks import add_months
from rules.credit_subjects import CreditSubject
from rules.refusal import Refused
from scoring.scheme import Scheme
from scoring.sources import Tally

RECORDS = "credit_records"  # the name under which a scheme asks for the records themselves
ASSESSED, PASSED, EXCELLENT = "annual_assessment", "assessment_passed", "assessment_excellent"
FIGURES = (
    "assessment_score", PASSED, "institution_points", "satisfied", "answers", "base_got", "base_due", "outpatient_got",
    "outpatient_due", "inpatient_got", "inpatient_due", "chronic_got", "chronic_due", "retail_got", "retail_due",
    "extra_got", "self_inspection_done", "denial_rate", "average_cost", "data_quality",
)  # fmt: skip
FLAGS = {PASSED, "self_inspection_done"}
EVIDENCE = {
    "annual_assessment": "assessment_evidence", "satisfaction_survey": "survey_evidence",
    "performance_sheet": "sheet_evidence", "self_inspection": "self_inspection_evidence",
    "settlement_figures": "settlement_evidence", "data_quality": "data_quality_evidence",
}  # fmt: skip
OWN_EVIDENCE = {credit_denials.RATE: credit_denials.EVIDENCE}  # apart from the rest of its paper
RECORD_EVIDENCE = {
    "守信": "honest_evidence", "轻微失信": "slight_evidence", "一般失信": "ordinary_evidence",
    "严重失信": "grave_evidence",
}  # fmt: skip
NO_RECORDS = dict.fromkeys(RECORD_EVIDENCE.values(), "")
NO_AWARDS = dict.fromkeys(("provincial_awards_evidence", "city_awards_evidence"), "")


def _pieces(period: Period, subject: str, from_on: date | None = None) -> list[Any]:
    region, to_on = period.region, period.to_on
    return credit_information.confirmed(region, subject, from_on=from_on, to_on=to_on)


def _figures(period: Period, lives: list[Life]) -> Values:
    """Of each kind the latest paper of the period; a paper that leaves a number out says nothing about it.

    What was denied of the claims is taken from a paper only where nothing was settled in the period.
    """
    found: Values = defaultdict(dict)
    papers: dict[Any, dict[str, tuple[str, str]]] = defaultdict(dict)
    for key, number, kind, _, _, figures in _pieces(
        period, CreditSubject.INSTITUTION, period.from_on
    ):
        for name, value in figures.items():
            found[key][name] = bool(value) if name in FLAGS else value
            papers[key][name] = (OWN_EVIDENCE.get(name, EVIDENCE[kind]), number)
    for key, own in papers.items():
        for column, number in dict.fromkeys(own.values()):
            note(found[key], column, number)
    for key, settled in credit_denials.rates(period, lives).items():
        found[key].update(settled)
    return found


def awards(period: Period, subject: str) -> Values:
    """Papers of the kinds that are counted by number, in the period."""
    columns = {key: row.extra["counts"] for key, row in rule.kinds(period.to_on).items()}
    found: Values = defaultdict(lambda: {"provincial_awards": 0, "city_awards": 0})
    for key, number, kind, *_ in _pieces(period, subject, period.from_on):
        if columns.get(kind):
            found[key][columns[kind]] += 1
            note(found[key], f"{columns[kind]}_evidence", number)
    return found


def records(period: Period, subject: str) -> Values:
    """What happened by the last day, as events: the day and how the schemes call it.

    How long it counts says the scheme; where that names no months, only what is valid by its own kind is frozen. The
    numbers of what no longer counts are no evidence.
    """
    months = _months(period.scheme)
    classes = {key: row.extra["record_class"] for key, row in rule.kinds(period.to_on).items()}
    found: Values = defaultdict(lambda: {RECORDS: []})
    for key, number, kind, happened, valid_to, _ in _pieces(period, subject):
        if classes.get(kind) and (months or valid_to >= period.to_on):
            event = {"认定日期": happened.isoformat(), "类别": classes[kind]}
            found[key][RECORDS].append(event)
            if not months or _counts(months, classes[kind], happened, period.to_on):
                note(found[key], RECORD_EVIDENCE[classes[kind]], number)
    return found


def _months(scheme: Scheme) -> tuple[Tally, ...]:
    """The counts of the records, where they name months. Refused where some do and others do not."""
    counts = [one for source in scheme.sources if source.name == RECORDS for one in source.tallies]
    named = tuple(one for one in counts if one.months)
    if named and len(named) < len(counts):
        missing = "、".join(f"“{one.label}”" for one in counts if not one.months)
        raise Refused(
            f"方案对信用信息的计数，有的写明有效月数，{missing}没有写明。",
            cure="请在方案中逐项写明有效月数，或者一律不写，按信用信息种类的有效期计算。",
        )
    return named


def _counts(counts: Iterable[Tally], record_class: str, happened: date, on: date) -> bool:
    """Whether a count that takes up records of the class still counts one of that day."""
    every = list(counts)
    own = [one for one in every if not one.where or f"'{record_class}'" in one.where] or every
    return add_months(happened, max(one.months or 0 for one in own)) > on


def _years(period: Period, _lives: list[Life]) -> Values:
    """Assessments in a row, counted back from the last one, that were failed or that were excellent."""
    papers: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    numbers: dict[Any, list[str]] = defaultdict(list)
    for key, number, kind, _, _, figures in _pieces(period, CreditSubject.INSTITUTION):
        if kind == ASSESSED:
            papers[key].insert(0, figures)
            numbers[key].insert(0, number)
    found: Values = {}
    for key, own in papers.items():
        failed, excellent = _run(PASSED, 0, own), _run(EXCELLENT, 1, own)
        found[key] = {
            "failed_assessments": failed,
            "excellent_years": excellent,
            "years_evidence": "、".join(numbers[key][: max(failed, excellent)]),
        }
    return found


def _run(name: str, wanted: int, papers: Iterable[dict[str, Any]]) -> int:
    count = 0
    for figures in papers:
        if figures.get(name) != wanted:
            break
        count += 1
    return count


def _rated_on(period: Period, lives: list[Life]) -> Values:
    return {life.institution_id: {"rated_on": period.to_on.isoformat()} for life in lives}


SOURCES = (
    Source(
        dict.fromkeys(FIGURES) | dict.fromkeys([*EVIDENCE.values(), *OWN_EVIDENCE.values()], ""),
        _figures,
        first,
    ),
    Source(
        {"provincial_awards": 0, "city_awards": 0} | NO_AWARDS,
        lambda period, _: awards(period, CreditSubject.INSTITUTION),
    ),
    Source(
        {RECORDS: []} | NO_RECORDS,
        lambda period, _: records(period, CreditSubject.INSTITUTION),
        added,
    ),
    Source(
        {"failed_assessments": None, "excellent_years": None, "years_evidence": ""}, _years, largest
    ),
    Source({"rated_on": None}, _rated_on, first),
)
