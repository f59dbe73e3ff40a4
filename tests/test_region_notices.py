"""跨区通报, received: followed by a case in its short form with two more persons, or set aside — for both kinds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import region_receipts as act
from actions import violations
from database import session
from models import Event, RegionNotice, Suspension, Termination
from rules.lifecycle import AgreementState
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.web import client_for, post

ARTICLES = {"pharmacy": "第四十一条", "hospital": "第四十四条"}
LETTER = act.Received(
    "邻医保函〔2026〕9号", "示例邻县经办机构", "suspend", "存在重大基金安全风险。",
    date(2026, 6, 10), date(2026, 6, 12),
)  # fmt: skip


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


def received(agreement, staff, **more):
    return act.receive(agreement, replace(LETTER, **more), actor=staff[Role.CLERK], on=TODAY)


def decided(row, staff):
    case = act.follow(row, actor=staff[Role.INSPECTOR], on=TODAY)
    violations.review(case, opinion="同意。", actor=staff[Role.REVIEWER], on=TODAY)
    if row.measure == "terminate":
        made.collectively(case, staff, on=TODAY)
    return case


@pytest.mark.law("P3-41b", "M2-44b", refuses=True, passes=True)
def test_a_suspension_elsewhere_suspends_here_after_two_more_persons(db, staff, agreement, kind):
    row = received(agreement, staff)
    case = decided(row, staff)
    assert agreement.state == AgreementState.CONCLUDED
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=TODAY)
    paused = db.scalars(select(Suspension)).one()
    assert (agreement.state, paused.from_on, row.state) == ("suspended", TODAY, "followed")
    assert ARTICLES[kind] in paused.basis
    assert LETTER.letter_number in case.facts_text


@pytest.mark.law("P3-41b", "M2-44b", refuses=True, passes=True)
def test_a_termination_elsewhere_ends_it_here_with_the_class_stated(db, staff, agreement, kind):
    case = decided(received(agreement, staff, measure="terminate"), staff)
    session.commit()
    with pytest.raises(Refused, match="明确认定"):
        violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=TODAY)
    session.rollback()
    violations.approve(case, opinion="同意。", ban_class="none", actor=staff[Role.LEADER], on=TODAY)
    ended = db.scalars(select(Termination)).one()
    assert ARTICLES[kind] in ended.basis
    assert agreement.state == AgreementState.TERMINATED


def test_the_short_form_is_for_decisions_of_others_alone(db, staff, agreement):
    case = made.case(agreement, staff, on=TODAY)
    with pytest.raises(Refused, match="听取陈述申辩"):
        violations.adopt(case, opinion="建议。", actor=staff[Role.INSPECTOR], on=TODAY)


def test_whoever_opened_the_case_neither_reviews_nor_approves(db, staff, agreement):
    case = act.follow(received(agreement, staff), actor=staff[Role.INSPECTOR], on=TODAY)
    assert case.recorded_by_id == staff[Role.INSPECTOR].id
    with pytest.raises(Denied):
        violations.review(case, opinion="同意。", actor=staff[Role.INSPECTOR], on=TODAY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decided_on": date(2026, 6, 13)}, "日期先后有误"),
        ({"received_on": TODAY + timedelta(days=1)}, "日期先后有误"),
        ({"letter_number": " "}, "写明来函"),
        ({"measure": "fine"}, "请选择"),
    ],
)
def test_a_letter_that_does_not_hold_together_is_refused(staff, agreement, change, words):
    with pytest.raises(Refused, match=words):
        received(agreement, staff, **change)


def test_the_same_letter_is_put_on_record_once(staff, agreement):
    received(agreement, staff)
    with pytest.raises(Refused, match="已经登记"):
        received(agreement, staff)


def test_an_agreement_that_is_over_needs_nothing(db, staff, agreement):
    agreement.state, agreement.lapsed_on = AgreementState.LAPSED, TODAY
    with pytest.raises(Refused, match="已经结束"):
        received(agreement, staff)


def test_it_is_set_aside_by_another_person_for_a_reason(staff, agreement, kind):
    row = act.receive(agreement, LETTER, actor=staff[Role.INSPECTOR], on=TODAY)
    with pytest.raises(Denied):
        act.set_aside(row, reason="同名。", actor=staff[Role.INSPECTOR], on=TODAY)
    with pytest.raises(Refused, match="理由") as refused:
        act.set_aside(row, reason=" ", actor=staff[Role.REVIEWER], on=TODAY)
    assert ARTICLES[kind] in refused.value.basis
    act.set_aside(row, reason="同名，不是同一机构。", actor=staff[Role.REVIEWER], on=TODAY)
    session.commit()
    told = session.scalars(select(Event).where(Event.verb == "set_aside"))
    assert ARTICLES[kind] in told.one().basis
    with pytest.raises(Refused):
        act.follow(row, actor=staff[Role.INSPECTOR], on=TODAY)


def test_through_the_doors(app, db, staff, agreement):
    session.commit()
    clerk = client_for(app, staff[Role.CLERK])
    path = f"/region-notices/new?agreement={agreement.id}"
    assert clerk.get(path).status_code == 200
    assert post(clerk, path, letter_number="1号").status_code == 400
    given = {
        "letter_number": "邻医保函1号", "agency": "示例邻县经办机构", "measure": "suspend",
        "decided_on": "2026-06-10", "received_on": "2026-06-12", "ground_text": "风险。",
    }  # fmt: skip
    assert post(clerk, path, **given).status_code == 303
    row = db.scalars(select(RegionNotice)).one()
    session.rollback()
    inspector = client_for(app, staff[Role.INSPECTOR])
    page = f"/region-notices/{row.id}"
    assert page in inspector.get("/worklist").text
    assert "邻医保函1号" in inspector.get(page).text
    assert post(inspector, f"{page}/follow").status_code == 303
    for query in ("", "?state=followed", "?format=xlsx", "?print=1"):
        assert inspector.get(f"/region-notices{query}").status_code == 200
