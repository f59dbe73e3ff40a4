"""The designation chain through the real doors, for a hospital and for a pharmacy."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import applications as act
from actions import materials, signatures
from database import session
from models import Application, Ban, Document, Evaluator, Objection, StatutoryClock, WorkItem
from queries import agreements as ask
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, factories_agreement, factories_intake
from tests.conftest import TODAY
from tests.web import client_for, post

PDF = b"%PDF-1.4 sample"
MEMBERS = {
    "insurance": Role.FIRST_AUDITOR,
    "medicine": Role.INSPECTOR,
    "finance": Role.FINANCE,
    "information": Role.SECOND_AUDITOR,
}


class House:
    """The agency's staff with a full evaluation pool, and one institution with its user."""

    def __init__(self, app, staff, kind):
        self.app, self.staff = app, staff
        for specialty, role in MEMBERS.items():
            session.add(Evaluator(user_id=staff[role].id, specialty=specialty))
        self.institution = factories.institution(kind)
        self.owner = factories.actor(Role.INSTITUTION, institution=self.institution)
        session.commit()

    def client(self, who):
        return client_for(self.app, self.owner if who == "owner" else self.staff[who])

    def submitted(self) -> Application:
        application = act.open_draft(self.institution, actor=self.owner, on=clock.today())
        session.flush()
        for material in application.materials:
            upload = materials.Upload("样张.pdf", PDF, "application/pdf")
            materials.hand_in(material, application, upload, actor=self.owner, on=clock.today())
        act.submit(application, actor=self.owner, on=clock.today())
        session.commit()
        return application

    def verify(self, key):
        """The papers are passed and the clerk has found every line that a person decides to be fine."""
        factories_intake.verified(
            fresh(Application, key), actor=self.staff[Role.CLERK], on=clock.today()
        )
        session.commit()

    def accept(self, key):
        self.verify(key)
        return self.to(key, Role.CLERK, "accept")

    def to(self, key, role, step, **data):
        answer = post(self.client(role), f"/applications/{key}/{step}", **data)
        assert answer.status_code == 303, answer.text
        return fresh(Application, key)

    def evaluated(self, key, failing=()):
        pool = [str(row.id) for row in session.scalars(select(Evaluator))]
        self.to(key, Role.CHIEF, "team", evaluators=pool, form="现场评估", reason="样例理由")
        for opinion in fresh(Application, key).evaluations[0].opinions:
            client = self.client(MEMBERS[opinion.specialty])
            names = [
                word
                for word in client.get(f"/evaluations/opinions/{opinion.id}").text.split('"')
                if word.startswith("result_")
            ]
            answers = dict.fromkeys(names, "yes")
            for name in failing:
                answers |= {f"result_{name}": "no", f"remark_{name}": "样例问题"}
            assert post(client, f"/evaluations/opinions/{opinion.id}", **answers).status_code == 303
        return fresh(Application, key)


@pytest.fixture
def house(app, db, staff, kind):
    return House(app, staff, kind)


def fresh(model, key):
    session.expire_all()
    return session.get(model, key)


def letters(subject):
    query = select(Document.kind).where(
        Document.subject == subject.__tablename__, Document.subject_id == subject.id
    )
    return list(session.scalars(query.order_by(Document.id)))


@pytest.mark.law("P3-06", "M2-07", "P3-07a", "M2-08", "P3-08h", passes=True)
def test_the_whole_chain_to_an_agreement_in_force(house):
    key = house.submitted().id
    house.to(key, Role.CLERK, "check-all")
    house.accept(key)
    assert house.evaluated(key).state == "evaluated"
    house.to(key, Role.REVIEWER, "result", decision="pass")
    application = house.to(key, Role.CLERK, "notice", channel="示例窗口")
    with clock.at(application.notice_to + timedelta(days=1)):
        house.to(key, Role.CLERK, "notice/end")
        application = house.to(key, Role.CLERK, "agreement", term_from=clock.today().isoformat())
        agreement = ask.of_institution(house.institution.id)[0]
        assert agreement.state == "offered"
        signatures.sign_for_institution(
            agreement, read=True, mandate="示例授权书1号", actor=house.owner, on=clock.today()
        )
        session.commit()
        leader = house.client(Role.LEADER)
        assert post(leader, f"/agreements/{agreement.id}/countersign").status_code == 409
        assert post(leader, f"/agreements/{agreement.id}/countersign", read="y").status_code == 303
        session.expire_all()
        assert ask.standing_of(agreement, on=clock.today()).word == "in_force"
        assert (
            ask.standing_of(agreement, on=agreement.term_to + timedelta(days=1)).word == "expired"
        )
        assert fresh(Application, key).state == "signed"
        assert letters(agreement) == ["agreement"]
        assert letters(application) == [
            "acceptance",
            "evaluation_result",
            "filing_result",
            "public_notice",
            "notice_statement",
        ]
        still_open = select(WorkItem).where(
            WorkItem.institution_id == house.institution.id, WorkItem.done.is_(False)
        )
        assert [item.subject for item in session.scalars(still_open)] == ["filing", "filing"]


@pytest.mark.law("P3-08g", "M2-09", refuses=True)
def test_a_notice_cannot_end_on_its_last_day(house):
    key = house.submitted().id
    house.to(key, Role.CLERK, "check-all")
    house.accept(key)
    house.evaluated(key)
    house.to(key, Role.REVIEWER, "result", decision="pass")
    application = house.to(key, Role.CLERK, "notice", channel="示例窗口")
    with clock.at(application.notice_to):
        refused = post(house.client(Role.CLERK), f"/applications/{key}/notice/end")
        assert refused.status_code == 409
        assert str(application.notice_to) in refused.text


@pytest.mark.law("P3-07b", "M2-08", "P3-08c", "M2-09", refuses=True)
def test_the_supplement_is_asked_for_once_and_stops_the_clock(house):
    application = house.submitted()
    key, item = application.id, application.materials[2]
    clerk = house.client(Role.CLERK)
    wrong = post(
        clerk, f"/applications/{key}/materials/{item.id}/check", result="returned", reason=""
    )
    assert wrong.status_code == 409
    silent = post(clerk, f"/applications/{key}/materials/{item.id}/check", reason="缺少样例页")
    assert (silent.status_code, "请选择通过或者退回补正" in silent.text) == (409, True)
    house.to(key, Role.CLERK, f"materials/{item.id}/check", result="returned", reason="缺少样例页")
    assert (
        post(clerk, f"/applications/{key}/request-supplement").status_code == 409
    )  # others are unchecked
    house.to(key, Role.CLERK, "check-all")
    application = house.to(key, Role.CLERK, "request-supplement")
    running = session.scalars(select(StatutoryClock).where(StatutoryClock.subject_id == key)).one()
    due_before = running.due_on
    assert running.paused_on == TODAY
    with clock.at(
        TODAY + timedelta(days=7)
    ):  # the Monday a week later: four working days and a holiday on Friday
        row = next(m for m in application.materials if m.id == item.id)
        materials.hand_in(
            row,
            application,
            materials.Upload("补正.pdf", PDF + b"2", "application/pdf"),
            actor=house.owner,
            on=clock.today(),
        )
        act.supplement(application, actor=house.owner, on=clock.today())
        session.commit()
        session.expire_all()
        assert running.paused_on is None
        assert running.due_on > due_before
        house.to(key, Role.CLERK, f"materials/{item.id}/check", result="returned", reason="仍缺少")
        again = post(house.client(Role.CLERK), f"/applications/{key}/request-supplement")
        assert again.status_code == 409
        assert "已经发出过" in again.text


@pytest.mark.law("P3-07a", "M2-08", "P3-11.3", "M2-12.5", refuses=True)
def test_a_standing_ban_refuses_acceptance_and_only_a_decline_is_left(house):
    key = house.submitted().id
    ban = Ban(
        institution_id=house.institution.id, ground="PH11_04", basis="《示例》第一条",
        from_on=TODAY - timedelta(days=10), until=TODAY + timedelta(days=90),
    )  # fmt: skip
    session.add(ban)
    session.commit()
    house.to(key, Role.CLERK, "check-all")
    refused = post(house.client(Role.CLERK), f"/applications/{key}/accept")
    assert refused.status_code == 409
    assert "《示例》第一条" in refused.text
    application = house.to(key, Role.CLERK, "decline")
    assert application.state == "declined"
    assert letters(application) == ["decline"]


def test_a_failed_evaluation_needs_reasons_and_is_confirmed_as_signed(house):
    key = house.submitted().id
    house.to(key, Role.CLERK, "check-all")
    house.accept(key)
    item = "PH08_05" if house.institution.kind == "retail_pharmacy" else "MI09_05"
    house.evaluated(key, failing=[item])
    reviewer = house.client(Role.REVIEWER)
    assert post(reviewer, f"/applications/{key}/result", decision="pass").status_code == 409
    assert post(reviewer, f"/applications/{key}/result", decision="fail").status_code == 409
    application = house.to(
        key, Role.REVIEWER, "result", decision="fail", reasons="样例理由", advice="样例建议"
    )
    assert application.state == "failed"
    assert application.result_reason == "样例理由"


@pytest.mark.law("P3-08b", "M2-09", refuses=True)
def test_a_team_without_every_specialty_is_refused(house):
    key = house.submitted().id
    house.to(key, Role.CLERK, "check-all")
    house.accept(key)
    three = [
        str(row.id)
        for row in session.scalars(select(Evaluator).where(Evaluator.specialty != "finance"))
    ]
    refused = post(
        house.client(Role.CHIEF),
        f"/applications/{key}/team",
        evaluators=three,
        form="现场评估",
        reason="样例",
    )
    assert refused.status_code == 409
    assert "财务管理" in refused.text


def test_an_objection_stops_the_notice_until_another_person_answers(house):
    key = house.submitted().id
    house.to(key, Role.CLERK, "check-all")
    house.accept(key)
    house.evaluated(key)
    house.to(key, Role.REVIEWER, "result", decision="pass")
    before = house.to(key, Role.CLERK, "notice", channel="示例窗口").notice_to
    house.to(key, Role.CLERK, "objection", raised_by="样例群众", text="样例异议")
    with clock.at(before + timedelta(days=3)):
        assert post(house.client(Role.CLERK), f"/applications/{key}/notice/end").status_code == 409
        objection = session.scalars(select(Objection)).one()
        answer = post(
            house.client(Role.REVIEWER), f"/objections/{objection.id}/answer",
            upheld="no", answer="样例核查",
        )  # fmt: skip
        assert answer.status_code == 303
        application = fresh(Application, key)
        assert application.state == "on_notice"
        assert application.notice_to > before


def test_nobody_elsewhere_learns_that_the_case_exists(app, house):
    key = house.submitted().id
    elsewhere = client_for(app, factories.actor(Role.CLERK, region="990999"))
    hidden, missing = elsewhere.get(f"/applications/{key}"), elsewhere.get("/applications/999999")
    once = re.compile(r'name="operation_id" value="\w+"')
    assert (hidden.status_code, once.sub("", hidden.text)) == (404, once.sub("", missing.text))


def test_whoever_typed_it_in_does_not_decide_it(house):
    clerk = house.staff[Role.CLERK]
    application = act.open_draft(house.institution, actor=clerk, on=TODAY)
    session.flush()
    for material in application.materials:
        materials.hand_in(
            material,
            application,
            materials.Upload("样张.pdf", PDF, "application/pdf"),
            actor=clerk,
            on=TODAY,
        )
    act.submit(application, actor=clerk, on=TODAY)
    with pytest.raises(Denied):
        materials.check_material(
            application.materials[0], application, passed=True, reason="", actor=clerk, on=TODAY
        )


@pytest.mark.law("P3-06", "M2-07", "P3-05.1", "M2-06.1", refuses=True)
def test_an_incomplete_or_too_young_application_is_not_submitted(house):
    application = act.open_draft(house.institution, actor=house.owner, on=TODAY)
    with pytest.raises(Refused, match="还缺少必交材料"):
        act.submit(application, actor=house.owner, on=TODAY)
    house.institution.operating_since = TODAY - timedelta(days=30)
    for material in application.materials:
        materials.hand_in(
            material,
            application,
            materials.Upload("样张.pdf", PDF, "application/pdf"),
            actor=house.owner,
            on=TODAY,
        )
    with pytest.raises(Refused, match="未满 3 个月"):
        act.submit(application, actor=house.owner, on=TODAY)


def test_an_upload_that_only_claims_to_be_a_pdf_is_refused(house):
    application = act.open_draft(house.institution, actor=house.staff[Role.CLERK], on=TODAY)
    session.commit()
    path = f"/applications/{application.id}/materials/{application.materials[0].id}/file"
    fake = post(house.client(Role.CLERK), path, file=(io.BytesIO(b"<html>"), "样张.pdf"))
    real = post(house.client(Role.CLERK), path, file=(io.BytesIO(PDF), "样张.pdf"))
    assert (fake.status_code, real.status_code) == (409, 303)


def test_the_same_form_sent_twice_has_one_effect(house):
    key = house.submitted().id
    house.verify(key)
    clerk = house.client(Role.CLERK)
    first = post(clerk, f"/applications/{key}/accept", operation_id="same-form-once")
    second = post(clerk, f"/applications/{key}/accept", operation_id="same-form-once")
    other = post(clerk, f"/applications/{key}/decline", operation_id="same-form-once")
    assert (first.status_code, second.status_code, other.status_code) == (303, 303, 409)
    assert first.headers["Location"] == second.headers["Location"]
    assert letters(fresh(Application, key)) == ["acceptance"]


def test_a_stale_page_does_not_decide(house):
    application = house.submitted()
    seen = application.version
    house.to(application.id, Role.CLERK, "check-all", version=seen)
    house.accept(application.id)
    late = post(house.client(Role.CLERK), f"/applications/{application.id}/decline", version=seen)
    assert late.status_code == 409
    assert "已被他人处理" in late.text


@pytest.mark.law("P3-08i", "M2-09")
def test_the_months_until_another_evaluation_run_from_service(house):
    key = house.submitted().id
    house.to(key, Role.CLERK, "check-all")
    house.accept(key)
    house.evaluated(
        key, failing=["PH08_05" if house.institution.kind == "retail_pharmacy" else "MI09_05"]
    )
    application = house.to(
        key, Role.REVIEWER, "result", decision="fail", reasons="样例理由", advice="样例建议"
    )
    assert application.retry_on is None
    letter = session.scalar(select(Document).where(Document.kind == "evaluation_result"))
    with clock.at(date(2026, 11, 30)):
        answer = post(
            house.client(Role.CLERK), f"/documents/{letter.id}/service",
            served_on="2026-11-30", method="直接送达", proof="示例回证1号",
        )  # fmt: skip
        assert answer.status_code == 303
    assert fresh(Application, key).retry_on == date(2027, 2, 28)


def test_a_clerk_does_not_hand_in_for_an_institution_that_applied_itself(house):
    application = act.open_draft(house.institution, actor=house.owner, on=TODAY)
    session.flush()
    upload = materials.Upload("样张.pdf", PDF, "application/pdf")
    with pytest.raises(Denied):
        materials.hand_in(
            application.materials[0], application, upload, actor=house.staff[Role.CLERK], on=TODAY
        )


def test_an_institution_with_a_living_agreement_does_not_apply_again(house):
    factories_agreement.concluded(house.institution)
    with pytest.raises(Refused, match="已有服务协议"):
        act.open_draft(house.institution, actor=house.owner, on=TODAY)


def test_a_supplement_without_a_newer_file_is_refused_even_on_the_same_day(house):
    application = house.submitted()
    item = application.materials[0]
    house.to(
        application.id,
        Role.CLERK,
        f"materials/{item.id}/check",
        result="returned",
        reason="缺少样例页",
    )
    house.to(application.id, Role.CLERK, "check-all")
    application = house.to(application.id, Role.CLERK, "request-supplement")
    with pytest.raises(Refused, match="还没有补正"):
        act.supplement(application, actor=house.owner, on=TODAY)
