"""The workings a scheme may name: each on numbers done by hand, at its edges, and against exact fractions."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from itertools import pairwise

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rules.refusal import Refused
from scoring import credit
from scoring.explain import describe
from scoring.steps import Rule

pytestmark = pytest.mark.pure

RULE = TypeAdapter(Rule)


def work(rule, rows, **columns):
    """The column a working makes of these rows."""
    frame = pl.DataFrame(rows) if rows else pl.DataFrame(columns, strict=False)
    return frame.with_columns(RULE.validate_python(rule).column().alias("x"))["x"].to_list()


def curve(rule, *values):
    raw = pl.DataFrame({"raw": list(values)}, schema={"raw": pl.Float64})
    return raw.select(RULE.validate_python(rule).points(pl.col("raw")).alias("x"))["x"].to_list()


# --- between ------------------------------------------------------------------------------------------

ACHIEVE = {"operator": "between", "value": "p", "threshold": "t", "benchmark": "b", "better": "high",
           "below": 0, "top": 10, "times": 9, "plus": 0.5, "least": 1, "most": 9}  # fmt: skip
IMPROVE = ACHIEVE | {"must": "exceed", "top": 9, "times": 10, "plus": -0.5, "least": 0}


@pytest.mark.parametrize(
    ("p", "points"),
    [
        (0.799999, 0),
        (0.8, 1),  # 9 × 0 + 0.5 rounds up to 1
        (0.85, 5),  # 9 × ½ + 0.5 = 5
        (0.9 - 1e-6, 9),
        (0.9, 10),
        (0.95, 10),
        (None, None),
    ],
)
def test_achievement_from_threshold_to_benchmark(p, points):
    assert work(ACHIEVE, None, p=[p], t=[0.8], b=[0.9]) == [points]


@pytest.mark.parametrize(
    ("p", "base", "points"),
    [
        (0.70, 0.70, 0),  # as good as before is no improvement
        (0.71, 0.70, 0),  # 10 × 0.05 − 0.5 = 0
        (0.72, 0.70, 1),  # 10 × 0.1 − 0.5 = 0.5, half up
        (0.69, 0.70, 0),
        (0.90, 0.70, 9),
        (0.92, 0.95, 0),  # worse than a baseline that was already beyond the benchmark
        (0.95, 0.95, 0),
        (0.96, 0.95, 9),
        (0.80, None, None),
    ],
)
def test_improvement_from_the_baseline_to_the_benchmark(p, base, points):
    assert work(IMPROVE, None, p=[p], t=[base], b=[0.9]) == [points]


def test_where_fewer_is_better_the_way_runs_downwards():
    low = ACHIEVE | {"better": "low"}
    found = work(low, None, p=[0.801, 0.8, 0.4, 0.0], t=[0.8] * 4, b=[0.0] * 4)
    assert found == [0, 1, 5, 10]


def test_a_way_without_length_is_either_reached_or_missed():
    found = work(ACHIEVE, None, p=[0.7, 0.8, 0.9], t=[0.8] * 3, b=[0.8] * 3)
    assert found == [0, 10, 10]


thousandths = st.integers(-3000, 3000).map(lambda n: Fraction(n, 1000))


def exactly(rule, p, t, b):
    """The same rule in fractions."""
    sign = 1 if rule["better"] == "high" else -1
    done, whole = sign * (p - t), sign * (b - t)
    if done < 0 or (done == 0 and rule.get("must") == "exceed"):
        return rule["below"]
    if sign * (p - b) >= 0:
        return rule["top"]
    value = rule["times"] * done / whole + Fraction(rule["plus"]) + Fraction(1, 2)
    return min(max(math.floor(value), rule["least"]), rule["most"])


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([ACHIEVE, IMPROVE]),
    st.sampled_from(["high", "low"]),
    st.lists(st.tuples(thousandths, thousandths, thousandths), min_size=1, max_size=40),
)
def test_points_between_equal_exact_fractions(rule, better, rows):
    rule = rule | {"better": better}
    found = work(rule, [dict(zip("ptb", map(float, row), strict=True)) for row in rows])
    assert found == [exactly(rule, *row) for row in rows]


def test_a_half_is_never_lost_to_binary_numbers():
    # k/9 of the way: 9·k/9 + 0.5 = k + 0.5 exactly, in floats a little less for some k
    found = work(ACHIEVE | {"least": 0}, None, p=[k / 10 for k in range(9)], t=[0.0] * 9, b=[0.9] * 9)  # fmt: skip
    assert found == [1, 2, 3, 4, 5, 6, 7, 8, 9]


# --- several columns in one ---------------------------------------------------------------------------

ROWS = {"a": [1.0, 1.0, None], "b": [2.0, None, None], "c": [6.0, 4.0, None]}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"operator": "sum"}, [9, 5, None]),
        ({"operator": "mean"}, [3, 2.5, None]),
        ({"operator": "mean", "times": 10}, [30, 25, None]),
        ({"operator": "smallest"}, [1, 1, None]),
        ({"operator": "largest"}, [6, 4, None]),
        ({"operator": "count", "minimum": 0}, [3, 2, 0]),
        ({"operator": "count", "minimum": 3}, [3, None, None]),
        ({"operator": "sum", "minimum": 3}, [9, None, None]),
        # 1·1 + 2·2 + 6·1 = 11 of 4; then 1·1 + 4·1 = 5 of 2
        ({"operator": "weighted_mean", "weights": [1, 2, 1]}, [2.75, 2.5, None]),
    ],
)
def test_what_is_missing_steps_out(rule, expected):
    assert work({"of": ["a", "b", "c"]} | rule, None, **ROWS) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.none() | st.integers(0, 100), min_size=3, max_size=3),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
)
def test_weights_are_shared_anew_over_what_is_known(values, weights):
    known = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None]
    rule = {"operator": "weighted_mean", "of": ["a", "b", "c"], "weights": weights}
    (found,) = work(rule, None, **{n: [v] for n, v in zip("abc", values, strict=True)})
    expected = sum(v * w for v, w in known) / sum(w for _, w in known) if known else None
    assert found == (None if expected is None else pytest.approx(expected))


def test_a_limit_holds_from_both_sides():
    rule = {"operator": "limit", "value": "a", "at_least": 2, "at_most": "b"}
    assert work(rule, None, a=[1.0, 3.0, 9.0, None], b=[5.0] * 4) == [2, 3, 5, None]


ADJUST = {
    "operator": "adjust", "start": "s", "least": 1, "most": 5,
    "changes": [
        {"label": "甲", "when": "p > 0", "add": 2},
        {"label": "乙", "when": "q > 0", "add": -1},
        {"label": "丙", "when": "p > 5", "at_most": 3},
        {"label": "丁", "when": "q > 5", "becomes": 1},
        {"label": "戊", "when": "q > 8", "at_least": 2},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("start", "p", "q", "expected"),
    [
        (4, 1, 0, 5),  # 6 is held at 5 …
        (4, 1, 1, 4),  # … before the next change takes one off
        (1, 0, 1, 1),
        (3, 6, 0, 3),
        (3, 0, 6, 1),
        (3, 0, 9, 2),
        (3, None, None, 3),  # a condition over an unknown fact does not hold
        (None, 1, 6, None),
    ],
)
def test_changes_are_made_one_after_another(start, p, q, expected):
    assert work(ADJUST, None, s=[start], p=[p], q=[q]) == [expected]


# --- the group ----------------------------------------------------------------------------------------

PLACES = {"v": [3.0, 1.0, 3.0, None, 2.0], "g": ["a", "a", "a", "a", "b"]}
RANK = {"operator": "rank", "value": "v", "within": ["g"], "gives": "place"}


@pytest.mark.parametrize(
    ("better", "ties", "expected"),
    [
        ("high", "min", [1, 3, 1, None, 1]),
        ("high", "max", [2, 3, 2, None, 1]),
        ("high", "average", [1.5, 3, 1.5, None, 1]),
        ("high", "dense", [1, 2, 1, None, 1]),
        ("low", "min", [2, 1, 2, None, 1]),
    ],
)
def test_ties_share_a_place_by_the_stated_rule(better, ties, expected):
    assert work(RANK | {"better": better, "ties": ties}, None, **PLACES) == expected


def test_a_percentage_counts_only_those_with_a_number():
    rule = RANK | {"better": "low", "ties": "min", "gives": "percent"}
    # of three: places 2, 1, 2
    expected = [pytest.approx(200 / 3), pytest.approx(100 / 3), pytest.approx(200 / 3), None, 100]
    assert work(rule, None, **PLACES) == expected
    assert work(rule | {"less": 0.5}, None, **PLACES)[1] == pytest.approx(50 / 3)


def test_who_does_not_belong_to_the_comparison_has_no_place_in_it():
    rule = RANK | {"better": "low", "ties": "min", "where": "v < 3"}
    assert work(rule, None, **PLACES) == [None, 1, None, None, 1]


@pytest.mark.parametrize(
    ("gives", "expected"),
    [("mean", 25), ("median", 25), ("min", 10), ("max", 40), ("count", 4), ("sum", 100), ("deviation", (500 / 3) ** 0.5)],
)  # fmt: skip
def test_a_statistic_is_the_same_for_the_whole_group(gives, expected):
    rule = {"operator": "statistic", "value": "v", "gives": gives}
    assert work(rule, None, v=[10.0, 20.0, None, 30.0, 40.0]) == [pytest.approx(expected)] * 5


@pytest.mark.parametrize(
    ("interpolation", "expected"),
    [("linear", 32.5), ("lower", 30), ("higher", 40), ("midpoint", 35), ("nearest", 30)],
)
def test_a_percentile_says_how_it_falls_between_two(interpolation, expected):
    rule = {"operator": "statistic", "value": "v", "gives": "percentile", "percent": 75, "interpolation": interpolation}  # fmt: skip
    assert work(rule, None, v=[10.0, 20.0, 30.0, 40.0])[0] == pytest.approx(expected)


def test_a_z_score_draws_in_the_extremes_first():
    rule = {"operator": "z_score", "value": "v", "deviation": "population", "winsorise": {"low": 25, "high": 75}}  # fmt: skip
    # quarters of 0, 1, 2, 3, 100 are 1 and 3: 1, 1, 2, 3, 3; mean 2, deviation √0.8
    expected = [pytest.approx(x / 0.8**0.5) for x in (-1, -1, 0, 1, 1)]
    assert work(rule, None, v=[0.0, 1.0, 2.0, 3.0, 100.0]) == expected


def test_without_spread_there_is_no_z_score():
    assert work({"operator": "z_score", "value": "v"}, None, v=[2.0, 2.0, None]) == [None] * 3


# --- curves -------------------------------------------------------------------------------------------


def test_a_piecewise_curve_is_level_beyond_its_ends():
    rule = {"operator": "piecewise", "corners": [[0, 10], [10, 5], [20, 0]]}
    assert curve(rule, -1, 0, 4, 10, 15, 20, 21, None)[:7] == [10, 10, 8, 5, 2.5, 0, 0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=6, unique=True),
    st.lists(st.integers(0, 60), min_size=2, max_size=9),
)
def test_a_falling_curve_never_rewards_more(corners, values):
    points = [[x, 100 - n] for n, x in enumerate(sorted(corners))]
    found = curve({"operator": "piecewise", "corners": points}, *sorted(values))
    assert all(one >= two for one, two in pairwise(found))


# --- faults of a working ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (ACHIEVE | {"plus": 0.3}, "0.5 的整数倍"),
        (ACHIEVE | {"least": 10}, "least 大于 most"),
        ({"operator": "weighted_mean", "of": ["a", "b"], "weights": [1]}, "应有2个"),
        ({"operator": "mean", "of": ["a"], "weights": [1]}, "应有0个"),
        ({"operator": "mean", "of": ["a"], "minimum": 2}, "多于"),
        ({"operator": "limit", "value": "a"}, "没有写界限"),
        (RANK | {"better": "low", "ties": "min", "less": 0.5}, "只用于百分比"),
        (RANK | {"better": "low", "ties": "dense", "gives": "percent"}, "dense"),
        ({"operator": "statistic", "value": "v", "gives": "percentile"}, "一起写"),
        ({"operator": "z_score", "value": "v", "winsorise": {"low": 95, "high": 5}}, "low 不低于 high"),
        ({"operator": "piecewise", "corners": [[2, 1], [1, 2]]}, "由小到大"),
        ({"operator": "adjust", "start": 1, "least": 0, "most": 5, "changes": [{"label": "甲", "when": "a", "add": 1, "at_most": 2}]}, "之一"),
    ],
)  # fmt: skip
def test_a_working_that_makes_no_sense_is_refused(rule, why):
    with pytest.raises(ValidationError, match=why):
        RULE.validate_python(rule)


SCHEME = """
key: sample_steps
edition: "1"
label: 示例分步方案
status: draft
confidence: assumed
note: 请核对
basis: 本地参数
source: 测试
subject: {key: code, label: 机构}
peers: {column: area, label: 地区}
missing_marks: [未报]
footnotes: {"3": 停业未报}
facts:
  - {column: closing, label: 评价日, type: date}
  - {column: costs, label: 次均费用, unit: 元}
  - {column: mark, label: 脚注, type: text, optional: true}
sources:
  - name: penalties
    label: 处罚表
    key: code
    facts:
      - {column: happened, header: 处罚日期, label: 处罚日期, type: date}
      - {column: amount, header: 罚款, label: 罚款, unit: 元}
      - {column: sanction, header: 种类, label: 种类, type: text}
    tallies:
      - {column: fines, label: 两年内罚款次数, unit: 次, where: "sanction = '罚款'", dated: happened, as_of: closing, months: 24}
      - {column: faded, label: 逐年减半的处罚, unit: 件, dated: happened, as_of: closing, fading: [{from_month: 12, share: 0.5}, {from_month: 24, share: 0.25}]}
      - {column: money, label: 历年罚款额, unit: 元, sum: amount}
steps:
  - {name: typical, label: 同地区中位数, unit: 元, rule: {operator: statistic, value: costs, gives: median, within: [area]}}
  - {name: apart, label: 与中位数之比, unit: "%", sql: "costs * 100 / typical", rounding: {mode: half_up, digits: 1}}
  - {name: thrift, label: 节约分, fact: apart, rule: {operator: piecewise, corners: [[100, 10], [150, 0]]}}
  - {name: total, label: 合计, rule: {operator: adjust, start: thrift, least: 0, most: 10, changes: [{label: 有罚款, when: fines > 0, add: -2}]}}
domains:
  - {key: all, label: 全部, weight: 1}
indicators:
  - {key: cost, label: 次均费用, domain: all, fact: costs, rule: {operator: shown}, footnote: mark, basis: 甲, confidence: assumed}
  - {key: fine, label: 罚款, domain: all, fact: fines, rule: {operator: shown}, basis: 乙, confidence: assumed}
combine: {method: step, step: total, floor: 0, ceiling: 10}
rounding: {mode: half_up, digits: 1}
ranking: {ties: min}
"""  # fmt: skip


def sample(penalties=(), *, closing="2026-03-31"):
    facts = pl.DataFrame(
        [("甲", "东", closing, "1,000", None), ("乙", "东", closing, "¥1,400.00", None), ("丙", "东", closing, "未报", "3")],
        schema=["code", "area", "closing", "costs", "mark"], orient="row",
    )  # fmt: skip
    events = pl.DataFrame(
        list(penalties), schema=dict.fromkeys(["code", "处罚日期", "罚款", "种类"], pl.String), orient="row"
    )  # fmt: skip
    return credit.rate(facts, credit.load(SCHEME), {"penalties": events})


def test_a_score_that_is_a_step_is_explained_line_by_line():
    rated = sample([("乙", "2025-01-01", "500", "罚款")])
    found = rated.results.to_dicts()
    # median 1200; 83.3 % and 116.7 %: full ten, and 10 × 33.3/50 = 6.66 less two
    assert [row["apart"] for row in found] == [83.3, 116.7, None]
    assert [row["score"] for row in found] == [10, 4.7, None]
    assert [row["rank"] for row in found] == [1, 2, None]
    assert [row["grade"] for row in found] == [None] * 3
    lines = rated.lines.filter(pl.col("code") == "乙").to_dicts()
    assert [line["indicator"] for line in lines] == ["worked", "cost", "fine"]
    assert lines[0]["gain"] == pytest.approx(4.66)
    assert lines[2]["raw"] == 1


def test_a_missing_number_carries_the_publisher_s_footnote():
    lines = sample().lines.filter((pl.col("code") == "丙") & (pl.col("indicator") == "cost"))
    assert lines["remark"].to_list() == ["没有数据；注3：停业未报"]


@pytest.mark.parametrize(
    ("happened", "fines", "faded"),
    [
        ("2026-04-01", 0, 0),  # after the day of the rating
        ("2026-03-31", 1, 1),
        ("2025-04-01", 1, 1),  # one day short of twelve months
        ("2025-03-31", 1, 0.5),
        ("2024-04-01", 1, 0.5),
        ("2024-03-31", 0, 0.25),  # twenty-four months are over
        ("2019-01-01", 0, 0.25),
        ("2025/3/31", 1, 0.5),
        ("03/31/2025", 1, 0.5),
        ("2025年3月31日", 1, 0.5),
        ("2025-03-31 00:00:00", 1, 0.5),
        ("未报", 0, 0),
    ],
)
def test_an_event_counts_while_it_is_valid_and_fades_with_age(happened, fines, faded):
    row = sample([("甲", happened, "1", "罚款")]).results.row(0, named=True)
    working = sample([("甲", happened, "1", "罚款")]).working.row(0, named=True)
    assert (working["fines"], working["faded"]) == (fines, faded)
    assert row["code"] == "甲"


def test_events_are_summed_per_subject_and_none_is_nought():
    events = [("乙", "2020-01-01", "$1,200.50", "罚款"), ("乙", "2026-01-01", "未报", "警告"), ("外", "2026-01-01", "9", "罚款")]  # fmt: skip
    working = sample(events).working
    assert working["money"].to_list() == [0, 1200.5, 0]
    assert working["fines"].to_list() == [0, 0, 0]
    assert working["faded"].to_list() == [0, 1.25, 0]


def test_an_end_of_month_is_kept_within_the_shorter_month():
    # twelve months after 29 February 2024 are over on 28 February 2025
    row = sample([("甲", "2024-02-29", "1", "罚款")], closing="2025-02-27").working.row(0, named=True)  # fmt: skip
    assert row["faded"] == 1
    row = sample([("甲", "2024-02-29", "1", "罚款")], closing="2025-02-28").working.row(0, named=True)  # fmt: skip
    assert row["faded"] == 0.5


def test_a_list_of_events_that_was_not_given_is_asked_for():
    scheme = credit.load(SCHEME)
    facts = pl.DataFrame({"code": ["甲"], "area": ["东"], "closing": [date(2026, 1, 1)], "costs": [1.0]})  # fmt: skip
    with pytest.raises(Refused, match="没有事件表：处罚表"):
        credit.rate(facts, scheme)
    events = pl.DataFrame({"code": ["甲"], "处罚日期": ["2026-01-01"], "罚款": ["1"]})
    with pytest.raises(Refused, match="处罚表缺少列：种类"):
        credit.rate(facts, scheme, {"penalties": events})


def test_results_of_groups_and_events_do_not_depend_on_the_order_of_rows():
    events = [("甲", "2025-01-01", "5", "罚款"), ("乙", "2025-02-01", "6", "罚款")]
    one, two = sample(events), sample(events[::-1])
    assert one.results.equals(two.results)
    facts = one.working.select("code", "area", "closing", "costs", "mark").reverse()
    frame = pl.DataFrame(events, schema=["code", "处罚日期", "罚款", "种类"], orient="row")
    again = credit.rate(facts, credit.load(SCHEME), {"penalties": frame}).results
    assert again.sort("code").equals(one.results.sort("code"))


FAULTS = [
    ("rule: {operator: statistic, value: costs,", "rule: {operator: statistic, value: cost,", "“cost”没有定义", "costs"),
    ("within: [area]", "within: [region]", "“region”没有定义", "可用的有"),
    ("value: costs, gives", "value: mark, gives", "不是数字", "数字列"),
    ('sql: "costs * 100 / typical"', 'sql: "costs * 100 / total"', "“total”没有定义", ""),
    ("fact: apart, rule", "rule", "须且只须写 fact、sql 之一", "fact"),
    ("{name: total, label: 合计, rule", "{name: total, label: 合计, fact: thrift, rule", "自己写明取哪些列", "删去"),
    ("when: fines > 0", "when: fines + 1", "不是一个成立或不成立的条件", "比较"),
    ("corners: [[100, 10], [150, 0]]", "corners: [[150, 10], [100, 0]]", "由小到大", "逐点增大"),
    ("as_of: closing, months", "as_of: costs, months", "事实的日期列“costs”没有定义", "closing"),
    ("sum: amount", "sum: sanction", "事件的数字列“sanction”没有定义", "amount"),
    ("where: \"sanction = '罚款'\"", "where: \"kind = '罚款'\"", "“kind”没有定义", ""),
    ("combine: {method: step, step: total,", "combine: {method: step, step: totals,", "步骤“totals”没有定义", "total"),
    ("combine: {method: step, step: total,", "combine: {method: step,", "一起写", "总分"),
    ("rule: {operator: shown}, footnote", "rule: {operator: show}, footnote", "不认识的计分方式“show”", "shown"),
    ("footnote: mark", "footnote: marks", "脚注列“marks”没有定义", "mark"),
    ("type: date}\n  - {column: costs", "type: date, default: 今天}\n  - {column: costs", "默认值与类型不符", ""),
    ("ranking: {ties: min}", "ranking: {ties: min}\ngraded_by: total", "没有等级", "grades"),
    ("ranking: {ties: min}", "ranking: {ties: min}\ngrades: [{key: a, label: 甲}]", "只有一个等级", "两个"),
    ("floor: 0, ceiling: 10}", "floor: 0, ceiling: 10, minimum: 2}", "多于全部维度", "不超过1"),
    ("operator: adjust, start", "operator: adapt, start", "不认识的计分方式“adapt”", "adjust"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "why", "cure"), FAULTS, ids=[f[1][:50] for f in FAULTS])
def test_a_fault_in_a_step_names_its_line_and_its_cure(old, new, why, cure):
    assert SCHEME.count(old) == 1
    first = SCHEME[: SCHEME.index(old)].count("\n") + 1
    with pytest.raises(credit.SchemeError) as caught:
        credit.load(SCHEME.replace(old, new))
    hits = [
        p
        for line, p in caught.value.problems
        if first <= line <= first + new.count("\n") and why in p.why and cure in p.cure
    ]
    assert hits, str(caught.value)


def test_a_shown_number_cannot_make_a_score():
    with pytest.raises(credit.SchemeError, match="shown 不计分"):
        credit.load(SCHEME.replace("method: step, step: total", "method: sum"))


def test_the_page_says_the_steps_in_words():
    sections = {section.title: section for section in describe(credit.load(SCHEME))}
    words = ["；".join(row) for row in sections["计算步骤"].rows]
    assert "在同一地区的对象中，“次均费用”的中位数" in words[0]
    assert "四舍五入，保留1位小数" in words[1]
    assert "“与中位数之比”：100%得10分，150%得0分，其间按直线计分" in words[2]
    assert "以“节约分”为起点，依次：（1）有罚款的减2" in words[3]
    counted = ["；".join(row) for row in sections["由事件计数得出的数"].rows]
    assert "自处罚日期起24个月内有效" in counted[0]
    assert "满12个月的按50%、满24个月的按25%计" in counted[1]
    assert sections["等级"].text == ("本方案只评分排名，不定等级。",)
    assert "总分就是“合计”" in sections["总分与名次"].text[0]


@pytest.mark.parametrize("name", ["hvbp_fy2024", "five_star_2021_08", "hac_fy2024"])
def test_every_working_of_a_published_scheme_is_said(name):
    scheme = credit.load(yaml_text(name))
    words = "\n".join(cell for s in describe(scheme) for row in s.rows for cell in row)
    assert all(step.name in words and step.label in words for step in scheme.steps)
    assert "None" not in words


def yaml_text(name):
    from scoring import catalogue

    text = (catalogue.FOLDER / "published" / f"{name}.yaml").read_text("utf-8")
    assert yaml.safe_load(text)["key"] == name
    return text
