"""怎样达到上一等级: the smallest changes, found by rating again; nothing smaller is enough. Pure."""

import pytest

from rules.kinds import MEDICAL, PHARMACY
from scoring import catalogue, credit, frames, what_if
from scoring.reach import reach
from tests.test_what_if import CROWD, SCHEME, begun, row

pytestmark = pytest.mark.pure


def of(rows, subject=1):
    return reach(begun(rows), subject)


def words(found):
    return [way.steps[0].words for way in found.single]


@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
def test_one_change_is_enough_and_is_said_as_an_action(family):
    # three cases: 5 × 3 = 15 lost of 100: 85, and 90 is the line
    found = of([row(1, family, violations_confirmed=3)])
    assert (found.target.key, found.missing, found.held) == ("excellent", 5.0, ())
    assert words(found) == ["已认定违规案件减少1件（由3件到2件）"]
    assert [(way.score, way.grade) for way in found.single] == [(90.0, "excellent")]
    assert found.together is None


def test_several_ways_come_fewest_units_first():
    # one case 95, two rectifications 8 of 25 more: 87; either the case or one rectification (4) is enough
    found = of([row(1, violations_confirmed=1, rectifications_overdue=2)])
    assert words(found) == [
        "逾期未完成整改减少1项（由2项到1项）",
        "已认定违规案件减少1件（由1件到0件）",
    ]


def test_a_flag_is_an_action_too():
    # self inspection 5; supplements 6 × 0.5 = 3; late 2 × 2 = 4: 100 − 5 − 3 − 4 = 88
    found = of([row(1, self_inspection_done=False, supplement_rounds=6, late_filings=2)])
    assert "“完成自查自纠”由“否”变为“是”" in words(found)
    assert "材料补正减少4次（由6次到2次）" in words(found)


def test_where_one_is_not_enough_the_least_of_several_is_told():
    # two rectifications 8, self inspection 5, three late 6: 81; 9 are missing, none alone brings as much
    found = of([row(1, rectifications_overdue=2, self_inspection_done=False, late_filings=3)])
    assert found.single == ()
    assert found.missing == 9.0
    # both rectifications give 8, of the late filings one (2) is enough beside them: 91
    assert [step.words for step in found.together.steps] == [
        "逾期未完成整改减少2项（由2项到0项）",
        "逾期报送减少1次（由3次到2次）",
    ]
    assert (found.together.score, found.together.grade) == (91.0, "excellent")


def test_a_veto_stands_in_the_way_and_is_named():
    found = of([row(1, suspension_days=15)])  # one of 12 lost: 99, held at good
    assert (found.target.key, found.missing) == ("excellent", None)
    assert [veto.label for veto in found.held] == ["评价期内协议被中止"]
    assert words(found) == ["协议中止天数减少15天（由15天到0天）"]


def test_a_veto_that_does_not_forbid_the_next_grade_is_not_named():
    # 12 lost for 180 days, 20 for cases, 12 for rectifications: 56, and the cap is good
    facts = {"suspension_days": 180, "violations_confirmed": 4, "rectifications_overdue": 3}
    found = of([row(1, **facts)])
    assert found.target.key == "passing"
    assert found.held == ()


def test_who_is_best_needs_nothing_and_who_has_no_grade_is_told_nothing():
    assert of([row(1)]).target is None
    empty = dict.fromkeys(SCHEME.fact_columns)
    nobody = {**empty, "institution": 1, "family": MEDICAL, "peer_group": "组"}
    assert of([row(2)], subject=1) is None
    start = begun([nobody])
    graded = start.rated.results["grade"][0]
    assert (reach(start, 1) is None) == (graded is None)


def test_years_and_heads_are_no_advice():
    # newly designated: 2 of 5 for years, 3 lost; four cases 20 lost: 77, and 80 is the line
    found = of([row(1, years_of_service=0, violations_confirmed=4)])
    assert words(found) == ["已认定违规案件减少1件（由4件到3件）"]


def test_what_is_told_is_true_and_nothing_smaller_is_enough():
    """For a crowd: carried out, each way reaches the grade; one unit less of it does not."""
    start = begun(CROWD[:60])
    facts = {one["institution"]: one for one in CROWD}
    checked = 0
    for key in range(1, 26):
        found = reach(start, key)
        for way in (found.single if found else ())[:2] + (
            (found.together,) if found and found.together else ()
        ):
            checked += 1
            done = {step.column: step.after for step in way.steps}
            assert _grade({**facts[key], **done}) == way.grade == found.target.key or _better(
                way.grade, found
            )
            for step in way.steps:
                less = {**done, step.column: _one_less(step)}
                assert not _better(_grade({**facts[key], **less}), found), (key, step.words)
    assert checked > 15


def _grade(facts):
    whole = {**dict.fromkeys(SCHEME.fact_columns), **facts}
    return credit.rate(frames.frame([whole], SCHEME), SCHEME).results["grade"][0]


def _better(grade, found):
    order = [one.key for one in SCHEME.grades]
    return order.index(grade) <= order.index(found.target.key)


def _one_less(step):
    """The same change, by one unit smaller."""
    if isinstance(step.before, bool):
        return step.before
    return step.after + (1 if step.after < step.before else -1)


def test_nothing_is_advised_above_what_can_be_reached():
    scheme = next(one for one in catalogue.defaults() if one.key == "one_m_n")
    given = {"institution": 1, "family": PHARMACY, "peer_group": "组"}
    facts = {"base_got": 45.0, "base_due": 50.0, "retail_got": 24.0, "retail_due": 50.0}
    start = what_if.start(frames.frame([{**given, **facts}], scheme), scheme)
    found = reach(start, 1)
    # 69 of 100 is D; 70 is the line of C: one point more of either, or of the bonus
    assert (found.target.key, found.missing) == ("C", 1.0)
    assert words(found) == [
        "基础项实得分增加1分（由45分到46分）",
        "加分项得分增加1分（由0分到1分）",
        "零售实得分增加1分（由24分到25分）",
    ]
    full = {**facts, "base_got": 50.0, "retail_got": 15.0}  # 65: the base cannot give more
    start = what_if.start(frames.frame([{**given, **full}], scheme), scheme)
    assert [way.steps[0].column for way in reach(start, 1).single] == ["extra_got", "retail_got"]


def test_events_that_are_counted_are_levers_too():
    scheme = next(one for one in catalogue.defaults() if one.key == "validity_850")
    slight = {"认定日期": "2026-01-01", "类别": "轻微失信"}
    given = {"institution": 1, "family": MEDICAL, "peer_group": "组", "rated_on": "2026-06-15"}
    rows = [{**given, "credit_records": [slight] * 3}]
    start = what_if.start(frames.frame(rows, scheme), scheme)
    found = reach(start, 1)
    # 850 less 3 × 20 is 790, and 800 is the line: one less (810), or one good record more (820)
    assert (found.target.key, found.missing) == ("B", 10.0)
    assert words(found) == ["守信信息增加1条（由0条到1条）", "轻微失信减少1条（由3条到2条）"]


@pytest.mark.parametrize(
    "scheme", [s for s in catalogue.defaults() if not s.sources], ids=lambda scheme: scheme.key
)
def test_every_default_scheme_can_be_asked(scheme):
    """Steps and comparisons with others included: whoever is not best gets an answer that is true or none."""
    facts = [{fact.column: _middling(fact, n) for fact in scheme.facts} for n in range(1, 9)]
    kind = next(iter(scheme.subject.kinds), "")
    keys = {scheme.subject.kind or "family": kind, "peer_group": "组"}
    rows = [{scheme.subject.key: n, **keys, **given} for n, given in enumerate(facts, 1)]
    start = what_if.start(frames.frame(rows, scheme), scheme)
    order = [grade.key for grade in scheme.grades]
    for n in range(1, 9):
        found = reach(start, n)
        now = start.rated.results["grade"][n - 1]
        assert found is not None or now is None
        for way in found.single if found else ():
            assert order.index(way.grade) < order.index(now)


def _middling(fact, n):
    if fact.type == "number":
        return float(n % 4)
    return n % 2 == 0 if fact.type == "flag" and "black" not in fact.column else None
