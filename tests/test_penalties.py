"""Penalties of the administrative side: registered as facts, never issued here, unperformed from the day after the due day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import penalties as act
from models.sealed import blind_index
from queries import penalties as ask
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY

DUE = date(2026, 6, 10)


def decision(number="示罚〔2026〕1号", **changes):
    given = {
        "authority": "示例县医疗保障局",
        "article": "《示例条例》第四十条",
        "amount": 1_234_500,
        "decided_on": date(2026, 5, 26),
        "due_on": DUE,
    }
    return act.Decision(number=number, **(given | changes))


def registered(staff, place, **changes):
    return act.register(decision(**changes), institution=place, actor=staff[Role.CLERK], on=TODAY)


@pytest.mark.parametrize(("later", "hits"), [(-1, 0), (0, 0), (1, 1)])
@pytest.mark.law("P3-11.1", "M2-12.3", refuses=True, passes=True)
def test_a_penalty_is_in_default_from_the_day_after_its_due_day(staff, kind, later, hits):
    place = factories.institution(kind)
    registered(staff, place)
    assert len(ask.unperformed(place.id, DUE + timedelta(days=later))) == hits


def test_once_performed_with_proof_it_is_a_hit_only_for_days_before(staff, kind):
    place = factories.institution(kind)
    row = registered(staff, place)
    act.perform(
        row, performed_on=TODAY, proof="示例缴款书1号", actor=staff[Role.INSPECTOR], on=TODAY
    )
    assert ask.unperformed(place.id, TODAY) == []
    assert ask.unperformed(place.id, TODAY - timedelta(days=1)) == [row]
    with pytest.raises(Refused, match="已于 2026-06-15 登记履行完毕"):
        act.perform(row, performed_on=TODAY, proof="再次", actor=staff[Role.CLERK], on=TODAY)


@pytest.mark.parametrize(
    ("day", "proof", "words"),
    [
        (TODAY, " ", "须写明凭证"),
        (TODAY + timedelta(days=1), "示例缴款书", "今天之前"),
        (date(2026, 5, 25), "示例缴款书", "决定之后"),
    ],
)
def test_performance_is_refused_without_proof_and_for_a_day_that_cannot_be(
    staff, day, proof, words
):
    row = registered(staff, factories.institution())
    with pytest.raises(Refused, match=words):
        act.perform(row, performed_on=day, proof=proof, actor=staff[Role.CLERK], on=TODAY)


def test_a_persons_penalty_is_found_by_the_id_number_and_never_stored_in_plain(staff):
    number = factories.id_number(700)
    row = act.register(
        decision(),
        person_name="样某某",
        id_number=f" {number[:6]}　{number[6:]}".lower(),
        actor=staff[Role.BUREAU],
        on=TODAY,
    )
    assert ask.unperformed_of_persons([blind_index(number)], TODAY) == [row]
    assert row.pooling_region == factories.REGION
    assert number not in str(row.__dict__)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": " "}, "没有填写决定书文号"),
        ({"authority": "", "article": ""}, "没有填写处罚机关、处罚依据条款"),
        ({"amount": -1}, "不能为负数"),
        ({"decided_on": TODAY + timedelta(days=1)}, "晚于今天"),
        ({"due_on": date(2026, 5, 25)}, "早于处罚决定日期"),
    ],
)
def test_what_no_decision_can_say_is_refused(staff, changes, words):
    with pytest.raises(Refused, match=words):
        registered(staff, factories.institution(), **changes)


def test_both_an_institution_and_a_person_or_neither_is_refused(staff):
    clerk = staff[Role.CLERK]
    with pytest.raises(Refused, match="机构或者个人之一"):
        act.register(
            decision(),
            institution=factories.institution(),
            person_name="样某某",
            id_number=factories.id_number(701),
            actor=clerk,
            on=TODAY,
        )
    with pytest.raises(Refused, match="没有写明处罚对象"):
        act.register(decision(), actor=clerk, on=TODAY)
    with pytest.raises(Refused, match="校验位"):
        act.register(
            decision(), person_name="样某某", id_number="110101190001010000", actor=clerk, on=TODAY
        )


def test_the_same_number_is_registered_once(staff):
    registered(staff, factories.institution())
    with pytest.raises(Refused, match="已经登记"):
        registered(staff, factories.institution())


def test_who_neither_handles_nor_supervises_registers_no_penalty(staff):
    with pytest.raises(Denied):
        act.register(
            decision(), institution=factories.institution(), actor=staff[Role.FINANCE], on=TODAY
        )


def test_a_penalty_is_registered_and_performed_on_the_page(app, staff, kind):
    from database import session
    from tests.web import client_for, post

    place = factories.institution(kind)
    session.commit()
    window = client_for(app, staff[Role.CLERK])
    data = {
        "institution_code": place.code.lower(), "number": "示罚9号", "authority": "示例局",
        "article": "《示例》第一条", "amount": "1234.50", "decided_on": "2026-06-01",
        "due_on": "2026-06-10",
    }  # fmt: skip
    assert post(window, "/penalties/new", **data).status_code == 303
    page = window.get("/penalties?state=over").text
    assert "示罚9号" in page
    assert "逾期未履行" in page
    (row,) = ask.unperformed(place.id, TODAY)
    assert row.amount == 123_450
    answer = post(
        window, f"/penalties/{row.id}/perform", performed_on="2026-06-12", proof="示例缴款书9号"
    )
    assert answer.status_code == 303
    assert "2026-06-12 已履行" in window.get("/penalties?state=done").text
    assert window.get("/penalties?format=csv").status_code == 200
    assert post(window, "/penalties/new", **{**data, "institution_code": "P999"}).status_code == 409
    assert client_for(app, staff[Role.FINANCE]).get("/penalties/new").status_code == 403


def test_a_list_of_the_untrustworthy_is_taken_in_on_the_page(app, staff):
    import io

    from tests.web import client_for, post

    window = client_for(app, staff[Role.CLERK])
    number = factories.id_number(705)
    text = f"姓名,证件号码,案号,列入日期\n样列某,{number},示执7号,2026-01-05\n"
    file = (io.BytesIO(text.encode()), "示例名单.csv")
    assert post(window, "/untrustworthy/import", file=file).status_code == 303
    page = window.get("/untrustworthy").text
    assert "示执7号" in page
    assert number not in page
    assert client_for(app, staff[Role.LEADER]).get("/untrustworthy/import").status_code == 403
