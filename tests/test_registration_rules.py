"""Who may be registered where: the rule alone, without a database; and the texts that are signed."""

from dataclasses import replace
from datetime import date

import pytest

import regulations
from rules import codes
from rules import commitments as committing
from rules import registrations as rule
from rules.persons import PractitionerRole as R
from rules.qualification import Standing, Status
from rules.registrations import Filed, Known, Person, Place
from tests import factories

pytestmark = pytest.mark.pure
JUNE = date(2026, 6, 15)
NUMBER = factories.id_number(4711)
HOSPITAL = Place("示例医院", "综合医院", "medical")
PHARMACY = Place("示例大药房", "零售药店", "pharmacy", principal=True)
WORKS_AT = {"hospital": HOSPITAL, "pharmacy": PHARMACY}
WHO = {
    "hospital": Person("D990123000001", "样例甲", R.PHYSICIAN, NUMBER),
    "pharmacy": Person("Z990123000001", "样例甲", R.PHARMACY_PRINCIPAL, NUMBER),
}


@pytest.fixture(params=["hospital", "pharmacy"])
def kind(request):
    return request.param


def asked(kind, *, place=None, known=None, first=JUNE, on=JUNE, **changes):
    """Why this person is not registered; an empty text when nothing stands against it."""
    person = rule.tidy(replace(WHO[kind], **changes))
    against = rule.objection(
        person,
        place or WORKS_AT[kind],
        known or Known(),
        first=first,
        on=on,
        law=regulations.at(on),
    )
    return against.why if against else ""


@pytest.mark.law("S-01", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("role", "code", "medical", "pharmacy"),
    [
        (R.PHYSICIAN, "D990123000001", True, False),
        (R.NURSE, "N990123000001", True, False),
        (R.PHARMACIST, "HY990123000001", True, True),
        (R.PHARMACIST, "YS990123000001", True, True),
        (R.TECHNICIAN, "HJ990123000001", True, False),
        (R.AUDIT_STAFF, "S0001", True, False),
        (R.PHARMACY_PRINCIPAL, "Z0001", False, True),
    ],
)
def test_each_role_is_registered_by_the_kind_that_has_it_under_its_own_code(
    role, code, medical, pharmacy
):
    person = replace(WHO["hospital"], role=role, code=code)
    for place, may in ((HOSPITAL, medical), (PHARMACY, pharmacy)):
        against = rule.objection(
            person, place, Known(), first=JUNE, on=JUNE, law=regulations.at(JUNE)
        )
        assert (against is None) is may


@pytest.mark.parametrize(
    ("role", "code", "words"),
    [
        (R.PHYSICIAN, "N990123000001", "以D开头"),
        (R.NURSE, "N99012300001", "共13位"),
        (R.PHARMACIST, "HJ990123000001", "共14位"),
        (R.TECHNICIAN, "HJ99012300000X", "不允许的字符"),
        (R.AUDIT_STAFF, "S" * 21, "20位"),
    ],
)
def test_a_code_of_another_shape_is_named_with_its_rule(role, code, words):
    assert words in asked("hospital", role=role, code=code)


def test_a_code_typed_wide_or_with_spaces_is_the_same_code():
    assert asked("hospital", code="ｄ９９０１２３ ０００００１") == ""


@pytest.mark.law("N-09")
@pytest.mark.parametrize(
    ("code", "region", "warned"),
    [
        ("D990123000001", "990123", False),
        ("D990124000001", "990123", True),
        ("HY990123000001", "990100", False),
        ("S0001", "990123", False),
    ],
)
def test_a_code_from_elsewhere_warns_and_a_code_without_a_place_does_not(code, region, warned):
    said = codes.person_region_warning(code, region, regulations.at(JUNE))
    assert bool(said) is warned


@pytest.mark.law("S-02", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("ends", "refused"),
    [(date(2026, 6, 14), True), (date(2026, 6, 15), False), (date(2026, 6, 16), False)],
)
def test_a_certificate_is_valid_on_its_last_day(kind, ends, refused):
    assert ("到期" in asked(kind, licence_valid_to=ends)) is refused
    known = Known(filed=Filed(WHO[kind].code, "样例甲", ends))
    assert ("到期" in asked(kind, known=known)) is refused


def test_a_new_certificate_outweighs_the_one_on_file(kind):
    known = Known(filed=Filed(WHO[kind].code, "样例甲", date(2026, 1, 1)))
    assert asked(kind, known=known, licence_valid_to=date(2031, 1, 1)) == ""


@pytest.mark.law("S-08", refuses=True, passes=True)
@pytest.mark.parametrize(
    ("first", "refused"),
    [(date(2026, 5, 31), True), (date(2026, 6, 1), True), (date(2026, 6, 2), False)],
)
def test_the_last_day_of_a_bar_is_barred(kind, first, refused):
    known = Known(
        filed=Filed(WHO[kind].code, "样例甲", None),
        standing=Standing(Status.REVOKED, date(2025, 6, 1), date(2026, 6, 1), "依据"),
    )
    assert ("不得再次登记备案" in asked(kind, known=known, first=first)) is refused


@pytest.mark.parametrize(
    ("ended", "refused"),
    [(None, True), (date(2026, 6, 15), True), (date(2026, 6, 14), False)],
)
def test_periods_at_one_place_may_touch_and_not_overlap(kind, ended, refused):
    filed = Filed(WHO[kind].code, "样例甲", None)
    known = Known(filed=filed, periods=[(date(2025, 1, 1), ended)])
    assert ("重叠" in asked(kind, known=known)) is refused


def test_a_day_to_come_is_no_first_day(kind):
    assert "晚于今天" in asked(kind, first=date(2026, 6, 16))
    assert asked(kind, first=JUNE) == ""


@pytest.mark.law("S-01", refuses=True, passes=True)
def test_the_principal_is_the_one_on_record_and_there_is_one_at_a_time():
    other = replace(PHARMACY, principal=False)
    nobody = replace(PHARMACY, principal=None)
    assert "不是" in asked("pharmacy", place=other)
    assert asked("pharmacy", place=nobody) == ""
    assert "样例乙" in asked("pharmacy", place=replace(PHARMACY, rival="样例乙"))
    employed = {"role": R.PHARMACIST, "code": "YS990123000001"}
    assert asked("pharmacy", place=replace(other, rival="样例乙"), **employed) == ""


@pytest.mark.parametrize("changes", [{"name": "样例乙"}, {"code": "D990123000009"}])
def test_the_file_says_who_somebody_is(changes):
    known = Known(filed=Filed("D990123000001", "样例甲", None))
    assert "不一致" in asked("hospital", known=known, **changes)
    assert "属于他人" in asked("hospital", known=Known(code_of_another=True))


# The commitment


@pytest.mark.law("S-02", refuses=True, passes=True)
def test_a_commitment_has_thirty_days_from_the_registration(kind):
    first, last = date(2026, 6, 1), date(2026, 7, 1)
    assert committing.due(first, JUNE) == last
    lights = [committing.light(first, None, day).state for day in (last, date(2026, 7, 2))]
    assert lights == ["due", "over"]
    assert committing.light(first, JUNE, date(2027, 1, 1)).state == "ok"
    assert asked(kind, committed_on=None) == ""
    assert "晚于今天" in asked(kind, committed_on=date(2026, 6, 16))


def test_where_the_bureau_gives_no_days_nobody_is_registered_without_a_commitment(kind):
    law = StrictLaw(JUNE)
    person = rule.tidy(WHO[kind])
    against = rule.objection(person, WORKS_AT[kind], Known(), first=JUNE, on=JUNE, law=law)
    assert "服务承诺书" in against.why
    signed = replace(person, committed_on=JUNE)
    assert rule.objection(signed, WORKS_AT[kind], Known(), first=JUNE, on=JUNE, law=law) is None


class StrictLaw:
    """The law of a day with `commitment_within` at nought, as an overlay may have it."""

    def __init__(self, day):
        self._law, self.day = regulations.at(day), day
        self.staff = self

    def __getattr__(self, name):
        return getattr(self._law, name)

    @property
    def commitment_within(self):
        return replace(self._law.value("staff.commitment_within"), value=0)


def test_people_registered_before_the_rule_have_its_time_from_its_first_day():
    assert committing.due(date(2020, 1, 1), JUNE) == date(2024, 8, 31)  # 1 August and thirty days


@pytest.mark.parametrize("family", ["medical", "pharmacy"])
def test_every_text_is_kept_and_told_apart_by_what_it_says(family):
    text = committing.text(family, JUNE)
    assert committing.by_key(text.key, JUNE) == text
    assert committing.text(family, date(2024, 7, 31)) is None
    other = replace(text, clauses=(*text.clauses[:-1], text.clauses[-1] + "！"))
    assert other.sha256 != text.sha256


def test_an_institution_goes_thirty_days_back_by_itself():
    assert rule.earliest(JUNE, regulations.at(JUNE)) == date(2026, 5, 16)
