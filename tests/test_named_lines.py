"""A line names who served, or it is not paid: a measure on a person stops nothing where nobody is named."""

from __future__ import annotations

from datetime import date

import pytest

from actions import statement_appeals, statement_findings
from database import session
from models import Hold
from queries import portal_settlements, statement_stops
from queries import statements as ask
from rules import coded_services as rule
from rules.kinds import MEDICAL, PHARMACY
from rules.permissions import Role
from rules.refusal import Refused
from rules.statements import Fate, Line
from tests import factories, web
from tests import factories_agreement as made
from tests import factories_money as money
from tests import factories_practitioner as people
from tests.conftest import TODAY
from tests.factories_money import CLAIMED, line

ON = date(2026, 6, 5)
FAULTS = {
    "": "没有填写相关人员编码",
    "甲医生": "没有这个编码的相关人员",
    "D990123999999": "没有这个编码的相关人员",
}


@pytest.mark.pure
@pytest.mark.parametrize("family", [MEDICAL, PHARMACY])
@pytest.mark.parametrize("inpatient", [False, True])
@pytest.mark.parametrize(("day", "needed"), [(date(2024, 7, 31), False), (date(2024, 8, 1), True)])
def test_every_service_names_who_served_from_the_first_day_of_the_rule(
    family, inpatient, day, needed
):
    one = Line(1, "MZ1", day, 100, inpatient=inpatient, admission_date=day if inpatient else None)
    assert rule.needs_person(one, family) is needed


@pytest.mark.pure
@pytest.mark.parametrize(
    ("codes", "cured"),
    [
        ("no_practitioner", True),
        ("institution_suspension;unknown_practitioner", True),
        ("not_registered", True),
        ("institution_suspension", False),
        ("practitioner_qualification_measure", False),
        ("", False),
    ],
)  # fmt: skip
def test_a_code_is_supplied_only_where_the_person_was_the_fault(codes, cured):
    assert rule.curable(codes, date(2026, 5, 12)) is cured


@pytest.fixture
def told(db, kind, staff):
    """One good line, and one for each way of naming nobody; the institution has been told."""
    agreement = made.concluded(factories.institution(kind))
    person = people.serving(agreement.institution)
    lines = [line(1, practitioner_code=person.code.lower())]
    lines += [line(at, practitioner_code=code or " ") for at, code in enumerate(FAULTS, 2)]
    return money.told(money.audited(money.received(agreement, staff, lines=lines), staff), staff)


def test_a_line_that_names_nobody_is_denied_with_the_article_and_paid_once_somebody_is_named(
    told, staff
):
    row, found = told, ask.findings(told.id)
    person = people.serving(row.institution)
    assert [(one.line, one.reason_text) for one in found] == list(enumerate(FAULTS.values(), 2))
    assert all("医保发〔2024〕23号" in one.basis and one.amount == 100_00 for one in found)
    assert [bool(one.remark) for one in found] == [False, True, False]
    shown = portal_settlements.view(row, ON).findings
    assert found[1].remark in shown[1].reason_text
    why = {one.id: "漏填。" for one in found}
    named = {found[0].id: f" {person.code.lower()}"}
    statement_appeals.appeal(row, why, text="", supplied=named, actor=staff[Role.CLERK], on=ON)
    session.commit()
    assert statement_stops.of_supplied(row, found, on=ON) == {
        found[0].id: "按服务日期核对，可以支付。"
    }
    answers = {one.id: (False, "补报属实。") for one in found}
    with pytest.raises(Refused, match="第 3 行仍然不能支付"):
        statement_appeals.judge(row, answers, actor=staff[Role.REVIEWER], on=ON)
    session.rollback()
    answers |= {one.id: (True, "没有补报。") for one in found[1:]}
    statement_appeals.judge(row, answers, actor=staff[Role.REVIEWER], on=ON)
    money.settled(row, staff, on=ON)
    assert [one.fate for one in row.claims] == [Fate.PAY, Fate.PAY, Fate.DENY, Fate.DENY]
    assert [one.practitioner_code.strip() for one in row.claims[1:]] == list(FAULTS)


def test_a_code_that_nobody_bears_and_one_of_another_institution_are_answered_alike(
    told, staff, kind
):
    """Else the form of the portal would tell which codes there are."""
    row, (nameless, *_others) = told, ask.findings(told.id)
    stranger, _place = people.practitioner(kind)
    session.commit()
    answers = []
    for code in ("D990100999999", stranger.code):
        with pytest.raises(Refused) as refused:
            statement_appeals.appeal(
                row, {nameless.id: "漏填。"}, text="", supplied={nameless.id: code}, actor=staff[Role.CLERK], on=ON
            )  # fmt: skip
        session.rollback()
        said = refused.value
        answers.append((said.why.replace(code, "…"), said.basis, said.cure))
    assert answers[0] == answers[1]
    assert answers[0][0] == "编码 … 不是在本机构登记备案的人员。"


def test_naming_somebody_who_may_not_be_paid_changes_nothing(told, staff):
    row, (nameless, *_others) = told, ask.findings(told.id)
    person = people.serving(row.institution)
    session.add(
        Hold(
            practitioner_id=person.id, source="qualification_measure", source_id=1, basis="示例依据",
            from_on=date(2026, 5, 1), to_on=None,
        )
    )  # fmt: skip
    session.commit()
    statement_appeals.appeal(
        row,
        {nameless.id: "漏填。"},
        text="",
        supplied={nameless.id: person.code},
        actor=staff[Role.CLERK],
        on=ON,
    )
    (words,) = statement_stops.of_supplied(row, [nameless], on=ON).values()
    assert "仍不能支付" in words
    with pytest.raises(Refused, match="第 2 行仍然不能支付"):
        statement_appeals.judge(
            row, {nameless.id: (False, "属实。")}, actor=staff[Role.REVIEWER], on=ON
        )


@pytest.mark.once
def test_the_code_is_supplied_by_the_auditor_or_in_the_portal_and_shown_to_whoever_judges(
    app, db, staff
):
    agreement = made.concluded(factories.institution("hospital"))
    person = people.serving(agreement.institution)
    lines = [line(number, practitioner_code=" ") for number in (1, 2)] + [line(3)]
    row = money.received(agreement, staff, lines=lines)
    first, second = ask.findings(row.id)
    with pytest.raises(Refused, match="第 1 行仍然不能支付"):
        statement_findings.strike(
            first, reason="漏填。", actor=staff[Role.FIRST_AUDITOR], on=CLAIMED
        )
    session.rollback()
    auditor = web.client_for(app, staff[Role.FIRST_AUDITOR])
    page = f"/settlements/{row.id}"
    assert "机构书面补报的人员编码" in auditor.get(page).text
    given = {"version": row.version, "reason": "书面补报。", "code": person.code}
    assert web.post(auditor, f"{page}/findings/{first.id}/strike", **given).status_code == 303
    money.told(money.audited(row, staff), staff, on=TODAY)
    user = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    session.commit()
    portal = web.client_for(app, user)
    assert "第 2 行补报人员编码" in portal.get(f"/portal{page}").text
    given = {"version": row.version, f"code-{second.id}": person.code}
    assert web.post(portal, f"/portal{page}/appeal", **given).status_code == 303
    shown = web.client_for(app, staff[Role.REVIEWER]).get(page).text
    assert f"补报人员编码 {person.code}：按服务日期核对，可以支付。" in shown
    assert f"补报 {person.code}" in auditor.get(f"{page}/lines").text
