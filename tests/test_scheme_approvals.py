"""A default is only a proposal: grades are given by a scheme the bureau approved, also one approved as it is written."""

from __future__ import annotations

from datetime import date

import pytest

from actions import cycle_decisions, cycle_notices, scheme_drafts
from queries import schemes
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories_cycle as made
from tests.factories_cycle import CHANNEL, ON, SCHEME
from tests.web import client_for, forms, post

WORDS = {"edition": "2026", "minutes": "局务会审议通过。"}


def asked(staff, key=SCHEME, *, on=ON):
    return scheme_drafts.ask_as_written(key, "逐项核对无误。", actor=staff[Role.CLERK], on=on)


def approved(staff, key=SCHEME, *, on=ON, in_force_on=ON):
    row = asked(staff, key, on=on)
    scheme_drafts.adopt(row, in_force_on=in_force_on, actor=staff[Role.BUREAU], on=on, **WORDS)
    return row


def computed(staff, **values):
    """Reviewed by nobody yet, its scheme approved by nobody."""
    cycle = made.started(staff, **values)
    cycle.state, cycle.reviewed_by_id = type(cycle.state)("reviewed"), staff[Role.REVIEWER].id
    return cycle


def announce(cycle, staff, on=ON):
    cycle_notices.announce(cycle, channel=CHANNEL, actor=staff[Role.CLERK], on=on)


@pytest.mark.once
def test_nothing_is_announced_by_a_scheme_that_nobody_approved(db, staff):
    made.quiet("hospital")
    made.quiet("pharmacy")
    cycle = computed(staff)
    with pytest.raises(Refused, match="没有经医疗保障行政部门批准") as refused:
        announce(cycle, staff)
    assert "第三十三条" in refused.value.basis
    assert "提请按原文批准" in refused.value.cure
    row = asked(staff)
    with pytest.raises(Refused, match="没有经医疗保障行政部门批准"):
        announce(cycle, staff)  # asked for, not approved
    scheme_drafts.adopt(row, in_force_on=ON, actor=staff[Role.BUREAU], on=ON, **WORDS)
    announce(cycle, staff)
    assert cycle.state == "announced"


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 6, 29), "reviewed"),
        (date(2026, 6, 30), "reviewed"),
        (date(2026, 7, 1), "announced"),
    ],
)
def test_a_scheme_counts_from_the_day_it_is_in_force(db, staff, day, state):
    made.quiet("pharmacy")
    cycle = computed(staff)
    approved(staff, in_force_on=date(2026, 7, 1))
    if state == "reviewed":
        with pytest.raises(Refused, match="2026版自 2026-07-01 起施行"):
            announce(cycle, staff, day)
    else:
        announce(cycle, staff, day)
    assert cycle.state == state


@pytest.mark.once
def test_an_approval_of_other_numbers_is_none_of_these(db, staff):
    made.quiet("hospital")
    cycle = computed(staff)
    changes = {"grades.good.at_least": "81"}
    other = scheme_drafts.draft(cycle, "样例", changes, "从严。", actor=staff[Role.CLERK], on=ON)
    scheme_drafts.submit(other, actor=staff[Role.CLERK], on=ON)
    words = WORDS | {"edition": "2027"}
    scheme_drafts.adopt(other, in_force_on=ON, actor=staff[Role.BUREAU], on=ON, **words)
    with pytest.raises(Refused, match="没有经医疗保障行政部门批准"):
        announce(cycle, staff)
    new = computed(staff, name="样例周期乙", scheme=f"{SCHEME}@2027")
    announce(new, staff)
    assert new.state == "announced"


@pytest.mark.once
def test_persons_are_on_no_notice_so_the_meeting_asks_for_the_approval(db, staff):
    made.troubled("hospital", staff)
    cycle = computed(staff, scheme="practitioner")
    members = [staff[role].id for role in made.COUNCIL]
    with pytest.raises(Refused, match="没有经医疗保障行政部门批准"):
        cycle_decisions.convene(cycle, members, actor=staff[Role.LEADER], on=ON)
    approved(staff, "practitioner")
    cycle_decisions.convene(cycle, members, actor=staff[Role.LEADER], on=ON)
    assert len(cycle.votes) == 3


@pytest.mark.once
def test_the_bureau_alone_approves_and_nobody_asks_twice(db, staff):
    with pytest.raises(Refused, match="理由"):
        scheme_drafts.ask_as_written(SCHEME, " ", actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Denied):
        scheme_drafts.ask_as_written(SCHEME, "理由。", actor=staff[Role.FINANCE], on=ON)
    row = asked(staff)
    assert (row.state, row.changes, row.cycle_id) == ("submitted", {}, None)
    with pytest.raises(Refused, match="已经提请批准"):
        asked(staff)
    for role in (Role.CLERK, Role.LEADER):
        with pytest.raises(Denied):
            scheme_drafts.adopt(row, in_force_on=ON, actor=staff[role], on=ON, **WORDS)
    scheme_drafts.refuse(row, actor=staff[Role.BUREAU], on=ON, reason="先核对权重。")
    again = asked(staff)  # after a refusal it is asked anew, under a name of its own
    assert again.name != row.name
    scheme_drafts.adopt(again, in_force_on=ON, actor=staff[Role.BUREAU], on=ON, **WORDS)
    with pytest.raises(Refused, match="已经批准"):
        asked(staff)
    approved(staff, "insured_person")  # later, and still behind the scheme of institutions
    listed = schemes.offered(again.pooling_region, ON)
    assert [key for key, _ in listed[:2]] == [f"{SCHEME}@2026", "insured_person@2026"]
    offered = dict(listed)
    assert SCHEME not in offered  # as approved, once
    assert offered[f"{SCHEME}@2026"].endswith("（2026版）")
    assert offered["practitioner"].endswith("（2026版，尚未批准）")
    # what was approved is no default any more, in its text and in every letter
    assert offered[f"{SCHEME}@2026"] == "县级定点医药机构信用评价（四等级）（2026版）"
    assert schemes.approval(SCHEME, again.scheme_text, "990999") is None  # of this region only


@pytest.mark.once
def test_a_default_is_approved_as_written_through_the_pages(app, db, staff):
    made.quiet("hospital")
    made.quiet("pharmacy")
    cycle = made.started(staff)
    db.commit()
    clerk, bureau = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.BUREAU])
    shown = clerk.get(f"/ratings/cycles/{cycle.id}").text
    assert "没有经医疗保障行政部门批准" in shown
    assert f"/schemes/{SCHEME}" in shown
    page = f"/schemes/{SCHEME}"
    assert f"{page}/approval" in forms(clerk.get(page).text)
    assert f"{page}/approval" not in forms(bureau.get(page).text)
    assert post(clerk, f"{page}/approval").status_code == 409  # without a reason
    answer = post(clerk, f"{page}/approval", purpose="逐项核对无误。")
    own = answer.headers["Location"]
    assert "等待医疗保障行政部门决定" in clerk.get(page).text
    assert "1 个待审批" in bureau.get("/schemes").text
    assert "按原文，未试算" in bureau.get("/schemes/drafts").text
    seen = bureau.get(own).text
    assert "没有改动" in seen
    assert 'value="2026"' in seen  # its own edition
    assert bureau.get(f"{own}/text").status_code == 200
    given = WORDS | {"in_force_on": ON.isoformat()}
    assert post(client_for(app, staff[Role.LEADER]), f"{own}/adopt", **given).status_code == 403
    assert post(bureau, f"{own}/adopt", **given).status_code == 303
    assert "已经批准" in clerk.get(page).text
    assert "已按原文批准" in clerk.get("/schemes").text
    assert "没有经医疗保障行政部门批准" not in clerk.get(f"/ratings/cycles/{cycle.id}").text
