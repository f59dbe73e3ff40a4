"""Conditions of an application, one by one: each line refused and passed, at the day before, on the day, the day after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import regulations
from rules import conditions, lookalikes, names, silence
from rules.checks import MACHINE, PERSON, Result, Said
from rules.conditions import EmploymentFacts, Facts, LicenceFacts
from rules.kinds import InstitutionKind
from rules.persons import EmploymentRole, employment_roles
from rules.refusal import Refused

pytestmark = pytest.mark.pure
DAY = date(2026, 6, 15)
ONE = timedelta(days=1)
PHARMACIST, PHYSICIAN, MANAGER = (
    EmploymentRole.PHARMACIST,
    EmploymentRole.PHYSICIAN,
    EmploymentRole.INSURANCE_MANAGER,
)
LICENCE = {"pharmacy": "药品经营许可证", "medical": "医疗机构执业许可证"}


def licence(family, **changes):
    given = {
        "kind": LICENCE[family],
        "number": "示1",
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2027, 1, 1),
    }
    return LicenceFacts(**(given | changes))


def employed(role, **changes):
    given = {
        "name": "样某",
        "registered_here": True,
        "certified": True,
        "full_time": False,
        "contract_from": date(2025, 7, 1),
        "contract_to": date(2027, 6, 30),
    }
    return EmploymentFacts(role=role, **(given | changes))


def shop(**changes):
    """A pharmacy that meets every condition that registered facts decide."""
    given = {
        "kind": InstitutionKind.RETAIL_PHARMACY,
        "operating_since": date(2025, 1, 1),
        "address_since": None,
        "beds": None,
        "insurance_department": "",
        "licences": [licence("pharmacy")],
        "people": [employed(PHARMACIST), employed(MANAGER), employed(MANAGER)],
    }
    return Facts(**(given | changes))


def hospital(**changes):
    """The same of a hospital with 80 beds."""
    given = {
        "kind": InstitutionKind.GENERAL_HOSPITAL,
        "operating_since": date(2025, 1, 1),
        "address_since": None,
        "beds": 80,
        "insurance_department": "",
        "licences": [licence("medical")],
        "people": [employed(PHYSICIAN), employed(MANAGER)],
    }
    return Facts(**(given | changes))


def result(facts, key, on=DAY):
    return next(one for one in conditions.lines(facts, {}, on=on) if one.key == key).result


def met(facts, key, on=DAY):
    return result(facts, key, on) is Result.FINE


@pytest.mark.law("P3-05.0", "M2-05")
@pytest.mark.parametrize(
    ("facts", "key", "family"), [(shop, "PH05_00", "pharmacy"), (hospital, "MI06_00", "medical")]
)
@pytest.mark.parametrize(("later", "fine"), [(-1, True), (0, True), (1, False)])
def test_a_licence_counts_up_to_its_last_day(facts, key, family, later, fine):
    one = facts(licences=[licence(family, valid_to=DAY)])
    assert met(one, key, DAY + later * ONE) is fine


@pytest.mark.law("P3-05.0", "M2-05")
@pytest.mark.parametrize(("later", "fine"), [(-1, True), (0, False), (1, False)])
def test_a_revoked_licence_counts_no_longer_from_the_day_of_its_revocation(later, fine):
    one = hospital(licences=[licence("medical", revoked_on=DAY)])
    assert met(one, "MI06_00", DAY + later * ONE) is fine


@pytest.mark.law("M2-05")
@pytest.mark.parametrize(
    ("kind", "paper", "fine"),
    [
        (InstitutionKind.MILITARY_HOSPITAL, "军队医疗机构为民服务许可证", True),
        (InstitutionKind.MILITARY_HOSPITAL, "医疗机构执业许可证", False),
        (InstitutionKind.TCM_CLINIC, "中医诊所备案证", True),
        (InstitutionKind.GENERAL_HOSPITAL, "中医诊所备案证", False),
        (InstitutionKind.CARE_HOME_CLINIC, "诊所备案凭证", True),
        (InstitutionKind.STREET_HEALTH_CENTRE, "医疗机构执业许可证", True),
        (InstitutionKind.GENERAL_HOSPITAL, "营业执照", False),
    ],
)
def test_each_kind_needs_the_licence_of_its_kind(kind, paper, fine):
    one = hospital(kind=kind, licences=[licence("medical", kind=paper)])
    assert met(one, "MI06_00") is fine


@pytest.mark.law("M2-05")
def test_every_kind_has_its_licence_and_only_an_internet_hospital_comes_through_another():
    through = []
    for kind in InstitutionKind:
        law = regulations.at(DAY, kind.family)
        row = conditions.kind_row(kind, law)
        assert (row.label, bool(row.extra["any_of"])) == (kind.label, True)
        if row.extra.get("through"):
            through.append(kind)
            with pytest.raises(Refused, match="不能单独申请定点") as refused:
                conditions.require_own_application(kind, law=law)
            assert "第五条" in refused.value.basis
            assert "补充协议" in refused.value.cure
        else:
            conditions.require_own_application(kind, law=law)
    assert through == [InstitutionKind.INTERNET_HOSPITAL]


@pytest.mark.law("P3-05.1", "M2-06.1")
@pytest.mark.parametrize(("facts", "key"), [(shop, "PH05_01"), (hospital, "MI06_01")])
@pytest.mark.parametrize(("later", "fine"), [(-1, False), (0, True), (1, True)])
def test_three_months_of_operation_are_full_on_the_day_of_the_same_number(facts, key, later, fine):
    one = facts(operating_since=date(2026, 3, 15))  # + 3 months = 15 June
    assert met(one, key, date(2026, 6, 15) + later * ONE) is fine


@pytest.mark.law("P3-05.1")
@pytest.mark.parametrize(("later", "fine"), [(-1, False), (0, True), (1, True)])
def test_thirty_november_and_three_months_is_the_last_of_february(later, fine):
    one = shop(operating_since=date(2026, 11, 30))  # 30 February is not: 28 February 2027
    assert met(one, "PH05_01", date(2027, 2, 28) + later * ONE) is fine


@pytest.mark.law("P3-05.1")
@pytest.mark.parametrize(("later", "fine"), [(-1, False), (0, True), (1, True)])
def test_a_pharmacy_that_moved_begins_anew_at_its_registered_address(later, fine):
    one = shop(operating_since=date(2020, 1, 1), address_since=date(2026, 3, 15))
    assert met(one, "PH05_01", DAY + later * ONE) is fine


@pytest.mark.law("M2-06.1")
def test_of_a_hospital_the_law_asks_for_operation_not_for_the_address():
    one = hospital(operating_since=date(2020, 1, 1), address_since=DAY)
    assert met(one, "MI06_01")


@pytest.mark.law("P3-05.1", "M2-06.1")
def test_without_the_day_of_opening_nothing_can_be_counted():
    assert not met(shop(operating_since=None), "PH05_01")
    assert not met(hospital(operating_since=None), "MI06_01")


@pytest.mark.law("P3-05.2", "P3-05.3")
@pytest.mark.parametrize("role", [PHARMACIST, MANAGER])
@pytest.mark.parametrize(
    ("until", "fine"),
    [(date(2026, 6, 29), False), (date(2026, 6, 30), True), (date(2026, 7, 1), True), (None, True)],
)
def test_a_contract_is_for_a_year_when_it_ends_the_day_before_the_anniversary(role, until, fine):
    key = {PHARMACIST: "PH05_02", MANAGER: "PH05_03"}[role]
    people = [one for one in shop().people if one.role is not role]
    people += [employed(role, contract_from=date(2025, 7, 1), contract_to=until)] * 2
    assert met(shop(people=people), key) is fine


@pytest.mark.law("P3-05.2", "P3-05.3")
@pytest.mark.parametrize("role", [PHARMACIST, MANAGER])
@pytest.mark.parametrize(("later", "fine"), [(-1, True), (0, True), (1, False)])
def test_a_contract_counts_up_to_its_last_day(role, later, fine):
    key = {PHARMACIST: "PH05_02", MANAGER: "PH05_03"}[role]
    people = [one for one in shop().people if one.role is not role]
    people += [employed(role, contract_from=date(2024, 1, 1), contract_to=DAY)] * 2
    assert met(shop(people=people), key, DAY + later * ONE) is fine


@pytest.mark.law("P3-05.2", "P3-05.3", "M2-06.2", "M2-06.3")
@pytest.mark.parametrize(
    ("facts", "role", "key"),
    [
        (shop, PHARMACIST, "PH05_02"),
        (shop, MANAGER, "PH05_03"),
        (hospital, PHYSICIAN, "MI06_02"),
        (hospital, MANAGER, "MI06_03"),
    ],
)
@pytest.mark.parametrize(("later", "fine"), [(-1, True), (0, True), (1, False)])
def test_whoever_left_counts_up_to_the_last_day(facts, role, key, later, fine):
    people = [replace(one, left_on=DAY) if one.role is role else one for one in facts().people]
    assert met(facts(people=people), key, DAY + later * ONE) is fine


@pytest.mark.law("P3-05.2")
@pytest.mark.parametrize("lacking", [{"registered_here": False}, {"certified": False}])
def test_a_pharmacist_registered_elsewhere_or_without_certificate_does_not_count(lacking):
    people = [employed(PHARMACIST, **lacking), employed(MANAGER), employed(MANAGER)]
    assert not met(shop(people=people), "PH05_02")


@pytest.mark.law("P3-05.3")
@pytest.mark.parametrize(("number", "fine"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_pharmacy_needs_two_managers(number, fine):
    people = [employed(PHARMACIST), *([employed(MANAGER)] * number)]
    assert met(shop(people=people), "PH05_03") is fine


@pytest.mark.law("M2-06.2")
@pytest.mark.parametrize(("here", "fine"), [(True, True), (False, False)])
def test_a_physician_counts_where_the_first_registration_is(here, fine):
    people = [employed(PHYSICIAN, registered_here=here), employed(MANAGER)]
    assert met(hospital(people=people), "MI06_02") is fine


@pytest.mark.law("M2-06.3")
@pytest.mark.parametrize(
    ("beds", "department", "full_time", "found"),
    [
        (99, "", False, Result.FINE),
        (100, "医保科", True, Result.FINE),
        (101, "医保科", True, Result.FINE),
        (100, "", True, Result.AGAINST),
        (100, "医保科", False, Result.AGAINST),
        (101, "", False, Result.AGAINST),
        (None, "医保科", True, Result.OPEN),
    ],
)
def test_from_a_hundred_beds_on_a_department_with_full_time_staff(
    beds, department, full_time, found
):
    people = [employed(PHYSICIAN), employed(MANAGER, full_time=full_time)]
    one = hospital(beds=beds, insurance_department=department, people=people)
    assert result(one, "MI06_03") is found


@pytest.mark.law("M2-06.3")
def test_a_kind_without_beds_need_not_state_them_but_somebody_is_in_charge():
    clinic = hospital(kind=InstitutionKind.CLINIC, beds=None)
    assert met(clinic, "MI06_03")
    assert not met(replace(clinic, people=[employed(PHYSICIAN)]), "MI06_03")


@pytest.mark.parametrize(
    ("facts", "keys"),
    [
        pytest.param(
            shop,
            ["PH05_04", "PH05_05", "PH05_06", "PH05_07"],
            marks=pytest.mark.law("P3-05.4", "P3-05.5", "P3-05.6", "P3-05.7"),
        ),
        pytest.param(
            hospital,
            ["MI06_03_P", "MI06_04", "MI06_05"],
            marks=pytest.mark.law("M2-06.3", "M2-06.4", "M2-06.5"),
        ),
    ],
)
def test_what_no_register_knows_stays_open_until_a_person_has_stated_a_fact(facts, keys):
    lines = conditions.lines(facts(), {}, on=DAY)
    assert [one.key for one in lines if one.check == PERSON] == keys
    conditions.require_machine(lines)
    with pytest.raises(Refused, match="待核实") as refused:
        conditions.require_all(lines)
    assert "第" in refused.value.basis
    said = {key: Said(Result.FINE, "现场查看属实", "", "示经办", DAY) for key in keys}
    conditions.require_all(conditions.lines(facts(), said, on=DAY))
    said[keys[0]] = Said(Result.AGAINST, "没有设标识", "", "示经办", DAY)
    with pytest.raises(Refused, match="不符合：没有设标识"):
        conditions.require_all(conditions.lines(facts(), said, on=DAY))


@pytest.mark.law("P3-05.1", "M2-06.1")
@pytest.mark.parametrize("facts", [shop, hospital])
def test_a_refusal_quotes_the_article_and_says_from_when_it_is_possible(facts):
    one = facts(operating_since=date(2026, 5, 1))
    with pytest.raises(Refused) as refused:
        conditions.require_machine(conditions.lines(one, {}, on=DAY))
    assert "未满 3 个月" in refused.value.why
    assert refused.value.cure == "2026-08-01 起可以提交申请。"  # 1 May + 3 months
    assert "第一项" in refused.value.basis


@pytest.mark.parametrize("facts", [shop, hospital])
def test_every_line_names_its_article_and_where_the_fact_comes_from(facts):
    for line in conditions.lines(facts(), {}, on=DAY):
        assert line.basis.startswith("《")
        assert line.finding.source
        assert line.check in (MACHINE, PERSON)


def test_each_family_states_the_people_its_conditions_ask_for():
    assert employment_roles("pharmacy") == [PHARMACIST, MANAGER]
    assert employment_roles("medical") == [PHYSICIAN, MANAGER]


@pytest.mark.law("P3-07b", "M2-08")
@pytest.mark.parametrize(("told", "again"), [(1, True), (2, False), (3, False)])
def test_one_more_notice_of_supplement_and_no_third(told, again):
    assert conditions.may_tell_again(told, on=DAY) is again


def test_by_default_silence_ends_nothing():
    assert [silence.lapses(number, on=DAY) for number in (0, 1, 50)] == [False, False, False]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("示例县样例大药房", "示例县 样例 大药房", True),
        ("示例县样例大药房（一店）", "示例县样例大药房(1店)", True),
        ("示例县样例大药房（一店）", "示例县样例大药房一店", True),
        ("ＡＢＣ大药房", "abc大药房", True),
        ("示例·样例大药房", "示例样例大药房", True),
        ("示例\u200b样例\u00a0大药房", "示例样例大药房", True),
        ("“示例”大药房、", "示例大药房", True),
        ("示例第１大药房", "示例第一大药房", True),
        ("示例大药房一店", "示例大药房二店", False),
        ("示例大药房", "样例大药房", False),
    ],
)
def test_another_spelling_of_a_name_is_the_same_name(one, other, same):
    assert (names.bare_key(one) == names.bare_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("示例县样例路1号", "示例县 样例路１号", True),
        ("示例县样例路1号", "示例县样例路一号。", True),
        ("示例县样例路1-2号", "示例县样例路1－2号", True),
        ("示例县样例路1号", "示例县样例路11号", False),
    ],
)
def test_another_spelling_of_an_address_is_the_same_address(one, other, same):
    assert (names.address_key(one) == names.address_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("000-5550001", "（000）5550001"),
        ("０００ 5550001", "000-555-0001"),
        ("+86 13800000000", "13800000000"),
    ],
)
def test_another_spelling_of_a_telephone_number_is_the_same_number(one, other):
    assert names.phone_key(one) == names.phone_key(other)


def test_a_similar_shop_is_remembered_for_the_years_of_the_parameter():
    assert lookalikes.looked_back_to(date(2026, 2, 28)) == date(2021, 2, 28)  # five years
