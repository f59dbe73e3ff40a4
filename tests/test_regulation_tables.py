"""Ladders, bands and enumerations of the law: complete, in order, and pointing at what exists."""

import re
from collections import Counter
from datetime import date

import pytest

import regulations

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "low_high", ["staff.suspend", "dept.suspend", "insured.suspend", "fine.art38", "fine.art40"]
)
def test_a_range_has_its_ends_in_order(low_high):
    law = regulations.at(TODAY)
    assert law.value(f"{low_high}_min").value < law.value(f"{low_high}_max").value


def test_thresholds_of_practitioners_stand_in_order():
    law = regulations.at(TODAY)
    assert law.staff.talk_at.value < law.staff.suspend_at.value < law.staff.terminate_at.value
    assert law.staff.ban_cumulative.value < law.staff.ban_single.value
    assert law.staff.inst_pct_pay.value < law.staff.inst_pct_susp.value


def test_the_bands_of_points_reach_from_one_to_termination_without_gap_or_overlap():
    law = regulations.at(TODAY)
    points = [
        p
        for row in law.table("points_bands")
        for p in range(row.extra["min"], row.extra["max"] + 1)
    ]
    assert points == list(range(1, law.staff.terminate_at.value + 1))
    bands = {row.key for row in law.table("points_bands")}
    assert {row.extra["band"] for row in law.table("negative_items")} == bands


def test_the_ladder_of_months_covers_every_total_between_suspension_and_termination():
    law = regulations.at(TODAY)
    rows = law.table("suspension_months")
    assert [row.extra["points"] for row in rows] == list(
        range(law.staff.suspend_at.value, law.staff.terminate_at.value)
    )
    months = [m for row in rows for m in range(row.extra["min"], row.extra["max"] + 1)]
    assert months == list(range(law.staff.suspend_min.value, law.staff.suspend_max.value + 1))
    assert all(row.extra["min"] <= row.extra["months"] <= row.extra["max"] for row in rows)
    assert {row.confidence for row in rows} == {"assumed"}


@pytest.mark.parametrize("name", ["breach_ladder", "responsibilities"])
@pytest.mark.parametrize("kind", ["medical", "pharmacy"])
def test_a_ladder_has_one_rung_after_the_other(name, kind):
    ranks = [row.extra["rank"] for row in regulations.at(TODAY, kind).table(name)]
    assert ranks == list(range(1, len(ranks) + 1))


@pytest.mark.parametrize(
    ("table", "kind", "prefix", "count"),
    [
        ("termination_grounds", "pharmacy", "PH40_", 17),
        ("termination_grounds", "medical", "MI43_", 14),
        ("suspension_grounds", "pharmacy", "PH39_", 4),
        ("suspension_grounds", "medical", "MI42_", 4),
        ("refusal_grounds", "pharmacy", "PH11_", 7),
        ("refusal_grounds", "medical", "MI12_", 9),
        ("application_materials", "pharmacy", "PH06_", 8),
        ("application_materials", "medical", "MI07_", 6),
        ("evaluation_items", "pharmacy", "PH08_", 6),
        ("evaluation_items", "medical", "MI09_", 5),
        ("breach_ladder", "pharmacy", "PH35_", 4),
        ("breach_ladder", "medical", "MI38_", 6),
    ],
)
def test_the_enumerations_are_complete_and_numbered(table, kind, prefix, count):
    keys = [row.key for row in regulations.at(TODAY, kind).table(table)]
    assert keys == [f"{prefix}{n:02d}" for n in range(1, count + 1)]


def test_every_ground_of_termination_names_a_ban_class_and_only_its_own_reason_bans():
    law = regulations.at(TODAY)
    classes = {row.key for row in law.table("ban_classes")}
    bans = {row.key: row.extra["ban"] for row in law.table("termination_grounds")}
    assert set(bans.values()) == classes == {"illegal", "breach", "none"}
    assert (bans["PH40_15"], bans["MI43_12"]) == (
        "none",
        "none",
    )  # at the institution's own request
    assert {row.extra["ban"] for row in law.table("end_reasons")} == {"none"}


@pytest.mark.parametrize("kind", ["medical", "pharmacy"])
def test_what_a_row_points_to_exists(kind):
    law = regulations.at(TODAY, kind)
    pointed = [
        row.extra[field]
        for table in (
            "refusal_grounds",
            "ban_classes",
            "remedy_routes",
            "voluntary_exit",
            "termination_grounds",
        )
        for row in law.table(table)
        for field in ("period", "person_period", "also")
        if row.extra.get(field)
    ]
    assert {law.value(key).unit for key in pointed} <= {"month", "day"}
    assert len(pointed) >= 8


def test_every_item_of_evaluation_belongs_to_one_of_the_four_specialties():
    law = regulations.at(TODAY)
    specialties = [row.key for row in law.table("evaluation_specialties")]
    assert specialties == ["insurance", "medicine", "finance", "information"]
    assert {row.extra["specialty"] for row in law.table("evaluation_items")} == set(specialties)


def test_the_formats_of_codes_fit_the_samples_and_their_own_length():
    formats = {row.key: row.extra for row in regulations.at(TODAY).table("code_formats")}
    samples = {
        "medical_institution": "H50015501017",
        "uscc": "91350100M000100Y43",
        "resident_id": "11010519491231002X",
        "hospital_pharmacist": "HY370101000001",
        "division": "371725",
    }
    for key, sample in samples.items():
        assert re.fullmatch(formats[key]["regex"], sample), key
        assert len(sample) == formats[key]["length"], key
        assert sample.startswith(formats[key]["prefix"]), key
    assert not re.fullmatch(formats["uscc"]["regex"], "9I350100M000100Y43")


def test_no_name_of_a_province_belongs_to_two():
    rows = regulations.at(TODAY).table("provinces")
    names = Counter(
        name for row in rows for name in {row.label, row.extra["short"], *row.extra["aliases"]}
    )
    assert (len(rows), [name for name, times in names.items() if times > 1]) == (34, [])
