"""证照: said in time, once a step, to be renewed; nothing ends by it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import licences
from database import session
from jobs import nightly
from models import Event, Indication, Licence, WorkItem
from queries import licences as ask
from queries import portal
from queries.paging import asked
from rules import indications
from rules import licences as rule
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as agreed
from tests.conftest import TODAY
from tests.web import client_for, post

ENDS = date(2026, 12, 1)
JOB = "warn-licences"


@pytest.fixture
def place(db, kind):
    row = factories.institution(kind)
    agreed.concluded(row)
    return row


def licence(place, staff, valid_to=ENDS, number="示例001", kind="营业执照"):
    return licences.add(
        place, kind=kind, number=number, valid_from=date(2025, 1, 1), valid_to=valid_to,
        actor=staff[Role.CLERK], on=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("left", "step"),
    [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (0, 30), (-1, None)],
)
def test_the_steps_of_the_warning_lie_at_ninety_sixty_and_thirty_days(left, step):
    assert rule.step_reached(ENDS, ENDS - timedelta(days=left)) == step


@pytest.mark.parametrize(
    ("left", "state"),
    [(91, "ok"), (90, "soon"), (31, "soon"), (30, "due"), (0, "due"), (-1, "over")],
)
def test_the_last_day_of_a_licence_is_still_valid(left, state):
    assert rule.light(ENDS, ENDS - timedelta(days=left)).state == state


def test_each_step_is_said_once_and_waits_on_the_clerks_desk(place, staff):
    row = licence(place, staff)
    session.commit()
    days = [ENDS - timedelta(days=n) for n in (91, 90, 90, 89, 60, 59, 30, 0, -1)]
    told = [len(nightly.run(JOB, day).done) for day in days]
    assert told == [0, 1, 0, 0, 1, 0, 1, 0, 0]
    [item] = session.scalars(select(WorkItem).where(WorkItem.done.is_(False)))
    assert (item.subject, item.subject_id, item.desk, item.due_on) == (
        "licence",
        row.id,
        "clerk",
        ENDS,
    )
    assert len(session.scalars(select(Event).where(Event.verb == "warn")).all()) == 3


def test_the_following_licence_settles_the_reminder(place, staff):
    licence(place, staff)
    session.commit()
    nightly.run(JOB, ENDS - timedelta(days=30))
    licence(place, staff, valid_to=date(2031, 1, 1), number="示例002")
    session.commit()
    assert session.scalars(select(WorkItem).where(WorkItem.done.is_(False))).all() == []
    assert nightly.run(JOB, ENDS - timedelta(days=1)).done == []
    assert ask.of_institution_ending(place.id, on=ENDS) == []


def test_a_reminder_is_closed_with_its_words(place, staff):
    row = licence(place, staff)
    session.commit()
    nightly.run(JOB, ENDS - timedelta(days=30))
    row = session.get_one(Licence, row.id)
    with pytest.raises(Refused, match="写明提醒"):
        licences.reminded(row, text=" ", actor=staff[Role.CLERK], on=ENDS)
    licences.reminded(row, text="电话提醒。", actor=staff[Role.CLERK], on=ENDS)
    assert session.scalars(select(WorkItem).where(WorkItem.done.is_(False))).all() == []


def test_without_an_agreement_without_an_end_or_revoked_nobody_is_told(db, staff, kind):
    bare = factories.institution(kind)
    licence(bare, staff)
    place = factories.institution(kind)
    agreed.concluded(place)
    licence(place, staff, valid_to=None)
    licence(place, staff, kind="其他").revoked_on = TODAY
    db.commit()
    assert ask.ending(ENDS - timedelta(days=10)) == []


@pytest.mark.parametrize(
    ("day", "within", "shown"),
    [
        (ENDS - timedelta(days=91), "", 0),
        (ENDS - timedelta(days=90), "", 1),
        (ENDS - timedelta(days=31), "30", 0),
        (ENDS, "30", 1),
        (ENDS, "ended", 0),
        (ENDS + timedelta(days=1), "ended", 1),
        (ENDS + timedelta(days=1), "", 0),
    ],
)
def test_the_list_shows_what_ends_within_the_asked_days(place, staff, day, within, shown):
    licence(place, staff)
    rows, page = ask.page(staff[Role.CLERK], asked({"within": within}), on=day)
    assert (len(rows), page.total) == (shown, shown)
    elsewhere = factories.actor(Role.CLERK, region="990999")
    assert ask.page(elsewhere, asked({"within": within}), on=day)[0] == []


def test_the_institution_reads_it_on_its_first_page(place, staff):
    licence(place, staff)
    home = portal.home(place.id, on=ENDS - timedelta(days=30))
    told = [(one.until, one.mine) for one in home.matters if one.subject == "licence"]
    assert told == [("2026-12-01", True)]


# revoked or cancelled

PAPERS = {"pharmacy": "药品经营许可证", "hospital": "医疗机构执业许可证"}
LAW = pytest.mark.law("P3-40.11", "M2-43.9", refuses=True, passes=True)


def lose(
    row, staff, *, how="吊销", revoked_on=TODAY, document="示例局〔2026〕1号", role=Role.CLERK
):
    licences.revoke(
        row, how=how, revoked_on=revoked_on, document=document, actor=staff[role], on=TODAY
    )


@LAW
@pytest.mark.parametrize(
    ("kind_word", "family", "named"),
    [
        ("药品经营许可证", "pharmacy", True),
        ("营业执照", "pharmacy", True),
        ("医疗机构执业许可证", "medical", True),
        ("中医诊所备案证", "medical", True),
        ("营业执照", "medical", False),
        ("其他", "pharmacy", False),
    ],
)
def test_whose_loss_ends_the_agreement_is_what_the_order_names(kind_word, family, named):
    article = {"pharmacy": "第四十条第十一项", "medical": "第四十三条第九项"}[family]
    row = indications.names_licence(kind_word, TODAY, family)
    assert (row is not None and row.basis.endswith(article)) is named


@LAW
@pytest.mark.parametrize("how", ["吊销", "注销"])
def test_a_loss_is_registered_once_and_the_night_lists_it_with_its_article(place, staff, kind, how):
    for former in ask.of_kind(place.id, PAPERS[kind]):
        session.delete(former)
    row = licence(place, staff, valid_to=None, kind=PAPERS[kind])
    lose(row, staff, how=how)
    session.commit()
    [line] = session.scalars(select(Event).where(Event.verb == "revoke_licence"))
    assert line.title == f"登记证照{how}"
    assert "示例局〔2026〕1号" in line.facts["text"]
    with pytest.raises(Refused, match="不能重复"):
        lose(row, staff, how=how)
    assert len(nightly.run("find-grounds", TODAY).done) == 1
    [found] = session.scalars(select(Indication))
    assert found.basis == line.basis
    article = {"pharmacy": "第四十条第十一项", "hospital": "第四十三条第九项"}[kind]
    assert found.basis.endswith(article)


@LAW
@pytest.mark.parametrize(
    ("revoked_on", "fits"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
    ],
)
def test_it_was_lost_while_it_was_held_and_not_in_the_future(place, staff, revoked_on, fits):
    row = licence(place, staff)
    if not fits:
        with pytest.raises(Refused, match="2025-01-01 至今天"):
            lose(row, staff, revoked_on=revoked_on)
        return
    lose(row, staff, revoked_on=revoked_on)
    assert row.revoked_on == revoked_on


def test_without_the_document_the_way_or_the_right_nothing_is_registered(place, staff):
    row = licence(place, staff)
    with pytest.raises(Refused, match="文号"):
        lose(row, staff, document=" ")
    with pytest.raises(Refused, match="选择"):
        lose(row, staff, how="过期")
    with pytest.raises(Denied):
        lose(row, staff, role=Role.LEADER)
    assert row.revoked_on is None


def test_a_lost_licence_is_not_reminded_of_any_more(place, staff):
    row = licence(place, staff)
    session.commit()
    nightly.run(JOB, ENDS - timedelta(days=30))
    lose(session.get_one(Licence, row.id), staff)
    assert session.scalars(select(WorkItem).where(WorkItem.done.is_(False))).all() == []


@LAW
def test_through_the_page_of_the_licence_that_the_institution_links(app, place, staff, kind):
    row = licence(place, staff, kind=PAPERS[kind])
    session.commit()
    browser, leader = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.LEADER])
    path = f"/licences/{row.id}"
    assert path in browser.get(f"/institutions/{place.id}").text
    assert "属于应当解除协议的情形" in browser.get(path).text
    given = {"how": "注销", "revoked_on": TODAY.isoformat(), "document": "示例局〔2026〕2号"}
    assert "登记吊销、注销" not in leader.get(path).text
    assert post(leader, f"{path}/revoke", **given).status_code == 403
    assert post(browser, f"{path}/revoke", **given | {"document": ""}).status_code == 409
    assert post(browser, f"{path}/revoke", **given).status_code == 303
    assert post(browser, f"{path}/revoke", **given).status_code == 409
    shown = browser.get(path).text
    assert "吊销或者注销" in shown
    assert 'name="how"' not in shown
    assert "吊销或者注销" in browser.get(f"/institutions/{place.id}").text
