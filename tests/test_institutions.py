import csv
import io
import re
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from actions import institutions as act
from models import Event, Institution, Licence, Office
from queries import institutions as ask
from rules.kinds import InstitutionKind
from rules.permissions import Denied, Role
from rules.persons import OfficeRole
from rules.refusal import Refused
from tests import factories, web

ON = date(2026, 6, 15)
KIND = {"hospital": InstitutionKind.GENERAL_HOSPITAL, "pharmacy": InstitutionKind.RETAIL_PHARMACY}


@pytest.fixture
def clerk(staff):
    return staff[Role.CLERK]


def stored_events(verb):
    from database import session

    return session.scalars(select(Event).where(Event.verb == verb).order_by(Event.seq)).all()


def registered(clerk, kind, **facts):
    given = {
        "name": "示例（样例）机构",
        "kind": KIND[kind],
        "pooling_region": clerk.pooling_region,
        **facts,
    }
    return act.register(actor=clerk, on=ON, **given)


def code(kind, serial=1):
    return f"{'P' if kind == 'pharmacy' else 'H'}{factories.REGION}{serial:05d}"


def test_a_registered_institution_is_found_by_an_import_of_the_same_name(db, clerk, kind):
    row = registered(clerk, kind, division="样例县")
    assert row.name_key == "示例（样例）机构"
    assert row.pinyin == "slyljg"
    with pytest.raises(Refused, match="同名"):
        registered(clerk, kind, name="示例 (样例)机构", division="样例县")


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"code": "X1"}, "12位"),
        ({"uscc": "91350100M000100Y44"}, "校验位"),
        ({"name": " 　"}, "名称为空"),
    ],
)
def test_bad_facts_are_refused(clerk, kind, facts, word):
    with pytest.raises(Refused, match=word):
        registered(clerk, kind, **facts)


def test_a_code_of_the_other_kind_is_refused(clerk, kind):
    other = "hospital" if kind == "pharmacy" else "pharmacy"
    with pytest.raises(Refused, match="12位"):
        registered(clerk, kind, code=code(other))


def test_a_code_is_given_once_and_never_rewritten(db, clerk, kind):
    row = registered(clerk, kind)
    assert act.amend(row, actor=clerk, on=ON, reason="示例赋码通知", code=code(kind)) == [
        "医保编码"
    ]
    assert row.match_key == f"code:{code(kind)}"
    with pytest.raises(Refused, match="不能改写"):
        act.amend(row, actor=clerk, on=ON, reason="示例", code=code(kind, 2))
    with pytest.raises(Refused, match="已经登记"):
        registered(clerk, kind, name="另一家", code=code(kind))


def test_a_change_keeps_old_and_new_in_the_log(db, clerk, kind):
    row = registered(clerk, kind, address="甲路1号")
    act.amend(
        row,
        actor=clerk,
        on=ON,
        reason="示例批准文件",
        address="乙路2号",
        phone="000",
        bank_account="123456",
    )
    db.commit()
    (event,) = stored_events("amend")
    assert event.facts["old"] == {"address": "甲路1号", "phone": "", "address_since": ""}
    assert event.facts["new"] == {"address": "乙路2号", "phone": "000", "address_since": str(ON)}
    assert event.institution_id == row.id
    assert "123456" not in str(event.facts)
    assert "示例批准文件" in event.facts["reason"]


def test_a_change_needs_its_reason_and_no_change_writes_nothing(db, clerk, kind):
    row = registered(clerk, kind, address="甲路1号")
    with pytest.raises(Refused, match="变更依据"):
        act.amend(row, actor=clerk, on=ON, reason=" ", address="乙路2号")
    row.address = "甲路1号"
    assert act.amend(row, actor=clerk, on=ON, reason="", address="甲路1号") == []


def test_a_new_holder_ends_the_period_of_the_former(db, clerk, kind):
    row = factories.institution(kind)
    act.appoint(
        row, OfficeRole.PRINCIPAL, name="乙某某", id_number=factories.id_number(900), from_on=date(2026, 6, 1), actor=clerk, on=ON
    )  # fmt: skip
    periods = db.execute(
        select(Office.name, Office.from_on, Office.to_on).where(Office.institution_id == row.id, Office.role == OfficeRole.PRINCIPAL)
        .order_by(Office.id)
    ).all()  # fmt: skip
    assert [tuple(one) for one in periods] == [
        ("样某某", date(2024, 1, 1), date(2026, 6, 1)),
        ("乙某某", date(2026, 6, 1), None),
    ]


@pytest.mark.parametrize(
    ("number", "from_on", "word"),
    [
        ("110101190001010011", ON, "校验位"),
        (factories.id_number(901), date(2023, 1, 1), "早于"),
    ],
)
def test_an_appointment_that_cannot_be_is_refused(db, clerk, kind, number, from_on, word):
    row = factories.institution(kind)
    with pytest.raises(Refused, match=word):
        act.appoint(
            row,
            OfficeRole.PRINCIPAL,
            name="乙某某",
            id_number=number,
            from_on=from_on,
            actor=clerk,
            on=ON,
        )


def test_only_the_clerk_of_the_region_keeps_the_registry(db, staff, kind):
    row = factories.institution(kind)
    elsewhere = factories.actor(Role.CLERK, region="990456")
    for actor in [*(one for role, one in staff.items() if role is not Role.CLERK), elsewhere]:
        with pytest.raises(Denied):
            act.amend(row, actor=actor, on=ON, reason="x", address="x")


# --- pages


@pytest.fixture
def client(app, clerk):
    return web.client_for(app, clerk)


def listed(client, query=""):
    page = client.get(f"/institutions{query}")
    assert page.status_code == 200
    return re.findall(r'<a href="/institutions/(\d+)">([^<]*)</a>', page.text)


def test_the_list_shows_the_own_region_only(db, client, kind):
    own, other = factories.institution(kind), factories.institution(kind, region="990456")
    db.commit()
    assert [int(key) for key, _name in listed(client)] == [own.id]
    assert client.get(f"/institutions/{other.id}").status_code == 404
    assert client.get(f"/institutions/{other.id}/edit").status_code == 404
    assert (
        web.post(
            client, f"/institutions/{other.id}/edit", name="x", kind=str(other.kind)
        ).status_code
        == 404
    )
    holder = db.scalars(select(Office).where(Office.institution_id == other.id)).first()
    assert (
        web.post(
            client, f"/institutions/{other.id}/offices/{holder.id}/reveal", reason="x"
        ).status_code
        == 404
    )
    own_page = f"/institutions/{own.id}/offices/{holder.id}/reveal"
    assert web.post(client, own_page, reason="x").status_code == 404, (
        "an office of another institution"
    )


@pytest.mark.parametrize("text", ["示例", "仁心", "(仁心)", "RXSL", "rxsl", "30123", "P99", "h99"])
def test_an_institution_is_found_by_name_code_and_initials(db, client, text):
    for number, kind in ((1, "pharmacy"), (2, "hospital")):
        row = factories.institution(kind)
        row.name = row.name_key = f"示例（仁心）{number}号"
        row.pinyin = "rxsl"
    db.commit()
    expected = {"P99": 1, "h99": 1, "30123": 0}.get(text, 2)
    assert len(listed(client, f"?q={text}")) == expected
    assert listed(client, "?q=没有这家") == []


def test_signs_of_patterns_are_taken_literally(db, client, kind):
    factories.institution(kind)
    db.commit()
    assert listed(client, "?q=%25") == listed(client, "?q=_") == []


def test_filters_narrow_by_kind_and_standing(db, client):
    hospital, pharmacy = factories.institution("hospital"), factories.institution("pharmacy")
    db.commit()
    assert [int(key) for key, _ in listed(client, "?kind=medical")] == [hospital.id]
    assert [int(key) for key, _ in listed(client, "?kind=retail_pharmacy")] == [pharmacy.id]
    assert len(listed(client, "?status=none")) == 2
    assert listed(client, "?status=in_force") == []
    assert len(listed(client, "?status=nonsense&kind=nonsense")) == 2


def test_list_export_and_print_give_the_same_rows(db, client):
    for number in range(7):
        row = factories.institution("pharmacy" if number % 2 else "hospital")
        row.name = f"=示例{number}号"
    db.commit()
    for query in ("", "?kind=medical", "?q=3", "?sort=-code", "?status=none&kind=pharmacy"):
        names = [name for _key, name in listed(client, query)]
        join = "&" if query else "?"
        assert [name for _key, name in listed(client, f"{query}{join}print=1")] == names
        text = client.get(f"/institutions{query}{join}format=csv").data.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["机构名称"].removeprefix("'") for row in rows] == names
        assert all(row["机构名称"].startswith("'=") for row in rows), "no cell starts a formula"
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(client.get(f"/institutions{query}{join}format=xlsx").data)
        )
        cells = book.get_sheet_by_index(0).to_python()
        head = next(row for row in cells if "机构名称" in row)
        body = cells[cells.index(head) + 1 :]
        assert [row[head.index("机构名称")] for row in body] == names
        codes = [row[head.index("医保编码")] for row in body]
        assert all(isinstance(one, str) and len(one) == 12 for one in codes), "codes stay text"


def test_a_page_of_the_list_asks_a_fixed_number_of_questions(db, clerk, kind):
    from sqlalchemy import event

    from queries.paging import asked

    def questions():
        seen = []
        engine = db.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        ask.page(clerk, asked({}), on=ON)
        return len(seen)

    factories.institution(kind)
    few = questions()
    for _ in range(20):
        factories.institution(kind)
    db.flush()
    many = questions()
    assert many <= few + 1  # the flushing of a test's own rows aside


@pytest.mark.parametrize(
    "tab", ["", "agreements", "people", "credit", "money", "cases", "letters", "log", "nonsense"]
)
def test_every_tab_of_the_portrait_opens(db, client, kind, tab):
    row = factories.institution(kind)
    db.commit()
    page = client.get(f"/institutions/{row.id}?tab={tab}")
    assert page.status_code == 200
    assert row.name in page.text


def test_numbers_are_masked_until_a_reason_is_given(db, client, kind):
    row = factories.institution(kind)
    holder = db.scalars(select(Office).where(Office.institution_id == row.id)).first()
    number = holder.id_number
    db.commit()
    page = client.get(f"/institutions/{row.id}").text
    assert number not in page
    assert number[:3] + "****" + number[-4:] in page
    assert "样某某" not in page
    path = f"/institutions/{row.id}/offices/{holder.id}/reveal"
    assert web.post(client, path, reason=" ").status_code == 409
    shown = web.post(client, path, reason="核对任职资格")
    assert shown.status_code == 200
    assert number in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    (event,) = stored_events("reveal_id")
    assert (event.facts["reason"], event.institution_id) == ("核对任职资格", row.id)
    assert number not in str(event.facts)


def test_the_same_reveal_sent_twice_is_logged_once(db, client, kind):
    row = factories.institution(kind)
    holder = db.scalars(select(Office).where(Office.institution_id == row.id)).first()
    db.commit()
    path = f"/institutions/{row.id}/offices/{holder.id}/reveal"
    for _ in range(2):
        answer = web.post(client, path, reason="核对", operation_id="a" * 32)
    assert answer.status_code == 303
    assert len(stored_events("reveal_id")) == 1


def test_the_clerk_registers_and_changes_through_the_pages(db, client, kind):
    answer = web.post(
        client,
        "/institutions/new",
        name="示例新设机构",
        kind=str(KIND[kind]),
        division="样例县",
        nature="",
        level="",
    )
    assert answer.status_code == 303
    row = db.scalars(select(Institution)).one()
    assert (row.name, row.kind, row.pooling_region) == (
        "示例新设机构",
        KIND[kind],
        factories.REGION,
    )
    form = {
        "name": row.name,
        "kind": str(row.kind),
        "division": "样例县",
        "address": "样例路1号",
        "reason": "示例批准文件",
        "nature": "",
        "level": "",
    }
    assert client.get(f"/institutions/{row.id}/edit").status_code == 200
    answer = web.post(client, f"/institutions/{row.id}/edit", version=row.version, **form)
    assert answer.status_code == 303, re.sub("<[^>]*>|\n", "", answer.text.split("<main")[1])[:300]
    db.expire_all()
    assert db.scalars(select(Institution.address)).one() == "样例路1号"
    stale = web.post(client, f"/institutions/{row.id}/edit", version=1, **{**form, "address": "x"})
    assert stale.status_code == 409
    page = client.get(f"/institutions/{row.id}").text
    assert "地址：空 → 样例路1号" in page


def test_a_form_with_errors_comes_back_with_what_was_typed(db, client, kind):
    answer = web.post(
        client, "/institutions/new", name="", kind=str(KIND[kind]), address="样例路1号", beds="many"
    )
    assert answer.status_code == 422
    assert "请填写机构名称" in answer.text
    assert "样例路1号" in answer.text


def test_people_and_licences_are_entered_on_the_page(db, client, kind):
    row = factories.institution(kind)
    db.commit()
    path = f"/institutions/{row.id}"
    person = {
        "role": "controller",
        "name": "丙某某",
        "id_number": factories.id_number(902),
        "from_on": "2026-06-01",
    }
    assert web.post(client, f"{path}/offices", **person).status_code == 303
    assert web.post(client, f"{path}/offices", **{**person, "from_on": "1.6."}).status_code == 422
    paper = {
        "kind": "营业执照",
        "number": "示例001",
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
    }
    assert web.post(client, f"{path}/licences", **paper).status_code == 303
    assert (
        web.post(client, f"{path}/licences", **{**paper, "valid_to": "2024-12-31"}).status_code
        == 409
    )
    added = select(Licence.number).where(Licence.kind == "营业执照")
    assert db.scalars(added).all() == ["示例001"]
    page = client.get(path).text
    assert "已过期" in page
    assert "变更实际控制人" in page


def test_every_button_a_role_sees_is_one_it_may_press(app, db, staff, kind):
    """A form that a role's page shows never answers 403."""
    row = factories.institution(kind)
    db.commit()
    for role, actor in staff.items():
        client = web.client_for(app, actor)
        for path in (
            "/institutions",
            f"/institutions/{row.id}",
            "/institutions/new",
            f"/institutions/{row.id}/edit",
            "/imports",
        ):
            page = client.get(path)
            assert page.status_code in (200, 403, 404)
            if page.status_code == 200:
                for action in set(web.forms(page.text)) - {"/logout"}:
                    assert web.post(client, action).status_code != 403, (role, path, action)
                for href in set(re.findall(r'href="(/(?:institutions|imports)[^"#]*)"', page.text)):
                    assert client.get(href.replace("&amp;", "&")).status_code != 403, (
                        role,
                        path,
                        href,
                    )
