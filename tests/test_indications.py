"""疑似情形: what the machine notices of the grounds, once and for both kinds; a person opens the case."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

import clock
from actions import indications as act
from actions import letters, suspensions
from database import session
from forms.institutions import LICENCES
from jobs import nightly
from models import Event, Indication, Licence, Penalty, Untrustworthy, Violation, WorkItem
from models.sealed import blind_index
from queries import agreement_terms, offices
from queries import indications as ask
from rules import indications as rule
from rules import measures
from rules.lifecycle import AgreementState
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, local_law
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.web import client_for, post

FAMILY = {"hospital": "medical", "pharmacy": "pharmacy"}
PAPERS = {"hospital": "医疗机构执业许可证", "pharmacy": "药品经营许可证"}
JOB = "find-grounds"
ONE = timedelta(days=1)


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


def night(day=TODAY, **more):
    session.commit()
    with clock.at(day):
        return nightly.run(JOB, day, **more)


def found(agreement):
    session.expire_all()
    rows = session.scalars(select(Indication).where(Indication.agreement_id == agreement.id))
    return [(row.basis.partition("）")[2], row.found_on) for row in rows.all()]


def last_event(row):
    session.commit()
    return session.scalars(
        select(Event)
        .where(Event.subject == "indication", Event.subject_id == row.id)
        .order_by(Event.seq.desc())
    ).first()


def suspended(agreement, staff, on, days=9):
    """Suspended and over again."""
    row = made.suspended(agreement, staff, on=on, to_on=on + timedelta(days=days))
    suspensions.end_due(row.id, on + timedelta(days=days + 1))
    return row


# the rules


@pytest.mark.law("P3-40.1", "M2-43.1", refuses=True, passes=True)
@pytest.mark.parametrize(("days", "noticed"), [(-1, False), (0, True), (1, True)])
def test_the_second_suspension_within_the_term_is_the_ground_from_its_first_day(
    kind, days, noticed
):
    starts = [date(2026, 2, 2), TODAY]
    fact = rule.suspended_often(starts, TODAY + timedelta(days=days), FAMILY[kind])
    assert (fact is not None) is noticed
    if noticed:
        assert (fact.reference, fact.found_on) == ("count:2", TODAY)


@pytest.mark.law("P3-40.1", "M2-43.1", refuses=True, passes=True)
@pytest.mark.parametrize(("count", "noticed"), [(0, False), (1, False), (2, True), (3, True)])
def test_two_are_enough_and_one_is_not(kind, count, noticed):
    starts = [date(2026, month, 1) for month in range(1, count + 1)]
    assert (rule.suspended_often(starts, TODAY, FAMILY[kind]) is not None) is noticed


@pytest.mark.law("P3-40.11", "M2-43.9", refuses=True, passes=True)
@pytest.mark.parametrize(("offset", "noticed"), [(1, False), (0, True), (-1, True)])
def test_a_licence_counts_from_the_day_it_was_revoked(kind, offset, noticed):
    revoked = TODAY + timedelta(days=offset)
    fact = rule.licence_gone(1, PAPERS[kind], "示例1号", revoked, TODAY, FAMILY[kind])
    assert (fact is not None) is noticed


def test_only_the_licences_that_the_ground_names_count():
    assert rule.licence_gone(1, "营业执照", "示例1号", TODAY, TODAY, "pharmacy") is not None
    assert rule.licence_gone(1, "营业执照", "示例1号", TODAY, TODAY, "medical") is None
    assert rule.licence_gone(1, "食品经营许可证", "示例1号", TODAY, TODAY, "pharmacy") is None


@pytest.mark.law("P3-40.12", "M2-43.11", refuses=True, passes=True)
def test_only_a_penalty_of_medical_security_counts(kind):
    given = (TODAY, TODAY + ONE, FAMILY[kind])
    own = rule.penalty_ignored(1, "示例罚1号", "示例县医疗保障局", *given)
    assert own.found_on == TODAY + ONE
    assert rule.penalty_ignored(1, "示例罚1号", "示例县市场监督管理局", *given) is None


def test_each_ground_names_licences_that_can_be_registered_and_authorities(kind):
    licence = measures.by_trigger(rule.LICENCE, TODAY, FAMILY[kind])
    assert set(licence.extra["licences"]) <= set(LICENCES)
    assert all(word in licence.label for word in licence.extra["licences"])
    assert measures.by_trigger(rule.PENALTY, TODAY, FAMILY[kind]).extra["authorities"]


def test_every_trigger_of_the_machine_has_its_ground_in_both_orders(kind):
    for trigger in (rule.SUSPENSIONS, rule.LICENCE, rule.PENALTY, rule.PERSONS):
        assert measures.by_trigger(trigger, TODAY, FAMILY[kind]) is not None


# the night


@pytest.mark.law("P3-40.1", "M2-43.1", refuses=True, passes=True)
def test_the_night_notices_two_suspensions_once(db, staff, agreement, kind):
    suspended(agreement, staff, date(2026, 2, 2))
    assert night().done == []
    suspended(agreement, staff, date(2026, 4, 1))
    assert night().done == [agreement.id]
    article = {"pharmacy": "第四十条第一项", "hospital": "第四十三条第一项"}[kind]
    assert found(agreement) == [(article, date(2026, 4, 1))]
    assert night(TODAY + ONE).done == []


@pytest.mark.law("P3-40.1", "M2-43.1", passes=True)
def test_where_a_place_counts_one_suspension_as_enough_the_night_looks_at_one(
    db, staff, agreement, tmp_path
):
    suspended(agreement, staff, date(2026, 2, 2))
    assert night().done == []
    one = "suspend_count_terminate: {values: {2025-01-01: {value: 1, source: house}}}"
    with local_law.in_force(tmp_path, {"agreement.yaml": one}):
        assert night().done == [agreement.id]


@pytest.mark.law("P3-40.1", "M2-43.1", passes=True)
def test_a_renewal_begins_the_count_anew_and_one_s_own_wish_does_not_count(db, staff, agreement):
    """Trap 4: per agreement term."""
    suspended(agreement, staff, date(2026, 2, 2))
    agreement.state, agreement.lapsed_on = AgreementState.LAPSED, date(2026, 3, 1)
    following = made.concluded(
        agreement.institution, term_from=date(2026, 3, 1), term_to=date(2027, 2, 28)
    )
    suspended(following, staff, date(2026, 4, 1))
    row = suspended(following, staff, date(2026, 5, 6))
    row.voluntary = True
    db.flush()
    assert agreement_terms.suspensions_in_term(following.id) == 1
    assert night().done == []


def revoked(db, agreement, kind, on):
    """The only licence of the kind, gone on the day."""
    db.execute(delete(Licence).where(Licence.institution_id == agreement.institution_id))
    return licence(db, agreement, kind, revoked_on=on)


def licence(db, agreement, kind, **more):
    row = Licence(
        institution=agreement.institution, kind=PAPERS[kind], number="示例1号",
        **{"valid_from": date(2024, 1, 1), "valid_to": None, **more},
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


@pytest.mark.law("P3-40.11", "M2-43.9", refuses=True, passes=True)
def test_the_night_notices_a_revoked_licence_unless_another_is_in_force(db, agreement, kind):
    revoked(db, agreement, kind, TODAY)
    assert night(TODAY - ONE).done == []
    dry = night(dry_run=True)
    assert (dry.done, found(agreement)) == ([agreement.id], [])
    assert night().done == [agreement.id]
    [(article, day)] = found(agreement)
    assert article == {"pharmacy": "第四十条第十一项", "hospital": "第四十三条第九项"}[kind]
    assert day == TODAY


def test_a_licence_that_was_replaced_is_no_ground(db, agreement, kind):
    revoked(db, agreement, kind, TODAY)
    licence(db, agreement, kind, valid_from=TODAY)
    assert night().done == []


def penalty(db, agreement, due_on, **more):
    row = Penalty(
        institution=agreement.institution, pooling_region=factories.REGION, number="示例罚〔2026〕1号",
        authority="示例县医疗保障局", article="《医疗保障基金使用监督管理条例》第三十八条", amount=10000,
        decided_on=date(2026, 5, 1), due_on=due_on, **more,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


@pytest.mark.law("P3-40.12", "M2-43.11", refuses=True, passes=True)
@pytest.mark.parametrize(("offset", "noticed"), [(-1, True), (0, False), (1, False)])
def test_the_night_notices_a_penalty_the_day_after_it_was_due(db, agreement, offset, noticed):
    penalty(db, agreement, TODAY + timedelta(days=offset))
    assert bool(night().done) is noticed
    if noticed:
        assert [day for _, day in found(agreement)] == [TODAY]


def test_a_penalty_that_was_performed_is_no_ground(db, agreement):
    penalty(
        db, agreement, date(2026, 6, 1), performed_on=date(2026, 5, 30), performed_proof="示例凭证"
    )
    assert night().done == []


@pytest.mark.law("P3-40.13", "M2-43.10", refuses=True, passes=True)
def test_the_night_notices_a_person_on_the_list_of_the_untrustworthy(db, agreement, kind):
    person = offices.in_office(agreement.institution_id, TODAY)[0]
    db.add(
        Untrustworthy(
            person_index=person.id_index,
            person_name=person.name,
            masked_id="1101********0011",
            number="示例失信1号",
            listed_on=TODAY,
            source="示例名单",
            imported_on=TODAY,
        )
    )
    other = made.concluded(factories.institution(kind))
    assert blind_index(factories.id_number(1)) != person.id_index
    assert night(TODAY - ONE).done == []
    assert night().done == [agreement.id]
    assert found(other) == []
    [(article, _)] = found(agreement)
    assert article == {"pharmacy": "第四十条第十三项", "hospital": "第四十三条第十项"}[kind]


def test_after_ten_days_off_each_fact_bears_its_own_day(db, agreement, kind):
    revoked(db, agreement, kind, date(2026, 6, 3))
    assert night().done == [agreement.id]
    assert [day for _, day in found(agreement)] == [date(2026, 6, 3)]


def test_what_is_over_is_not_noticed(db, agreement, kind):
    revoked(db, agreement, kind, TODAY)
    agreement.state, agreement.lapsed_on = AgreementState.LAPSED, TODAY
    assert night().done == []


# persons


@pytest.mark.law("M2-43.7", refuses=True)
def test_a_clerk_notes_a_closure_and_another_person_sets_it_aside(db, staff):
    agreement = made.concluded(factories.institution("hospital"))
    ground = made.ground(agreement.institution, "terminate", 7)
    given = {"ground": ground, "facts_text": "停业未报告。", "found_on": TODAY, "on": TODAY}
    row = act.note(agreement, actor=staff[Role.INSPECTOR], **given)
    assert "第四十三条第七项" in row.basis
    with pytest.raises(Refused, match="已经登记"):
        act.note(agreement, actor=staff[Role.CLERK], **given)
    with pytest.raises(Denied):
        act.set_aside(row, reason="已恢复营业。", actor=staff[Role.INSPECTOR], on=TODAY)
    with pytest.raises(Refused, match="理由") as refused:
        act.set_aside(row, reason=" ", actor=staff[Role.REVIEWER], on=TODAY)
    assert refused.value.basis == row.basis
    act.set_aside(row, reason="已恢复营业。", actor=staff[Role.REVIEWER], on=TODAY)
    assert last_event(row).basis == row.basis
    assert (row.state, ask.open_of(agreement.id)) == ("set_aside", [])


def test_a_ground_of_the_other_order_and_a_day_to_come_are_refused(staff, agreement, kind):
    other = made.ground(
        factories.institution("hospital" if kind == "pharmacy" else "pharmacy"), "terminate", 1
    )
    own = made.ground(agreement.institution, "terminate", 1)
    for ground, day, words in ((other, TODAY, "列明"), (own, TODAY + ONE, "晚于今天")):
        with pytest.raises(Refused, match=words):
            act.note(
                agreement,
                ground=ground,
                facts_text="事实。",
                found_on=day,
                actor=staff[Role.CLERK],
                on=TODAY,
            )


def test_from_the_work_list_to_the_case(app, db, staff, agreement, kind):
    revoked(db, agreement, kind, TODAY)
    night()
    row = db.scalars(select(Indication)).one()
    item = db.scalars(select(WorkItem).where(WorkItem.subject == "indication")).one()
    assert item.desk == "inspector"
    session.rollback()
    browser = client_for(app, staff[Role.INSPECTOR])
    assert f"/indications/{row.id}" in browser.get("/worklist").text
    assert "不产生任何处理" in browser.get(f"/indications/{row.id}").text
    path = f"/cases/new?agreement={agreement.id}&indication={row.id}"
    page = browser.get(path).text
    assert row.number in page
    assert "示例1号" in page
    given = {
        "source": "indication",
        "ground": f"terminate:{row.ground}",
        "found_on": str(TODAY),
        "facts_text": "属实。",
    }
    assert post(browser, path, **given).status_code == 303
    session.expire_all()
    case = db.scalars(select(Violation)).one()
    assert (row.state, row.violation_id) == ("taken_up", case.id)
    session.rollback()
    assert browser.get(path).status_code == 409
    for query in ("", "?state=open&q=x", "?format=csv", "?print=1"):
        assert browser.get(f"/indications{query}").status_code == 200


# resumption


def upload():
    from actions.materials import Upload

    return Upload("整改照片.pdf", b"%PDF-1.4 sample", "application/pdf")


@pytest.mark.law("P3-40.1", "M2-43.1", refuses=True, passes=True)
def test_a_request_that_is_sent_back_points_to_the_ground_and_may_be_made_again(
    db, staff, agreement, kind
):
    paused = made.suspended(agreement, staff, on=date(2026, 6, 1), served=date(2026, 6, 1))
    owner = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    suspensions.request_resumption(paused, text="已整改。", files=[upload()], actor=owner, on=TODAY)
    [asked] = paused.resumptions
    assert [one["name"] for one in asked.files] == ["整改照片.pdf"]
    with pytest.raises(Refused, match="理由"):
        suspensions.send_back(paused, reason=" ", actor=staff[Role.REVIEWER], on=TODAY)
    suspensions.send_back(paused, reason="台账仍缺失。", actor=staff[Role.REVIEWER], on=TODAY)
    assert (asked.accepted, paused.resumption_requested_on, paused.ended_on) == (False, None, None)
    article = {"pharmacy": "第四十条第一项", "hospital": "第四十三条第一项"}[kind]
    assert found(agreement) == [(article, TODAY)]
    suspensions.request_resumption(paused, text="台账已补齐。", actor=owner, on=TODAY + ONE)
    suspensions.resume(paused, opinion="合格。", actor=staff[Role.REVIEWER], on=TODAY + ONE)
    assert [one.accepted for one in paused.resumptions] == [False, True]
    assert agreement.state == AgreementState.CONCLUDED


def test_whoever_typed_the_request_in_does_not_answer_it(db, staff, agreement):
    paused = made.suspended(agreement, staff, on=date(2026, 6, 1))
    both = factories.user(Role.CLERK)
    clerk = factories.sessions.actor_of(both)
    suspensions.request_resumption(paused, text="已整改。", actor=clerk, on=TODAY)
    db.commit()
    both.role = Role.REVIEWER
    with pytest.raises(Refused, match="代为登记"):
        suspensions.resume(
            paused, opinion="合格。", actor=factories.sessions.actor_of(both), on=TODAY
        )


@pytest.mark.law("P3-39c", "M2-42a", refuses=True)
def test_after_a_request_that_was_sent_back_the_night_ends_nothing_by_itself(db, staff, agreement):
    start = date(2026, 1, 12)
    paused = made.suspended(agreement, staff, on=start, served=start)
    last = start + timedelta(days=180)
    suspensions.request_resumption(paused, text="已整改。", actor=staff[Role.CLERK], on=last)
    assert suspensions.lapse_overdue(paused.id, last + ONE).done is False
    suspensions.send_back(paused, reason="仍不到位。", actor=staff[Role.REVIEWER], on=last + ONE)
    outcome = suspensions.lapse_overdue(paused.id, last + ONE)
    assert (outcome.done, "退回" in outcome.waiting) == (False, True)
    suspensions.lapse_late(paused, reason="整改不到位。", actor=staff[Role.REVIEWER], on=last + ONE)
    assert agreement.state == AgreementState.LAPSED


def test_evidence_goes_in_through_the_portal_and_out_to_the_agency_alone(app, db, staff, agreement):
    import io

    paused = made.suspended(agreement, staff, on=date(2026, 6, 1), served=date(2026, 6, 1))
    owner = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    session.commit()
    browser = client_for(app, owner)
    path = f"/portal/suspensions/{paused.id}/resumption"
    wrong = post(browser, path, text="已整改。", files=(io.BytesIO(b"MZ"), "坏.pdf"))
    assert wrong.status_code == 409
    good = post(browser, path, text="已整改。", files=(io.BytesIO(b"%PDF-1.4 x"), "整改.pdf"))
    assert good.status_code == 303
    session.expire_all()
    [asked] = paused.resumptions
    link = f"/suspensions/{paused.id}/evidence/{asked.id}/0"
    session.rollback()
    reviewer = client_for(app, staff[Role.REVIEWER])
    assert link in reviewer.get(f"/suspensions/{paused.id}").text
    answer = reviewer.get(link)
    assert (answer.status_code, answer.data) == (200, b"%PDF-1.4 x")
    assert reviewer.get(link[:-1] + "1").status_code == 404
    assert browser.get(link).status_code == 403
    sent = post(reviewer, f"/suspensions/{paused.id}/return", opinion="证明不足。")
    assert sent.status_code == 303
    assert "证明不足" in browser.get(f"/portal/agreements/{agreement.id}").text
    assert [letter.kind for letter in letters.of(paused)] == ["report", "suspension"]
