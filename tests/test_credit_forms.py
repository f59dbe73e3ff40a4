"""评分表, 核查报告, 异议申请书: what stands on the paper, and who may print it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions import (
    credit_forms,
    cycle_notices,
    cycles,
    rating_corrections,
    rating_objections,
    self_assessments,
)
from actions.rating_objections import Said
from database import session
from models import Rating
from queries import rating_sheets
from rules.permissions import Role
from rules.rating_objections import ONLINE
from tests import factories, factories_cycle
from tests.test_rating_objections import corrected
from tests.web import client_for

ON = factories_cycle.ON


def rated(cycle, place):
    return session.scalars(
        select(Rating).where(Rating.cycle_id == cycle.id, Rating.institution_id == place.id)
    ).one()


def of(paper, title):
    return next(one for one in paper.sections if one.title == title)


def facts(paper):
    return {one.label: one.value for one in paper.facts}


def assessed(staff, place, stated):
    days = factories_cycle.YEAR
    cycle = cycles.freeze("样例周期", *days, factories_cycle.SCHEME, actor=staff[Role.CLERK], on=ON)
    cycle_notices.invite(cycle, actor=staff[Role.CLERK], on=ON)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    self_assessments.submit(cycle, place, stated, actor=owner, on=ON)
    cycles.compute(cycle, actor=staff[Role.CLERK], on=ON)
    session.flush()
    return cycle


def test_the_sheet_has_a_column_for_what_was_stated_scored_and_reviewed(db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    stated = {
        "violations_confirmed": ("0", "案件已经撤销，示例。"),
        "suspension_days": ("约三十", "另附说明，示例。"),
    }
    cycle = assessed(staff, place, stated)
    rating = rated(cycle, place)
    paper = credit_forms.rating_sheet(rating_sheets.of(rating), by="示例")
    head = of(paper, "各项得分").columns
    row = next(
        dict(zip(head, row, strict=True))
        for row in of(paper, "各项得分").rows
        if "已认定" in row[0]
    )
    # one case found and decided: 20 − 5; none by its own account: 20
    assert (row["查实的数"], row["满分"], row["自评"], row["初评"], row["复评"]) == (
        "1件",
        "20",
        "20",
        "15",
        "待复核",
    )
    assert "记录：" in row["依据和记录"]
    assert facts(paper)["复核人"] == "尚未复核"
    assert "2 项与系统记录不同" in facts(paper)["自评"]
    assert "没有写成数的不计入" in of(paper, "各项得分").note
    assert "约三十" in of(paper, "各项得分").note
    assert sorted(line[2] for line in of(paper, "自评与系统记录的差异").rows) == ["0", "约三十"]
    factories_cycle.reviewed(cycle, staff)
    again = credit_forms.rating_sheet(rating_sheets.of(rating), by="示例")
    names = {role: staff[role].name for role in (Role.CLERK, Role.REVIEWER)}
    assert again.signatures[:2] == (
        f"评分人：{names[Role.CLERK]}",
        f"复核人：{names[Role.REVIEWER]}",
    )
    assert [row[3] for row in of(again, "合计").rows] == [
        f"{rating.score:g}",
        of(again, "合计").rows[1][2],
    ]


@pytest.mark.once
def test_a_corrected_run_shows_the_first_score_beside_the_second(db, staff):
    place = factories_cycle.troubled("hospital", staff)
    cycle = factories_cycle.published(staff)
    first = rated(cycle, place)
    corrected(first, place, staff)
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=ON)
    session.flush()
    shown = rating_sheets.of(rated(run, place))
    assert shown.replaced
    assert shown.first.score == f"{first.score:g}"
    assert shown.second.score == f"{rated(run, place).score:g}"
    assert shown.first.score != shown.second.score


def test_report_and_application_say_what_was_objected_and_found(app, db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    cycle = factories_cycle.published(staff)
    rating = rated(cycle, place)
    row = corrected(rating, place, staff)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    db.commit()
    paper = credit_forms.check_report(row, open_name=False, by="示例")
    told = facts(paper)
    assert (told["提出人"], told["核查人"]) == (place.name, staff[Role.CHIEF].name)
    assert of(paper, "核查情况和理由").text == ("属实。",)
    assert len(of(paper, "更正的事实").rows) == 1
    assert [line[1] for line in of(paper, "办理过程").rows][:2] == ["提出信用异议", "受理异议"]
    filled = credit_forms.objection_form(rating, row, until="最迟 2026-06-23", by="示例")
    assert of(filled, "有异议的指标、事实和理由").text == ("案件已经撤销。",)
    blank = credit_forms.objection_form(rating, None, until="", by="示例")
    assert (of(blank, "有异议的指标、事实和理由").blank, facts(blank)["提出的期限"]) == (
        9,
        "见等级告知书",
    )
    assert "申请人（盖章）：" in blank.signatures
    clerk, own = client_for(app, staff[Role.CLERK]), client_for(app, owner)
    for client, path in (
        (clerk, f"/ratings/{rating.id}/sheet.pdf"),
        (clerk, f"/rating-objections/{row.id}/report.pdf"),
        (own, f"/portal/ratings/{rating.id}/objection-form.pdf"),
        (own, f"/portal/rating-objections/{row.id}/application.pdf"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-"), path
    assert own.get(f"/ratings/{rating.id}/sheet.pdf").status_code == 403
    assert own.get(f"/rating-objections/{row.id}/report.pdf").status_code == 403


@pytest.mark.once
def test_nobody_of_the_public_is_named_and_nothing_is_reported_before_the_answer(app, db, staff):
    place = factories_cycle.quiet("pharmacy")
    cycle = factories_cycle.announced(staff)
    rating = rated(cycle, place)
    said = Said("公众样某", "样例事实。", "样例地址", source=ONLINE)
    row = rating_objections.raise_objection(
        rating, said, actor=staff[Role.CLERK], on=ON - factories_cycle.NOTICE
    )
    db.commit()
    clerk = client_for(app, staff[Role.CLERK])
    for path in ("report", "application"):
        assert clerk.get(f"/rating-objections/{row.id}/{path}.pdf").status_code == 404
    paper = credit_forms.check_report(row, open_name=False, by="示例")
    assert "公众样某" not in repr(paper)
    assert "公众样某" in repr(credit_forms.check_report(row, open_name=True, by="示例"))
