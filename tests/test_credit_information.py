"""Credit information: with its paper, by two persons, valid for so long, and of a person no more than an index."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from actions import credit_information as act
from database import session
from models import CreditInformation, Event
from models.sealed import blind_index
from queries import credit_information as ask
from rules import credit_information as rule
from rules.credit_subjects import CreditSubject
from rules.kinds import MEDICAL, PHARMACY
from rules.lifecycle import CREDIT_INFORMATION
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, factories_credit
from tests import factories_practitioner as people
from tests.conftest import TODAY
from tests.web import client_for, post

DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("kind", "last"),
    [("slight", date(2027, 3, 9)), ("ordinary", date(2028, 3, 9)), ("serious", date(2031, 3, 9))],
)
@pytest.mark.pure
def test_it_counts_for_the_months_of_its_kind(kind, last):
    row = rule.kind(kind, CreditSubject.INSTITUTION, DAY)
    assert rule.valid_to(row, DAY) == last


@pytest.mark.pure
def test_where_the_day_does_not_exist_it_counts_to_the_end_of_that_month():
    row = rule.kind("slight", CreditSubject.INSTITUTION, date(2024, 2, 29))
    assert rule.valid_to(row, date(2024, 2, 29)) == date(2025, 2, 28)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("kind", "typed", "why"),
    [
        ("satisfaction_survey", {"satisfied": "31", "answers": "30"}, "多于有效问卷"),
        ("satisfaction_survey", {"satisfied": "3"}, "没有填写有效问卷"),
        ("satisfaction_survey", {"satisfied": "3.5", "answers": "30"}, "整数"),
        ("satisfaction_survey", {}, "至少"),
        ("annual_assessment", {"assessment_score": "100.01"}, "0至100"),
        ("annual_assessment", {"assessment_score": "NaN"}, "0至100"),
        ("annual_assessment", {"assessment_score": "八十"}, "不是数字"),
        ("annual_assessment", {"retail_got": "3"}, "没有"),
        ("performance_sheet", {"base_got": "61", "base_due": "60"}, "多于应得分"),
        ("honest", {"answers": "1"}, "没有"),
    ],
)
def test_a_number_that_cannot_be_is_refused(kind, typed, why):
    row = rule.kind(kind, CreditSubject.INSTITUTION, DAY)
    with pytest.raises(Refused, match=why):
        rule.numbers(row, MEDICAL, typed, DAY)


@pytest.mark.pure
def test_a_pharmacy_has_no_inpatients_and_a_hospital_no_counter():
    row = rule.kind("performance_sheet", CreditSubject.INSTITUTION, DAY)
    typed = {"retail_got": "50", "retail_due": "60"}
    assert rule.numbers(row, PHARMACY, typed, DAY) == {"retail_got": 50.0, "retail_due": 60.0}
    with pytest.raises(Refused, match="没有"):
        rule.numbers(row, MEDICAL, typed, DAY)
    with pytest.raises(Refused, match="没有"):
        rule.numbers(row, PHARMACY, {"inpatient_got": "5"}, DAY)


@pytest.mark.pure
def test_a_survey_is_no_news_about_a_person():
    with pytest.raises(Refused, match="不适用于参保人员"):
        rule.kind("satisfaction_survey", CreditSubject.INSURED_PERSON, DAY)


def test_it_is_confirmed_by_another_and_its_paper_is_kept(staff, kind):
    place = factories.institution(kind)
    row = factories_credit.recorded(place, "slight", DAY, staff)
    assert (row.state, row.valid_to) == ("recorded", date(2027, 3, 9))
    same = act_as(staff[Role.CLERK], Role.REVIEWER)
    with pytest.raises(Denied):
        act.confirm(row, actor=same, on=DAY)
    act.confirm(row, actor=staff[Role.REVIEWER], on=DAY)
    assert (row.state, row.confirmed_on) == ("confirmed", DAY)


def act_as(actor, role):
    """The same person at another desk."""
    return type(actor)(**{**vars(actor), "role": role})


def test_sent_back_or_revoked_it_counts_no_longer_and_says_why(staff, kind):
    place = factories.institution(kind)
    for n, (verb, start) in enumerate([("reject", "recorded"), ("revoke", "confirmed")]):
        made = getattr(factories_credit, start)(place, "slight", date(2026, 3, 10 + n), staff)
        with pytest.raises(Refused, match="理由"):
            getattr(act, verb)(made, reason=" ", actor=staff[Role.REVIEWER], on=TODAY)
        getattr(act, verb)(made, reason="文号有误。", actor=staff[Role.REVIEWER], on=TODAY)
        assert made.reason == "文号有误。"
    assert valid(CreditSubject.INSTITUTION) == []


def valid(subject):
    return ask.confirmed(factories.REGION, subject, from_on=None, to_on=TODAY)


def test_the_same_is_on_record_once_unless_it_was_sent_back(staff, kind):
    place = factories.institution(kind)
    first = factories_credit.recorded(place, "slight", DAY, staff)
    with pytest.raises(Refused, match=first.number):
        factories_credit.recorded(place, "slight", DAY, staff)
    act.reject(first, reason="重登。", actor=staff[Role.REVIEWER], on=DAY)
    factories_credit.recorded(place, "slight", DAY, staff)
    factories_credit.recorded(factories.institution(kind), "slight", DAY, staff)


def test_a_day_to_come_and_a_paper_without_source_are_refused(staff, kind):
    place = factories.institution(kind)
    later = factories_credit.content("slight", date(2026, 6, 16))
    given = {"about": place, "actor": staff[Role.CLERK], "on": date(2026, 6, 15)}
    with pytest.raises(Refused, match="晚于今天"):
        act.record(later, factories_credit.PAPER, **given)
    with pytest.raises(Refused, match="来源"):
        act.record(
            factories_credit.content("slight", DAY, source=" "),
            factories_credit.PAPER,
            **given,
        )


def test_nobody_records_about_another_region(staff, kind):
    place = factories.institution(kind, region="990999")
    with pytest.raises(Denied):
        factories_credit.recorded(place, "slight", DAY, staff)


def test_of_an_insured_person_only_an_index_and_masked_words_are_kept(staff):
    number = factories.id_number(700_001)
    person = act.Person(CreditSubject.INSURED_PERSON, "样参保甲", number)
    row = factories_credit.confirmed(person, "slight", DAY, staff)
    assert (row.person_index, row.person_name) == (blind_index(number), "样***")
    assert row.masked_id == f"110****{number[-4:]}"
    kept = [str(value) for value in vars(row).values()]
    kept += [str(vars(event)) for event in session.scalars(select(Event))]
    assert not any(number in text or "样参保甲" in text for text in kept)


def test_a_legal_representative_must_hold_or_have_held_the_office(staff, kind):
    stranger = act.Person(
        CreditSubject.LEGAL_REPRESENTATIVE, "样陌生甲", factories.id_number(700_002)
    )
    with pytest.raises(Refused, match="不是本系统登记的任何机构的法定代表人"):
        factories_credit.recorded(stranger, "slight", DAY, staff)
    wrong = act.Person(CreditSubject.LEGAL_REPRESENTATIVE, "样某", "110101190001010010")
    with pytest.raises(Refused):
        factories_credit.recorded(wrong, "slight", DAY, staff)


def test_two_typed_at_the_counter_and_confirmed_through_the_pages(app, staff, kind):
    place = factories.institution(kind)
    person, _ = people.practitioner(kind, place)
    session.commit()
    clerk, reviewer = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.REVIEWER])
    page = clerk.get("/credit-information/new").get_data(as_text=True)
    assert "请按本地文件核对" in page
    typed = {"happened_on": "2026-03-10", "text": "示例。", "source": "示例县局 示通1号"}
    survey = {"subject": "institution", "code": place.code, "kind": "satisfaction_survey",
              "figures": "满意份数 45\n有效问卷：60"}  # fmt: skip
    praise = {"subject": "practitioner", "code": person.code, "kind": "honest"}
    for given in (survey, praise):
        answer = post(clerk, "/credit-information/new", **typed, **given, file=paper())
        assert answer.status_code == 303, answer.get_data(as_text=True)
    rows = session.scalars(select(CreditInformation).order_by(CreditInformation.id)).all()
    assert rows[0].figures == {"satisfied": 45.0, "answers": 60.0}
    assert rows[1].practitioner_id == person.id
    for row in rows:
        answer = post(reviewer, f"/credit-information/{row.id}/confirm", version=row.version)
        assert answer.status_code == 303
    session.expire_all()
    assert {row.state for row in rows} == {"confirmed"}
    listed = clerk.get("/credit-information?state=confirmed").get_data(as_text=True)
    assert len(re.findall(r'href="/credit-information/\d+"', listed)) == 2


def paper():
    return BytesIO(b"%PDF-1.4 sample"), "示例.pdf"


def test_every_state_has_its_meaning():
    assert all(state.meaning for state in CREDIT_INFORMATION.states.values())
