"""Through the doors: asking for a person's qualification back at the counter and in the portal, and the answer."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from models import Reinstatement
from rules.permissions import Role
from tests import factories, web
from tests import factories_points as points
from tests import factories_practitioner as make
from tests.conftest import TODAY

LONG_AGO = TODAY - timedelta(days=400)  # a bar of twelve months is over


@pytest.fixture
def barred(db, staff, kind):
    row, place = make.practitioner(kind)
    measure = points.revoked(staff, row, place, on=LONG_AGO)
    db.commit()
    return row, place, measure


def version(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def test_from_the_page_of_a_person_at_the_counter_to_the_answer(app, db, staff, barred):
    row, place, measure = barred
    clerk = web.client_for(app, staff[Role.CLERK])
    address = f"/practitioners/{row.id}/reinstatement"
    assert address in clerk.get(f"/practitioners/{row.id}").text
    assert f'value="{place.code}"' in clerk.get(address).text
    given = {"measure_id": measure.id, "place": place.code, "text": "示例理由"}
    wrong = web.post(clerk, address, **given | {"place": "X0"})
    assert wrong.status_code == 409
    assert "没有这个编码的机构" in wrong.text
    empty = web.post(clerk, address, **given | {"text": ""})
    assert empty.status_code == 400
    answer = web.post(clerk, address, **given)
    assert answer.status_code == 303, answer.text
    mine = clerk.get(answer.location).text
    assert '/agree"' not in mine
    assert web.post(clerk, answer.location + "/agree", version=version(mine)).status_code == 403

    reviewer = web.client_for(app, staff[Role.REVIEWER])
    shown = reviewer.get(answer.location).text
    silent = web.post(reviewer, answer.location + "/agree", version=version(shown), opinion="")
    assert silent.status_code == 409
    stale = web.post(reviewer, answer.location + "/agree", version="0", opinion="示例意见")
    assert stale.status_code == 409
    done = web.post(
        reviewer, answer.location + "/agree", version=version(shown), opinion="示例意见"
    )
    assert done.status_code == 303, done.text
    after = reviewer.get(answer.location).text
    assert "同意恢复：示例意见" in after
    assert "恢复医疗保障支付资格申请审核结果告知书" in after
    assert "恢复编号" in reviewer.get("/reinstatements?state=agreed").text
    assert reviewer.get("/reinstatements?format=csv").status_code == 200


def test_an_institution_asks_follows_and_takes_back_in_the_portal(app, db, kind, barred):
    row, place, measure = barred
    mine = web.client_for(app, factories.actor(Role.INSTITUTION, institution=place))
    address = f"/portal/points/{row.id}/reinstatement"
    assert address in mine.get(f"/portal/points/{row.id}").text
    elsewhere = factories.institution(kind).code
    db.commit()
    paper = (BytesIO(b"%PDF-1.4 sample"), "示例证明.pdf")
    answer = web.post(
        mine, address, measure_id=measure.id, text="示例理由", place=elsewhere, file=paper
    )
    assert answer.status_code == 303, answer.text
    request = db.scalars(select(Reinstatement)).one()
    assert request.institution_id == place.id
    shown = mine.get(answer.location).text
    assert "等待经办机构审核" in shown
    assert mine.get(answer.location + "/files/1").data == b"%PDF-1.4 sample"
    assert mine.get(answer.location + "/files/2").status_code == 404
    assert "正在审核" in mine.get(address).text
    back = web.post(mine, answer.location + "/withdraw", version=version(shown))
    assert back.status_code == 303, back.text
    db.refresh(request)
    assert request.state == "withdrawn"


def test_another_institution_and_another_region_find_nothing(app, db, kind, staff, barred):
    row, place, measure = barred
    request = points.reinstatement(staff, measure, place, on=TODAY)
    db.commit()
    other = web.client_for(
        app, factories.actor(Role.INSTITUTION, institution=factories.institution(kind))
    )
    assert other.get(f"/portal/reinstatements/{request.id}").status_code == 404
    assert other.get(f"/portal/points/{row.id}/reinstatement").status_code == 404
    far = web.client_for(app, factories.actor(Role.REVIEWER, region="990199"))
    assert far.get(f"/reinstatements/{request.id}").status_code == 404
