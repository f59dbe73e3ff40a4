"""Insured persons are told their grade by a letter of their own, and object to it at the counter."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import select

import clock
from actions import cycles, letters, rating_corrections, rating_objections, service
from actions.rating_corrections import Correction
from actions.rating_objections import Said
from models import Document, Event, Rating, RatingObjection, WorkItem
from models.sealed import blind_index
from queries import cycle_archives, documents
from rules.permissions import Role
from rules.rating_objections import COUNTER
from rules.refusal import Refused
from tests import factories, factories_cycle
from tests.factories_credit import ONE, TWO
from tests.factories_credit import insured as published
from tests.factories_cycle import ON
from tests.web import client_for, forms, post

SHOWN = f"样**（110****{ONE[-4:]}）"


def rating_of(db, cycle, number=ONE) -> Rating:
    query = select(Rating).where(
        Rating.cycle_id == cycle.id, Rating.person_index == blind_index(number)
    )
    return db.scalars(query).one()


def objected(rating, staff, *, on=ON, number=ONE):
    said = Said(rating.name, "认定已经撤销。", source=COUNTER, id_number=number)
    return rating_objections.raise_objection(rating, said, actor=staff[Role.CLERK], on=on)


@pytest.mark.once
def test_everybody_of_a_file_gets_a_letter_and_the_untold_are_listed(app, db, staff):
    cycle = published(staff)
    found = db.scalars(select(Document).where(Document.kind == "grade")).all()
    assert [(row.institution_id, row.region, row.subject) for row in found] == [
        (None, factories.REGION, "rating")
    ] * 2
    mine = next(row for row in found if row.subject_id == rating_of(db, cycle).id)
    assert (mine.recipient, mine.facts["personal"]) == (SHOWN, True)
    assert letters.render(mine).startswith(b"%PDF")
    assert cycle_archives.waiting(cycle, ON).startswith("还有 2 份信用等级告知书没有登记送达")
    assert set(cycle_archives.untold(cycle)) == {row.id for row in found}
    service.serve(mine, actor=staff[Role.CLERK], on=ON, method="邮寄送达", proof="示例邮单")
    db.commit()
    clerk = client_for(app, staff[Role.CLERK])
    assert "1 份没有登记送达" in clerk.get(f"/ratings/cycles/{cycle.id}").text
    page = clerk.get(f"/documents?cycle={cycle.id}").text
    assert (mine.number in page, "未告知的等级" in page) == (False, True)
    assert all(row.number in page for row in found if row.id != mine.id)
    assert clerk.get("/documents?cycle=99999").status_code == 404
    assert SHOWN in clerk.get("/documents").text
    batch = post(clerk, f"/ratings/cycles/{cycle.id}/letters").headers["Location"]
    assert SHOWN in clerk.get(batch).text
    # nobody of an institution and nobody of another region ever sees it
    owner = factories.actor(Role.INSTITUTION, institution=factories_cycle.quiet("hospital"))
    stranger = factories.actor(Role.CLERK, region="990999")
    db.commit()
    assert owner.institution_id
    assert mine not in documents.of_institution(owner.institution_id, owner)
    assert client_for(app, owner).get(f"/portal/documents/{mine.id}/file.pdf").status_code == 404
    assert client_for(app, stranger).get(f"/documents/{mine.id}").status_code == 404


@pytest.mark.once
def test_whoever_takes_the_letter_by_hand_is_whom_it_is_about(app, db, staff):
    cycle = published(staff)
    letter = documents.of("rating", rating_of(db, cycle).id)[0]
    db.commit()
    clerk, path = client_for(app, staff[Role.CLERK]), f"/documents/{letter.id}/service"
    given = {"served_on": ON.isoformat(), "method": "直接送达", "proof": "本人签收"}
    assert post(clerk, path, **given).status_code == 409
    assert post(clerk, path, **given, id_number=TWO).status_code == 409
    assert post(clerk, path, **given, id_number=f" {ONE.lower()} ").status_code == 303
    db.refresh(letter)
    assert letter.served_on == ON
    kept = str([row.facts for row in db.scalars(select(Event))])
    assert ONE not in kept


@pytest.mark.once
def test_an_insured_person_objects_at_the_counter_and_is_answered_and_graded_anew(app, db, staff):
    cycle = published(staff)
    rating = rating_of(db, cycle)
    db.commit()
    clerk, chief = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.CHIEF])
    form = f"/ratings/{rating.id}/objection"
    assert form in clerk.get(f"/ratings/{rating.id}").text
    assert "被评价人身份证号码" in clerk.get(form).text
    wrong = post(clerk, form, text="认定已经撤销。", id_number=TWO)
    assert (wrong.status_code, "与被评价人不符" in wrong.text) == (409, True)
    page = post(clerk, form, text="认定已经撤销。", id_number=ONE).headers["Location"]
    row = db.scalars(select(RatingObjection)).one()
    assert (row.institution_id, row.pooling_region) == (None, factories.REGION)
    item = db.scalars(select(WorkItem).where(WorkItem.subject == "rating_objection")).one()
    assert (item.institution_id, item.institution_name) == (None, SHOWN)
    assert SHOWN in chief.get("/rating-objections").text
    assert row.number in chief.get("/worklist").text
    assert form not in clerk.get(f"/ratings/{rating.id}").text  # one is open
    assert f"{page}/accept" in forms(chief.get(page).text)
    assert post(chief, f"{page}/accept").status_code == 303
    assert "异议标注" in clerk.get(f"/ratings/{rating.id}").text
    fixed = {"fact": "misuse_cases", "after": "0", "reason": "认定已撤销。", "evidence": "示撤1号"}
    assert post(chief, f"{page}/correct", **fixed, opinion="属实。").status_code == 303
    told = db.scalars(select(Document).where(Document.subject == "rating_objection")).all()
    assert [(one.kind, one.recipient) for one in told] == [
        ("rating_objection_receipt", SHOWN),
        ("rating_objection_result", SHOWN),
    ]
    assert all(one.facts["personal"] and letters.render(one) for one in told)
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    factories_cycle.decided(factories_cycle.reviewed(run, staff), staff)
    cycles.publish(run, actor=staff[Role.LEADER], on=ON)
    (new,) = db.scalars(select(Document).where(Document.kind == "grade_correction")).all()
    assert (new.subject_id, new.recipient) == (rating_of(db, run).id, SHOWN)
    # nothing the clerk typed is kept: not the number, not the name of the file
    assert ONE not in str([one.facts for one in db.scalars(select(Event))])


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "found"), [(date(2026, 6, 30), ""), (date(2026, 7, 1), ""), (date(2026, 7, 2), "late")]
)
def test_the_days_of_a_person_run_from_the_service_as_well(db, staff, day, found):
    cycle = published(staff)
    rating = rating_of(db, cycle)
    (letter,) = documents.of("rating", rating.id)
    served = date(2026, 6, 24)  # 25, 26, 29, 30 June and 1 July
    letters.serve(letter, actor=staff[Role.CLERK], on=served, method="邮寄送达", proof="示例邮单")
    assert rating_objections.judged(objected(rating, staff, on=day)) == found


@pytest.mark.once
def test_a_person_asks_for_restoration_at_the_counter_and_is_told(app, db, staff):
    rating = rating_of(db, published(staff))
    db.commit()
    with clock.at(date(2026, 9, 16)):  # three months after 15 June
        clerk = client_for(app, staff[Role.CLERK])
        assert f"/ratings/{rating.id}/restoration" in clerk.get(f"/ratings/{rating.id}").text
        form, given = f"/ratings/{rating.id}/restoration", {"text": "已经退回。"}
        assert "被评价人身份证号码" in clerk.get(form).text
        paper = {"files": (io.BytesIO(b"%PDF-1.4 x"), "示例证明.pdf")}
        assert post(clerk, form, **given, **paper, id_number=TWO).status_code == 409
        paper = {"files": (io.BytesIO(b"%PDF-1.4 x"), "示例证明.pdf")}
        answer = post(clerk, form, **given, **paper, id_number=ONE)
        page = answer.headers["Location"]
        assert SHOWN in clerk.get("/grade-changes").text
        plan = {"to": "excellent", "reason": "已核实。", "basis": "方案第九条"}
        assert post(clerk, f"{page}/examine", **plan).status_code == 303
        assert post(client_for(app, staff[Role.REVIEWER]), f"{page}/confirm").status_code == 303
        assert "信用修复决定书" in clerk.get(page).text
    (letter,) = db.scalars(select(Document).where(Document.kind == "credit_restoration")).all()
    assert (letter.institution_id, letter.recipient, letter.facts["personal"]) == (
        None,
        SHOWN,
        True,
    )
    assert letters.render(letter).startswith(b"%PDF")


@pytest.mark.once
def test_without_the_number_of_the_person_nobody_objects(db, staff):
    rating = rating_of(db, published(staff))
    for number in ("", TWO):
        with pytest.raises(Refused, match="身份证号码与被评价人不符"):
            objected(rating, staff, number=number)
    row = objected(rating, staff)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    given = Correction("misuse_cases", "0", "认定已撤销。", "示撤1号")
    letter = rating_objections.correct(
        row, [given], opinion="属实。", actor=staff[Role.CHIEF], on=ON
    )
    assert letter.facts["addressee"] == SHOWN
