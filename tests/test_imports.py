import hashlib
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

import regulations
from actions import import_columns, imports, private_files, sheets
from database import session
from models import Blob, Event, Institution, Office
from queries.offices import in_office
from rules.kinds import InstitutionKind
from rules.permissions import SYSTEM, Denied, Role
from rules.persons import OfficeRole
from rules.refusal import Refused
from tests import factories
from tests.shared_data import shared

ON = date(2026, 6, 15)
REGION = factories.REGION


def csv(*rows, encoding="utf-8"):
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def workbook(rows, sheet="清单", **more):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name, lines in {sheet: rows, **more}.items():
            page = book.add_worksheet(name)
            for line, row in enumerate(lines):
                for column, cell in enumerate(row):
                    page.write(line, column, cell)
    return target.getvalue()


def take(content, name="清单.csv", **options):
    options = {"actor": SYSTEM, "region": REGION, "on": ON, **options}
    report = imports.institutions(content, name, **options)
    assert report.read == report.created + report.updated + report.unchanged + len(report.rejected)
    session.commit()
    return report


def reasons(report):
    return {
        entry.number: "；".join(why for _column, why in entry.faults) for entry in report.rejected
    }


def stored(**where):
    return session.scalars(select(Institution).filter_by(**where).order_by(Institution.id)).all()


def code_of(kind, serial, region=REGION):
    return f"{'P' if kind == 'pharmacy' else 'H'}{region}{serial:05d}"


def name_of(kind, serial=1):
    return f"示例{serial}号{'大药房' if kind == 'pharmacy' else '医院'}"


DIRTY = [
    ["省", "市", "区", "机构名称", "性质", "等级", "地址"],
    ["广西", "示例市", "样例县", "示例县人民医院", "公立/综合医院", "二级甲等", "一号"],  # row 2
    [
        "广西",
        "示例市",
        "样例县",
        "示例县　人民医院",
        "公立/综合医院",
        "<b>二级甲等</b>　　",
        "一号",
    ],  # 3: repeats 2
    [
        "广西",
        "示例市",
        "样例县",
        "示例县人民医院",
        "公立/综合医院",
        "二级甲等",
        "二号",
    ],  # 4: differs from 2
    ["广西", "示例市", "样例县", "　 ", "", "未知", ""],  # 5: empty name
    ["火星省", "示例市", "样例县", "火星医院", "", "", ""],  # 6: no such province
    ["", "", "", "", "", "", ""],  # 7: blank, not a row
    ["上海市", "上海市", "样例区", "示例（样例）大药房", "民营/药店", "未知", "三号"],  # 8
    ["上海市", "上海市", "样例区", "示例(样例)大药房", "民营/药店", "未知", "三号"],  # 9: repeats 8
    [
        "上海市",
        "上海市",
        "样例区",
        "样例诊所",
        "个体户/门诊",
        "特级医院",
        "四号",
    ],  # 10: unknown level
    [
        "上海市",
        "上海市",
        "样例区",
        "错列诊所",
        "个体户/门诊",
        "未知",
        "五号",
        "六号",
    ],  # 11: more cells than headings
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_row_of_a_dirty_list_is_accounted_for(db, encoding):
    report = take(csv(*DIRTY, encoding=encoding))
    assert report.counts == {
        "read": 9,
        "created": 3,
        "updated": 0,
        "unchanged": 2,
        "rejected": 4,
        "warnings": 3,
    }
    assert report.repeated == 2
    assert set(reasons(report)) == {4, 5, 6, 11}
    assert reasons(report)[4] == "与第2行是同一机构，但内容不同：地址。"
    assert reasons(report)[5] == "机构名称为空。"
    assert reasons(report)[6] == "省份“火星省”不存在。"
    assert "错列" in reasons(report)[11]
    hospital, pharmacy, clinic = stored()
    assert (hospital.name, hospital.division, hospital.level, hospital.nature) == (
        "示例县人民医院",
        "广西壮族自治区示例市样例县",
        "二级甲等",
        "公立",
    )
    assert (pharmacy.name, pharmacy.division, pharmacy.kind) == (
        "示例（样例）大药房",
        "上海市样例区",
        InstitutionKind.RETAIL_PHARMACY,
    )
    assert (clinic.kind, clinic.level) == (InstitutionKind.CLINIC, "")
    assert [entry.warnings for entry in report.warned if entry.number == 10] == [
        ["等级“特级医院”无法识别，未采用。"]
    ]


def test_the_same_file_twice_creates_nothing(db):
    first = take(csv(*DIRTY))
    before = [(row.id, row.version, row.name, row.level) for row in stored()]
    second = take(csv(*DIRTY))
    assert (second.created, second.updated, len(second.rejected)) == (0, 0, len(first.rejected))
    assert second.unchanged == first.created + first.unchanged
    session.expire_all()
    assert [(row.id, row.version, row.name, row.level) for row in stored()] == before


def test_a_workbook_says_the_same_as_the_csv(db):
    rows = [["示例县定点机构清单"], *[[cell.replace("　", " ") for cell in row] for row in DIRTY]]
    report = take(workbook(rows, 说明=[["填写说明"]]), "清单.xlsx")
    assert report.counts["read"] == 9
    assert set(reasons(report)) == {5, 6, 7, 12}, "row numbers count the title"
    assert report.others == ["说明"]


def test_numbers_and_days_of_a_workbook_are_read_as_people_see_them(db, kind):
    rows = [
        ["机构名称", "床位数", "联系电话", "开业日期"],
        [name_of(kind), 120, "000007", "2024-03-01"],
    ]
    take(workbook(rows), "清单.xlsx")
    (row,) = stored()
    assert (row.beds, row.phone, row.operating_since) == (120, "000007", date(2024, 3, 1))


def test_a_code_finds_its_institution_whatever_it_is_called_now(db, kind):
    heading = ["医保编码", "机构名称", "地址"]
    take(csv(heading, [code_of(kind, 1), name_of(kind), "示例路1号"]))
    (row,) = stored()
    report = take(csv(heading, [code_of(kind, 1), name_of(kind, 9), ""]))
    assert report.counts | {"warnings": 0} == {
        "read": 1,
        "created": 0,
        "updated": 1,
        "unchanged": 0,
        "rejected": 0,
        "warnings": 0,
    }
    session.refresh(row)
    assert (row.name, row.address) == (name_of(kind, 9), "示例路1号"), "an empty cell says nothing"
    assert row.pinyin.endswith("dyf" if kind == "pharmacy" else "yy")
    assert row.version == 2


def test_an_institution_known_by_name_gets_its_code_once(db, kind):
    take(csv(["机构名称", "区"], [name_of(kind), "样例区"]))
    report = take(csv(["机构名称", "区", "医保编码"], [name_of(kind), "样例区", code_of(kind, 1)]))
    assert report.updated == 1
    report = take(csv(["机构名称", "区", "医保编码"], [name_of(kind), "样例区", code_of(kind, 1)]))
    assert report.unchanged == 1
    assert [(row.code, row.match_key) for row in stored()] == [
        (code_of(kind, 1), f"code:{code_of(kind, 1)}")
    ]


def test_two_branches_of_one_name_with_two_codes_are_two_institutions(db, kind):
    heading = ["机构名称", "区", "医保编码"]
    report = take(
        csv(
            heading,
            [name_of(kind), "样例区", code_of(kind, 1)],
            [name_of(kind), "样例区", code_of(kind, 2)],
        )
    )
    assert report.created == 2
    report = take(csv(["机构名称", "区"], [name_of(kind), "样例区"]))
    assert "2家同名" in reasons(report)[2]


def test_a_stored_credit_code_is_never_overwritten(db, kind):
    heading = ["医保编码", "机构名称", "统一社会信用代码"]
    take(csv(heading, [code_of(kind, 1), name_of(kind), factories.uscc(1)]))
    report = take(csv(heading, [code_of(kind, 1), name_of(kind), factories.uscc(2)]))
    assert reasons(report) == {
        2: f"统一社会信用代码与已登记的“{factories.uscc(1)}”不一致，不覆盖。"
    }
    assert [row.uscc for row in stored()] == [factories.uscc(1)]


@pytest.mark.parametrize(
    ("column", "text", "word"),
    [
        ("医保编码", "X123", "代码"),
        ("医保编码", "H12345678901X", "代码"),
        ("统一社会信用代码", "91350100M000100Y44", "校验位"),
        ("行政区划代码", "9901", "6位"),
    ],
)
def test_a_bad_code_sends_the_row_back(db, kind, column, text, word):
    report = take(csv(["机构名称", column], [name_of(kind), text]))
    assert word in reasons(report)[2]
    assert stored() == []


def test_a_code_of_the_other_family_decides_the_kind_and_warns(db):
    report = take(
        csv(
            ["机构名称", "医保编码", "机构类型"], ["示例大药房", code_of("hospital", 1), "零售药店"]
        )
    )
    assert [row.kind for row in stored()] == [InstitutionKind.OTHER_MEDICAL]
    assert "不符" in report.warned[0].warnings[0]


def test_a_code_of_another_region_warns(db, kind):
    report = take(csv(["机构名称", "医保编码"], [name_of(kind), code_of(kind, 1, "110105")]))
    assert report.created == 1
    assert "110105" in report.warned[0].warnings[0]


def test_an_institution_of_another_region_is_left_alone(db, kind):
    factories.institution(kind, region="990456", code=code_of(kind, 7, "990456"))
    report = take(csv(["机构名称", "医保编码"], [name_of(kind), code_of(kind, 7, "990456")]))
    assert "其他统筹区" in reasons(report)[2]


def test_a_named_kind_changes_the_kind_and_a_guess_does_not(db):
    row = factories.institution("hospital")
    row.kind = InstitutionKind.SPECIALIZED_HOSPITAL
    take(csv(["机构名称", "医保编码"], [row.name, row.code]))
    session.refresh(row)
    assert row.kind == InstitutionKind.SPECIALIZED_HOSPITAL
    take(csv(["机构名称", "医保编码", "机构类型"], [row.name, row.code, "康复医院"]))
    session.refresh(row)
    assert row.kind == InstitutionKind.REHABILITATION_HOSPITAL


def test_headings_of_the_national_platform_and_of_taiwan_are_known(db, kind):
    report = take(
        csv(
            ["fixmedins_code", "fixmedins_name", "uscc", "medinslv", "admdvs"],
            [code_of(kind, 1), name_of(kind), factories.uscc(1), "一级", REGION],
        )
    )
    assert report.created == 1
    assert [row.division for row in stored()] == [REGION]
    report = take(
        csv(
            ["醫事機構代碼", "醫事機構名稱", "醫事機構地址"],
            ["0145080011", "示例藥局", "示例街１號"],
        )
    )
    assert report.created == 1
    changed = take(
        csv(
            ["醫事機構代碼", "醫事機構名稱", "醫事機構地址"],
            ["0145080011", "示例新藥局", "示例街１號"],
        )
    )
    assert changed.updated == 1
    assert [row.name for row in stored(code=None)] == ["示例新藥局"]


def test_a_mapping_names_columns_and_defaults(db):
    mapping = {"columns": {"甲": "name", "乙": "地址"}, "defaults": {"kind": "零售药店"}}
    take(csv(["甲", "乙"], ["示例", "样例路"]), mapping=mapping)
    assert [(row.name, row.address, row.kind) for row in stored()] == [
        ("示例", "样例路", InstitutionKind.RETAIL_PHARMACY)
    ]


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        ({"columns": {"丙": "name"}}, "丙"),
        ({"columns": {"甲": "colour"}}, "colour"),
        ({"fields": {}}, "columns"),
        ({"columns": ["甲"]}, "columns"),
    ],
)
def test_a_mapping_that_names_nothing_is_refused(db, mapping, word):
    with pytest.raises(Refused, match=word):
        take(csv(["甲"], ["示例"]), mapping=mapping)


PEOPLE = ["医保编码", "机构名称", "法定代表人", "法定代表人身份证号", "负责人", "负责人身份证号码"]


def test_people_are_kept_by_period(db, kind):
    first, second = factories.id_number(1), factories.id_number(2)
    take(
        csv(PEOPLE, [code_of(kind, 1), name_of(kind), "甲某某", first, "甲某某", first]),
        on=date(2025, 1, 1),
    )
    report = take(csv(PEOPLE, [code_of(kind, 1), name_of(kind), "乙某某", second, "甲某某", first]))
    assert report.updated == 1
    (row,) = stored()
    legal = session.scalars(
        select(Office).where(Office.role == OfficeRole.LEGAL_REPRESENTATIVE).order_by(Office.id)
    ).all()
    assert [(one.name, one.id_number, one.from_on, one.to_on) for one in legal] == [
        ("甲某某", first, date(2025, 1, 1), ON),
        ("乙某某", second, ON, None),
    ]
    assert len(in_office(row.id, ON + timedelta(days=1))) == 2
    assert (
        take(
            csv(PEOPLE, [code_of(kind, 1), name_of(kind), "乙某某", second, "甲某某", first])
        ).unchanged
        == 1
    )


def test_an_import_dated_before_the_present_holder_is_sent_back(db, kind):
    take(csv(PEOPLE, [code_of(kind, 1), name_of(kind), "甲某某", factories.id_number(1), "", ""]))
    report = take(
        csv(PEOPLE, [code_of(kind, 1), name_of(kind), "乙某某", factories.id_number(2), "", ""]),
        on=ON - timedelta(days=1),
    )
    assert "早于" in reasons(report)[2]


def test_a_person_without_number_warns_and_a_bad_number_sends_back(db, kind):
    report = take(
        csv(
            PEOPLE,
            [code_of(kind, 1), name_of(kind), "甲某某", "", "", ""],
            [code_of(kind, 2), name_of(kind, 2), "甲某某", "123", "", ""],
        )
    )
    assert (report.created, len(report.rejected)) == (1, 1)
    assert "不齐" in report.warned[0].warnings[0]
    assert session.scalar(select(func.count(Office.id))) == 0


def test_a_dry_run_writes_nothing(db, kind):
    report = take(csv(["机构名称"], [name_of(kind)]), dry_run=True)
    assert report.created == 1
    assert stored() == []
    assert session.scalar(select(func.count()).select_from(Event)) == 0


def test_one_event_tells_of_the_file_and_keeps_what_was_overwritten(db, kind):
    heading = ["医保编码", "机构名称", "电话"]
    take(csv(heading, [code_of(kind, 1), name_of(kind), "000-1"]))
    content = csv(heading, [code_of(kind, 1), name_of(kind), "000-2"], ["", "", "x"])
    take(content)
    events = session.scalars(select(Event).order_by(Event.seq)).all()
    assert [row.verb for row in events] == ["import_institutions"] * 2
    told = events[1].facts
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert (told["read"], told["updated"], told["rejected"]) == (2, 1, 1)
    (change,) = json.loads(private_files.fetch(told["changes_file"]))
    assert change["values"]["phone"] == ["000-1", "000-2"]


def test_kept_files_are_sealed(db, kind):
    number = factories.id_number(1)
    take(csv(PEOPLE, [code_of(kind, 1), "", "甲某某", number, "", ""]))
    assert all(
        number.encode() not in row.content and row.content[:2] != b"PK"
        for row in session.scalars(select(Blob))
    )


def test_the_error_workbook_holds_only_the_bad_rows_and_comes_back_corrected(db):
    report = take(csv(*DIRTY))
    book = CalamineWorkbook.from_filelike(io.BytesIO(report.workbook))
    rows = book.get_sheet_by_name("退回的行").to_python()
    assert rows[0] == ["源文件行号", "错误说明", *DIRTY[0], ""], (
        "one cell stood beyond the headings"
    )
    assert [int(row[0]) for row in rows[1:]] == [4, 5, 6, 11]
    assert all(row[1] for row in rows[1:])
    corrected = [row if row[5].strip() else [*row[:5], "改正后的诊所", *row[6:]] for row in rows]
    corrected = [["广西" if cell == "火星省" else cell for cell in row] for row in corrected]
    again = take(workbook([row[:9] for row in corrected[:1] + corrected[2:]]), "改正.xlsx")
    assert (again.created, len(again.rejected)) == (3, 0)


def test_a_cell_that_looks_like_a_formula_stays_text(db):
    formulas = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"]
    report = take(
        csv(
            ["机构名称", "地址", "省"],
            *[["示例诊所" + str(n), text, "火星省"] for n, text in enumerate(formulas)],
        )
    )
    with zipfile.ZipFile(io.BytesIO(report.workbook)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "href" not in page.lower()
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(report.workbook))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert [row[3] for row in rows[1:]] == formulas


def test_only_the_clerk_imports(staff):
    for role, actor in staff.items():
        if role is Role.CLERK:
            assert take(csv(["机构名称"], ["示例诊所"]), actor=actor).created == 1
        else:
            with pytest.raises(Denied):
                take(csv(["机构名称"], ["示例诊所"]), actor=actor)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 100, "xls"),
        (b"PK\x03\x04broken", "损坏"),
        (b"a\x00b,c", "不是表格"),
        (b"\xff\xff\xff\xff,\x81", "编码"),
    ],
)
def test_what_is_no_table_is_refused(content, word):
    with pytest.raises(Refused, match=word):
        sheets.read(content, "x")


def packed(**members):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("members", "word"),
    [
        ({"a.xml": b"0" * (sheets.LARGEST_UNPACKED + 1)}, "过大"),
        ({"a.xml": b"0" * (sheets.SUSPECT_FROM + 1)}, "压缩比"),
        ({f"{n}.xml": b"" for n in range(sheets.MOST_MEMBERS)}, "过大"),
        ({"xl/vbaProject.bin": b"x"}, "宏"),
        ({"a.xml": b"x"}, "无法读取"),
    ],
)
def test_a_workbook_packed_to_harm_is_not_opened(members, word):
    with pytest.raises(Refused, match=word):
        sheets.read(packed(**members), "x.xlsx")


def sheet_with(body):
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["机构名称"], ["示例诊所"]]))) as good,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in good.namelist():
            content = good.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace("</sheetData>", f"{body}</sheetData>")
            made.writestr(name, content)
    return target.getvalue()


@pytest.mark.pure
def test_one_cell_in_the_farthest_corner_does_not_take_the_memory():
    corner = '<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>'
    with pytest.raises(Refused, match="无法读取"):
        sheets.read(sheet_with(corner), "x.xlsx")


@pytest.mark.pure
def test_headings_are_found_without_marks_brackets_and_spaces():
    law = regulations.at(ON)
    columns = import_columns.match(
        [["*机构名称", "床位数（张）", " 医保 编码 ", "备注"], ["x"]], law
    )
    assert columns.fields == {"name": 0, "beds": 1, "code": 2}
    assert columns.unused == ["备注"]


@pytest.mark.pure
def test_a_table_without_names_is_refused():
    with pytest.raises(Refused, match="机构名称"):
        import_columns.match([["甲", "乙"], ["一", "二"]], regulations.at(ON))


REAL = {
    "yyk_2018_dev_provinces.csv": 21026,
    "beijing_xy_GBK.csv": 126,
    "xian_poi_hospitals.xlsx": 682,
    "chengdu_xindu_gov_list.csv": 19,
    "covid_fever_hospitals_2020.csv": 2083,
    "guangzhou_pharmacies_2020.csv": 166,
    "tw_nhi_pharmacies_20200214.csv": 6086,
    "tw_nhi_pharmacies_20200303.csv": 6588,
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_list_is_taken_whole_and_only_once(db, name):
    content = shared(f"cn-institutions/{name}").read_bytes()
    first = take(content, name)
    assert first.read == REAL[name]
    assert first.created > 0.9 * first.read
    assert all(entry.faults for entry in first.rejected)
    assert session.scalar(select(func.count(Institution.id))) == first.created
    second = take(content, name)
    assert (second.created, second.updated) == (0, 0)
    assert len(second.rejected) == len(first.rejected)


def test_the_second_snapshot_updates_the_first(db):
    first = take(shared("cn-institutions/tw_nhi_pharmacies_20200214.csv").read_bytes())
    second = take(shared("cn-institutions/tw_nhi_pharmacies_20200303.csv").read_bytes())
    assert (first.created, second.created, second.updated) == (6086, 558, 18)
    assert session.scalar(select(func.count(Institution.id))) == 6086 + 558
