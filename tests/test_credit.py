"""Rating by scheme: the hand-computed workbook, an exact oracle, and the promises that hold for any facts."""

import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.kinds import MEDICAL, PHARMACY
from rules.refusal import Refused
from scoring import credit
from scoring.explain import describe
from scoring.formula import number, rounded
from tests import credit_oracle as oracle

pytestmark = pytest.mark.pure

FILE = Path(__file__).parent.parent / "schemes" / "county_four_grades.yaml"
TEXT = FILE.read_text("utf-8")
SCHEME = credit.load(FILE)
EMPTY = dict.fromkeys(fact.column for fact in SCHEME.facts)
WORKBOOK = yaml.safe_load((Path(__file__).parent / "scenarios" / "credit.yaml").read_text("utf-8"))
ORDER = [grade.key for grade in SCHEME.grades]
FLAGS = ("agreement_terminated", "fraud_found", "penalty_unperformed", "blacklisted")


def frame(rows):
    return pl.DataFrame([EMPTY | row for row in rows], infer_schema_length=None)


def rate(rows, scheme=SCHEME):
    return credit.rate(frame(rows), scheme)


def one(scheme=SCHEME, **facts):
    row = {"institution": 1, "family": MEDICAL, "peer_group": "医疗", **facts}
    return rate([row], scheme).results.row(0, named=True)


def clean(**facts):
    """A hospital about which everything is known and nothing is wrong."""
    known = {"practitioners": 10, "years_of_service": 3, "self_inspection_done": True}
    return known | {"evaluation_items": 6, "evaluation_items_failed": 0} | facts


# --- the workbook ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workbook():
    rows = [{"institution": case["name"], **case["facts"]} for case in WORKBOOK]
    return {row["institution"]: row for row in rate(rows).results.to_dicts()}


@pytest.mark.parametrize("case", WORKBOOK, ids=lambda case: case["name"])
def test_the_workbook_worked_out_by_hand(case, workbook):
    found = workbook[case["name"]]
    assert {name: found[name] for name in case["expect"]} == pytest.approx(case["expect"], abs=1e-7)


@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
def test_the_workbook_holds_five_subjects_of_each_family_and_every_grade(family):
    own = [case for case in WORKBOOK if case["facts"]["family"] == family]
    assert len(own) >= 5
    assert {case["expect"]["grade"] for case in WORKBOOK} == set(ORDER)


# --- any facts ------------------------------------------------------------------------------------

count = st.none() | st.integers(0, 9)
facts = st.fixed_dictionaries(
    {
        "family": st.sampled_from([MEDICAL, PHARMACY]),
        "peer_group": st.sampled_from(["甲类", "乙类"]),
        "suspension_days": st.none() | st.integers(0, 200),
        "practitioners": st.none() | st.integers(0, 60),
        "years_of_service": st.none() | st.integers(0, 20),
        "self_inspection_done": st.none() | st.booleans(),
        **dict.fromkeys(FLAGS, st.none() | st.sampled_from([False] * 6 + [True])),
        **dict.fromkeys(
            [
                "violations_confirmed", "violations_open", "practitioner_points", "practitioners_stopped",
                "rectifications_overdue", "late_filings", "supplement_rounds",
                "evaluation_items", "evaluation_items_failed",
            ],
            count,
        ),
    }
)  # fmt: skip
several = st.lists(facts, min_size=1, max_size=12)


def numbered(rows):
    return [EMPTY | row | {"institution": n} for n, row in enumerate(rows)]


@settings(max_examples=30, deadline=None)
@given(several)
def test_the_engine_equals_exact_fractions(rows):
    rows = numbered(rows)
    expected = oracle.rated(SCHEME, rows)
    found = rate(rows).results
    scores = [Decimal(str(score)) for score in found["score"]]
    assert list(zip(scores, found["grade"], found["rank"], strict=True)) == expected


@settings(max_examples=30, deadline=None)
@given(several)
def test_the_gains_of_the_lines_add_up_to_the_score(rows):
    result = rate(numbered(rows))
    sums = result.lines.group_by("institution", maintain_order=True).agg(pl.col("gain").sum())
    expected = [pytest.approx(gain, abs=0.005 + 1e-6) for gain in sums["gain"]]
    assert result.results["score"].to_list() == expected


@settings(max_examples=30, deadline=None)
@given(facts, st.sampled_from(["violations_confirmed", "violations_open", "rectifications_overdue",
                               "late_filings", "supplement_rounds", "suspension_days"]), st.integers(1, 50))  # fmt: skip
def test_more_violations_never_raise_a_grade_or_a_score(row, column, more):
    before = one(**row)
    after = one(**{**row, column: (row[column] or 0) + more})
    assert after["score"] <= before["score"]
    assert ORDER.index(after["grade"]) >= ORDER.index(before["grade"])


@settings(max_examples=25, deadline=None)
@given(facts, st.sampled_from(FLAGS))
def test_a_veto_outranks_any_score(row, flag):
    assert one(**{**row, flag: True})["grade"] == "failing"


@settings(max_examples=25, deadline=None)
@given(several, st.randoms(use_true_random=False))
def test_results_do_not_depend_on_the_order_of_rows(rows, shuffler):
    rows = numbered(rows)
    mixed = shuffler.sample(rows, len(rows))
    assert rate(mixed).results.sort("institution").equals(rate(rows).results)


@settings(max_examples=30, deadline=None)
@given(several)
def test_weights_add_up_to_the_scale_whatever_is_missing(rows):
    lines = rate(numbered(rows)).lines.filter(pl.col("weight").is_not_null())
    sums = lines.group_by("institution").agg(pl.col("weight").sum())["weight"]
    assert sums.to_list() == [pytest.approx(100)] * len(rows)


@settings(max_examples=30, deadline=None)
@given(facts)
def test_alone_or_in_a_crowd_a_subject_has_the_same_score_to_the_last_bit(row):
    crowd = rate(numbered([row] * 9)).results["score"].to_list()
    assert crowd == [one(**row)["score"]] * 9


def test_three_thousand_random_subjects_equal_the_oracle():
    random.seed(7)
    numbers = [name for name in oracle.NUMBERS if name != "suspension_days"]
    rows = [
        EMPTY
        | {name: random.choice([None, 0, 0, 1, 2, 3, 7]) for name in numbers}
        | {"suspension_days": random.choice([0, 0, 0, 11, 95]), "years_of_service": random.choice([None, 0, 2, 6])}
        | {"practitioners": random.choice([None, 0, 1, 2, 7, 33]), "evaluation_items": random.choice([None, 6, 7])}
        | {"evaluation_items_failed": random.choice([None, 0, 1, 2]), "self_inspection_done": random.choice([None, True, False])}
        | {"institution": n, "family": random.choice([MEDICAL, PHARMACY]), "peer_group": str(n % 500)}
        for n in range(3_000)
    ]  # fmt: skip
    expected = [oracle.score(SCHEME, oracle.completed(row)) for row in rows]
    found = [Decimal(str(score)) for score in rate(rows).results["score"]]
    assert found == expected


# --- missing facts --------------------------------------------------------------------------------


def test_a_missing_domain_hands_its_weight_to_the_others():
    lines = rate(
        [{"institution": 1, "family": MEDICAL, "peer_group": "甲", **clean(practitioners=None)}]
    ).lines
    weights = dict(lines.select("indicator", "weight").iter_rows())
    assert weights["points_medical"] == 0
    assert weights["confirmed_cases"] == pytest.approx(40 * 100 / 80 * 20 / 40)


def test_a_missing_indicator_is_said_on_its_line():
    lines = rate([{"institution": 1, "family": PHARMACY, "peer_group": "甲"}]).lines
    remarks = dict(lines.select("indicator", "remark").iter_rows())
    assert remarks["points_pharmacy"] == "没有数据，权重由其他指标分担"
    assert remarks["service_years"] == "没有数据，按满分的一半计"
    assert "points_medical" not in remarks


def test_an_unknown_fact_votes_nobody_down():
    text = TEXT.replace("unit: 天, default: 0", "unit: 天").replace(
        "missing: zero", "missing: reweight"
    )
    assert one(credit.load(text), **clean(suspension_days=None))["vetoes"] == ""


@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
def test_evidence_and_basis_stand_on_the_line(family):
    row = {"institution": 1, "family": family, "peer_group": "甲", "violations_confirmed": 1}
    lines = rate(
        [
            row
            | {
                "violations_evidence": ["案1", "案2"],
                "fraud_found": True,
                "penalty_evidence": "决1",
            }
        ]
    ).lines
    found = {line["indicator"]: line for line in lines.to_dicts()}
    assert found["confirmed_cases"]["evidence"] == "案1、案2"
    assert found["confirmed_cases"]["basis"] == "《医疗保障基金使用监督管理条例》第三十三条"
    assert found["fraud_found"]["evidence"] == "决1"
    assert found["fraud_found"]["remark"] == "等级定为不达标"


def test_no_subjects_give_empty_tables():
    empty = rate([{"institution": 1, "family": MEDICAL, "peer_group": "甲"}])
    none = credit.rate(
        frame([{"institution": 1, "family": MEDICAL, "peer_group": "甲"}]).clear(), SCHEME
    )
    assert (none.results.height, none.lines.height) == (0, 0)
    assert none.results.columns == empty.results.columns


# --- facts that do not fit ------------------------------------------------------------------------


def refusal(table, scheme=SCHEME):
    with pytest.raises(Refused) as caught:
        credit.rate(table, scheme)
    return caught.value.why


ROW = {"institution": 1, "family": MEDICAL, "peer_group": "甲"}


def test_absent_columns_are_named():
    assert "late_filings" in refusal(frame([ROW]).drop("late_filings"))


def test_a_subject_must_not_appear_twice():
    assert "不止一次" in refusal(frame([ROW, ROW]))


def test_a_kind_outside_the_scheme_is_refused():
    assert "“school”不在方案之内" in refusal(frame([ROW | {"family": "school"}]))


def test_a_word_among_numbers_is_refused_and_shown():
    assert "“三件”" in refusal(frame([ROW | {"late_filings": "三件"}]))


def test_texts_from_a_sheet_are_read_as_what_they_mean():
    marks = TEXT.replace("\nfacts:", "\nmissing_marks: [未填]\nfacts:")
    sheet = {
        "late_filings": " 2 ",
        "violations_open": "未填",
        "self_inspection_done": "否",
        "practitioners": "",
    }
    plain = {
        "late_filings": 2,
        "violations_open": None,
        "self_inspection_done": False,
        "practitioners": None,
    }
    assert one(credit.load(marks), **sheet) == one(**plain)


def test_the_facts_a_query_must_deliver_are_listed():
    assert SCHEME.fact_columns[:3] == ("institution", "family", "peer_group")
    assert set(SCHEME.fact_columns[3:]) == set(EMPTY)
    assert all(fact.label and (fact.unit or fact.type != "number") for fact in SCHEME.facts)


# --- other parts of the language ------------------------------------------------------------------

SUM = """
key: sample_sum
edition: "1"
label: 示例累加方案
status: draft
confidence: assumed
note: 请核对
basis: 本地参数
source: 测试
subject: {key: "Facility ID", label: 机构}
facts:
  - {column: "Prior Score", label: 上年得分}
  - {column: merits, label: 表彰, default: 0}
  - {column: faults, label: 过失, default: 0}
  - {column: watched, label: 重点监管, type: flag, default: false}
steps:
  - {name: doubled, label: 加倍, sql: '"Prior Score" * 2'}
indicators:
  - {key: prior, label: 上年, domain: all, sql: "doubled / 2", rule: {operator: as_is, full: 100}, missing: stated, missing_points: 30, basis: 甲, confidence: assumed}
  - {key: fault, label: 过失, domain: all, fact: faults, rule: {operator: deduct, full: 0, per: 40, cap: 200}, missing: zero, basis: 乙, confidence: assumed}
domains:
  - {key: all, label: 全部, weight: 1}
combine: {method: sum, base: 850, floor: 0, ceiling: 1000}
bonus:
  cap: 70
  items:
    - {key: merit, label: 表彰, fact: merits, rule: {operator: award, per: 30, cap: 90}, basis: 丙, confidence: assumed}
vetoes:
  - {key: watched, label: 重点监管, when: watched, cap: B, basis: 丁, confidence: assumed}
  - {key: grave, label: 过失三次, when: faults >= 3, grade: C, basis: 丁, confidence: assumed}
  - {key: worse, label: 过失四次, when: faults >= 4, grade: D, basis: 丁, confidence: assumed}
grades:
  - {key: A, label: 甲, at_least: 900}
  - {key: B, label: 乙, at_least: 800}
  - {key: C, label: 丙, at_least: 700}
  - {key: D, label: 丁}
rounding: {mode: down, digits: 0}
ranking: {ties: dense, then: [{fact: merits, first: high}]}
"""


def sums(*rows):
    columns = ("Facility ID", "Prior Score", "merits", "faults", "watched")
    table = pl.DataFrame(rows, schema=columns, orient="row")
    return credit.rate(table, credit.load(SUM))


def test_points_are_added_to_a_base_and_capped():
    found = sums(
        ("a", 50.7, 1, 0, False), ("b", None, 3, 0, False), ("c", 0.0, 0, 9, False)
    ).results
    expected = [930.0, 950.0, 650.0]  # 850+50.7+30 cut; 850+30+70; 850−200
    assert found["score"].to_list() == expected


def test_a_cap_that_bites_has_its_own_line():
    lines = sums(("b", None, 3, 0, False)).lines
    gains = dict(lines.select("indicator", "gain").iter_rows())
    assert gains == {"base": 850, "prior": 30, "fault": 0, "merit": 90, "bonus_cap": -20}


def test_vetoes_are_taken_in_order_and_the_first_settled_grade_stays():
    found = sums(("a", 99.0, 0, 0, True), ("b", 99.0, 0, 3, False), ("c", 99.0, 0, 5, True)).results
    assert found["grade"].to_list() == ["B", "C", "C"]
    assert found["vetoes"].to_list() == ["watched", "grave", "watched、grave、worse"]


def test_ties_share_a_place_and_tie_breaks_part_them():
    found = sums(
        ("a", 60.0, 0, 0, False), ("b", 30.0, 1, 0, False), ("c", 60.0, 0, 0, False), ("d", 9.0, 0, 0, False)
    )  # fmt: skip
    assert found.results["rank"].to_list() == [2, 1, 2, 3]


def test_the_subject_key_keeps_its_published_name():
    assert sums(("a", 1.0, 0, 0, False)).results.columns[0] == "Facility ID"
    assert sums(("a", 1.0, 0, 0, False)).lines.columns[:2] == ["Facility ID", "indicator"]


@pytest.mark.parametrize(
    ("mode", "digits", "value", "expected"),
    [
        ("half_up", 2, 84.995, 85.0),
        ("half_up", 2, 0.285, 0.29),
        ("half_up", 0, 2.5, 3.0),
        ("half_even", 0, 2.5, 2.0),
        ("half_even", 2, 90.625, 90.62),
        ("down", 1, 9.99, 9.9),
        ("down", 2, 0.29, 0.29),
    ],
)
def test_rounding_works_on_decimals_not_on_binary_noise(mode, digits, value, expected):
    assert pl.select(rounded(pl.lit(value), mode, digits)).item() == expected


def test_a_quotient_is_freed_of_binary_noise():
    assert pl.select(number(pl.lit(0.1) + 0.2)).item() == 0.3


@pytest.mark.parametrize(
    ("confirmed", "supplements", "score", "grade"),
    [  # full marks but for fund_use: 30/40, 20/40 of 40 points lost; a supplement takes half a point
        (2, 0, 90.0, "excellent"),
        (2, 1, 89.5, "good"),
        (4, 0, 80.0, "good"),
        (4, 1, 79.5, "passing"),
    ],
)
def test_a_score_on_the_line_reaches_the_grade(confirmed, supplements, score, grade):
    found = one(**clean(violations_confirmed=confirmed, supplement_rounds=supplements))
    assert (found["score"], found["grade"]) == (score, grade)


def test_a_scheme_survives_being_stored_with_the_cycle():
    again = credit.load(SCHEME.model_dump_json(indent=1))
    assert again == SCHEME


# --- uses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "release", "renewal"),
    [
        ("excellent", 100, "建议续签"),
        ("good", 100, "建议续签"),
        ("passing", 70, "整改完成后续签"),
        ("failing", 0, "提交集体研究是否续签"),
    ],
)
def test_a_grade_proposes_release_and_renewal(grade, release, renewal):
    day = date(2026, 11, 23)
    assert SCHEME.use("retention_release", grade, on=day).value == release
    assert SCHEME.use("renewal", grade, on=day).text == renewal
    assert "请按本地文件核对" in SCHEME.use("renewal", grade, on=day).note


def test_a_use_follows_the_day_and_refuses_days_before_it():
    text = TEXT.replace(
        "      2021-05-01:",
        "      2025-01-01: {excellent: 0, good: 10, passing: 30, failing: 80}\n      2021-05-01:",
    )
    scheme = credit.load(text)
    assert scheme.use("inspection_ratio", "failing", on=date(2024, 12, 31)).text == "100%"
    assert scheme.use("inspection_ratio", "failing", on=date(2025, 1, 1)).text == "80%"
    with pytest.raises(Refused):
        scheme.use("inspection_ratio", "failing", on=date(2021, 4, 30))
    with pytest.raises(Refused):
        scheme.use("inspection_ratio", "AAA", on=date(2026, 1, 1))


# --- faults of a scheme ---------------------------------------------------------------------------

FAULTS = [  # old text, new text, words of the fault, words of the cure
    ("domains:\n", "domain:\n", "没有“domain”这个字段", "domains"),
    ("{key: people, label: 人员管理, weight: 20}", "{key: people, label: 人员管理, weight: 0}", "须大于0", "大于0"),
    ("{key: people, label: 人员管理, weight: 20}", "{key: people, label: 人员管理, weight: 二十}", "应为数字", "改为数字"),
    ("{key: people, label: 人员管理, weight: 20}", "{key: people, label: 人员管理}", "缺少“weight”", "补上 weight"),
    ("    fact: violations_confirmed", "    fact: violation_confirmed", "“violation_confirmed”没有定义", "violations_confirmed"),
    ("operator: deduct, full: 20, per: 5}", "operator: minus, full: 20, per: 5}", "不认识的计分方式“minus”", "deduct"),
    ("        - {at_most: 0.2, points: 10}", "        - {at_most: 0, points: 10}", "没有按先后排好", "由小到大"),
    ("    domain: conditions\n    fact: failed_share", "    domain: condition\n    fact: failed_share", "维度“condition”没有定义", "conditions"),
    ("    kinds: [medical]", "    kinds: [hospital]", "机构类别“hospital”没有定义", "medical"),
    ("    when: suspension_days > 0", "    when: suspension_days >", "读不懂", "SQL"),
    ("    when: suspension_days > 0", "    when: suspension_days + 1", "不是一个成立或不成立的条件", "比较"),
    ("    when: suspension_days > 0", "    when: violations_evidence > suspension_days", "", ""),
    ("    when: suspension_days > 0", "    when: days > 0", "算式用到的列“days”没有定义", ""),
    ("    cap: good", "    cap: fine", "等级“fine”没有定义", "可用的有"),
    ("at_least: 80, meaning", "at_least: 95, meaning", "没有由高到低", "逐级降低"),
    ("{excellent: 5, good: 20, passing: 50, failing: 100}", "{excellent: 5, good: 20, passing: 50}", "对不上：failing", "每个等级"),
    ("{excellent: 5, good: 20, passing: 50, failing: 100}", "{excellent: 5, good: 20, passing: 50, failing: 101}", "百分比“101.0”不对", "0 到 100"),
    ("rounding: {mode: half_up,", "rounding: {mode: nearest,", "不能写“nearest”", "half_even"),
    ('edition: "2026"', "edition: 2026", "“edition”应为文字", "加上引号"),
    ("ranking: {ties: min}", "ranking: {ties: min}\nranking: {ties: max}", "写了两次", "只留一个"),
    ("  - key: self_inspection\n", "  - key: late_filings_count\n", "用了2次", "各不相同"),
    ("  - {name: failed_share,", "  - {name: score,", "结果表自用", "换一个"),
    ("unit: 次, default: 0, meaning: 变更", "unit: 次, default: 零, meaning: 变更", "默认值与类型不符", "type"),
    ("floor: 0, ceiling: 100}", "floor: 100, ceiling: 100}", "最低分不低于最高分", "floor"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "why", "cure"), FAULTS, ids=[f[1].strip()[:40] for f in FAULTS]
)
def test_a_fault_names_its_line_and_its_cure(old, new, why, cure):
    assert TEXT.count(old) == 1
    first = TEXT[: TEXT.index(old)].count("\n") + 1
    lines = range(first, first + new.rstrip("\n").count("\n") + 1)
    with pytest.raises(credit.SchemeError) as caught:
        credit.load(TEXT.replace(old, new))
    hits = [
        p for line, p in caught.value.problems if line in lines and why in p.why and cure in p.cure
    ]
    assert hits, str(caught.value)
    assert f"第{caught.value.problems[0][0]}行" in caught.value.why


def test_text_that_is_no_yaml_is_refused_with_its_line():
    with pytest.raises(credit.SchemeError, match="第3行"):
        credit.load("key: a\nedition: b\nlabel: c: d\n")


def test_all_faults_are_told_at_once():
    text = TEXT.replace("weight: 20}", "weight: 0}").replace("mode: half_up", "mode: nearest")
    with pytest.raises(credit.SchemeError) as caught:
        credit.load(text)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    "sql",
    [
        "suspension_days in (select column_1 from read_csv('/etc/hostname'))",
        "exists (TABLE x)",
        "suspension_days > 0 -- 注",
        "'a' = '\\' and suspension_days in (select 1) --'",
        "violations_evidence = 'a\\b'",
        """'"' = '' or suspension_days in (select 1) or '"' = ''""",
    ],
)
def test_a_condition_cannot_look_outside_the_facts(sql):
    text = TEXT.replace("when: suspension_days > 0", f"when: {json.dumps(sql)}")
    with pytest.raises(credit.SchemeError, match="不能用"):
        credit.load(text)


# --- in plain words -------------------------------------------------------------------------------


def test_the_page_of_a_scheme_says_every_part_of_it():
    sections = describe(SCHEME)
    words = "\n".join(
        "\n".join([s.title, *s.text, *(cell for row in s.rows for cell in row)]) for s in sections
    )
    parts = [
        *(fact for fact in SCHEME.facts if fact.type != "text"),  # numbers of papers only prove
        *SCHEME.parameters,
        *SCHEME.steps,
        *SCHEME.indicators,
        *SCHEME.domains,
        *SCHEME.vetoes,
        *SCHEME.grades,
    ]
    assert [part.label for part in parts if part.label not in words] == []
    assert "每件扣5分" in words
    assert "不足60分" in words
    assert all(len(row) == len(s.head) for s in sections for row in s.rows)


def test_every_number_of_the_default_scheme_is_marked_for_checking():
    parts = [
        *SCHEME.indicators,
        *SCHEME.vetoes,
        *(i for _, i in SCHEME.extras),
        *SCHEME.uses.values(),
    ]
    assert {part.confidence for part in parts} <= {"assumed", "local"}
    assert SCHEME.status == "editable_default"
    assert all("请按本地文件核对" in use.note for use in SCHEME.uses.values())


def test_a_page_can_be_made_of_a_scheme_that_only_adds():
    words = "\n".join(text for section in describe(credit.load(SUM)) for text in section.text)
    assert "起始分850分，逐项加分、减分" in words
    assert "再比表彰（多者在前）" in words
