"""Penalties of the administrative side: registered as facts, never issued here, unperformed from the day after the due day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import penalties as act
from database import session
from jobs import nightly
from models.sealed import blind_index
from queries import bans as barred
from queries import ledger, renewal_facts
from queries import penalties as ask
from rules import penalties as rule
from rules.ledger import Account
from rules.permissions import Denied, Role
from rules.persons import OfficeRole
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.web import client_for, post

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
    treasury = ledger.balances(institution_id=place.id)
    assert treasury == {Account.FINES: row.amount, Account.INSTITUTION: -row.amount}
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
    place = factories.institution(kind)
    session.commit()
    window = client_for(app, staff[Role.CLERK])
    data = {
        "institution_code": place.code.lower(), "number": "示罚9号", "authority": "示例局",
        "article": "《示例》第一条", "amount": "1234.50", "decided_on": "2026-06-01", "act": "other",
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

    window = client_for(app, staff[Role.CLERK])
    number = factories.id_number(705)
    text = f"姓名,证件号码,案号,列入日期\n样列某,{number},示执7号,2026-01-05\n"
    file = (io.BytesIO(text.encode()), "示例名单.csv")
    assert post(window, "/untrustworthy/import", file=file).status_code == 303
    page = window.get("/untrustworthy").text
    assert "示执7号" in page
    assert number not in page
    assert client_for(app, staff[Role.LEADER]).get("/untrustworthy/import").status_code == 403


# What the paper says beyond number and amount, and what follows


def more(**changes):
    return {"more": act.More(**changes)}


@pytest.mark.law("R-38", "R-40")
@pytest.mark.parametrize(
    ("key", "loss", "amount", "outside"),
    [
        ("art38", 100_000, 99_999, True),  # one to two times 1,000.00 yuan
        ("art38", 100_000, 100_000, False),
        ("art38", 100_000, 200_000, False),
        ("art38", 100_000, 200_001, True),
        ("art40", 100_000, 199_999, True),  # two to five times
        ("art40", 100_000, 200_000, False),
        ("art40", 100_000, 500_000, False),
        ("art40", 100_000, 500_001, True),
        ("art38", 0, 5, False),  # the loss is not on record
    ],
)
def test_a_fine_is_compared_with_its_multiple_of_the_loss(key, loss, amount, outside):
    assert rule.fine_hint(key, amount, loss, day=TODAY).outside is outside


@pytest.mark.law("R-39")
@pytest.mark.parametrize(
    ("amount", "outside"),
    [(999_999, True), (1_000_000, False), (5_000_000, False), (5_000_001, True)],
)
def test_a_fine_for_refusing_to_correct_is_between_ten_and_fifty_thousand_yuan(amount, outside):
    hint = rule.fine_hint("art39", amount, 0, day=TODAY)
    assert (hint.outside, hint.confidence) == (outside, "official")


@pytest.mark.law("R-38", "R-40")
@pytest.mark.parametrize(
    ("months", "outside"), [(0, False), (5, True), (6, False), (12, False), (13, True)]
)
def test_a_department_stands_still_for_six_to_twelve_months(months, outside):
    assert rule.department_hint("art38", months, day=TODAY).outside is outside
    assert rule.department_hint("art39", months, day=TODAY) is None


@pytest.mark.parametrize(
    ("days", "added"),
    [(-1, 0), (0, 0), (1, 3_000), (10, 30_000), (33, 99_000), (34, 100_000), (999, 100_000)],
)
def test_three_percent_a_day_are_added_to_a_late_fine_up_to_the_fine_itself(days, added):
    assert rule.late_addition(100_000, DUE, DUE + timedelta(days=days)) == added


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"act": "art99"}, "不在可以选择的范围"),
        ({"act": "art43"}, "适用于个人"),
        ({"loss": -1}, "不能为负数"),
        ({"department": "骨科"}, "名称和月数须同时填写"),
        ({"department_months": 6}, "名称和月数须同时填写"),
        ({"conduct_on": date(2026, 5, 27)}, "不能晚于处罚决定日期"),
        ({"served_on": date(2026, 5, 25)}, "决定之后、今天之前"),
        ({"served_on": TODAY + timedelta(days=1)}, "决定之后、今天之前"),
    ],
)
def test_what_does_not_fit_together_is_refused(staff, changes, words):
    with pytest.raises(Refused, match=words):
        registered(staff, factories.institution(), **more(**changes))


@pytest.mark.law("R-43", refuses=True, passes=True)
def test_a_manager_penalised_for_a_major_loss_is_barred_for_five_years_everywhere(staff, kind):
    place, number = factories.institution(kind), factories.id_number(760)
    row = act.register(
        decision(decided_on=TODAY, due_on=TODAY, **more(act="art43")),
        person_name="样某某", id_number=number, actor=staff[Role.BUREAU], on=TODAY,
    )  # fmt: skip
    assert barred.against(place, TODAY) == ()
    factories.office(place, OfficeRole.PRINCIPAL, number)
    assert [one.institution_id for one in ask.offices_of(row, TODAY)] == [place.id]
    until = date(2031, 6, 15)
    (hit,) = barred.against(place, until)
    assert (hit.until, "第四十三条" in hit.basis) == (until, True)
    assert "限制从业" in hit.text
    assert barred.against(place, until + timedelta(days=1)) == ()
    (ban,) = ask.bars(row)
    session.commit()
    assert nightly.run("end-bans", until + timedelta(days=1)).done == [ban.id]


def test_an_unperformed_penalty_stands_on_the_decision_sheet_of_the_renewal(staff, kind):
    agreement = made.concluded(factories.institution(kind))
    row = registered(staff, agreement.institution, **more(act="art40", loss=100))
    facts = renewal_facts.of(agreement, DUE + timedelta(days=1))
    owed = next(one for one in facts if one.label == "逾期未履行的处罚")
    assert (owed.hit, row.number in owed.value) == (True, True)


def test_the_limits_of_the_procedure_run_from_the_days_on_record(staff):
    days = {
        "filed_on": date(2026, 3, 2),
        "told_on": date(2026, 5, 8),
        "served_on": date(2026, 6, 1),
    }
    row = registered(staff, factories.institution(), **more(**days))
    due = {one.label: one.due for one in ask.limits(row)}
    assert due["立案后作出处罚决定的期限"] == date(2026, 6, 1)  # ninety days are 31 May, a Sunday
    assert due["要求听证的期限"] == date(2026, 5, 14)  # five working days; Saturday 9 May is worked
    assert due["缴纳罚款的期限"] == date(2026, 6, 16)
    assert due["处罚决定再次延长的期限"] is None


def test_the_page_of_a_penalty_says_what_the_regulation_allows(app, staff, kind):
    place = factories.institution(kind)
    row = registered(staff, place, **more(act="art40", loss=1_000_000, conduct_on=date(2026, 3, 1)))
    session.commit()
    window = client_for(app, staff[Role.CLERK])
    page = window.get(f"/penalties/{row.id}").text
    assert "20,000.00 元至 50,000.00 元" in page  # two and five times 10,000.00
    assert "与登记的不一致" in page  # 12,345.00 were fined
    assert "加处罚款 1,851.75 元" in page  # five days of three percent of 12,345.00
    served = {"served_on": "2026-05-28", "version": row.version}
    assert post(window, f"/penalties/{row.id}/service", **served).status_code == 303
    assert "2026-05-28 送达" in window.get(f"/penalties/{row.id}").text
    assert post(window, f"/penalties/{row.id}/service", served_on="2026-05-28").status_code == 409
    away = client_for(app, factories.actor(Role.CLERK, region="990124"))
    assert away.get(f"/penalties/{row.id}").status_code == 404
