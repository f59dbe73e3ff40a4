"""Importing people: one bad row never stops the others, the same file again changes nothing, a trial writes nothing."""

import io
import json
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from actions import people_imports as act
from models import Commitment, Event, Practitioner, Registration
from rules.permissions import Denied, Role
from rules.persons import PractitionerRole
from rules.refusal import Refused
from tests import factories, web
from tests import factories_practitioner as make
from tests.conftest import TODAY

HEAD = "机构编码,姓名,人员类别,人员编码,证件号码,科室,执业证书有效期至,登记备案起始日期,服务承诺书签署日期,注销日期"


@pytest.fixture
def clerk(staff):
    return staff[Role.CLERK]


@pytest.fixture
def place(db, kind):
    return make.headed_by(factories.institution(kind), factories.id_number(1))


def coded(kind, number):
    """Role and code of the n-th person of a list: the first heads the pharmacy."""
    if kind == "hospital":
        return "医师", f"D9901239{number:05d}"
    return ("主要负责人", "Z9") if number == 1 else ("执业药师", f"YS9901239{number:05d}")


def row(place, kind, number, **changes):
    role, code = coded(kind, number)
    given = {
        "at": place.code, "name": f"样例{number}", "role": role, "code": code,
        "id": factories.id_number(number), "department": "", "valid": "", "from": "2026-06-01", "signed": "", "to": "",
        **changes,
    }  # fmt: skip
    return ",".join(given.values())


def read(rows, clerk, **options):
    text = "\n".join([HEAD, *rows]).encode()
    return act.people(
        text, "人员.csv", actor=clerk, region=clerk.pooling_region, on=TODAY, **options
    )


def counted(report):
    return {name: number for name, number in report.counts.items() if number and name != "warnings"}


def test_people_are_registered_and_the_same_file_again_changes_nothing(db, place, kind, clerk):
    rows = [row(place, kind, 1), row(place, kind, 2, signed="2026-06-02", department="一科")]
    assert counted(read(rows, clerk, dry_run=True)) == {"read": 2, "created": 2}
    assert db.scalar(select(func.count()).select_from(Registration)) == 0
    assert counted(read(rows, clerk)) == {"read": 2, "created": 2}
    assert counted(read(rows, clerk)) == {"read": 2, "unchanged": 2}
    found = db.scalars(select(Registration).order_by(Registration.id)).all()
    assert [(one.from_on, one.department) for one in found] == [
        (date(2026, 6, 1), ""), (date(2026, 6, 1), "一科"),
    ]  # fmt: skip
    assert [one.registration_id for one in db.scalars(select(Commitment))] == [found[1].id]
    assert db.scalar(select(func.count()).select_from(Practitioner)) == 2


def test_a_later_list_completes_and_ends_what_it_finds(db, place, kind, clerk):
    read([row(place, kind, 1)], clerk)
    later = row(
        place, kind, 1, department="二科", valid="2030-01-01", signed="2026-06-03", to="2026-06-10"
    )
    assert counted(read([later], clerk, dry_run=True)) == {"read": 1, "updated": 1}
    assert counted(read([later], clerk)) == {"read": 1, "updated": 1}
    kept = db.scalars(select(Registration)).one()
    assert (kept.department, kept.to_on) == ("二科", date(2026, 6, 10))
    assert kept.practitioner.licence_valid_to == date(2030, 1, 1)
    assert counted(read([later], clerk)) == {"read": 1, "unchanged": 1}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "110101190001010000"}, "校验位"),
        ({"id": ""}, "18位"),
        ({"code": "D1"}, ""),
        ({"code": ""}, "人员编码为空"),
        ({"role": "示例岗"}, "无法识别"),
        ({"at": "H99012399999"}, "没有这个编码"),
        ({"from": "2026-06-16"}, "晚于今天"),
        ({"from": "六月"}, "不是日期"),
        ({"valid": "2026-06-14"}, "到期"),
        ({"to": "2026-05-31"}, "注销日期"),
        ({"signed": "2026-06-16"}, "晚于今天"),
        ({"name": ""}, "姓名"),
        ({"name": "样" * 65}, "超过64字"),
    ],
)
def test_a_bad_row_goes_back_with_its_reason_and_the_good_one_stays(
    db, place, kind, clerk, changes, words
):
    if changes == {"code": "D1"}:
        changes, words = {"code": "D1" if kind == "hospital" else "Z-0－%"}, "应为"
    report = read([row(place, kind, 1, **changes), row(place, kind, 2)], clerk)
    assert counted(report) == {"read": 2, "created": 1, "rejected": 1}
    assert words in report.rejected[0].faults[0][1]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(report.workbook)).get_sheet_by_index(0)
    lines = sheet.to_python()
    assert (len(lines), lines[1][0]) == (2, 2)


def test_what_the_file_says_twice(db, place, kind, clerk):
    other = make.headed_by(factories.institution(kind), factories.id_number(1))
    rows = [
        row(place, kind, 1), row(place, kind, 1), row(other, kind, 1),
        row(place, kind, 1, department="三科"), row(place, kind, 2, code=coded(kind, 1)[1]),
    ]  # fmt: skip
    report = read(rows, clerk)
    assert counted(report) == {"read": 5, "created": 2, "unchanged": 1, "rejected": 2}
    assert report.repeated == 1


def test_another_name_for_a_number_on_record_is_sent_back(db, place, kind, clerk):
    read([row(place, kind, 1)], clerk)
    for where in (place, make.headed_by(factories.institution(kind), factories.id_number(1))):
        report = read([row(where, kind, 1, name="样例别名")], clerk)
        assert "不一致" in report.rejected[0].faults[0][1]


@pytest.mark.law("S-01")
def test_a_list_brings_no_second_principal(db, clerk):
    place = make.headed_by(factories.institution("pharmacy"), factories.id_number(1))
    second = row(place, "pharmacy", 2, role="主要负责人", code="Z8")
    assert counted(read([row(place, "pharmacy", 1), second], clerk)) == {
        "read": 2, "created": 1, "rejected": 1,
    }  # fmt: skip


def test_a_role_left_out_is_told_by_the_code(db, clerk):
    place = factories.institution("hospital")
    codes = {"D990123900001": "physician", "N990123900002": "nurse", "HY990123900003": "pharmacist",
             "HJ990123900004": "technician"}  # fmt: skip
    rows = [
        row(place, "hospital", number, role="", code=code)
        for number, code in enumerate(codes, start=1)
    ]
    assert counted(read([*rows, row(place, "hospital", 9, role="", code="S1")], clerk)) == {
        "read": 5, "created": 4, "rejected": 1,
    }  # fmt: skip
    found = {one.code: one.role for one in db.scalars(select(Practitioner))}
    assert found == {code: PractitionerRole(role) for code, role in codes.items()}


def test_a_list_without_the_columns_it_needs_is_no_list(clerk):
    with pytest.raises(Refused, match="证件号码"):
        act.people(
            "机构编码,姓名,人员编码\nH1,样,D1".encode(), "x.csv", actor=clerk, region="", on=TODAY
        )
    with pytest.raises(Refused, match="姓名"):
        act.people(b"a,b\n1,2", "x.csv", actor=clerk, region="", on=TODAY)


def test_an_institution_imports_nobody(db, place):
    owner = factories.actor(Role.INSTITUTION, institution=place)
    with pytest.raises(Denied):
        act.people(b"a", "x.csv", actor=owner, region="", on=TODAY)


def test_the_wizard_leads_from_the_file_to_the_rows_sent_back(app, db, place, kind, clerk):
    db.commit()
    client = web.client_for(app, clerk)
    assert client.get("/imports/practitioners/template").data.startswith(b"PK")
    text = "\n".join([HEAD, row(place, kind, 1), row(place, kind, 2, id="1")]).encode()
    given = {"file": (io.BytesIO(text), "人员.csv")}
    answer = web.post(client, "/imports/practitioners", **given)
    preview = answer.headers["Location"]
    page = client.get(preview).text
    assert factories.id_number(1) not in page
    assert "导入 1 行" in page
    answer = web.post(client, f"{preview}/run")
    page = web.flashes(client, answer).text
    assert "新增 1 人" in page
    assert client.get(f"{preview}/errors").data.startswith(b"PK")
    assert preview.rsplit("/", 1)[1] in client.get("/imports/practitioners").text
    assert client.get(f"/imports/{preview.rsplit('/', 1)[1]}").status_code == 404
    facts = str([line.facts for line in db.scalars(select(Event))])
    assert factories.id_number(1) not in facts


def test_the_command_tells_its_counts(app, db, place, kind, tmp_path):
    db.commit()
    file = tmp_path / "people.csv"
    file.write_text("\n".join([HEAD, row(place, kind, 1), row(place, kind, 2, id="1")]), "utf-8")
    counts = []
    for more in (["--dry-run"], [], []):
        options = [
            "import",
            "practitioners",
            str(file),
            "--region",
            factories.REGION,
            "--on",
            "2026-06-15",
            "--json",
        ]
        answer = app.test_cli_runner().invoke(args=[*options, *more])
        assert answer.exit_code == 0, answer.output
        plain = json.loads(answer.output)
        counts.append((plain["created"], plain["unchanged"], plain["rejected"]))
    assert counts == [(1, 0, 1), (1, 0, 1), (0, 1, 1)]
