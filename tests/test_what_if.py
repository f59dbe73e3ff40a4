"""The arithmetic of a trial: without a change it is the result; with one, everybody who moves and why. Pure."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import naive_scores
from rules.kinds import MEDICAL, PHARMACY
from rules.refusal import Refused
from scoring import catalogue, changes, credit, elimination, frames, what_if
from scoring.changes import ChangeError
from scoring.places import places
from scoring.reading import SchemeError
from scoring.step_words import bottom_words
from scoring.uses import Elimination
from tests import credit_oracle as oracle

pytestmark = pytest.mark.pure

TEXT = catalogue.text("county_four_grades")
SCHEME = catalogue.parsed(TEXT)
SCHEMES = [*catalogue.schemes(), *catalogue.defaults()]
BY_LINE = {"grades.good.at_least": "81"}


def row(key, family=MEDICAL, **facts):
    """Nothing is wrong with it: 100 points, 15 of them for conditions."""
    known = {"practitioners": 10, "years_of_service": 3, "self_inspection_done": True}
    known |= {"evaluation_items": 6, "evaluation_items_failed": 0}
    return {"institution": key, "family": family, "peer_group": f"组{family}", **known, **facts}


def crowd(size, seed=7):
    draw = random.Random(seed)
    return [
        row(
            number,
            draw.choice([MEDICAL, PHARMACY]),
            violations_confirmed=draw.choice([0, 0, 0, 1, 2, 3]),
            violations_open=draw.choice([0, 0, 1]),
            suspension_days=draw.choice([0] * 8 + [30, 95]),
            practitioner_points=draw.choice([0, 0, 1, 3, 9]),
            practitioners_stopped=draw.choice([0, 0, 0, 5]),
            rectifications_overdue=draw.choice([0, 0, 1, 2]),
            late_filings=draw.choice([0, 0, 1, 3]),
            self_inspection_done=draw.choice([True, False, None]),
            fraud_found=draw.random() < 0.02,
        )
        for number in range(1, size + 1)
    ]


def begun(rows):
    return what_if.start(frames.frame(rows, SCHEME), SCHEME)


def tried(rows, **given):
    """`given`: changes with __ for the dot."""
    made = {path.replace("__", "."): value for path, value in given.items()}
    return what_if.tried(begun(rows), changes.scheme(TEXT, made))


CROWD = crowd(300)


# --- nothing changed, and the way back ------------------------------------------------------------------


def test_no_change_is_the_same_result_bit_for_bit():
    start = begun(CROWD)
    again = what_if.tried(start, changes.scheme(TEXT, {}))
    assert again.after.results.equals(credit.rate(start.facts, SCHEME).results)
    assert (again.count(), again.changed()) == (0, [])
    assert [(one, two) for _, one, two in again.distribution] == [
        (number, number) for _, number, _ in again.distribution
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"domains.people.weight": "33.3"},
        {"grades.excellent.at_least": "95"},
        {"vetoes.suspended": "off"},
        {"indicators.confirmed_cases.rule.per": "7.5"},
        {"bonus.cap": "1", "malus.cap": "5", "combine.floor": "10"},
        {"indicators.points_pharmacy.rule.steps.1.points": "8"},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_trial_is_what_rating_from_the_start_would_give(given):
    """The short way over kept points and the long way over the facts end at the same bits."""
    start, scheme = begun(CROWD), changes.scheme(TEXT, given)
    short = what_if.tried(start, scheme).after
    assert short.results.equals(credit.rate(start.facts, scheme).results)
    assert short.lines.equals(credit.rate(start.facts, scheme).lines)


def test_a_trial_equals_the_slow_oracle():
    scheme = changes.scheme(TEXT, {"domains.fund_use.weight": "25", "grades.good.at_least": "85"})
    rows = [{**dict.fromkeys(SCHEME.fact_columns), **one} for one in CROWD]
    found = what_if.tried(begun(CROWD), scheme).after.results
    expected = [(float(score), grade, rank) for score, grade, rank in oracle.rated(scheme, rows)]
    assert list(found.select("score", "grade", "rank").iter_rows()) == expected


def test_the_peer_of_the_benchmark_finds_the_same_grades():
    rows = [{**dict.fromkeys(SCHEME.fact_columns), **one} for one in CROWD]
    start = begun(CROWD)
    found = {r["institution"]: r["grade"] for r in start.rated.results.iter_rows(named=True)}
    peer = naive_scores.rated(SCHEME, rows)
    assert {key: grade for key, (_, grade, _) in peer.items()} == found


def test_changed_and_changed_back_is_the_first_text():
    there = changes.changed(TEXT, BY_LINE)
    back = changes.changed(there, {"grades.good.at_least": "80"})
    assert catalogue.parsed(back) == SCHEME
    assert changes.changed(TEXT, {}) is TEXT
    assert changes.real(TEXT, {"grades.good.at_least": "80.0", "vetoes.suspended": "on"}) == {}


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.key)
def test_every_place_of_every_scheme_can_be_tried_and_what_is_kept_reads_the_same(scheme):
    text = next(
        path.read_text("utf-8")
        for path in catalogue.FOLDER.rglob("*.yaml")
        if path.stem == scheme.key
    )
    same = {place.path: place.value for place in places(scheme) if place.value}
    assert changes.real(text, same) == {}
    written = {path: value for path, value in same.items() if not path.startswith("elimination.")}
    assert len(written) > 2
    assert changes.scheme(text, written) == scheme
    assert catalogue.parsed(changes.changed(text, written)) == scheme


# --- who moves, and why ------------------------------------------------------------------------------------


def test_a_line_that_is_raised_takes_the_grade_from_who_stood_between():
    # one confirmed case: 5 of 40 points of fund_use: 35 + 20 + 25 + 15 = 95 of 100
    rows = [row(1, violations_confirmed=1), row(2), row(3, violations_confirmed=2)]
    found = tried(rows, grades__excellent__at_least="96")
    [only, other] = found.changed()
    assert (only.subject, only.grade, only.score) == (1, ("excellent", "good"), (95.0, 95.0))
    assert found.reasons([1]) == {1: "“优秀”的分数线由90改为96（得95分）"}
    assert (other.subject, other.grade) == (3, ("excellent", "good"))  # 90 points
    assert found.migration == Counter({("excellent", "excellent"): 1, ("excellent", "good"): 2})
    assert found.distribution[:2] == [("excellent", 3, 1), ("good", 0, 2)]


def test_a_veto_that_is_switched_off_lets_the_grade_rise():
    rows = [row(1, suspension_days=18)]  # 12 × 18/180 = 1.2 lost: 98.8, held at good
    found = tried(rows, vetoes__suspended="off")
    [one] = found.changed()
    assert (one.grade, one.direction) == (("good", "excellent"), "up")
    assert found.reasons([1]) == {1: "不再执行一票否决“评价期内协议被中止”"}


def test_weights_name_the_domain_that_moved_the_score_and_the_overtaken_are_told():
    # 1: two cases, fund_use 30 of 40; 2: one rectification and one late filing, performance 19 of 25
    rows = [
        row(1, violations_confirmed=2),
        row(2, rectifications_overdue=1, late_filings=1),
        row(3),
    ]
    found = tried(rows, domains__fund_use__weight="60", domains__performance__weight="5")
    moved = {one.subject: one for one in found.changed()}
    # 1 before: 90; after: 60 × 0.75 + 20 + 5 + 15 = 85. 2 before: 94; after: 60 + 20 + 5 × 0.76 + 15 = 98.8
    assert moved[1].score == (90.0, 85.0)
    assert moved[2].score == (94.0, 98.8)
    assert 3 not in moved
    reasons = found.reasons([1, 2])
    # performance fell by 20, which went the way the score went
    assert reasons[1] == "得分由90变为85，其中“协议履行”由25变为5（减少20）"
    assert reasons[2] == "得分由94变为98.8，其中“基金使用”由40变为60（增加20）"


def test_an_indicator_s_own_number_names_the_indicator():
    rows = [row(1, violations_confirmed=1)]
    found = tried(rows, indicators__confirmed_cases__rule__per="10")
    assert found.reasons([1]) == {1: "得分由95变为90，其中“已认定违规案件”由15变为10（减少5）"}


def test_who_is_only_overtaken_is_told_so():
    rows = [row(1, late_filings=1), row(2, violations_confirmed=1)]  # 98 and 95
    found = tried(rows, indicators__confirmed_cases__rule__per="1")  # 99
    assert {one.subject: one.rank for one in found.changed()} == {1: (1, 2), 2: (2, 1)}
    assert found.reasons([1]) == {1: "本机构得分未变，同类机构的得分或者等级有变化"}


def test_those_who_moved_come_in_pages_and_by_way():
    found = tried(CROWD, grades__good__at_least="85", grades__passing__at_least="70")
    assert found.count("down") == found.count("grade") > 10
    assert found.count("up") == 0
    first, second = found.changed(0, 5, "down"), found.changed(5, 5, "down")
    assert [one.subject for one in first + second] == [
        one.subject for one in found.changed(0, 10, "down")
    ]
    assert all(one.direction == "down" for one in first)


def test_the_order_of_rows_changes_nothing():
    turned = [one for one in CROWD if one["institution"] % 2] + [
        one for one in CROWD if not one["institution"] % 2
    ]
    given = {"domains__people__weight": "35", "elimination__percent": "10"}
    one, two = tried(CROWD, **given), tried(turned, **given)
    key = "institution"
    assert one.after.results.sort(key).equals(two.after.results.sort(key))
    assert one.changed() == two.changed()
    assert elimination.bottom(one.after) == elimination.bottom(two.after)


@settings(max_examples=15, deadline=None)
@given(
    weights=st.lists(st.integers(1, 100), min_size=4, max_size=4),
    times=st.sampled_from([2, 3, 10]),
)
def test_weights_are_shares_so_that_all_of_them_larger_changes_nothing(weights, times):
    keys = [domain.key for domain in SCHEME.domains]
    start = begun(CROWD[:60])
    plain, large = (
        {
            f"domains.{key}.weight": str(weight * n)
            for key, weight in zip(keys, weights, strict=True)
        }
        for n in (1, times)
    )
    one, two = (what_if.tried(start, changes.scheme(TEXT, given)).after for given in (plain, large))
    assert one.results.select("score", "grade", "rank").equals(
        two.results.select("score", "grade", "rank")
    )


@settings(max_examples=10, deadline=None)
@given(per=st.sampled_from(["6", "8", "12", "20"]), cases=st.integers(0, 4))
def test_a_heavier_deduction_never_raises_anybody(per, cases):
    rows = [row(1, violations_confirmed=cases), row(2)]
    found = tried(rows, indicators__confirmed_cases__rule__per=per)
    assert all(one.score[1] <= one.score[0] for one in found.changed())
    assert found.count("up") == 0


# --- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("grades.good.at_least", "90", "等级没有由高到低排列"),
        ("grades.failing.at_least", "10", "方案里没有可以试算的"),
        ("domains.fund_use.weight", "-1", "“基金使用”须大于0，现为-1"),
        ("domains.fund_use.weight", "inf", "的数太大"),
        ("domains.fund_use.weight", "", "应为数字，现为“”"),
        ("indicators.suspended_days.rule.threshold", "0", "threshold 与 target 相同"),
        ("elimination.percent", "51", "不得大于50"),
        ("elimination.ties", "x", "不能是“x”"),
        ("facts.practitioners.default", "3", "方案里没有可以试算的"),
        ("key", "x", "方案里没有可以试算的"),
    ],
)
def test_a_number_that_makes_no_scheme_is_refused_under_its_path(path, value, why):
    with pytest.raises(ChangeError) as refused:
        changes.scheme(TEXT, {path: value})
    [(where, problem)] = refused.value.faults.items()
    assert where == path
    assert why in problem.why
    assert problem.cure


def test_several_faults_are_told_at_once_and_an_assignment_needs_its_sign():
    with pytest.raises(ChangeError) as refused:
        changes.scheme(TEXT, {"domains.people.weight": "a", "grades.good.at_least": "b"})
    assert set(refused.value.faults) == {"domains.people.weight", "grades.good.at_least"}
    with pytest.raises(Refused, match="路径=数值"):
        changes.assigned(["domains.people.weight"])
    assert changes.assigned(["a.b=1=2"]) == {"a.b": "1=2"}


# --- the bottom -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "ties", "expected", "spared"),
    [
        ("10", "spare", [], []),  # 10 % of 9 is less than one
        ("12", "spare", [9], []),  # 1.08
        ("23", "spare", [9], [7, 8]),  # 2.07: two places, but 7 and 8 are equal and cross the line
        ("23", "take", [7, 8, 9], []),
        ("34", "spare", [7, 8, 9], []),  # 3.06
        ("0", "take", [], []),
    ],
)
def test_the_bottom_is_a_share_cut_to_a_whole_number_and_equals_stay_together(
    percent, ties, expected, spared
):
    # late filings 0…6, then 7 and 8 with the same two rectifications, 9 with three
    rows = [row(n, late_filings=(n - 1) / 2) for n in range(1, 7)]
    rows += [row(n, rectifications_overdue=2, late_filings=2) for n in (7, 8)]
    rows += [row(9, rectifications_overdue=3, late_filings=2)]
    found = tried(rows, elimination__percent=percent, elimination__ties=ties)
    last = elimination.bottom(found.after)
    assert [one.subject for one in last if not one.spared] == expected
    assert [one.subject for one in last if one.spared] == spared
    assert found.count("grade") == 0
    assert {one.of for one in last} <= {9}
    assert [one.subject for one in last if one.tied] == [
        n for n in (7, 8) if n in expected + spared
    ]


def pairs():
    """Two hospitals of one group, one of another, and two pharmacies; the later the worse."""
    rows = [row(n, late_filings=n) for n in (1, 2)] + [row(5, late_filings=5)]
    rows[2]["peer_group"] = "组三级"
    return rows + [row(n, PHARMACY, late_filings=n) for n in (3, 4)]


def test_the_bottom_is_counted_in_each_group_by_itself_and_the_rule_is_said():
    found = tried(pairs(), elimination__percent="50")
    last = elimination.bottom(found.after)
    # by families as the scheme says: one of three hospitals, one of two pharmacies
    assert [(one.subject, one.group) for one in last] == [(5, "定点医疗机构"), (4, "定点零售药店")]
    said = bottom_words(found.after.scheme)
    assert "按每一定点医药机构类别已评定等级的家数的50%" in said
    assert "列入的列为重点监管对象，续签时提交集体研究，由人依法决定" in said


def test_without_a_grouping_of_its_own_the_bottom_is_counted_among_peers():
    rule = Elimination(percent=50)
    scheme = SCHEME.model_copy(update={"elimination": rule})
    last = elimination.bottom(credit.rate(frames.frame(pairs(), SCHEME), scheme))
    assert [(one.subject, one.group) for one in last] == [(2, f"组{MEDICAL}"), (4, f"组{PHARMACY}")]
    assert "按每一同类机构已评定等级的家数的50%" in bottom_words(scheme)


def test_a_trial_starts_from_the_bottom_of_the_scheme_and_a_scheme_may_have_none():
    assert {p.path: p.value for p in places(SCHEME)}["elimination.percent"] == "5"
    rows = [row(n, late_filings=n / 10) for n in range(1, 21)]
    assert [one.subject for one in elimination.bottom(begun(rows).rated)] == [20]  # 5 % of 20
    assert elimination.bottom(begun(rows[:19]).rated) == []  # 0.95
    none = SCHEME.model_copy(update={"elimination": None})
    assert elimination.bottom(credit.rate(frames.frame(rows, SCHEME), none)) == []
    assert bottom_words(none) == ""


# --- numbers in expressions --------------------------------------------------------------------------------------


def test_a_number_in_a_condition_is_tried_by_its_name():
    rows = [row(1, practitioners_stopped=4), row(2, practitioners_stopped=5)]
    found = tried(rows, parameters__half_stopped_share__value="40")
    assert found.before.results["vetoes"].to_list() == ["", "half_stopped"]
    assert found.after.results["vetoes"].to_list() == ["half_stopped", "half_stopped"]
    assert "一票否决“半数以上人员被暂停、终止支付资格”" in found.reasons([1])[1]


def test_a_number_in_a_step_is_tried_by_its_name_and_the_points_are_worked_out_again():
    text = catalogue.text("eighty_twenty")
    scheme = catalogue.parsed(text)
    given = {"assessment_score": 90, "satisfied": 20, "answers": 25}
    facts = frames.frame(
        [{"institution": 1, "family": MEDICAL, "peer_group": "甲", **given}], scheme
    )
    start = what_if.start(facts, scheme)
    after = changes.scheme(text, {"parameters.least_answers.value": "25"})
    found = what_if.tried(start, after)
    assert start.rated.results["score"].to_list() == [180]  # 90 % of 200: too few answers
    assert found.after.results["score"].to_list() == [176]  # 144 + 80 % of 40
    assert [
        (one.place.label, one.before, one.after) for one in changes.differences(scheme, after)
    ] == [("计入满意度的最少问卷（份）", "30", "25")]


def test_a_parameter_must_be_known_and_called_otherwise_than_a_column():
    wrong = TEXT.replace("half_stopped_share\n", "half_share\n").replace(
        "name: half_stopped_share", "name: family"
    )
    with pytest.raises(SchemeError) as refused:
        credit.load(wrong)
    assert "“half_share”没有定义" in refused.value.why
    assert "“family”用了2次" in refused.value.why


# --- differences -----------------------------------------------------------------------------------------------


def test_differences_are_called_by_their_names():
    after = changes.scheme(
        TEXT, {**BY_LINE, "vetoes.suspended": "off", "elimination.percent": "10"}
    )
    said = [
        (one.place.group, one.place.label, one.before, one.after)
        for one in changes.differences(SCHEME, after)
    ]
    assert said == [
        ("等级分数线", "良好", "80", "81"),
        ("一票否决", "评价期内协议被中止", "执行", "不执行"),
        ("末位", "每组末位比例（%）", "5", "10"),
    ]
    back = [(one.before, one.after) for one in changes.differences(after, SCHEME)]
    assert ("不执行", "执行") in back
    assert changes.weights(SCHEME) == 100
