from datetime import date

import pytest

import regulations
from rules import names
from rules.kinds import InstitutionKind as K

pytestmark = pytest.mark.pure

LAW = regulations.at(date(2026, 6, 15))


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<b>三级甲等</b>　　", "三级甲等"),
        ("示例&nbsp;医院", "示例 医院"),
        ("示例&amp;样例", "示例&样例"),
        ("１２３号\u200b", "123号"),
        ("<!-- 备注 -->示例", "示例"),
        ("床位<100张", "床位<100张"),
        ("  a   b ", "a b"),
    ],
)
def test_a_cell_is_plain_text(raw, plain):
    assert names.clean(raw) == plain


@pytest.mark.parametrize(
    "spelling",
    [
        "示例(东区)医院",
        "示例（东区）医院",
        " 示例 （东区） 医院",
        "示例［东区］医院",
        "示例【东区】医院　",
        "<i>示例(东区)</i>医院",
    ],
)
def test_spellings_of_one_name_share_a_key(spelling):
    assert names.name_key(spelling) == names.name_key("示例（东区）医院")


def test_different_names_keep_different_keys():
    assert names.name_key("示例一店") != names.name_key("示例二店")
    assert names.name_key("Sample 药房") == names.name_key("SAMPLE药房")


def test_a_shown_name_has_full_width_brackets_and_no_gaps():
    assert names.clean_name("示例 大药房 (样例 店)") == "示例大药房（样例店）"
    assert names.clean_name("Sample Clinic 示例") == "Sample Clinic示例"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("广西", "广西壮族自治区"),
        ("广西壮族自治区", "广西壮族自治区"),
        ("内蒙古", "内蒙古自治区"),
        ("西藏", "西藏自治区"),
        ("上海", "上海市"),
        ("江苏省　", "江苏省"),
        ("450000", "广西壮族自治区"),
    ],
)
def test_a_province_is_known_by_its_usual_names(text, label):
    assert names.province(text, LAW).label == label


@pytest.mark.parametrize("text", ["火星省", "", "江"])
def test_no_province_is_made_up(text):
    assert names.province(text, LAW) is None


def test_a_place_repeats_no_part():
    assert names.division("上海市", "上海市", "黄浦区") == "上海市黄浦区"
    assert names.division("江苏省", "苏州市", "昆山市") == "江苏省苏州市昆山市"
    assert names.division("", "", "昆山市") == "昆山市"


@pytest.mark.parametrize(
    ("name", "types", "kind", "sure"),
    [
        ("示例县人民医院", ["", "公立/综合医院"], K.GENERAL_HOSPITAL, False),
        ("示例县样例镇中心卫生院", ["", "公立/综合医院"], K.CENTRAL_HEALTH_CENTRE, False),
        ("示例县样例村卫生室", ["", "其他/综合医院"], K.VILLAGE_CLINIC, False),
        ("示例县中医院", ["", "公立/综合医院"], K.TCM_HOSPITAL, False),
        ("示例医院", ["", "公立/传染病医院"], K.SPECIALIZED_HOSPITAL, False),
        ("示例医院样例门诊部", ["", "民营/专科医院"], K.OUTPATIENT_DEPARTMENT, False),
        ("示例药材公司职工医院", [], K.GENERAL_HOSPITAL, False),
        ("示例大药房有限公司样例店", [], K.RETAIL_PHARMACY, False),
        ("示例仁心店", [], K.RETAIL_PHARMACY, False),
        ("示例藥局", [], K.RETAIL_PHARMACY, False),
        ("示例市妇幼保健院", [], K.MATERNAL_CHILD_HOSPITAL, False),
        ("示例社区卫生服务中心", [], K.COMMUNITY_CENTRE, False),
        ("示例口腔诊所", [], K.CLINIC, False),
        ("示例县人民医院", ["医疗保健服务;专科医院;口腔医院"], K.GENERAL_HOSPITAL, False),
        ("示例", ["医疗保健服务;诊所;诊所"], K.CLINIC, False),
        ("示例县样例卫生院", ["综合医院"], K.GENERAL_HOSPITAL, True),
        ("示例", ["零售药店"], K.RETAIL_PHARMACY, True),
        ("示例样例", ["未知"], None, False),
        ("", [""], None, False),
    ],
)
def test_the_kind_is_read_from_name_and_type(name, types, kind, sure):
    assert names.kind(name, types, LAW) == (kind, sure)


def test_the_code_decides_between_hospital_and_pharmacy():
    assert names.kind("示例大药房", [], LAW, "medical").kind == K.OTHER_MEDICAL
    assert names.kind("示例医院", [], LAW, "pharmacy").kind == K.RETAIL_PHARMACY
    assert names.kind("示例", ["综合医院"], LAW, "pharmacy").kind == K.RETAIL_PHARMACY


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("一级乙等", "一级乙等"),
        ("三级甲等　　", "三级甲等"),
        ("二级医院", "二级"),
        ("未知", ""),
        ("未评级", ""),
        ("民营医院", None),
        ("02", None),
    ],
)
def test_a_level_is_one_spelling_or_empty_or_unknown(text, level):
    assert names.level(text, LAW) == level


@pytest.mark.parametrize(
    ("texts", "nature"),
    [
        (["公立/综合医院"], "公立"),
        (["个体户/口腔医院"], "民营"),
        (["合资/专科医院"], "合资"),
        (["其他/其他"], ""),
        (["", "民营"], "民营"),
    ],
)
def test_the_nature_is_one_of_five_words_or_empty(texts, nature):
    assert names.nature(texts, LAW) == nature


def test_initials_know_polyphones_inside_words():
    assert names.initials("示例医院") == "slyy"
    assert names.initials("重庆") == "cq"
