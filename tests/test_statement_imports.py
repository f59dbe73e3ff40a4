"""Statements by file and by interface: whole or not at all, once, with the reason beside what goes back."""

import io
import resource
import secrets
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

import clock
from actions import api_tokens, sheets, statement_imports, statement_rows
from commands import imports as commands
from database import session
from models import Claim, Statement
from queries import exports
from rules.api_scopes import AGENCY, Scope
from rules.ladder import MOST_AMOUNT
from rules.permissions import SYSTEM, Denied, Role
from rules.refusal import Refused
from rules.statements import MOST_LINES
from tests import factories, web
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.factories import REGION

HEAD = [
    "机构编码",
    "险种",
    "申报月份",
    "申报总金额",
    "申报总笔数",
    "申报日期",
    "单据号",
    "服务日期",
    "住院",
    "入院日期",
    "急诊",
    "金额",
]


@pytest.fixture
def place(db, kind):
    row = factories.institution(kind)
    made.concluded(row)
    session.commit()
    return row


def row(place, voucher="MZ1", amount="100.50", **values):
    given = {
        "机构编码": place.code, "险种": "职工", "申报月份": "2026-05", "单据号": voucher, "服务日期": "2026-05-12",
        "金额": amount,
    } | values  # fmt: skip
    return [given.get(name, "") for name in HEAD]


def taken(rows, staff=None, name="申报.csv", **how):
    content = exports.csv_bytes(HEAD, rows)
    actor = staff[Role.CLERK] if staff else SYSTEM
    return statement_imports.import_file(content, name, actor=actor, region=REGION, on=TODAY, **how)


def test_a_file_of_two_statements_is_taken_up_and_the_same_file_again_does_nothing(place, staff):
    rows = [row(place), row(place, "MZ2", "1,200"), row(place, "MZ3", "8.00", 险种="居民")]
    report = taken(rows, staff)
    assert report.counts == {
        "read": 3, "created": 3, "updated": 0, "unchanged": 0, "rejected": 0, "warnings": 2,
    }  # fmt: skip
    found = session.scalars(select(Statement).order_by(Statement.id)).all()
    assert [(one.insurance, one.total, one.line_count) for one in found] == [
        ("employee", 1300_50, 2),
        ("resident", 8_00, 1),
    ]
    again = taken(rows, staff, name="另一个名字.csv")
    assert (again.counts["created"], again.counts["unchanged"]) == (0, 3)
    assert session.scalar(select(func.count(Statement.id))) == 2


def test_a_trial_writes_nothing(place, staff):
    assert taken([row(place)], staff, dry_run=True).counts["created"] == 1
    assert session.scalar(select(func.count(Statement.id))) == 0


def test_one_wrong_row_sends_the_whole_statement_back_and_no_other(place, staff):
    rows = [row(place), row(place, "MZ2", "0"), row(place, "MZ3", "8.00", 险种="居民")]
    report = taken(rows, staff)
    assert [(entry.number, entry.faults[0][1]) for entry in report.rejected] == [
        (2, "同一申报另有 1 行有误，整份退回。"),
        (3, "金额应当大于零。"),
    ]
    (only,) = session.scalars(select(Statement))
    assert only.insurance == "resident"
    book = (
        CalamineWorkbook.from_filelike(io.BytesIO(report.workbook))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert [line[0] for line in book[1:]] == [2, 3]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"申报总金额": "100.51"}, "相差 0.01 元"),
        ({"申报总金额": "100.49"}, "相差 0.01 元"),
        ({"申报总笔数": "2"}, "申报 2 笔，明细 1 笔"),
        ({"服务日期": "2026-13-01"}, "不是日期"),
        ({"服务日期": ""}, "服务日期为空"),
        ({"住院": "是"}, "没有入院日期"),
        ({"住院": "是", "入院日期": "2026-05-13"}, "入院日期晚于服务日期"),
        ({"急诊": "也许"}, "应当写是或者否"),
        ({"金额": "1.005"}, "小数位过多"),
        ({"金额": "-1"}, "不是有效的数字"),
        ({"金额": "1e400"}, "不是有效的数字"),
        ({"金额": "1e999999"}, "不是有效的数字"),
        ({"金额": "1_00.50"}, "不是有效的数字"),
        ({"金额": "١٠٠.٥٠"}, "不是有效的数字"),
        ({"申报总金额": "9e999999"}, "不是有效的数字"),
        ({"申报月份": "9999-12"}, "没有已经签订的服务协议"),
        ({"服务日期": "2021-01-31"}, "早于本系统所载支付规定的施行日期"),
        ({"服务日期": "1900-01-01"}, "早于本系统所载支付规定的施行日期"),
        ({"申报日期": "2026-05-11"}, "服务日期 2026-05-12 晚于申报日期 2026-05-11"),
        ({"险种": "生育"}, "无法识别"),
        ({"申报月份": "2026-13"}, "不是月份"),
        ({"申报月份": "2027-01"}, "没有已经签订的服务协议"),
        ({"机构编码": "H00000000000"}, "没有这个编码的机构"),
        ({"单据号": ""}, "单据号为空"),
        ({"单据号": "9" * 65}, "内容过长"),
    ],
)
@pytest.mark.once
def test_what_is_wrong_is_named(db, staff, values, said):
    place = factories.institution("hospital")
    made.concluded(place)
    session.commit()
    report = taken([row(place, **values)], staff)
    (entry,) = report.rejected
    assert said in "；".join(why for _column, why in entry.faults)
    assert session.scalar(select(func.count(Statement.id))) == 0


def test_one_date_before_the_law_sends_its_own_statement_back_and_no_other(place, staff):
    rows = [row(place), row(place, "MZ2", 险种="居民", 服务日期="1900-01-01")]
    assert taken(rows, staff, dry_run=True).counts["created"] == 1
    report = taken(rows, staff)
    assert (report.counts["created"], report.counts["rejected"]) == (1, 1)
    assert session.scalar(select(func.count(Statement.id))) == 1


def test_a_sum_the_books_cannot_hold_is_sent_back_with_nothing_left_behind(place, staff):
    half = f"{(MOST_AMOUNT - 1) // 100}.99"
    report = taken([row(place, "MZ1", half), row(place, "MZ2", "0.01")], staff)
    assert "申报总金额过大" in report.rejected[0].faults[0][1]
    assert session.scalar(select(func.count(Statement.id))) == 0


def test_what_is_refused_while_it_is_written_leaves_nothing_behind(place, staff, monkeypatch):
    def refuses(*_given, **_more):
        raise Refused("不能入账。")

    monkeypatch.setattr("actions.statements.ledger.post", refuses)
    assert taken([row(place)], staff).counts["rejected"] == 1
    session.commit()
    assert session.scalar(select(func.count(Statement.id))) == 0
    assert session.scalar(select(func.count(Claim.id))) == 0


def test_heads_that_differ_between_rows_are_sent_back(place, staff):
    rows = [row(place, 申报总金额="201.00"), row(place, "MZ2", 申报总金额="202.00")]
    assert len(taken(rows, staff).rejected) == 2


def test_a_month_with_other_lines_is_sent_back_while_the_first_counts(place, staff):
    taken([row(place)], staff)
    report = taken([row(place, amount="99.00")], staff)
    assert "内容不同" in report.rejected[0].faults[0][1]


@pytest.mark.once
def test_a_parquet_file_is_read_like_a_table(db, staff):
    place = factories.institution("pharmacy")
    made.concluded(place)
    session.commit()
    target = io.BytesIO()
    frame = pl.DataFrame(
        {
            "fixmedins_code": [place.code], "insutype": ["310"], "clr_ym": ["202605"], "setl_id": ["P1"],
            "fee_ocur_time": [date(2026, 5, 3)], "fund_pay_sumamt": [12.5],
        }
    )  # fmt: skip
    frame.write_parquet(target)
    report = statement_imports.import_file(
        target.getvalue(), "x.parquet", actor=staff[Role.CLERK], region=REGION, on=TODAY
    )
    assert (report.counts["created"], report.encoding) == (1, "parquet")
    (claim,) = session.scalars(select(Claim))
    assert (claim.amount, claim.service_date) == (12_50, date(2026, 5, 3))
    with pytest.raises(Refused, match="Parquet"):
        statement_imports.import_file(
            target.getvalue()[:40], "x.parquet", actor=staff[Role.CLERK], region=REGION, on=TODAY
        )


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


@pytest.mark.pure
@pytest.mark.parametrize(
    "frame",
    [
        pl.LazyFrame({"a": ["x"]}).select(pl.repeat("x", 20_000_000)),
        pl.LazyFrame({"a": ["x" * 50_000]}).select(pl.col("a").repeat_by(4_000).explode()),
        pl.LazyFrame({"a": ["x"]}).select(pl.repeat("x", MOST_LINES + 1)),
    ],
    ids=["rows", "text", "one row too many"],
)
def test_a_parquet_bomb_is_refused_and_leaves_no_memory_behind(frame):
    """Twenty million rows, or two hundred megabytes of text, in less than a megabyte."""
    target = io.BytesIO()
    frame.collect().write_parquet(target, compression="zstd")
    content = target.getvalue()
    assert len(content) < 1024 * 1024
    before = _resident()
    with pytest.raises(Refused, match=r"超过 50000 行，或者展开后超过 100 MB，没有读取"):
        sheets.read(content, "申报.parquet")
    assert _resident() - before < 10 * 1024 * 1024


@pytest.mark.once
def test_only_the_clerk_imports(db, staff):
    with pytest.raises(Denied):
        statement_imports.import_file(
            b"x", "x.csv", actor=staff[Role.FINANCE], region=REGION, on=TODAY
        )


@pytest.mark.pure
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-05", date(2026, 5, 1)), ("202605", date(2026, 5, 1)), ("2026年5月", date(2026, 5, 1)),
        ("2026-05-31", date(2026, 5, 1)), ("2026-13", None), ("2026-0", None), ("五月", None), ("", None),
    ],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(text, first):
    assert statement_rows.month(text) == first


@pytest.mark.once
def test_the_command_says_what_it_did(app, db, tmp_path):
    place = factories.institution("hospital")
    made.concluded(place)
    session.commit()
    file = tmp_path / "申报.csv"
    file.write_bytes(exports.csv_bytes(HEAD, [row(place), row(place, "MZ2", "x")]))
    command = [
        "import",
        "statements",
        str(file),
        "--region",
        REGION,
        "--errors",
        str(tmp_path / "e.xlsx"),
        "--json",
    ]
    answer = app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 0, answer.output
    assert '"rejected": 2' in answer.output
    assert (tmp_path / "e.xlsx").stat().st_size > 0
    assert commands.statements.name == "statements"


@pytest.mark.once
def test_upload_preview_import_and_the_rows_sent_back(app, db, staff):
    place = factories.institution("hospital")
    made.concluded(place)
    session.commit()
    client = web.client_for(app, staff[Role.CLERK])
    content = exports.csv_bytes(HEAD, [row(place), row(place, "MZ2", "x", 险种="居民")])
    data = {"operation_id": secrets.token_hex(8), "file": (io.BytesIO(content), "申报.csv")}
    answer = client.post("/imports/statements", data=data, content_type="multipart/form-data")
    path = answer.headers["Location"]
    assert "不是有效的数字" in client.get(path).text
    web.post(client, f"{path}/run")
    assert session.scalar(select(func.count(Statement.id))) == 1
    assert client.get(f"{path}/errors").data.startswith(b"PK")
    assert client.get("/imports/statements/template").data.startswith(b"PK")


# --- the interface


@pytest.fixture
def send(app, staff, place):
    until = TODAY + timedelta(days=366)
    _row, key = api_tokens.issue(
        "示例医院系统",
        [Scope.STATEMENTS],
        until,
        actor=staff[Role.SYSADMIN],
        on=TODAY,
        sender=place.code,
    )
    session.commit()
    client = app.test_client()

    def send(body, idempotency="k" * 16, token=key):
        heads = {"Authorization": f"Bearer {token}", "Idempotency-Key": idempotency}
        answer = client.post("/api/v1/statements", json=body, headers=heads)
        return answer.status_code, answer.get_json()

    return send


def body(place, **values):
    return {
        "fixmedins_code": place.code, "insurance": "employee", "month": "2026-05", "claimed_on": "2026-06-03",
        "total": "100.50", "line_count": 1,
        "lines": [{"voucher": "MZ1", "service_date": "2026-05-12", "amount": "100.50"}],
    } | values  # fmt: skip


def test_a_statement_comes_in_once_however_often_it_is_sent(place, send):
    first, again = send(body(place)), send(body(place))
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert (first[1]["total"], first[1]["state"]) == ("100.50", "received")
    assert session.scalar(select(func.count(Statement.id))) == 1


def test_the_same_key_with_another_body_and_the_same_month_with_another_key_are_refused(
    place, send
):
    send(body(place))
    assert send(body(place, claimed_on="2026-06-04"))[0] == 409
    status, said = send(body(place), idempotency="another-key")
    assert status == 409
    assert "已有申报" in said["detail"]


def test_a_head_that_does_not_agree_is_refused_and_may_be_sent_again_right(place, send):
    status, said = send(body(place, total="100.51"))
    assert (status, "相差 0.01 元" in said["detail"]) == (409, True)
    assert send(body(place))[0] == 201


@pytest.mark.once
@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"insurance": "x"}, 400), ({"line_count": "1"}, 400), ({"total": 100.5}, 400), ({"total": "1.001"}, 400),
        ({"month": "2026-5"}, 400), ({"lines": {}}, 400), ({"lines": ["x"]}, 400), ({"fixmedins_code": "H0"}, 404),
        ({"month": "2030-05"}, 404), ({"month": "9999-12"}, 404), ({"fixmedins_code": "\ud800"}, 400),
        ({"total": "1e999999"}, 400), ({"total": "1_00.50"}, 400), ({"total": "١٠٠.٥٠"}, 400),
        ({"lines": [{"voucher": "\ud800", "service_date": "2026-05-12", "amount": "100.50"}]}, 400),
        ({"lines": [{"voucher": "1", "service_date": "2021-01-31", "amount": "100.50"}]}, 400),
        ({"lines": [{"voucher": "1", "service_date": "2026-06-04", "amount": "100.50"}]}, 409),
        ({"lines": [{"voucher": "1", "service_date": "2026-05-12", "amount": "9e999999"}]}, 400), ({"lines": [{"voucher": "1", "service_date": "2026-05-12", "amount": "0"}]}, 400),
        ({"lines": [{"voucher": "1", "service_date": "x", "amount": "1"}]}, 400),
        ({"lines": [{"voucher": "1", "service_date": "2026-05-12", "amount": "1", "inpatient": True}]}, 400),
        ({"lines": [{"voucher": "1", "service_date": "2026-05-12", "amount": "1", "emergency": "yes"}]}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(db, app, staff, values, status):
    place = factories.institution("hospital")
    made.concluded(place)
    _row, key = api_tokens.issue(
        "示例医院系统",
        [Scope.STATEMENTS],
        TODAY + timedelta(days=30),
        actor=staff[Role.SYSADMIN],
        on=TODAY,
        sender=place.code,
    )
    session.commit()
    heads = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k" * 16}
    answer = app.test_client().post("/api/v1/statements", json=body(place, **values), headers=heads)
    assert answer.status_code == status, answer.get_json()
    assert session.scalar(select(func.count(Statement.id))) == 0


def test_a_key_hands_in_statements_of_its_own_institution_alone(place, send, staff, db):
    other = factories.institution(place.kind)
    made.concluded(other)
    session.commit()
    status, said = send(body(other))
    assert (status, said["status"], said["title"]) == (403, 403, "没有权限")
    assert "只能报送令牌所写机构的申报" in said["detail"]
    assert session.scalar(select(func.count(Statement.id))) == 0
    agency, key = api_tokens.issue(
        "示例清算系统",
        [Scope.STATEMENTS],
        TODAY,
        actor=staff[Role.SYSADMIN],
        on=TODAY,
        sender=AGENCY,
    )
    session.commit()
    assert [send(body(one), token=key)[0] for one in (other, place)] == [
        201,
        409,
    ]  # 409: the same number again
    assert send(body(place), "another-key", token=key)[0] == 201
    agency.for_agency = False  # as a key from before the rule
    session.commit()
    assert send(body(place, month="2026-04"), "third-number", token=key)[0] == 403


@pytest.mark.once
def test_without_its_key_or_its_number_nothing_comes_in(db, app, staff):
    place = factories.institution("hospital")
    made.concluded(place)
    _row, reading = api_tokens.issue(
        "示例结算系统",
        [Scope.ELIGIBILITY],
        TODAY + timedelta(days=30),
        actor=staff[Role.SYSADMIN],
        on=TODAY,
    )
    _row, key = api_tokens.issue(
        "示例医院系统",
        [Scope.STATEMENTS],
        TODAY + timedelta(days=30),
        actor=staff[Role.SYSADMIN],
        on=TODAY,
        sender=place.code,
    )
    session.commit()
    client = app.test_client()
    for token, number, status in ((reading, "k" * 16, 401), (key, "", 400), (key, "short", 400)):
        heads = {"Authorization": f"Bearer {token}", "Idempotency-Key": number}
        assert (
            client.post("/api/v1/statements", json=body(place), headers=heads).status_code == status
        )
    assert clock.today() == TODAY
