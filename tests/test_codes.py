import json
from datetime import date

import pytest

import regulations
from rules import codes
from rules.persons import PractitionerRole
from tests import factories
from tests.shared_data import shared

pytestmark = pytest.mark.pure

LAW = regulations.at(date(2026, 6, 15))
CREDIT = "91350100M000100Y43"
PERSON = "11010519491231002X"


def independent_check(code):
    """GB 32100 written out a second time."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    total = sum(signs.index(sign) * weight for sign, weight in zip(code[:17], weights, strict=True))
    return signs[(31 - total % 31) % 31]


def test_the_known_credit_code_is_good_and_every_other_last_sign_is_not():
    assert codes.uscc_fault(CREDIT, LAW) is None
    assert independent_check(CREDIT) == CREDIT[-1]
    wrong = [CREDIT[:17] + sign for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY" if sign != CREDIT[-1]]
    assert [codes.uscc_fault(code, LAW) for code in wrong] == [
        f"统一社会信用代码“{code}”校验位不符。" for code in wrong
    ]


@pytest.mark.parametrize(
    "code", ["", "9135", CREDIT + "1", "91350100M000100YI3", "91350100m000100y43"]
)
def test_a_credit_code_of_another_shape_is_named(code):
    assert "18位" in codes.uscc_fault(code, LAW)


def test_full_width_digits_spaces_and_small_letters_are_made_plain_first():
    assert codes.tidy(" ９１３５０１００m000100Y43\u200b ") == CREDIT
    assert codes.tidy("110105-19491231-002x") == PERSON


def test_a_resident_number_needs_province_birth_date_and_check_digit():
    assert codes.resident_id_fault(PERSON, LAW) is None
    assert "校验位" in codes.resident_id_fault(PERSON[:-1] + "1", LAW)
    assert "地区码" in codes.resident_id_fault("99" + PERSON[2:], LAW)
    assert "出生日期" in codes.resident_id_fault("110105194902300028", LAW)
    assert "18位" in codes.resident_id_fault(PERSON[:15], LAW)
    assert "出生日期" in codes.resident_id_fault("110105203001010020", LAW), (
        "not yet born on the day"
    )


def test_the_message_about_a_person_never_repeats_the_number():
    assert "194912" not in codes.resident_id_fault(PERSON[:-1] + "1", LAW)


@pytest.mark.parametrize("serial", range(20))
def test_invented_codes_of_the_factories_are_valid(serial):
    assert codes.uscc_fault(factories.uscc(serial + 1), LAW) is None
    assert codes.resident_id_fault(factories.id_number(serial), LAW) is None


def test_published_credit_codes_are_good():
    lines = shared("id-vectors/uscc_valid.txt").read_text("utf-8").split()
    more = json.loads(shared("id-vectors/uscc_other.json").read_text("utf-8"))
    assert len(lines) > 50
    assert [code for code in lines + more["valid"] if codes.uscc_fault(code, LAW)] == []
    assert [one["code"] for one in more["invalid"] if not codes.uscc_fault(one["code"], LAW)] == []


def test_published_resident_numbers_are_good():
    vectors = json.loads(shared("id-vectors/resident_id.json").read_text("utf-8"))
    good = [
        number
        for group in (
            "valid18",
            "valid_hk_mo_tw_residence_permit18",
            "valid_foreigner_permanent_18",
            "valid_historic_region",
        )
        for number in vectors[group]
    ]
    bad = [one["id"] for one in vectors["invalid"]] + vectors["valid15"]
    assert len(good) > 15
    assert [number for number in good if codes.resident_id_fault(number, LAW)] == []
    assert [number for number in bad if not codes.resident_id_fault(number, LAW)] == []


@pytest.mark.parametrize(
    ("code", "family", "good"),
    [
        ("H50015501017", None, True),
        ("H50015501017", "medical", True),
        ("H50015501017", "pharmacy", False),
        ("P44120200141", "pharmacy", True),
        ("P44120200141", "medical", False),
        ("H5001550101", "medical", False),
        ("H500155010177", "medical", False),
        ("X50015501017", None, False),
        ("H５0015501017", None, False),
    ],
)
def test_an_institution_code_is_a_letter_a_division_and_a_serial(code, family, good):
    fault = codes.institution_code_fault(code, LAW, family)
    assert (fault is None) is good
    if not good:
        assert "12位" in fault


def test_an_assumed_format_says_so():
    assert "请按本地文件核对" in codes.institution_code_fault("P123", LAW, "pharmacy")
    assert "请按本地文件核对" not in codes.institution_code_fault("H123", LAW, "medical")


@pytest.mark.parametrize(
    ("region", "warned"),
    [("500155", False), ("500100", False), ("500000", False), ("510100", True), ("500156", True)],
)
def test_a_division_inside_the_code_that_lies_elsewhere_is_a_warning(region, warned):
    assert (codes.region_warning("H50015501017", region, LAW) is not None) is warned


def test_a_code_without_division_warns_of_nothing():
    assert codes.region_warning("", "500155", LAW) is None


@pytest.mark.parametrize(
    ("role", "code", "good"),
    [
        ("physician", "D990123000001", True),
        ("physician", "N990123000001", False),
        ("nurse", "N990123000001", True),
        ("pharmacist", "YS990123000001", True),
        ("pharmacist", "HY990123000001", True),
        ("pharmacist", "HJ990123000001", False),
        ("technician", "HJ990123000001", True),
        ("audit_staff", "990123A1", True),
        ("pharmacy_principal", "9" * 21, False),
    ],
)
def test_a_practitioner_code_fits_the_role(role, code, good):
    assert (codes.practitioner_code_fault(code, LAW, PractitionerRole(role)) is None) is good
