import json

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from database import session
from models import CalendarYear, Institution
from queries import calendar_days
from tests.shared_data import shared


@pytest.fixture
def run(app, db):
    runner = app.test_cli_runner()

    def call(*args):
        done = runner.invoke(args=["import", *map(str, args)])
        session.rollback()
        return done

    return call


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "清单.csv"
    path.write_text("机构名称,医保编码\n示例一号大药房,P99012300001\n示例二号医院,X1\n", "utf-8")
    return path


def count():
    return session.scalar(select(func.count(Institution.id)))


def test_json_is_one_object_with_the_promised_counts(run, listed):
    done = run("institutions", listed, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "read": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
        "warnings": 0,
    }
    assert [row.pooling_region for row in session.scalars(select(Institution))] == ["990123"]
    assert json.loads(run("institutions", listed, "--json").stdout)["created"] == 0


def test_words_for_people_name_columns_and_reasons(run, listed):
    output = run("institutions", listed).output
    assert "医保编码 → 医保编码" in output
    assert "1 × 定点医疗机构代码" in output


def test_a_dry_run_leaves_the_registry_alone(run, listed):
    assert json.loads(run("institutions", listed, "--dry-run", "--json").stdout)["created"] == 1
    assert count() == 0


def test_the_error_workbook_is_written_where_asked(run, listed, tmp_path):
    assert run("institutions", listed, "--errors", tmp_path / "退回.xlsx").exit_code == 0
    rows = CalamineWorkbook.from_path(str(tmp_path / "退回.xlsx")).get_sheet_by_index(0).to_python()
    assert [(int(row[0]), row[2]) for row in rows[1:]] == [(3, "示例二号医院")]


def test_a_mapping_file_and_a_day_and_a_region(run, tmp_path):
    (tmp_path / "a.csv").write_text("甲\n示例\n", "utf-8")
    (tmp_path / "m.yaml").write_text("columns: {甲: 机构名称}\ndefaults: {kind: 诊所}\n", "utf-8")
    done = run(
        "institutions",
        tmp_path / "a.csv",
        "--mapping",
        tmp_path / "m.yaml",
        "--on",
        "2026-05-01",
        "--region",
        "990456",
    )
    assert done.exit_code == 0, done.output
    (row,) = session.scalars(select(Institution))
    assert (row.kind.label, row.pooling_region) == ("诊所", "990456")
    assert "2026-05-01" in row.source


@pytest.mark.parametrize("content", ["甲,乙\n1,2\n", ""])
def test_a_file_that_cannot_be_taken_is_refused_with_one(run, tmp_path, content):
    (tmp_path / "a.csv").write_text(content, "utf-8")
    done = run("institutions", tmp_path / "a.csv", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]
    assert count() == 0


@pytest.mark.parametrize(
    "args",
    [
        ["institutions"],
        ["institutions", "/nowhere.csv"],
        ["institutions", __file__, "--on", "gestern"],
        ["pharmacies", __file__],
    ],
)
def test_wrong_usage_ends_with_two(run, args):
    assert run(*args).exit_code == 2


YEAR = {"year": 2027, "source": "示例通知（示例〔2026〕1号）", "days": [{"date": "2027-01-01", "name": "元旦", "isOffDay": True}, {"date": "2027-01-03", "name": "元旦", "isOffDay": False}, {"date": "2026-12-31", "name": "元旦", "isOffDay": True}]}  # fmt: skip
YAML = "year: 2027\nconfidence: official\nnotices: [{title: 示例通知, number: 示例〔2026〕1号, issued_on: 2026-11-01}]\nholidays: [{name: 元旦, rest: 2027-01-01, work: [2027-01-03]}]\n"
CSV = "日期,类型,名称\n2027-01-01,休息,元旦\n2027-01-03,上班,元旦\n"


@pytest.mark.parametrize(
    ("name", "text", "more"),
    [
        ("y.json", json.dumps(YEAR), []),
        ("y.yaml", YAML, []),
        ("y.csv", CSV, ["--source", "示例通知"]),
    ],
)
def test_a_year_is_loaded_from_json_yaml_or_csv(run, tmp_path, name, text, more):
    (tmp_path / name).write_text(text, "utf-8")
    done = run("calendar", tmp_path / name, "--json", *more)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["year"], told["days"]) == (2027, 2)
    assert told["left_out"] == (["2026-12-31"] if name == "y.json" else [])
    calendar_days.forget()
    workdays = calendar_days.workdays()
    days = {day: workdays.is_working(day)[0] for day in workdays.days if day.year == 2027}
    assert {day.isoformat(): working for day, working in days.items()} == {
        "2027-01-01": False,
        "2027-01-03": True,
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("y.csv", CSV),
        ("y.json", "{"),
        (
            "y.json",
            '{"year": 2027, "days": [{"date": "2027-02-30", "name": "", "isOffDay": true}]}',
        ),
        ("y.yaml", "a: ["),
        ("y.csv", "日期,类型,名称\n2027-01-01,也许,元旦\n"),
        ("y.csv", "日,月\n1,2\n"),
    ],
)
def test_a_year_without_notice_or_with_nonsense_is_refused(run, tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    assert run("calendar", tmp_path / name).exit_code == 1
    assert session.get(CalendarYear, 2027) is None


@pytest.mark.parametrize("year", [2019, 2021, 2022, 2023, 2024, 2026])
def test_a_public_list_of_days_agrees_with_the_shipped_year(run, year):
    before = {
        day: one.working
        for day, one in calendar_days.workdays().days.items()
        if day.year == year and one.working != (day.weekday() < 5)
    }
    done = run("calendar", shared(f"holidays/{year}.json"), "--source", "示例通知")
    assert done.exit_code == 0, done.output
    calendar_days.forget()
    after = {
        day: one.working
        for day, one in calendar_days.workdays().days.items()
        if day.year == year and one.working != (day.weekday() < 5)
    }
    assert after == before
