"""核对 before publication: what is odd about a rating, by stated limits; the list is page, sheet and paper alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from models import Cycle, Rating
from queries import rating_anomalies as ask
from queries.paging import Asked
from rules import anomalies
from rules.anomalies import Anomaly, Limits, Rated
from rules.permissions import Role
from tests import factories_cycle, factories_stages
from tests.web import client_for

LIMITS = Limits(grades=2, leap=10, edge=1)
SAME = Rated(score=85, before=85, moved=0, lines=(90, 80, 60))


# --- the rule --------------------------------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    ("moved", "said"),
    [(1, ""), (2, "等级下降2级"), (3, "等级下降3级"), (-1, ""), (-2, "等级上升2级")],
)
def test_from_two_grades_on_a_move_is_large(moved, said):
    assert anomalies.found(replace(SAME, moved=moved), LIMITS).get(Anomaly.LEAP, "") == said


@pytest.mark.pure
@pytest.mark.parametrize(
    ("score", "span", "said"),
    [
        (75.001, 100, ""),  # 9.999 of 100
        (75, 100, "得分下降10分"),
        (74.999, 100, "得分下降10.001分"),
        (95, 100, "得分上升10分"),
        (75, 101, ""),  # 10 of 101 is less than a tenth
    ],
)
def test_from_a_tenth_of_the_whole_score_on_a_move_is_large(score, span, said):
    moved = replace(SAME, score=score, span=span, lines=())
    assert anomalies.found(moved, LIMITS).get(Anomaly.LEAP, "") == said


@pytest.mark.pure
@pytest.mark.parametrize(
    ("score", "said"),
    [
        (79, ""),
        (79.001, "低于80分线0.999分"),
        (80, "正在80分线上"),
        (80.999, "高出80分线0.999分"),
        (81, ""),
        (89.5, "低于90分线0.5分"),
    ],
)
def test_nearer_than_a_hundredth_of_the_whole_score_a_line_is_near(score, said):
    near = replace(SAME, score=score, before=score)
    assert anomalies.found(near, LIMITS).get(Anomaly.EDGE, "") == said


@pytest.mark.pure
def test_the_gravest_comes_first_and_nothing_odd_is_nothing():
    every = replace(
        SAME,
        score=60,
        moved=2,
        vetoes=["甲", "乙"],
        gaps=["丙"],
        objected=True,
        bottom="第3名，共3",
    )
    found = anomalies.found(every, LIMITS)
    assert list(found) == list(Anomaly)
    assert found[Anomaly.VETO] == "甲、乙"
    assert anomalies.found(SAME, LIMITS) == {}


@pytest.mark.pure
def test_who_was_not_rated_before_has_not_moved():
    first = replace(SAME, before=None, moved=None, score=10)
    assert Anomaly.LEAP not in anomalies.found(first, LIMITS)


@pytest.mark.pure
def test_the_limits_are_data_marked_as_assumed():
    assert anomalies.limits(date(2026, 6, 15)) == LIMITS


# --- the pages -------------------------------------------------------------------------------------


@pytest.fixture
def place(db, staff, kind):
    return factories_cycle.troubled(kind, staff)


@pytest.fixture
def run(db, staff, kind, place) -> Cycle:
    """A second cycle, computed: the troubled one fell, the quiet one stands as it stood; both were rated before."""
    factories_cycle.quiet(kind)
    first = {"from_on": date(2026, 1, 1), "to_on": date(2026, 2, 28)}
    factories_cycle.published(staff, "2026年前两月", **first)
    cycle = factories_cycle.started(staff)
    db.commit()
    return cycle


def test_the_page_of_a_cycle_tells_first_what_to_check(app, db, staff, run, place):
    client = client_for(app, staff[Role.REVIEWER])
    page = client.get(f"/ratings/cycles/{run.id}").text
    assert page.index("先核对") < page.index("办理时间轴")
    row = next(
        one for one in ask.of_cycle(run, on=factories_cycle.ON) if one.entry.name == place.name
    )
    assert list(row.signs)[:2] == [Anomaly.VETO, Anomaly.LEAP]
    assert row.signs[Anomaly.VETO] in page
    for sign, number in ask.counts(ask.of_cycle(run, on=factories_cycle.ON)).items():
        href = f"/ratings/cycles/{run.id}/anomalies?sign={sign}"
        assert f'href="{href}">{sign.label} {number} 家</a>' in page
        assert f"共 {number} 条" in client.get(href).text


def test_the_list_to_check_is_sheet_and_paper_as_well(app, db, staff, run, place):
    client, path = client_for(app, staff[Role.CLERK]), f"/ratings/cycles/{run.id}/anomalies"
    number = len(ask.of_cycle(run, on=factories_cycle.ON))
    sheet = client.get(f"{path}?format=csv").data.decode("utf-8-sig").splitlines()
    assert len(sheet) == 1 + number
    assert any(place.name in line and "一票否决：" in line for line in sheet)
    assert f"共 {number} 条" in client.get(f"{path}?print=1").text
    assert "没有需要先核对的机构" in client.get(f"{path}?sign=objection").text
    assert client_for(app, staff[Role.BUREAU]).get(path).status_code == 404


@pytest.mark.once
def test_an_objection_under_way_stands_before_everything_else(db, staff, place):
    cycle = factories_cycle.announced(staff)
    rating = db.scalars(select(Rating).where(Rating.cycle_id == cycle.id)).one()
    factories_stages.objected(rating, staff, on=cycle.announced_on)
    [row] = ask.of_cycle(cycle, on=factories_cycle.ON)
    assert next(iter(row.signs)) is Anomaly.OBJECTION


@pytest.mark.once
def test_a_number_nobody_has_is_no_anomaly_and_one_that_only_some_lack_is(db, staff):
    """Two hospitals without an evaluation in the period lack the same; one with an evaluation beside them makes it odd."""
    factories_cycle.quiet("hospital")
    factories_cycle.quiet("hospital")
    alike = factories_cycle.started(staff, "样例周期甲")
    gaps = [row for row in ask.of_cycle(alike, on=factories_cycle.ON) if Anomaly.GAP in row.signs]
    assert gaps == []
    factories_cycle.troubled("hospital", staff)
    apart = factories_cycle.started(staff, "样例周期乙")
    rows = ask.of_cycle(apart, on=factories_cycle.ON, ask=Asked(words={"sign": "gap"}))
    assert len(rows) == 2
    assert all("评估" in row.signs[Anomaly.GAP] for row in rows)


@pytest.mark.once
def test_the_bottom_is_shown_before_publication_and_not_afterwards(app, db, staff):
    """Three hospitals and a third of them by the trial: one, who is the troubled one."""
    last = factories_cycle.troubled("hospital", staff)
    factories_cycle.quiet("hospital")
    factories_cycle.quiet("hospital")
    cycle = factories_cycle.started(staff)
    assert ask.bottom(cycle) == []  # 3 × 5 % = 0.15: nobody
    frozen = cycle.scheme_text
    cycle.scheme_text = frozen.replace("  percent: 5\n", "  percent: 34\n")  # 3 × 34 % = 1.02: one
    db.commit()
    client = client_for(app, staff[Role.REVIEWER])
    page = client.get(f"/ratings/cycles/{cycle.id}").text
    assert "末位（模拟）" in page
    assert [row.name for row in ask.bottom(cycle)] == [last.name]
    cycle.scheme_text = frozen.replace("  percent: 5\n", "  percent: 50\n")  # 1.5: one again
    assert [row.who.spared for row in ask.bottom(cycle)] == [False]
    cycle.state = "published"
    cycle.published_on = factories_cycle.ON
    db.commit()
    assert "末位（模拟）" not in client.get(f"/ratings/cycles/{cycle.id}").text


@pytest.mark.once
def test_those_level_across_the_line_are_told_as_spared(db, staff):
    """Three quiet hospitals alike and a third of them by the trial: all on one place, so none is taken."""
    for _ in range(3):
        factories_cycle.quiet("hospital")
    cycle = factories_cycle.started(staff)
    cycle.scheme_text = cycle.scheme_text.replace("  percent: 5\n", "  percent: 34\n")
    rows = ask.of_cycle(cycle, on=factories_cycle.ON, ask=Asked(words={"sign": "bottom"}))
    assert {row.signs[Anomaly.BOTTOM] for row in rows} == {"第1名，共3，并列跨线，不列入"}
    assert len(rows) == 3
