"""The intake through its pages: papers side by side, a second notice with its reason, previews, silence, people."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select

import clock
from actions import applications, employments, materials, reminders
from database import session
from jobs import nightly
from models import Application, Document, Employment, Event, Material
from queries import applications as ask
from rules import silence
from rules.kinds import InstitutionKind
from rules.permissions import Denied, Role
from rules.persons import EmploymentRole
from rules.refusal import Refused
from tests import factories, factories_intake
from tests.conftest import TODAY
from tests.web import client_for, post

PDF = b"%PDF-1.4 sample"


class Desk:
    """One application handed in, the institution's user, and the agency's windows."""

    def __init__(self, app, staff, kind):
        self.app, self.staff, self.kind = app, staff, kind
        self.institution = factories.institution(kind)
        self.owner = factories.actor(Role.INSTITUTION, institution=self.institution)
        self.row = factories_intake.submitted(self.institution, actor=self.owner, on=TODAY)
        session.commit()
        self.key = self.row.id
        self.base = f"/applications/{self.key}"

    def window(self, role=Role.CLERK):
        return client_for(self.app, self.owner if role is Role.INSTITUTION else self.staff[role])

    def fresh(self):
        session.expire_all()
        return session.get_one(Application, self.key)

    def item(self, number=0):
        return self.fresh().materials[number]

    def returned(self, number=0, reason="缺少示例签章页"):
        """One paper goes back, the others pass."""
        row, clerk = self.fresh(), self.staff[Role.CLERK]
        if row.materials[number].state == "given":
            materials.check_material(
                row.materials[number],
                row,
                passed=False,
                reason=reason,
                actor=clerk,
                on=clock.today(),
            )
        if any(one.state == "given" for one in row.materials):
            materials.pass_all_given(row, actor=clerk, on=clock.today())
        session.commit()

    def told(self, **more):
        return post(self.window(), f"{self.base}/request-supplement", **more)

    def supplemented(self, content=PDF + b" again"):
        row = self.fresh()
        upload = materials.Upload("补正.pdf", content, "application/pdf")
        materials.hand_in(row.materials[0], row, upload, actor=self.owner, on=clock.today())
        applications.supplement(row, actor=self.owner, on=clock.today())
        session.commit()


@pytest.fixture
def desk(app, db, staff, kind):
    return Desk(app, staff, kind)


@pytest.mark.law("P3-06", "M2-07")
def test_without_a_required_paper_nothing_is_handed_in(staff, kind):
    place = factories.institution(kind)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    row = applications.open_draft(place, actor=owner, on=TODAY)
    required = [one for one in row.materials if one.required]
    assert len(required) == {"pharmacy": 7, "hospital": 5}[kind]
    for one in required[:-1]:
        materials.hand_in(one, row, factories_intake.PAPER, actor=owner, on=TODAY)
    with pytest.raises(Refused, match=required[-1].label) as refused:
        applications.submit(row, actor=owner, on=TODAY)
    assert refused.value.basis.endswith({"pharmacy": "第六条", "hospital": "第七条"}[kind])
    materials.hand_in(required[-1], row, factories_intake.PAPER, actor=owner, on=TODAY)
    applications.submit(row, actor=owner, on=TODAY)
    assert row.received_on == TODAY


@pytest.mark.law("P3-07a", "M2-08")
def test_a_complete_application_is_accepted_at_once_on_the_day_it_came(desk):
    factories_intake.verified(desk.row, actor=desk.staff[Role.CLERK], on=TODAY)
    session.commit()
    page = desk.window().get(desk.base).text
    assert "应当即时受理" in page
    assert post(desk.window(), f"{desk.base}/accept").status_code == 303
    row = desk.fresh()
    assert (row.received_on, row.accepted_on) == (TODAY, TODAY)


@pytest.mark.law("P3-07a", "P3-07b", "M2-08", refuses=True)
def test_nothing_is_asked_for_when_all_is_there_nor_accepted_when_it_is_not(desk):
    article = {"pharmacy": "第七条", "hospital": "第八条"}[desk.kind]
    clerk = {"actor": desk.staff[Role.CLERK], "on": TODAY}
    required = next(n for n, one in enumerate(desk.row.materials) if one.required)
    desk.returned(required)
    with pytest.raises(Refused, match="材料不齐") as refused:
        applications.accept(desk.fresh(), **clerk)
    assert article in refused.value.basis
    for one in desk.row.materials:
        one.state = "passed"
    with pytest.raises(Refused, match="没有被退回的材料") as refused:
        applications.request_supplement(desk.row, **clerk)
    assert article in refused.value.basis


@pytest.mark.law("P3-11.7", "M2-12", refuses=True)
def test_a_decline_without_any_ground_is_refused_with_the_whole_article(desk):
    with pytest.raises(Refused, match="没有发现自动核查的不予受理情形") as refused:
        applications.decline(desk.row, actor=desk.staff[Role.CLERK], on=TODAY)
    article = {"pharmacy": "第十一条", "hospital": "第十二条"}[desk.kind]
    assert refused.value.basis.endswith(article)


@pytest.mark.law("P3-05.1", "M2-06.1")
def test_a_condition_lost_after_handing_in_refuses_acceptance(desk):
    factories_intake.verified(desk.row, actor=desk.staff[Role.CLERK], on=TODAY)
    for one in session.scalars(select(Employment)):
        one.left_on = TODAY - timedelta(days=1)
    session.commit()
    refused = post(desk.window(), f"{desk.base}/accept")
    assert refused.status_code == 409
    assert "不符合" in refused.text


@pytest.mark.law("P3-07b", "M2-08")
def test_a_second_notice_needs_its_reason_says_that_it_departs_and_shows_to_the_leader(desk):
    desk.returned()
    assert desk.told().status_code == 303
    desk.supplemented()
    desk.returned(reason="仍缺少示例签章页")
    bare = desk.told()
    assert bare.status_code == 409
    assert "写明理由" in bare.text
    assert "再次告知不符合“一次性告知”的规定" in desk.window().get(desk.base).text
    assert desk.told(again_reason="机构补正的文件仍缺示例签章页").status_code == 303
    letters = session.scalars(
        select(Document).filter_by(kind="supplement").order_by(Document.id)
    ).all()
    assert [one.facts["again_reason"] for one in letters] == ["", "机构补正的文件仍缺示例签章页"]
    page = desk.window(Role.LEADER).get("/worklist").text
    assert "1 件申请再次告知补正" in page
    listed = desk.window(Role.LEADER).get("/applications?flag=again").text
    assert desk.row.number in listed
    assert "不符合“一次性告知”的规定。理由：机构补正的文件仍缺示例签章页" in (
        desk.window(Role.LEADER).get(desk.base).text
    )
    desk.supplemented(PDF + b" third")
    desk.returned(reason="还是缺少")
    third = desk.told(again_reason="再来一次")
    assert third.status_code == 409
    assert "已经告知补正 2 次" in third.text


def test_every_file_is_kept_with_who_gave_it_and_its_verdict(desk):
    desk.returned()
    desk.told()
    desk.supplemented()
    files = desk.item().files
    assert [(one.edition, one.passed, one.reason) for one in files] == [
        (1, False, "缺少示例签章页"),
        (2, None, ""),
    ]
    assert {one.given_by for one in files} == {desk.owner.name}
    page = desk.window().get(f"{desk.base}/materials?item={desk.item().id}").text
    assert "原件（已退回）" in page
    assert "补正后" in page
    assert page.count("<iframe") == 2


@pytest.mark.parametrize(("inline", "way"), [(True, "inline"), (False, "attachment")])
def test_a_paper_is_shown_inside_our_own_pages_only(desk, inline, way):
    file = desk.item().files[0]
    path = f"{desk.base}/files/{file.id}" + ("" if inline else "?download=1")
    answer = desk.window().get(path)
    assert answer.headers["Content-Disposition"].startswith(way)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert ("frame-ancestors 'self'" in policy) is inline
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    other = factories.institution("pharmacy")
    stranger = factories.actor(Role.INSTITUTION, institution=other)
    session.commit()
    assert client_for(desk.app, stranger).get(path).status_code == 403
    elsewhere = factories.actor(Role.CLERK, region="990999")
    session.commit()
    assert client_for(desk.app, elsewhere).get(path).status_code == 404


def test_a_file_of_another_application_is_not_found_under_this_one(desk):
    other = Desk(desk.app, desk.staff, "pharmacy")
    file = other.item().files[0].id
    assert desk.window().get(f"{desk.base}/files/{file}").status_code == 404


@pytest.mark.parametrize("letter", ["acceptance", "supplement", "decline"])
def test_the_letter_that_will_go_out_can_be_looked_at_without_a_trace(desk, letter):
    desk.returned()
    ground = {"pharmacy": "PH11_07"}.get(desk.institution.kind.family, "MI12_09")
    query = f"?ground={ground}&reason=样例事实" if letter == "decline" else ""
    answer = desk.window().get(f"{desk.base}/preview/{letter}.pdf{query}")
    assert answer.status_code == 200, answer.text
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    assert desk.row.number in "".join(text.split())
    assert "尚未编号" in "".join(text.split())
    assert session.scalars(select(Document)).all() == []
    assert session.scalars(select(Event).where(Event.verb == "issue")).all() == []
    assert desk.window(Role.LEADER).get(f"{desk.base}/preview/{letter}.pdf").status_code == 403


def test_the_preview_and_the_letter_say_the_same(desk):
    from actions import intake_letters

    factories_intake.verified(desk.row, actor=desk.staff[Role.CLERK], on=TODAY)
    seen = intake_letters.acceptance_facts(desk.row, on=TODAY)
    applications.accept(desk.row, actor=desk.staff[Role.CLERK], on=TODAY)
    sent = session.scalars(select(Document).where(Document.kind == "acceptance")).one().facts
    assert sent["evaluation_due_on"] == seen["evaluation_due_on"].isoformat()
    assert sent["due_explain"] == list(seen["due_explain"])


def test_the_clerk_states_findings_on_the_page_and_the_page_shows_who_said_so(desk):
    window = desk.window()
    page = window.get(f"{desk.base}/refusal-checks").text
    names = [part.split('"')[0] for part in page.split('name="result_')[1:]]
    assert names
    data = {f"result_{name}": "fine" for name in names}
    data |= {f"fact_{name}": "查无此情形" for name in names}
    answer = post(window, f"{desk.base}/verify", page="refusal_checks", **data)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/refusal-checks")
    page = window.get(f"{desk.base}/refusal-checks").text
    assert "查无此情形" in page
    assert desk.staff[Role.CLERK].name in page
    empty = post(
        window, f"{desk.base}/verify", **{f"result_{names[0]}": "fine", f"fact_{names[0]}": ""}
    )
    assert empty.status_code == 409
    assert post(window, f"{desk.base}/verify", **{f"result_{names[0]}": "maybe"}).status_code == 400
    assert post(desk.window(Role.LEADER), f"{desk.base}/verify").status_code == 403


@pytest.mark.law("M2-05")
def test_an_internet_hospital_does_not_begin_an_application(staff):
    place = factories.institution("hospital")
    place.kind = InstitutionKind.INTERNET_HOSPITAL
    with pytest.raises(Refused, match="互联网医院不能单独申请") as refused:
        applications.open_draft(place, actor=staff[Role.CLERK], on=TODAY)
    assert "第五条" in refused.value.basis


@pytest.mark.law("P3-05.1")
def test_a_change_of_address_begins_the_three_months_anew_and_another_spelling_does_not(staff):
    from actions import institutions

    place = factories.institution("pharmacy", address="示例县样例路5号")
    clerk = staff[Role.CLERK]
    institutions.amend(place, actor=clerk, on=TODAY, reason="示例", address="示例县 样例路５号")
    assert place.address_since is None
    institutions.amend(place, actor=clerk, on=TODAY, reason="示例", address="示例县样例路6号")
    assert place.address_since == TODAY
    owner = factories.actor(Role.INSTITUTION, institution=place)
    with pytest.raises(Refused, match="在现注册地址正式营业至今未满 3 个月"):
        factories_intake.submitted(place, actor=owner, on=date(2026, 9, 14))
    row = session.scalars(select(Application)).one()
    applications.submit(row, actor=owner, on=date(2026, 9, 15))


# silence


@pytest.mark.parametrize(("later", "reminded"), [(-1, 0), (0, 0), (1, 1)])
def test_after_the_period_the_clockwork_reminds_once_and_ends_nothing(desk, later, reminded):
    desk.returned()
    desk.told()
    row = desk.fresh()
    from queries import calendar_days

    last = silence.last_day(TODAY, row.institution.kind.family, calendar_days.workdays())
    day = last + timedelta(days=later)
    assert ask.awaiting_supplement(day) == [desk.key]
    first, second = reminders.remind(desk.key, day), reminders.remind(desk.key, day)
    assert (first.done, second.done) == (bool(reminded), False)
    row = desk.fresh() if reminded == 0 else row
    assert (row.reminders, str(row.state)) == (reminded, "supplementing")


def test_a_reminder_shows_to_the_clerk_and_to_the_institution(desk):
    desk.returned()
    desk.told()
    with clock.at(date(2026, 8, 3)):
        report = nightly.run("remind-supplements", date(2026, 8, 3))
        assert report.done == [desk.key]
        assert nightly.run("remind-supplements", date(2026, 8, 4)).done == []
        assert "经提醒后机构仍未补正" in desk.window().get("/worklist").text
        portal = desk.window(Role.INSTITUTION).get(f"/portal/applications/{desk.key}").text
        assert "已提醒 1 次" in portal


def test_where_the_local_parameter_says_so_silence_counts_as_withdrawal(desk, monkeypatch):
    desk.returned()
    desk.told()
    monkeypatch.setattr(silence, "lapses", lambda reminders, *, on: reminders >= 1)
    assert reminders.remind(desk.key, date(2026, 8, 3)).done
    session.commit()
    assert str(desk.fresh().state) == "supplementing"
    assert reminders.remind(desk.key, date(2026, 10, 12)).done
    session.commit()
    assert str(desk.fresh().state) == "withdrawn"


# people and contracts


def contract(role, **changes):
    given = {
        "name": "样某某",
        "id_number": factories.id_number(970),
        "certificate": "执业证书",
        "certificate_number": "示证1",
        "registered_here": True,
        "full_time": True,
        "contract_from": date(2026, 1, 1),
        "contract_to": date(2026, 12, 31),
    }
    return employments.Contract(role=role, **(given | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id_number": "110101190001010000"}, "校验位"),
        ({"name": " "}, "姓名为空"),
        ({"contract_from": None}, "起始日期"),
        ({"contract_to": date(2025, 12, 31)}, "早于起始日期"),
        ({"certificate_number": ""}, "须同时填写证书编号"),
    ],
)
def test_what_no_contract_can_say_is_refused(staff, kind, changes, words):
    place = factories.institution(kind)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    given = contract(EmploymentRole.INSURANCE_MANAGER, **changes)
    with pytest.raises(Refused, match=words):
        employments.employ(place, given, actor=owner, on=TODAY)


def test_a_person_is_stated_once_in_a_role_and_only_in_a_role_of_the_kind(staff, kind):
    place = factories.institution(kind)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    row = employments.employ(
        place, contract(EmploymentRole.INSURANCE_MANAGER), actor=owner, on=TODAY
    )
    with pytest.raises(Refused, match="已经登记为本机构的医保管理人员"):
        employments.employ(place, contract(EmploymentRole.INSURANCE_MANAGER), actor=owner, on=TODAY)
    wrong = {"pharmacy": EmploymentRole.PHYSICIAN, "hospital": EmploymentRole.PHARMACIST}[kind]
    with pytest.raises(Refused, match="不登记"):
        employments.employ(place, contract(wrong), actor=owner, on=TODAY)
    with pytest.raises(Refused, match="应当晚于原合同"):
        employments.renew(row, contract_to=date(2026, 12, 31), actor=owner, on=TODAY)
    employments.renew(row, contract_to=date(2027, 12, 31), actor=owner, on=TODAY)
    employments.leave(row, left_on=TODAY, actor=owner, on=TODAY)
    with pytest.raises(Refused, match="已于 2026-06-15 离职"):
        employments.leave(row, left_on=TODAY, actor=owner, on=TODAY)
    employments.employ(place, contract(EmploymentRole.INSURANCE_MANAGER), actor=owner, on=TODAY)
    neighbour = factories.actor(Role.INSTITUTION, institution=factories.institution(kind))
    with pytest.raises(Denied):
        employments.leave(row, left_on=TODAY, actor=neighbour, on=TODAY)


def test_the_institution_states_its_people_in_the_portal_and_never_sees_a_whole_number(desk):
    window = desk.window(Role.INSTITUTION)
    number = factories.id_number(971)
    data = {
        "role": "insurance_manager", "name": "样新某", "id_number": number, "full_time": "y",
        "contract_from": "2026-06-01", "contract_to": "2028-05-31",
    }  # fmt: skip
    path = f"/institutions/{desk.institution.id}/employments"
    assert post(window, path, **data).status_code == 303
    page = window.get("/portal/employments").text
    assert "样新某" in page
    assert number not in page
    assert post(window, path, **{**data, "contract_from": "1.6.2026"}).status_code == 409
    other = factories.institution("pharmacy")
    session.commit()
    assert post(window, f"/institutions/{other.id}/employments", **data).status_code == 404
    staff_page = desk.window().get(f"/institutions/{desk.institution.id}?tab=people").text
    assert "样新某" in staff_page
    assert number not in staff_page


def test_before_handing_in_the_portal_names_each_condition_that_is_not_met(app, db, staff, kind):
    place = factories.institution(kind)
    for one in session.scalars(select(Employment)):
        one.left_on = date(2026, 6, 1)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    row = applications.open_draft(place, actor=owner, on=TODAY)
    for item in row.materials:
        materials.hand_in(item, row, factories_intake.PAPER, actor=owner, on=TODAY)
    session.commit()
    window = client_for(app, owner)
    page = window.get(f"/portal/applications/{row.id}/check").text
    assert "项条件不符合，不能提交" in page
    assert "承诺并提交申请" not in page
    refused = post(window, f"/portal/applications/{row.id}/submit")
    assert refused.status_code == 409
    assert "至少应有" in refused.text


def test_papers_of_the_register_before_files_were_kept_still_open(desk):
    item = desk.item()
    assert session.get_one(Material, item.id).sha256 == item.files[-1].sha256
