"""Grounds that refuse an application: each one by its fact on record or by what a person found, for both kinds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import applications, penalties, untrustworthy, verifications
from database import session
from models import Application, Ban, Document, Untrustworthy
from models.sealed import blind_index
from queries import lookalikes, refusals
from queries.untrustworthy import on_list
from rules.checks import MACHINE, Result
from rules.permissions import Denied, Role
from rules.persons import OfficeRole
from rules.refusal import Refused
from tests import factories, factories_intake
from tests import factories_agreement as made
from tests.conftest import TODAY

ONE = timedelta(days=1)
KEYS = {  # fact → key of the ground, by kind
    "penalty": {"pharmacy": "PH11_01", "hospital": "MI12_03"},
    "fraud_apply": {"pharmacy": "PH11_02", "hospital": "MI12_04"},
    "terminated_illegal": {"pharmacy": "PH11_03", "hospital": "MI12_05"},
    "terminated_breach": {"pharmacy": "PH11_04", "hospital": "MI12_06"},
    "person": {"pharmacy": "PH11_05", "hospital": "MI12_07"},
    "untrustworthy": {"pharmacy": "PH11_06", "hospital": "MI12_08"},
}


def barred(fact, place, *, until=date(2027, 6, 15), obligation="", met_on=None, person=""):
    row = Ban(
        ground=fact,
        basis="《示例》第一条",
        from_on=date(2024, 6, 15),
        until=until,
        obligation=obligation,
        obligation_met_on=met_on,
        institution_id=None if person else place.id,
        person_index=blind_index(person) if person else None,
    )
    session.add(row)
    session.flush()
    return row


def applied(kind, staff, **values):
    place = factories.institution(kind, **values)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    return factories_intake.submitted(place, actor=owner, on=TODAY)


def found(row, day=TODAY):
    return {one.line.key: one for one in refusals.check(row, day)}


@pytest.mark.law("P3-11.2", "P3-11.3", "P3-11.4", "M2-12")
@pytest.mark.parametrize("fact", ["fraud_apply", "terminated_illegal", "terminated_breach"])
@pytest.mark.parametrize(("later", "hit"), [(-1, True), (0, True), (1, False)])
def test_a_ban_stands_under_its_own_ground_up_to_its_last_day(staff, kind, fact, later, hit):
    row = applied(kind, staff)
    barred(fact, row.institution)
    checked = found(row, date(2027, 6, 15) + later * ONE)
    assert (checked[KEYS[fact][kind]].result is Result.AGAINST) is hit
    others = [one for key, one in checked.items() if key != KEYS[fact][kind]]
    assert not any(one.hits for one in others)


@pytest.mark.law("P3-11.3", "P3-11.4", "M2-12")
@pytest.mark.parametrize("fact", ["terminated_illegal", "terminated_breach"])
@pytest.mark.parametrize(
    ("met_on", "hit"), [(None, True), (date(2028, 1, 11), True), (date(2028, 1, 10), False)]
)
def test_what_is_owed_keeps_a_ban_standing_after_its_period(staff, kind, fact, met_on, hit):
    row = applied(kind, staff)
    barred(fact, row.institution, obligation="违约金未缴清", met_on=met_on)
    one = found(row, date(2028, 1, 10))[KEYS[fact][kind]]
    assert (one.result is Result.AGAINST) is hit
    if hit:
        assert one.hits[0].owed == "违约金未缴清"
        assert one.hits[0].cure == "履行完毕并提交证明。"


@pytest.mark.law("P3-11.1", "M2-12")
@pytest.mark.parametrize(("later", "hit"), [(-1, False), (0, False), (1, True)])
def test_an_unperformed_penalty_refuses_from_the_day_after_it_was_due(staff, kind, later, hit):
    row = applied(kind, staff)
    due = date(2026, 6, 14)
    decision = penalties.Decision("示罚1号", "示例局", "《示例》第一条", 100, date(2026, 6, 1), due)
    penalties.register(decision, institution=row.institution, actor=staff[Role.BUREAU], on=TODAY)
    one = found(row, due + later * ONE)[KEYS["penalty"][kind]]
    assert (one.result is Result.AGAINST) is hit


@pytest.mark.law("P3-11.5", "M2-12")
@pytest.mark.parametrize("role", list(OfficeRole))
@pytest.mark.parametrize(("later", "hit"), [(-1, True), (0, True), (1, False)])
def test_a_barred_person_in_any_of_the_three_roles_refuses(staff, kind, role, later, hit):
    row = applied(kind, staff)
    number = factories.id_number(951)
    factories.office(row.institution, role, number)
    barred("person", None, person=number)
    one = found(row, date(2027, 6, 15) + later * ONE)[KEYS["person"][kind]]
    assert (one.result is Result.AGAINST) is hit
    if hit:
        assert (one.hits[0].person, one.hits[0].role_here) == ("样某某", role.label)


@pytest.mark.law("P3-11.5", "M2-12")
def test_the_check_names_the_person_both_roles_and_both_institutions(staff, kind):
    old = factories.institution(kind, name="示例旧机构")
    number = factories.id_number(952)
    factories.office(old, OfficeRole.CONTROLLER, number)
    from actions import terminations

    ground = made.ground(old, "terminate", {"pharmacy": 4, "hospital": 3}[kind])
    terminations.terminate(
        made.concluded(old),
        terminations.Decision(
            ground=ground, facts_text="经查属实。", found_on=TODAY, effective_on=TODAY
        ),
        actor=staff[Role.LEADER],
        on=TODAY,
    )
    row = applied(kind, staff)
    factories.office(row.institution, OfficeRole.LEGAL_REPRESENTATIVE, number)
    holder = next(one for one in refusals.holders(row.institution, TODAY) if one.hits)
    hit = holder.hits[0]
    assert (hit.there, hit.role_there) == ("示例旧机构", "实际控制人")
    assert hit.role_here == "法定代表人"
    assert (hit.since, hit.until) == (TODAY, date(2031, 6, 15))  # five years
    assert "示例旧机构 实际控制人（2024-01-01 至 至今）" in holder.elsewhere


@pytest.mark.law("P3-11.6", "M2-12")
@pytest.mark.parametrize(
    ("day", "hit"),
    [
        (date(2026, 6, 1), False),
        (date(2026, 6, 2), True),
        (date(2026, 6, 9), True),
        (date(2026, 6, 10), False),
    ],
)
def test_a_person_is_untrustworthy_from_the_listing_to_the_day_before_the_removal(
    staff, kind, day, hit
):
    row = applied(kind, staff)
    number = factories.id_number(953)
    factories.office(row.institution, OfficeRole.PRINCIPAL, number)
    text = (
        f"姓名,身份证号码,案号,列入日期,移出日期\n样某某,{number},示执1号,2026-06-02,2026-06-10\n"
    )
    untrustworthy.take_in(text.encode(), "名单.csv", actor=staff[Role.CLERK], on=TODAY)
    one = found(row, day)[KEYS["untrustworthy"][kind]]
    assert (one.result is Result.AGAINST) is hit


@pytest.mark.parametrize(
    ("which", "keys"),
    [
        pytest.param("pharmacy", {"PH11_07"}, marks=pytest.mark.law("P3-11.7")),
        pytest.param("hospital", {"MI12_01", "MI12_02", "MI12_09"}, marks=pytest.mark.law("M2-12")),
    ],
)
def test_what_only_a_person_can_judge_is_stated_before_acceptance(staff, which, keys):
    row, clerk = applied(which, staff), staff[Role.CLERK]
    assert {key for key, one in found(row).items() if one.line.check != MACHINE} == keys
    factories_intake.verified(row, actor=clerk, on=TODAY)
    for one in row.materials:
        assert one.state == "passed"
    session.expire_all()
    key = min(keys)
    verifications.state(
        row, [verifications.Found(key, Result.AGAINST, "现场查看属于该情形")], actor=clerk, on=TODAY
    )
    with pytest.raises(Refused, match="存在不予受理的情形") as refused:
        applications.accept(row, actor=clerk, on=TODAY)
    assert "第十" in refused.value.basis
    applications.decline(row, actor=clerk, on=TODAY)
    letter = session.query(Document).filter_by(kind="decline").one()
    assert "现场查看属于该情形" in letter.facts["grounds"][0]["text"]


@pytest.mark.law("P3-11.7", "M2-12")
def test_nothing_is_accepted_while_a_ground_or_a_condition_was_not_looked_at(staff, kind):
    row, clerk = applied(kind, staff), staff[Role.CLERK]
    from actions import materials

    materials.pass_all_given(row, actor=clerk, on=TODAY)
    with pytest.raises(Refused, match="不予受理情形尚未核对") as refused:
        applications.accept(row, actor=clerk, on=TODAY)
    assert refused.value.basis.endswith({"pharmacy": "第十一条", "hospital": "第十二条"}[kind])
    lines = [one for key, one in found(row).items() if one.result is Result.OPEN]
    said = [verifications.Found(one.line.key, Result.FINE, "查无此情形") for one in lines]
    verifications.state(row, said, actor=clerk, on=TODAY)
    with pytest.raises(Refused, match="待核实"):
        applications.accept(row, actor=clerk, on=TODAY)


def test_a_finding_needs_its_fact_and_never_replaces_what_the_machine_says(staff, kind):
    row, clerk = applied(kind, staff), staff[Role.CLERK]
    machine = next(key for key, one in found(row).items() if one.line.check == MACHINE)
    with pytest.raises(Refused, match="由登记的事实核对"):
        verifications.state(
            row, [verifications.Found(machine, Result.FINE, "没有问题")], actor=clerk, on=TODAY
        )
    person = next(key for key, one in found(row).items() if one.line.check != MACHINE)
    with pytest.raises(Refused, match="没有写明核验的事实"):
        verifications.state(
            row, [verifications.Found(person, Result.FINE, " ")], actor=clerk, on=TODAY
        )
    one = verifications.Found(person, Result.FINE, "查无此情形")
    assert verifications.state(row, [one], actor=clerk, on=TODAY) == 1
    assert verifications.state(row, [one], actor=clerk, on=TODAY) == 0
    with pytest.raises(Denied):
        verifications.state(row, [one], actor=staff[Role.FINANCE], on=TODAY)


@pytest.mark.law("P3-11.3", "P3-11.4", "M2-12")
@pytest.mark.parametrize(
    "name",
    [
        "示例样例机构（中心店）",
        "示例 样例机构(中心店)",
        "示例样例机构中心店",
        "示例·样例机构（中心店）",
    ],
)
@pytest.mark.parametrize("address", ["示例县样例路88号", "示例县 样例路８８号"])
def test_another_spelling_at_the_same_address_does_not_escape(staff, kind, name, address):
    old = factories.institution(kind, name="示例样例机构（中心店）", address="示例县样例路88号")
    barred("terminated_breach", old)
    again = factories.institution(kind, name=name, name_key=name, address=address)
    assert [hit.fact for hit in refusals.hits(again, TODAY)] == ["terminated_breach"]


@pytest.mark.law("P3-11.3", "P3-11.4", "M2-12")
def test_the_same_enterprise_does_not_escape_into_another_region(staff, kind):
    old = factories.institution(kind, uscc="91990123MA00000009")
    barred("terminated_breach", old)
    again = factories.institution(kind, uscc="91990123MA00000009", region="990124")
    assert len(refusals.hits(again, TODAY)) == 1


@pytest.mark.parametrize(
    ("years", "warned"), [(timedelta(days=0), True), (timedelta(days=365 * 6), False)]
)
def test_a_shop_like_one_that_was_refused_is_a_warning_for_some_years(staff, kind, years, warned):
    old = applied(kind, staff, phone="000-5550001")
    applications.decline(
        old, ground=KEYS["penalty"][kind], reason="样例事实", actor=staff[Role.CLERK], on=TODAY
    )
    person = factories.id_number(954)
    factories.office(old.institution, OfficeRole.CONTROLLER, person)
    new = factories.institution(kind, phone="（000）5550001", address=old.institution.address)
    factories.office(new, OfficeRole.PRINCIPAL, person)
    found_alike = lookalikes.resembling(new, TODAY + years)
    words = [(other.id, why) for other, why in found_alike]
    expected = [(old.institution_id, "同一地址、同一电话、同一人员（样某某）")]
    assert words == (expected if warned else [])
    assert refusals.hits(new, TODAY) == ()  # a warning is no ground


def test_the_list_is_taken_in_whole_or_not_at_all_and_never_twice(staff):
    clerk, number = staff[Role.CLERK], factories.id_number(955)
    head = "姓名,身份证号码,案号,列入机关,列入日期,移出日期\n"
    good = f"样某某,{number},示执2号,示例法院,2026-01-05,\n"
    bad = f"样某某,{number[:-1]}?,示执3号,示例法院,2026-13-05,\n"
    with pytest.raises(Refused, match="第 3 行证件号码不正确，列入日期不正确") as refused:
        untrustworthy.take_in((head + good + bad).encode(), "甲.csv", actor=clerk, on=TODAY)
    assert number not in str(refused.value)
    assert session.query(Untrustworthy).count() == 0
    first = untrustworthy.take_in((head + good).encode("gbk"), "甲.csv", actor=clerk, on=TODAY)
    again = untrustworthy.take_in((head + good).encode(), "甲.csv", actor=clerk, on=TODAY)
    gone = good.replace(",\n", ",2026-05-01\n")
    removed = untrustworthy.take_in((head + gone).encode(), "乙.csv", actor=clerk, on=TODAY)
    assert [list(one.counts.values()) for one in (first, again, removed)] == [
        [1, 1, 0, 0],
        [1, 0, 0, 1],
        [1, 0, 1, 0],
    ]
    row = session.query(Untrustworthy).one()
    assert (row.removed_on, row.masked_id) == (date(2026, 5, 1), f"110****{number[-4:]}")
    days = [date(2026, 1, 4), date(2026, 1, 5), date(2026, 4, 30), date(2026, 5, 1)]
    assert [on_list(row, day) for day in days] == [False, True, True, False]
    with pytest.raises(Refused, match="没有找到列：案号或文号"):
        untrustworthy.take_in(
            "姓名,身份证号码,列入日期\n".encode(), "丙.csv", actor=clerk, on=TODAY
        )
    with pytest.raises(Denied):
        untrustworthy.take_in(b"x", "丁.csv", actor=staff[Role.LEADER], on=TODAY)


def test_an_application_under_a_ban_is_declined_with_its_end(staff, kind):
    row = applied(kind, staff)
    barred("terminated_breach", row.institution)
    applications.decline(row, actor=staff[Role.CLERK], on=TODAY)
    letter = session.query(Document).filter_by(kind="decline").one()
    assert letter.facts["grounds"][0]["until"] == "2027-06-15"
    assert session.get_one(Application, row.id).state == "declined"
