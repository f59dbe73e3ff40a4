"""专项行动: one result for each institution, cleared with proof; what was not cleared in time meets it at renewal."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from actions import campaigns, renewals
from actions.campaigns import Plan
from models import CampaignResult, Event
from queries import campaigns as ask
from queries.paging import asked
from rules.permissions import Denied, Role
from rules.refusal import Refused
from rules.renewals import Advice
from tests import factories
from tests import factories_renewal as world
from tests.web import client_for, post

ON = date(2026, 6, 15)


def plan(kind, **more):
    family = "pharmacy" if kind == "pharmacy" else "medical"
    given = {
        "name": "示例清理行动",
        "family": family,
        "subject_text": "清理不允许陈列的物品。",
        "basis": "示例方案",
        "from_on": date(2026, 6, 1),
        "due_on": date(2026, 6, 20),
    }
    return Plan(**{**given, **more})


def opened(kind, staff, **more):
    return campaigns.open_campaign(plan(kind, **more), actor=staff[Role.INSPECTOR], on=ON)


def recorded(campaign, place, staff, **more):
    given = {"checked_on": date(2026, 6, 10), "found_text": "陈列食品", "due_on": None, **more}
    return campaigns.record(campaign, place, actor=staff[Role.INSPECTOR], on=ON, **given)


def test_a_finding_has_the_due_day_of_the_campaign_unless_it_has_its_own(db, kind, staff):
    campaign = opened(kind, staff)
    plain = recorded(campaign, factories.institution(kind), staff)
    own = recorded(campaign, factories.institution(kind), staff, due_on=date(2026, 6, 12))
    passed = recorded(campaign, factories.institution(kind), staff, found_text=" ")
    days = [row.due_on for row in (plain, own, passed)]
    assert days == [date(2026, 6, 20), date(2026, 6, 12), None]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"checked_on": date(2026, 6, 16)}, "还没有到"),
        ({"due_on": date(2026, 6, 9)}, "早于检查日期"),
    ],
)
def test_days_in_disorder_are_refused(db, kind, staff, change, why):
    campaign = opened(kind, staff)
    with pytest.raises(Refused, match=why):
        recorded(campaign, factories.institution(kind), staff, **change)
    with pytest.raises(Refused, match="早于开始日期"):
        opened(kind, staff, name="另一行动", due_on=date(2026, 5, 31))
    with pytest.raises(Refused, match="已有名为"):
        opened(kind, staff)


def test_one_result_for_each_institution_of_the_family_checked(db, kind, staff):
    campaign, place = opened(kind, staff), factories.institution(kind)
    recorded(campaign, place, staff)
    with pytest.raises(Refused, match="已有结果"):
        recorded(campaign, place, staff)
    other = factories.institution("hospital" if kind == "pharmacy" else "pharmacy")
    with pytest.raises(Refused, match="不是本次行动"):
        recorded(campaign, other, staff)
    with pytest.raises(Denied):
        recorded(campaign, factories.institution(kind, region="990124"), staff)


def test_cleared_once_with_proof_and_between_the_check_and_today(db, kind, staff):
    row = recorded(opened(kind, staff), factories.institution(kind), staff)
    given = {"actor": staff[Role.CLERK], "on": ON}
    for day, proof in ((date(2026, 6, 9), "照片"), (date(2026, 6, 16), "照片"), (ON, " ")):
        with pytest.raises(Refused):
            campaigns.clear(row, cleared_on=day, proof=proof, **given)
    campaigns.clear(row, cleared_on=ON, proof="示例照片1号", **given)
    with pytest.raises(Refused, match="没有待清除"):
        campaigns.clear(row, cleared_on=ON, proof="示例照片1号", **given)
    db.commit()
    assert [
        e.verb for e in db.scalars(select(Event).where(Event.subject == "campaign_result"))
    ] == [
        "record",
        "clear",
    ]


@pytest.mark.law("Z-01", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("due", "advice"),
    [
        (date(2026, 6, 15), Advice.ATTENTION),  # the last day is not over
        (date(2026, 6, 14), Advice.NOT_RENEW),
    ],
)
def test_shelves_not_cleared_by_the_due_day_speak_against_the_renewal_of_a_pharmacy(
    db, staff, due, advice
):
    agreement = world.ending("pharmacy")
    campaign = opened("pharmacy", staff)
    recorded(campaign, agreement.institution, staff, due_on=due)
    row = renewals.collect(agreement, actor=staff[Role.CLERK], on=ON)
    renewals.assess(row, actor=staff[Role.CLERK], on=ON)
    assert row.advice is advice
    assert campaign.name in str(row.sheet[0])


def test_the_list_and_the_rule_say_the_same_of_every_result(db, kind, staff):
    campaign = opened(kind, staff, from_on=date(2026, 5, 1), due_on=date(2026, 6, 14))
    early, late = date(2026, 6, 10), date(2026, 6, 15)
    for due, cleared in ((None, None), (early, early), (early, late), (early, None), (late, None)):
        place = factories.institution(kind)
        world.finding(campaign, place, due_on=due, cleared_on=cleared)
    rows, page = ask.results(campaign, asked({}), on=ON)
    assert [str(row.word) for row in rows] == [
        "not_cleared", "not_cleared", "open", "passed", "passed",
    ]  # fmt: skip
    for word, number in (("not_cleared", 2), ("open", 1), ("passed", 2)):
        found, page = ask.results(campaign, asked({"state": word}), on=ON)
        assert (page.total, {str(row.word) for row in found}) == (number, {word})
    assert ask.lines(staff[Role.CLERK])[0].open == 2


def test_on_the_pages(app, db, kind, staff):
    place = factories.institution(kind)
    db.commit()
    inspector = client_for(app, staff[Role.INSPECTOR])
    given = plan(kind).__dict__ | {"name": "页面行动"}
    answer = post(inspector, "/campaigns/new", **given)
    where = answer.headers["Location"]
    result = {"code": place.code, "checked_on": "2026-06-10", "found_text": "陈列食品"}
    assert post(inspector, f"{where}/results", **result).status_code == 303
    assert "陈列食品" in inspector.get(where).text
    assert post(inspector, f"{where}/results", **{**result, "code": "无"}).status_code == 409
    key = db.scalars(select(CampaignResult.id)).one()
    clearing = {"cleared_on": "2026-06-12", "proof": "示例照片"}
    assert post(inspector, f"/campaigns/results/{key}/clear", **clearing).status_code == 303
    assert inspector.get(f"/campaigns/results/{key}/clear").status_code == 404
    assert "示例照片" in inspector.get(f"{where}?format=csv").data.decode("utf-8-sig")
    leader = client_for(app, staff[Role.LEADER])
    assert leader.get("/campaigns/new").status_code == 403
