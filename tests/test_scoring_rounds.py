"""评分: blind until all have signed, saved on the way, one wanting item fails, one clock that stands for supplements."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from sqlalchemy import select

import clock
from actions import clarifications, evaluations, materials
from database import session
from models import Document, Exhibit, Filing, Opinion, StatutoryClock, WorkItem
from rules.permissions import Role
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY
from tests.evaluation_world import PAPER, SEATS, House
from tests.web import client_for, post

SECRET = "绝密意见不得外传"
MARK = "绝密佐证.pdf"


@pytest.fixture
def house(db, staff, kind):
    return House(staff, kind)


@pytest.fixture
def round_(house):
    return house.started(house.accepted())


def own(house, round_, specialty="insurance") -> Opinion:
    return next(one for one in round_.opinions if one.specialty == specialty)


def save(house, round_, opinion, **remarks):
    items = {k: {"passed": False, "remark": SECRET} for k in house.items(round_)}
    evaluations.save(
        opinion, round_, items, remark=SECRET, actor=house.actor_of(opinion), at=clock.now()
    )
    session.commit()


def test_a_draft_is_kept_and_decides_nothing(house, round_):
    opinion = own(house, round_)
    save(house, round_, opinion)
    assert (opinion.signed_on, opinion.passed, round_.finished_on) == (None, None, None)
    assert opinion.saved_at == clock.now()
    other = own(house, round_, "finance")
    with pytest.raises(Refused, match="本人"):
        evaluations.save(
            opinion, round_, {}, remark="", actor=house.actor_of(other), at=clock.now()
        )


def test_nobody_sees_a_draft_or_a_signed_opinion_before_all_have_signed(app, house, round_):
    """By page, by list, by export, by file, by number: for every role, member of the team or not."""
    opinion, key = own(house, round_), round_.application_id
    author = client_for(app, house.actor_of(opinion))
    sent = {"item": house.items(round_)[0], "file": (io.BytesIO(b"%PDF-1.4 x"), MARK)}
    assert post(author, f"/evaluations/opinions/{opinion.id}/exhibits", **sent).status_code == 303
    save(house, round_, opinion)
    exhibit = session.scalars(select(Exhibit.id)).one()
    paths = [
        f"/applications/{key}", f"/applications/{key}/team", f"/applications/{key}/findings",
        "/evaluations", "/evaluations?format=csv", "/worklist?tab=mine", "/notices", "/filings",
        f"/institutions/{house.place.id}",
    ]  # fmt: skip
    for signed in (False, True):
        if signed:
            evaluations.give_opinion(
                opinion, round_, house.answers(round_, house.items(round_)[0]) | {},
                remark=SECRET, actor=house.actor_of(opinion), on=TODAY,
            )  # fmt: skip
            session.commit()
        for role, actor in house.staff.items():
            if actor.id == opinion.evaluator.user_id:
                continue
            client = client_for(app, actor)
            for path in paths:
                text = client.get(path).get_data(as_text=True)
                assert SECRET not in text, (role, path)
                assert "样例问题" not in text, (role, path)
                assert MARK not in text, (role, path)
            assert client.get(f"/evaluations/exhibits/{exhibit}").status_code in (403, 404), role
            assert client.get(f"/evaluations/opinions/{opinion.id}").status_code in (403, 404), role
    assert author.get(f"/evaluations/exhibits/{exhibit}").status_code == 200


def test_after_the_last_signature_the_findings_show_who_differs(app, house, round_):
    house.signed(round_, failing=house.items(round_)[0])
    session.expire_all()
    spread = evaluations.spread(round_)
    assert [row.divided for row in spread] == [True] + [False] * (len(spread) - 1)
    assert spread[0].said == (False, True, True, True)
    page = client_for(app, house.by(Role.REVIEWER))
    text = page.get(f"/applications/{round_.application_id}/findings").text
    assert "意见不一致 1 项" in text
    assert "样例问题" in text


def test_the_spread_is_refused_before(house, round_):
    with pytest.raises(Refused, match="互不可见"):
        evaluations.spread(round_)


@pytest.mark.law("P3-08d", "P3-08e", "M2-09")
def test_every_item_of_the_article_is_asked_and_one_wanting_item_fails(house, round_):
    count = {"pharmacy": 6, "hospital": 5}[house.kind]
    assert len(house.items(round_)) == count
    opinion = own(house, round_)
    answers = house.answers(round_)
    left = dict(list(answers.items())[:-1])
    with pytest.raises(Refused, match="没有评估结论") as left_open:
        evaluations.give_opinion(
            opinion, round_, left, remark="", actor=house.actor_of(opinion), on=TODAY
        )
    silent = answers | {house.items(round_)[0]: {"passed": False, "remark": " "}}
    with pytest.raises(Refused, match="须写明问题") as said_nothing:
        evaluations.give_opinion(
            opinion, round_, silent, remark="", actor=house.actor_of(opinion), on=TODAY
        )
    article = {"pharmacy": "第八条", "hospital": "第九条"}[house.kind]
    assert article in left_open.value.basis
    assert article in said_nothing.value.basis
    house.signed(round_, failing=house.items(round_)[0])
    assert (round_.passed, round_.application.state) == (False, "evaluated")


@pytest.mark.law("P3-08e", "M2-09")
def test_all_items_met_is_a_pass(house, round_):
    house.signed(round_)
    assert (round_.passed, round_.finished_on) == (True, TODAY)


@pytest.mark.law("P3-08h", "M2-09")
def test_a_fail_tells_reasons_and_advice_and_the_earliest_day_counts_from_service(house, round_):
    house.signed(round_, failing=house.items(round_)[0])
    for reasons, advice in (("", "样例建议"), ("样例理由", " ")):
        with pytest.raises(Refused, match="理由和整改建议"):
            evaluations.confirm(
                round_, passed=False, reasons=reasons, advice=advice,
                actor=house.by(Role.REVIEWER), on=TODAY,
            )  # fmt: skip
    letter = house.confirmed(round_)
    assert (letter.facts["reasons"], letter.facts["advice"]) == ("样例理由", "样例建议")
    assert "送达之日起整改满3个月" in letter.facts["retry_rule"]
    assert "12个月内不得再次申请" in letter.facts["retry_rule"]


def test_a_member_of_the_team_does_not_confirm_its_result(house, staff, db):
    reviewer = house.by(Role.REVIEWER)
    house.pool["medicine"] = house.member("medicine", reviewer)
    round_ = house.started(house.accepted())
    house.signed(round_)
    with pytest.raises(Refused, match="不能确认自己参加的评估"):
        evaluations.confirm(round_, passed=True, reasons="", advice="", actor=reviewer, on=TODAY)


# the page


def grid(house, round_, **changed):
    fields = {f"result_{key}": "yes" for key in house.items(round_)}
    return fields | changed


def test_the_grid_is_saved_pasted_and_signed_through_its_page(app, house, round_):
    opinion = own(house, round_)
    path = f"/evaluations/opinions/{opinion.id}"
    client = client_for(app, house.actor_of(opinion))
    first, second, *rest = house.items(round_)
    assert post(client, f"{path}/save", **{f"result_{first}": "yes"}).status_code == 303
    page = client.get(path).text
    assert re.search(rf'id="{first}-yes" value="yes" required checked', page)
    saved = client.post(f"{path}/autosave", data={f"result_{first}": "no", f"remark_{first}": "缺"})
    assert (saved.status_code, "已自动暂存" in saved.text) == (200, True)
    wrong = post(client, f"{path}/paste", rows="1\t符合\n77\t符合")
    assert (wrong.status_code, "第 2 行" in wrong.text) == (400, True)
    rows = "\n".join(f"{n}\t符合" for n in range(2, len(rest) + 3))
    assert post(client, f"{path}/paste", rows=rows).status_code == 303
    session.expire_all()
    kept = {item["key"]: item["passed"] for item in session.get_one(Opinion, opinion.id).items}
    assert kept == {first: False} | dict.fromkeys([second, *rest], True)
    assert post(client, path, **grid(house, round_)).status_code == 303
    assert post(client, f"{path}/save", **grid(house, round_)).status_code == 409
    assert post(client, path, **grid(house, round_)).status_code == 409


def test_evidence_is_a_picture_or_a_pdf_and_ends_with_the_signature(app, house, round_):
    opinion = own(house, round_)
    path = f"/evaluations/opinions/{opinion.id}"
    client = client_for(app, house.actor_of(opinion))
    item = house.items(round_)[0]

    def send(content, name, which=item):
        return post(client, f"{path}/exhibits", item=which, file=(io.BytesIO(content), name))

    assert send(b"MZ evil", "照片.exe").status_code == 409
    assert send(b"MZ evil", "照片.pdf").status_code == 409
    assert send(b"%PDF-1.4", "照片.pdf", "NO_ITEM").status_code == 409
    assert send(b"\xff\xd8\xff\xe0 jpg", "照片.jpg").status_code == 303
    assert post(client, path, **grid(house, round_)).status_code == 303
    assert send(b"%PDF-1.4", "后补.pdf").status_code == 409


# 评估期限


@pytest.mark.law("P3-08c", "M2-09")
@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        (date(2026, 3, 16), date(2026, 6, 16)),
        (date(2026, 1, 30), date(2026, 4, 30)),
        (
            date(2025, 11, 30),
            date(2026, 2, 28),
        ),  # no 30 February: its last day, made up as a working day
    ],
)
def test_the_evaluation_takes_three_months_from_acceptance(house, accepted, due):
    with clock.at(accepted):
        row = house.accepted(accepted)
    limit = session.scalars(_clock(row)).one()
    assert (limit.started_on, limit.due_on) == (accepted, due)


def _clock(row):
    return select(StatutoryClock).where(
        StatutoryClock.subject == "application",
        StatutoryClock.subject_id == row.id,
        StatutoryClock.rule == "eval.max",
    )


@pytest.mark.law("P3-08c", "M2-09")
def test_the_time_the_institution_supplements_does_not_count(house):
    accepted, asked, given = date(2026, 3, 16), date(2026, 4, 1), date(2026, 4, 11)
    row = house.accepted(accepted)
    round_ = house.started(row, accepted)
    paper, chief = row.materials[0], house.by(Role.CHIEF)
    clarifications.request(row, {paper.id: "缺检测报告"}, actor=chief, on=asked)
    session.commit()
    limit = session.scalars(_clock(row)).one()
    assert (row.state, limit.paused_on) == ("clarifying", asked)
    items = session.scalars(select(WorkItem).where(WorkItem.subject == "opinion")).all()
    assert all(item.paused for item in items)
    opinion = round_.opinions[0]
    with pytest.raises(Refused, match="正在等待机构补充"):
        evaluations.give_opinion(
            opinion, round_, house.answers(round_), remark="",
            actor=house.actor_of(opinion), on=asked,
        )  # fmt: skip
    with pytest.raises(Refused, match="还没有补充"):
        clarifications.supply(row, actor=house.owner, on=given)
    materials.hand_in(paper, row, PAPER, actor=house.owner, on=given)
    clarifications.supply(row, actor=house.owner, on=given)
    session.commit()
    assert (row.state, paper.state, limit.paused_on) == ("evaluating", "passed", None)
    assert limit.due_on == date(2026, 6, 26)  # 16 June and the ten days from 1 to 11 April
    assert not any(item.paused for item in items)
    letter = session.scalars(select(Document).where(Document.kind == "clarification")).one()
    assert letter.facts["items"] == [{"name": paper.label, "reason": "缺检测报告"}]


def test_a_supplement_is_asked_for_with_a_reason_and_only_while_the_team_evaluates(house):
    row, chief = house.accepted(), house.by(Role.CHIEF)
    paper = row.materials[0]
    with pytest.raises(Refused, match="不能要求补充评估材料"):
        clarifications.request(row, {paper.id: "缺页"}, actor=chief, on=TODAY)
    house.started(row)
    with pytest.raises(Refused, match="没有选择"):
        clarifications.request(row, {}, actor=chief, on=TODAY)
    with pytest.raises(Refused, match="须写明"):
        clarifications.request(row, {paper.id: " "}, actor=chief, on=TODAY)


def test_the_portal_tells_what_to_supplement_and_takes_it(app, house, round_):
    row = round_.application
    paper = row.materials[0]
    chief = client_for(app, house.by(Role.CHIEF))
    asked = {f"ask_{paper.id}": "1", f"wanted_{paper.id}": "缺检测报告"}
    assert post(chief, f"/applications/{row.id}/evidence", **asked).status_code == 303
    client = client_for(app, house.owner)
    one = f"/portal/applications/{row.id}"
    assert "补充评估材料" in client.get("/portal/").text
    assert "缺检测报告" in client.get(one).text
    assert post(client, f"{one}/supplement").status_code == 409
    sent = post(client, f"{one}/materials/{paper.id}", file=(io.BytesIO(b"%PDF-1.4 new"), "补.pdf"))
    assert sent.status_code == 303
    other = row.materials[1]
    sent = post(client, f"{one}/materials/{other.id}", file=(io.BytesIO(b"%PDF-1.4"), "其他.pdf"))
    assert sent.status_code == 409
    assert post(client, f"{one}/supplement").status_code == 303
    assert "评估中" in client.get(one).text


def test_the_members_are_not_told_to_the_institution(app, house, round_):
    house.signed(round_)
    letter = house.confirmed(round_)
    client = client_for(app, house.owner)
    names = {one.evaluator.user.name for one in round_.opinions}
    text = client.get(f"/portal/applications/{round_.application_id}").text
    assert not any(name in text + str(letter.facts) for name in names)


@pytest.mark.law("P3-08f", "M2-09")
@pytest.mark.parametrize("passed", [True, False])
def test_each_confirmed_round_is_filed_once(house, passed):
    row = house.accepted()
    house.judged(row, passed=passed)
    filing = session.scalars(select(Filing)).one()
    said = "合格" if passed else "不合格"
    assert filing.summary.endswith(f"第1次评估，结果{said}")
    form = session.get_one(Document, filing.document_id)
    assert form.facts["specialties"] == ["医疗保障", "医药卫生", "财务管理", "信息技术"]
    assert bool(form.facts["failing"]) is not passed
    assert len(SEATS) == form.facts["members"]


def test_a_stale_case_page_does_not_sign(app, house, round_):
    opinion = own(house, round_)
    client = client_for(app, house.actor_of(opinion))
    data = grid(house, round_)
    once = post(client, f"/evaluations/opinions/{opinion.id}", operation_id="one-form-only", **data)
    twice = post(
        client, f"/evaluations/opinions/{opinion.id}", operation_id="one-form-only", **data
    )
    assert (once.status_code, twice.status_code) == (303, 303)
    signed = session.scalars(select(Opinion).where(Opinion.signed_on.is_not(None))).all()
    assert [one.id for one in signed] == [opinion.id]


def test_another_region_sees_no_round_of_ours(app, house, round_):
    elsewhere = client_for(app, factories.actor(Role.REVIEWER, region="990999"))
    key = round_.application_id
    for path in (f"/applications/{key}/team", f"/applications/{key}/findings"):
        assert elsewhere.get(path).status_code == 404
    assert house.place.name not in elsewhere.get("/evaluations").text
