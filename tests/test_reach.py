"""怎样达到上一等级: the smallest changes, found by rating again; nothing smaller is enough. Pure."""

import random

import pytest

from rules.kinds import MEDICAL, PHARMACY
from scoring import catalogue, credit, frames, nearest, what_if
from scoring.reach import Search, reach
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


# --- nothing near is passed over, nothing possible is called out of reach -----------------------------------

BY_KEY = {scheme.key: scheme for scheme in catalogue.startable()}


def asked(key, family=PHARMACY, **facts):
    """One subject alone, by a scheme of the house."""
    scheme = BY_KEY[key]
    given = {scheme.subject.key: 1, "family": family, "peer_group": "组", **facts}
    return reach(what_if.start(frames.frame([given], scheme), scheme), 1)


@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
def test_one_fact_far_away_is_told_before_several_near(family):
    found = asked(
        "one_m_n", family, base_got=20.0, base_due=100.0
    )  # 20 %, and 60 % is the line of D
    assert words(found) == [
        "基础项实得分增加40分（由20分到60分）",
        "加分项得分增加40分（由0分到40分）",
    ]
    assert found.together is None


@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # no survey: the assessment counts for all 200, and 120 is the line of A
        ({"assessment_score": 10.0}, ["年度考核得分增加50分（由10分到60分）"]),
        # 160 × 10 % + 40 × 90 % = 52; 68 more are 42.5 points of the assessment: 53 is the first whole that is enough
        (
            {"assessment_score": 10.0, "satisfied": 180.0, "answers": 200.0},
            ["年度考核得分增加43分（由10分到53分）"],
        ),
        # no assessment: 60 of 200 are 60 of 200 points; 120 answers are 120
        ({"satisfied": 60.0, "answers": 200.0}, ["满意份数增加60份（由60份到120份）"]),
    ],
)
def test_the_whole_range_of_a_fact_is_looked_through(family, facts, expected):
    assert words(asked("eighty_twenty", family, **facts)) == expected


def test_hundredths_are_advised_of_what_is_no_whole_number_and_a_limit_is_reached_exactly():
    # 5.5 of 9.5 due, and 5.7 is the line of D: 0.2 more, or the half point the base can still give
    facts = {"base_got": 5.0, "base_due": 5.5, "retail_got": 0.5, "retail_due": 4.0}
    assert words(asked("one_m_n", **facts)) == [
        "零售实得分增加0.2分（由0.5分到0.7分）",
        "基础项实得分增加0.5分（由5分到5.5分）",
        "加分项得分增加1分（由0分到1分）",
    ]


def test_two_that_help_only_as_a_pair_are_found():
    facts = {"institution_points": 20.0, "assessment_passed": False, "years_of_service": 3.0}
    found = asked("points_and_years", **facts)
    assert found.single == ()
    assert [step.words for step in found.together.steps] == [
        "年度违规记分减少5分（由20分到15分）",
        "“年度考核合格”由“否”变为“是”",
    ]


@pytest.mark.parametrize(
    ("before", "end", "unit", "values"),
    [
        (3.0, 0.0, 1, [2.0, 1.0, 0.0]),
        (3.0, 4.5, 1, [4.0, 4.5]),
        (0.505, 0.48, 0.01, [0.5, 0.49, 0.48]),
        (0.505, 0.525, 0.01, [0.51, 0.52, 0.525]),
        (False, True, 1, [True]),
    ],
)
def test_a_side_holds_whole_units_and_its_end(before, end, unit, values):
    side = nearest.Side(before, end, unit)
    assert [side.at(n) for n in range(1, side.count + 1)] == values


def drawn(scheme, draw, key):
    """Some facts unknown, limits of other columns kept, a few records of each sort."""
    facts = {}
    for fact in scheme.facts:
        if draw.random() < 0.15:
            continue
        if fact.type == "number":
            facts[fact.column] = float(draw.choice([0, 1, 2, 5, 20, 60, 130]))
        if fact.type == "flag" and draw.random() < 0.2:
            facts[fact.column] = draw.random() < 0.5
        if fact.type == "date":
            facts[fact.column] = "2026-06-15"
    sorts = draw.choices(["守信", "轻微失信", "一般失信", "严重失信"], k=draw.randrange(6))
    records = [{"认定日期": "2026-01-01", "类别": sort} for sort in sorts]
    keys = {scheme.subject.key: key, "family": draw.choice([MEDICAL, PHARMACY]), "peer_group": "组"}
    return {**keys, **facts, **{source.name: records for source in scheme.sources}}


FURTHEST = 400  # units above, where the scheme names no limit: every award is full long before


def by_hand(search, column):
    """Every single value of a whole fact, rated: the least change that is enough, or none."""
    now = search.row[column]
    if isinstance(now, bool):
        return 1.0 if search.reaches([{column: not now}]) == [True] else None
    limit = next((f.up_to for f in search.scheme.facts if f.column == column), None)
    most = search.row[limit] if isinstance(limit, str) else limit
    most = now + FURTHEST if most is None else most
    values = [float(n) for n in range(int(max(most, now)) + 1) if n != now]
    ok = search.reaches([{column: value} for value in values]) if values else []
    return min((abs(v - now) for v, yes in zip(values, ok, strict=True) if yes), default=None)


@pytest.mark.parametrize("scheme", BY_KEY.values(), ids=lambda scheme: scheme.key)
def test_the_advice_of_each_default_scheme_is_what_trying_every_value_gives(scheme):
    """Records that are counted, peers and both kinds included; where one fact is enough the least of it is told."""
    draw = random.Random(scheme.key)
    rows = [drawn(scheme, draw, n) for n in range(1, 7)]
    start = what_if.start(frames.frame(rows, scheme), scheme)
    compared = 0
    for rated in start.rated.working.iter_rows(named=True):
        found = reach(start, rated[scheme.subject.key])
        assert (found is None) == (rated["grade"] is None)
        if found is None or found.target is None:
            continue
        search = Search(start, rated, rated["place·"])
        told = {way.steps[0].column: way.steps[0].size[0] for way in search.single()}
        least = {column: by_hand(search, column) for column in search.sides}
        assert told == {column: size for column, size in least.items() if size is not None}
        assert len(found.single) == min(len(told), 6)
        if found.together:
            done = {step.column: step.after for step in found.together.steps}
            less = [{k: v for k, v in done.items() if k != name} for name in done]
            assert search.reaches([done, *less]) == [True, *[False] * len(less)]
        compared += len(least)
    assert compared
