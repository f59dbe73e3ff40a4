"""协商、签署、补充与固定协议: who may change what, in which order it is signed, what ends with what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import agreements, dependent_agreements, lapses, letters, negotiations, signatures
from actions import terminations as ending
from database import session
from models import Application, Document, Filing
from queries import agreement_texts, applications, eligibility, portal_applications
from queries import agreements as ask
from queries import negotiations as shown
from rules import agreement_forms, clauses, signing, terms
from rules.lifecycle import AGREEMENT, AgreementState
from rules.permissions import SYSTEM, Denied, Role
from rules.refusal import Refused
from rules.signing import SignerCapacity
from tests import factories
from tests import factories_agreement as made
from tests import factories_negotiation as table
from tests.conftest import TODAY
from tests.portal_world import rated
from tests.web import client_for, post

DAY = timedelta(days=1)
pure = pytest.mark.pure


@pytest.fixture
def desk(db, staff, kind):
    """(agreement under negotiation, its institution's user)."""
    return table.negotiating(kind, staff, on=TODAY)


# drafts


def test_every_change_is_another_draft_and_no_draft_is_ever_changed(desk, staff):
    found, _ = desk
    clerk = staff[Role.CLERK]
    table.special(found, staff, on=TODAY)
    negotiations.revise(
        found, clause="A05", text="每月报告一次。", reason="样例", actor=clerk, on=TODAY
    )
    session.flush()
    assert [one.serial for one in found.drafts] == [1, 2, 3]
    texts = [clauses.by_key(one.chapters) for one in found.drafts]
    assert ["X01" in one for one in texts] == [False, True, True]
    assert [one["A05"]["text"] == "每月报告一次。" for one in texts] == [False, False, True]
    found.drafts[0].note = "改写"
    with pytest.raises(RuntimeError, match="never changed"):
        session.flush()


def test_only_local_clauses_are_reworded_and_only_by_the_agency(desk, staff):
    found, owner = desk
    clerk = staff[Role.CLERK]
    with pytest.raises(Refused, match="执行国家规定"):
        negotiations.revise(found, clause="F02", text="样例", reason="样例", actor=clerk, on=TODAY)
    with pytest.raises(Denied):
        negotiations.revise(found, clause="A05", text="样例", reason="样例", actor=owner, on=TODAY)


def test_what_the_institution_proposes_enters_only_with_the_agencys_answer(desk, staff):
    found, owner = desk
    clerk = staff[Role.CLERK]
    first, second = (
        negotiations.propose(found, text=words, reason="样例", actor=owner, on=TODAY)
        for words in ("样例约定甲。", "样例约定乙。")
    )
    assert "X01" not in clauses.by_key(found.chapters)
    with pytest.raises(Refused, match="2 条专门约定没有决定"):
        negotiations.send(found, actor=clerk, on=TODAY)
    with pytest.raises(Denied):
        negotiations.answer(first, agreed=True, reason="同意", actor=owner, on=TODAY)
    with pytest.raises(Refused, match="须写明理由"):
        negotiations.answer(first, agreed=True, reason=" ", actor=clerk, on=TODAY)
    negotiations.answer(first, agreed=True, reason="同意", actor=clerk, on=TODAY)
    negotiations.answer(second, agreed=False, reason="已有规定", actor=clerk, on=TODAY)
    assert (first.state, second.state) == ("agreed", "refused")
    assert [key for key in clauses.by_key(found.chapters) if key.startswith("X")] == ["X01"]
    with pytest.raises(Refused, match="不能再次答复"):
        negotiations.answer(second, agreed=True, reason="同意", actor=clerk, on=TODAY)
    negotiations.send(found, actor=clerk, on=TODAY)


def test_an_agreed_clause_may_still_be_taken_out(desk, staff):
    found, _ = desk
    row = table.special(found, staff, on=TODAY)
    negotiations.answer(row, agreed=False, reason="撤回", actor=staff[Role.CLERK], on=TODAY)
    assert row.key not in clauses.by_key(found.chapters)


def test_both_sides_comment_on_the_same_text(app, desk, staff):
    found, owner = desk
    negotiations.comment(found, clause="G03", text="机构意见", actor=owner, on=TODAY)
    negotiations.comment(found, clause="G03", text="经办意见", actor=staff[Role.CLERK], on=TODAY)
    with pytest.raises(Refused, match="没有这一条款"):
        negotiations.comment(found, clause="Z99", text="样例", actor=owner, on=TODAY)
    with pytest.raises(Refused, match="写明"):
        negotiations.comment(found, clause="G03", text=" ", actor=owner, on=TODAY)
    session.commit()
    for who, path in (
        (staff[Role.CLERK], f"/agreements/{found.id}/negotiation"),
        (owner, f"/portal/agreements/{found.id}/negotiation"),
    ):
        page = client_for(app, who).get(path).text
        assert "机构意见" in page
        assert "经办意见" in page
    neighbour = factories.actor(Role.INSTITUTION, institution=factories.institution("pharmacy"))
    session.commit()
    other = client_for(app, neighbour)
    assert other.get(f"/portal/agreements/{found.id}/negotiation").status_code == 404
    hidden = post(other, f"/portal/agreements/{found.id}/comments", clause="G03", text="样例")
    assert hidden.status_code == 404


def test_versions_are_compared_with_one_another_and_with_the_model(desk, staff):
    found, _ = desk
    table.special(found, staff, on=TODAY)
    negotiations.revise(
        found, clause="A05", text="每月报告一次。", reason="样例", actor=staff[Role.CLERK], on=TODAY
    )
    against_first = agreement_texts.compared(found, "1", "3", on=TODAY)
    assert {(one.key, one.change) for one in against_first} == {
        ("A05", "changed"),
        ("X01", "added"),
    }
    against_model = agreement_texts.compared(found, "model", "3", on=TODAY)
    assert [one.key for one in against_model] == ["A05"]
    assert agreement_texts.compared(found, "2", "2", on=TODAY) == []


def test_a_text_drawn_up_before_a_new_wording_is_refreshed_before_it_is_sent(db, staff, kind):
    old, new = date(2025, 12, 30), date(2026, 1, 1)
    found, _ = table.negotiating(kind, staff, on=old, term_from=date(2026, 2, 1))
    clerk = staff[Role.CLERK]
    negotiations.revise(
        found, clause="F03", text="按本地文件预留质量保证金。", reason="样例", actor=clerk, on=old
    )
    with pytest.raises(Refused, match="范本已有更新"):
        negotiations.send(found, actor=clerk, on=new)
    negotiations.refresh(found, actor=clerk, on=new)
    text = clauses.by_key(found.chapters)
    assert "A05" in text
    assert text["F03"]["text"] == "按本地文件预留质量保证金。"
    negotiations.send(found, actor=clerk, on=new)
    assert found.state == "offered"


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_new_wording_of_the_region_is_taken_in_before_the_draft_is_sent(desk, staff, shift):
    found, _ = desk
    clerk, since = staff[Role.CLERK], TODAY + 5 * DAY
    found.term_from = TODAY + 10 * DAY
    row = table.local(staff, on=TODAY, since=since)
    day = since + shift * DAY
    if shift < 0:
        negotiations.send(found, actor=clerk, on=day)
        return
    with pytest.raises(Refused, match="范本已有更新"):
        negotiations.send(found, actor=clerk, on=day)
    negotiations.refresh(found, actor=clerk, on=day)
    assert row.key in clauses.by_key(found.chapters)
    negotiations.send(found, actor=clerk, on=day)


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_draft_is_sent_at_the_latest_on_the_first_day_of_the_term(db, staff, kind, shift):
    found, _ = table.negotiating(kind, staff, on=TODAY, term_from=TODAY + 5 * DAY)
    day = TODAY + (5 + shift) * DAY
    if shift > 0:
        with pytest.raises(Refused, match="已过"):
            negotiations.send(found, actor=staff[Role.CLERK], on=day)
        return
    negotiations.send(found, actor=staff[Role.CLERK], on=day)
    assert found.state == "offered"


def test_a_text_that_was_sent_is_frozen_for_both(desk, staff):
    found, owner = desk
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    assert found.application.state == "signing"
    for step in (
        lambda: negotiations.comment(found, clause="G03", text="样例", actor=owner, on=TODAY),
        lambda: negotiations.propose(found, text="样", reason="样", actor=owner, on=TODAY),
        lambda: negotiations.refresh(found, actor=staff[Role.CLERK], on=TODAY),
    ):
        with pytest.raises(Refused, match="已经送签"):
            step()


# signing in order


def test_the_agency_cannot_open_its_page_before_its_turn(app, desk, staff):
    found, owner = desk
    session.commit()
    leader = client_for(app, staff[Role.LEADER])
    page = f"/agreements/{found.id}/sign"
    assert leader.get(page).status_code == 409
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    session.commit()
    refused = leader.get(page)
    assert (refused.status_code, "待机构签署" in refused.text) == (409, True)
    assert post(leader, f"/agreements/{found.id}/countersign", read="y").status_code == 409
    table.signed_by_institution(found, owner, on=TODAY)
    session.commit()
    assert leader.get(page).status_code == 200
    assert client_for(app, staff[Role.CLERK]).get(page).status_code == 403
    assert client_for(app, owner).get(f"/portal/agreements/{found.id}/sign").status_code == 409


def test_each_side_may_decline_in_its_turn_and_nothing_signed_is_left(desk, staff):
    found, owner = desk
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    with pytest.raises(Refused, match="须写明理由"):
        negotiations.reopen(found, reason="", actor=owner, on=TODAY)
    with pytest.raises(Refused, match="不由您签署"):
        negotiations.reopen(found, reason="样例", actor=staff[Role.LEADER], on=TODAY)
    negotiations.reopen(found, reason="样例", actor=owner, on=TODAY)
    assert (found.state, found.application.state) == ("negotiating", "negotiating")
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    table.signed_by_institution(found, owner, on=TODAY)
    with pytest.raises(Refused, match="不由您签署"):
        negotiations.reopen(found, reason="样例", actor=owner, on=TODAY)
    negotiations.reopen(found, reason="期限有误", actor=staff[Role.LEADER], on=TODAY)
    assert (found.institution_signer, found.institution_signed_on) == ("", None)
    assert (found.institution_read_on, found.institution_mandate) == (None, "")


@pure
@pytest.mark.parametrize(
    ("capacity", "mandate", "name", "refused"),
    [
        (SignerCapacity.AGENT, "", "样甲", "授权委托书"),
        (SignerCapacity.AGENT, "样例授权书", "样甲", ""),
        (SignerCapacity.LEGAL_REPRESENTATIVE, "", "样甲", "不是机构档案登记的法定代表人"),
        (SignerCapacity.LEGAL_REPRESENTATIVE, "", "样某某", ""),
        (SignerCapacity.PRINCIPAL, "", "样甲", "不是机构档案登记的主要负责人"),
    ],
)
def test_the_signer_has_an_office_or_a_mandate(capacity, mandate, name, refused):
    if refused:
        with pytest.raises(Refused, match=refused):
            signing.require_signer(capacity, mandate, name, ["样某某"])
    else:
        signing.require_signer(capacity, mandate, name, ["样某某"])


@pure
@pytest.mark.parametrize(
    ("family", "article"),
    [
        pytest.param(
            "pharmacy", "第九条", marks=pytest.mark.law("P3-09a", refuses=True, passes=True)
        ),
        pytest.param(
            "medical", "第十条", marks=pytest.mark.law("M2-10", refuses=True, passes=True)
        ),
    ],
)
@pytest.mark.parametrize(
    ("level", "mandate", "may"),
    [("province", "", True), ("prefecture", "", True), ("county", "", False), ("county", "样例委托文件", True)],
)  # fmt: skip
def test_below_the_prefecture_an_agency_signs_only_with_authorisation(
    family, article, level, mandate, may
):
    found = signing.authority(level, mandate, family=family, on=TODAY)
    assert found.basis.endswith(article)
    if may:
        signing.require_authority(found)
        return
    with pytest.raises(Refused, match="原则上由地市级及以上"):
        signing.require_authority(found)


@pytest.mark.law("P3-09a", "M2-10", refuses=True)
def test_a_county_agency_without_authorisation_does_not_countersign(desk, staff, monkeypatch):
    found, owner = desk
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    table.signed_by_institution(found, owner, on=TODAY)
    head = letters.head()
    monkeypatch.setitem(
        letters._head,
        "now",
        letters.Letterhead(head.agency, head.bureau, head.prefix, True, "county"),
    )
    with pytest.raises(Refused, match="没有登记授权文件"):
        signatures.countersign(found, actor=staff[Role.LEADER], on=TODAY)
    assert found.state == "countersigning"


@pytest.mark.law("P3-09a", "M2-10", passes=True)
def test_a_signed_agreement_is_filed_with_the_bureau_of_the_same_level(desk, staff):
    found, owner = desk
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    table.signed(found, owner, staff, on=TODAY)
    filing = session.scalars(select(Filing).where(Filing.kind == "agreement")).one()
    assert (filing.subject, filing.subject_id) == ("agreement", found.id)
    assert filing.document.kind == "agreement"
    assert found.agency_mandate != ""


@pytest.mark.law("P3-10", "M2-11", refuses=True, passes=True)
def test_a_signed_institution_is_published_with_name_and_address_and_an_unsigned_one_is_not(
    app, desk, staff
):
    found, owner = desk
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    session.commit()
    place, everybody = found.institution, app.test_client()
    assert place.name not in everybody.get("/public/institutions").text
    table.signed(found, owner, staff, on=TODAY)
    session.commit()
    page = everybody.get("/public/institutions").text
    assert place.name in page
    assert place.address in page


@pytest.mark.parametrize("shift", [-1, 0, 1])
@pytest.mark.law("P3-09b", "M2-10", refuses=True, passes=True)
def test_an_agreement_holds_from_its_first_to_its_last_day(db, staff, kind, shift):
    first = TODAY + 10 * DAY
    found, owner = table.negotiating(kind, staff, on=TODAY, term_from=first)
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    table.signed(found, owner, staff, on=TODAY)
    assert (found.term_from, found.term_to) == (date(2026, 6, 25), date(2027, 6, 24))
    begins = ask.standing_of(found, on=found.term_from + shift * DAY).word
    ends = ask.standing_of(found, on=found.term_to + shift * DAY).word
    assert begins == ("pending" if shift < 0 else "in_force")
    assert ends == ("in_force" if shift <= 0 else "expired")


# no agreement


def test_a_failed_negotiation_ends_the_application_with_a_letter(desk, staff):
    found, _ = desk
    with pytest.raises(Denied):
        negotiations.fail(found, reason="样例", actor=staff[Role.CLERK], on=TODAY)
    with pytest.raises(Refused, match="须写明理由"):
        negotiations.fail(found, reason="", actor=staff[Role.CHIEF], on=TODAY)
    negotiations.fail(found, reason="未能一致", actor=staff[Role.CHIEF], on=TODAY)
    application = session.get(Application, found.application_id)
    assert (found.state, application.state) == ("failed", "unsettled")
    assert "未能一致" in application.result_reason
    assert [step["state"] for step in applications.steps(application)][3:] == ["done", "cur"]
    told = portal_applications.view(application, on=TODAY)
    assert [step["state"] for step in told.steps][3:] == ["done", "cur"]  # 公示, 签约
    assert told.meaning.startswith("双方未能就协议达成一致")
    kinds = session.scalars(select(Document.kind).where(Document.subject == "agreement")).all()
    assert kinds == ["unsettled"]
    assert ask.living(found.institution_id) is False
    assert ask.standing_of(found, on=TODAY).word == "none"


@pure
@pytest.mark.parametrize("state", [str(one) for one in AgreementState])
@pytest.mark.parametrize("verb", ["send", "reopen", "fail", "sign", "countersign"])
def test_each_step_of_signing_has_its_states(state, verb):
    possible = {
        "send": {"negotiating"},
        "reopen": {"offered", "countersigning"},
        "fail": {"negotiating", "offered", "countersigning"},
        "sign": {"offered"},
        "countersign": {"countersigning"},
    }
    assert (verb in AGREEMENT.verbs_from(state)) is (state in possible[verb])


# renewal


def test_special_clauses_are_carried_over_or_dropped_knowingly_and_attestations_are_blank(
    desk, staff
):
    found, owner = desk
    clerk = staff[Role.CLERK]
    for words in ("样例约定甲。", "样例约定乙。"):
        table.special(found, staff, on=TODAY, text=words)
    negotiations.send(found, actor=clerk, on=TODAY)
    table.signed(found, owner, staff, on=TODAY)
    session.flush()
    following = agreements.offer_next(found, actor=clerk, on=TODAY + DAY)
    assert following.state == "negotiating"
    assert [one for one in clauses.by_key(following.chapters) if one.startswith("X")] == []
    blank = (following.institution_signer, following.institution_read_on, following.agency_signer)
    assert blank == ("", None, "")
    assert (following.institution_capacity, following.institution_mandate) == ("", "")
    with pytest.raises(Refused, match="2 条专门约定没有决定：X01、X02"):
        negotiations.send(following, actor=clerk, on=TODAY + DAY)
    kept, dropped = following.special_clauses
    negotiations.answer(kept, agreed=True, reason="继续适用", actor=clerk, on=TODAY + DAY)
    negotiations.answer(dropped, agreed=False, reason="不再需要", actor=clerk, on=TODAY + DAY)
    assert (kept.state, dropped.state) == ("agreed", "dropped")
    assert [one for one in clauses.by_key(following.chapters) if one.startswith("X")] == ["X01"]
    negotiations.send(following, actor=clerk, on=TODAY + DAY)
    changes = {(one.key, one.change) for one in shown.since_last(following, on=TODAY + DAY)}
    assert ("X02", "removed") in changes
    assert "X01" not in {key for key, _ in changes}


def test_a_new_special_clause_never_takes_the_key_of_a_carried_one(desk, staff):
    found, owner = desk
    clerk = staff[Role.CLERK]
    table.special(found, staff, on=TODAY)
    negotiations.send(found, actor=clerk, on=TODAY)
    table.signed(found, owner, staff, on=TODAY)
    following = agreements.offer_next(found, actor=clerk, on=TODAY + DAY)
    session.flush()
    assert table.special(following, staff, on=TODAY + DAY).key == "X02"


# supplementary agreements


def supplement(parent, staff, *, on=TODAY, covers="示例互联网医院", term_from=None):
    return dependent_agreements.supplement(
        parent, covers=covers, term_from=term_from or on, actor=staff[Role.CLERK], on=on
    )


def living(kind):
    place = factories.institution(kind)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    return made.concluded(place), owner


def test_a_supplementary_agreement_names_what_it_covers_and_ends_with_its_parent(db, staff, kind):
    parent, owner = living(kind)
    found = supplement(parent, staff)
    text = "".join(one["text"] for one in clauses.by_key(found.chapters).values())
    assert "示例互联网医院" in text
    assert parent.number in text
    assert found.term_to == parent.term_to == date(2026, 12, 31)
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    table.signed(found, owner, staff, on=TODAY)
    assert ask.standing_of(found, on=TODAY).word == "in_force"
    lapses.lapse(parent, ended_on=TODAY + DAY, reason="样例", basis="样例", actor=SYSTEM, on=TODAY)
    assert (found.state, found.lapsed_on) == ("lapsed", TODAY + DAY)


def test_a_supplementary_agreement_rests_while_its_parent_does_and_designates_nobody(
    db, staff, kind
):
    parent, owner = living(kind)
    found = supplement(parent, staff)
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    table.signed(found, owner, staff, on=TODAY)
    assert [row.id for row in ask.designating(parent.institution_id)] == [parent.id]
    facts = eligibility.facts(parent.institution, None, TODAY)
    assert len(facts.agreements) == 1
    made.suspended(parent, staff, on=TODAY)
    session.expire_all()
    assert ask.standing_of(found, on=TODAY).word == "suspended"


def test_a_case_is_registered_on_the_agreement_that_designates(db, staff, kind):
    parent, owner = living(kind)
    found = supplement(parent, staff)
    negotiations.send(found, actor=staff[Role.CLERK], on=TODAY)
    table.signed(found, owner, staff, on=TODAY)
    with pytest.raises(Refused, match="补充协议随其中止"):
        made.case(found, staff, on=TODAY)


def test_a_termination_takes_the_supplementary_agreement_along(db, staff, kind):
    parent, _ = living(kind)
    found = supplement(parent, staff)
    session.flush()
    ground = made.ground(parent.institution, "terminate", 1)
    decision = ending.Decision(ground, "样例事实", TODAY, TODAY, "none")
    ending.terminate(parent, decision, actor=staff[Role.LEADER], on=TODAY)
    assert (found.state, found.failed_on) == ("failed", TODAY)


@pytest.mark.parametrize("state", ["lapsed", "terminated", "suspended", "offered"])
def test_without_a_living_agreement_there_is_nothing_to_supplement(db, staff, kind, state):
    parent, _ = living(kind)
    parent.state = AgreementState(state)
    if state == "lapsed":
        parent.lapsed_on = TODAY
    with pytest.raises(Refused, match="没有有效的服务协议"):
        supplement(parent, staff)


def test_a_supplement_is_named_once_and_lies_within_the_term(db, staff, kind):
    parent, _ = living(kind)
    with pytest.raises(Refused, match="须写明所补充的内容"):
        supplement(parent, staff, covers=" ")
    with pytest.raises(Refused, match="主协议期限"):
        supplement(parent, staff, term_from=parent.term_to + DAY)
    first = supplement(parent, staff, term_from=parent.term_to)
    session.flush()
    with pytest.raises(Refused, match=first.number):
        supplement(parent, staff)
    with pytest.raises(Refused, match="没有有效的服务协议"):
        supplement(first, staff, covers="另一样例")
    with pytest.raises(Refused, match="不单独续签"):
        agreements.offer_next(first, actor=staff[Role.CLERK], on=TODAY)


# fixed and annual


@pure
@pytest.mark.parametrize(
    ("family", "grade", "refused"),
    [
        ("medical", "excellent", ""),
        ("medical", "good", ""),
        ("medical", "passing", "不能签订固定协议"),
        ("medical", "", "不能签订固定协议"),
        ("pharmacy", "excellent", "零售药店不能"),
    ],
)
@pytest.mark.law("M2-41b", refuses=True, passes=True)
def test_fixed_and_annual_agreements_are_for_medical_institutions_of_a_good_grade(
    family, grade, refused
):
    if not refused:
        agreement_forms.require_fixed(family, grade, on=TODAY)
        return
    with pytest.raises(Refused, match=refused) as found:
        agreement_forms.require_fixed(family, grade, on=TODAY)
    assert "第四十一条" in found.value.basis


def fixed(staff, *, grade="good"):
    place = factories.institution("hospital")
    owner = factories.actor(Role.INSTITUTION, institution=place)
    previous = made.concluded(place)
    rated(place, grade=grade)
    lasting, annex = dependent_agreements.fix(previous, actor=staff[Role.CLERK], on=TODAY)
    for one in (lasting, annex):
        negotiations.send(one, actor=staff[Role.CLERK], on=TODAY)
        table.signed_by_institution(one, owner, on=TODAY)
    return lasting, annex, owner


@pytest.mark.law("M2-41b", passes=True)
def test_a_good_hospital_gets_a_lasting_part_and_a_yearly_annex(db, staff):
    lasting, annex, _ = fixed(staff)
    assert (lasting.term_from, lasting.term_to) == (date(2027, 1, 1), date(2029, 12, 31))
    assert (annex.term_from, annex.term_to) == (date(2027, 1, 1), date(2027, 12, 31))
    assert annex.parent is lasting
    with pytest.raises(Refused, match=lasting.number):
        signatures.countersign(annex, actor=staff[Role.LEADER], on=TODAY)
    signatures.countersign(lasting, actor=staff[Role.LEADER], on=TODAY)
    signatures.countersign(annex, actor=staff[Role.LEADER], on=TODAY)
    designating = [row.form for row in ask.designating(lasting.institution_id)]
    assert designating == ["annual", "main"]
    with pytest.raises(Refused, match="不单独续签"):
        agreements.offer_next(lasting, actor=staff[Role.CLERK], on=date(2029, 11, 1))
    following = agreements.offer_next(annex, actor=staff[Role.CLERK], on=date(2027, 11, 1))
    assert (following.form, following.parent) == ("annual", lasting)
    assert following.term_to == date(2028, 12, 31)


@pytest.mark.law("M2-41b", refuses=True)
def test_a_weak_hospital_and_every_pharmacy_are_refused(db, staff, kind):
    place = factories.institution(kind)
    previous = made.concluded(place)
    if kind == "pharmacy":
        rated(place, grade="excellent")
    else:
        rated(place, grade="passing")
    with pytest.raises(Refused, match="不能签订固定协议"):
        dependent_agreements.fix(previous, actor=staff[Role.CLERK], on=TODAY)


def test_the_end_of_a_yearly_annex_before_its_time_ends_the_lasting_part(db, staff):
    lasting, annex, _ = fixed(staff)
    for one in (lasting, annex):
        signatures.countersign(one, actor=staff[Role.LEADER], on=TODAY)
    session.flush()
    lapses.lapse(
        annex, ended_on=date(2027, 5, 1), reason="样", basis="样", actor=SYSTEM, on=date(2027, 5, 1)
    )
    assert (lasting.state, lasting.lapsed_on) == ("lapsed", date(2027, 5, 1))


def test_an_annex_that_runs_out_leaves_the_lasting_part(db, staff):
    lasting, annex, _ = fixed(staff)
    for one in (lasting, annex):
        signatures.countersign(one, actor=staff[Role.LEADER], on=TODAY)
    session.flush()
    assert lapses.expire(annex.id, date(2028, 1, 1), actor=SYSTEM)
    assert (annex.state, lasting.state) == ("lapsed", "concluded")


# doors


def test_the_negotiation_runs_through_its_doors(app, desk, staff):
    found, owner = desk
    session.commit()
    clerk, portal = client_for(app, staff[Role.CLERK]), client_for(app, owner)
    page, own = f"/agreements/{found.id}", f"/portal/agreements/{found.id}"
    said = {"text": "样例约定。", "reason": "样例"}
    assert post(portal, f"{own}/special-clauses", **said).status_code == 303
    assert post(portal, f"{page}/special-clauses", **said).status_code == 403
    assert post(clerk, f"{page}/send").status_code == 409
    row = found.special_clauses[0]
    answer = f"{page}/special-clauses/{row.id}/answer"
    silent = post(clerk, answer, result="", reason="同意")
    assert (silent.status_code, "没有选择处理结论" in silent.text) == (409, True)
    assert post(clerk, answer, result="agreed", reason="同意").status_code == 303
    assert post(portal, answer, result="refused", reason="否").status_code == 403
    given = {"clause": "A05", "text": "每月报告一次。", "reason": "样例"}
    session.expire_all()
    stale = post(clerk, f"{page}/clauses", **given, version=found.version - 1)
    assert (stale.status_code, "已被他人处理" in stale.text) == (409, True)
    assert post(clerk, f"{page}/clauses", **given, version=found.version).status_code == 303
    for one in found.special_clauses[1:]:
        path = f"{page}/special-clauses/{one.id}/answer"
        assert post(clerk, path, result="refused", reason="重复").status_code == 303
    assert post(clerk, f"{page}/send").status_code == 303
    assert post(portal, f"{own}/reopen", reason="需要再商量").status_code == 303
    session.expire_all()
    assert found.state == "negotiating"
    with clock.at(TODAY):
        assert "每月报告一次" in portal.get(f"{own}/negotiation?old=1&new=3").text


# the ledger


@pytest.mark.parametrize(
    ("bucket", "days", "found"),
    [
        ("d30", 30, True),
        ("d30", 31, False),
        ("d60", 60, True),
        ("d60", 61, False),
        ("d90", 90, True),
        ("d90", 91, False),
        ("d30", 0, True),
        ("d30", -1, False),
        ("over", 0, False),
        ("over", -1, True),
    ],
)
def test_the_ledger_sorts_by_the_days_left(app, staff, kind, bucket, days, found):
    place = factories.institution(kind)
    row = made.concluded(place, term_to=TODAY + days * DAY)
    session.commit()
    page = client_for(app, staff[Role.CLERK]).get(f"/agreements?expiry={bucket}&format=csv")
    assert (row.number in page.get_data(as_text=True)) is found


@pure
def test_the_line_of_a_term_shows_where_it_rested():
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    bar = terms.bar(first, last, [(date(2026, 7, 2), date(2026, 7, 31))], date(2026, 1, 1))
    [pause] = bar.pauses
    assert (pause.start, pause.width) == (499, 82)  # 182 and 212 of 365 days, in thousandths
    assert bar.today == 0
    assert "2026-07-02 起中止，至 2026-07-31" in bar.words
    assert terms.bar(first, last, [], date(2027, 1, 1)).today is None
