"""怎样达到上一等级 on the pages: for staff as soon as there is a result, for the institution once it is published."""

from __future__ import annotations

import pytest

from queries import reaches
from rules.permissions import Role
from tests import factories, factories_cycle
from tests.web import client_for

ON = factories_cycle.ON


@pytest.fixture
def place(db, staff, kind):
    found = factories_cycle.quiet(kind)
    db.commit()
    return found


def test_staff_see_it_with_the_result_and_the_institution_only_when_it_is_published(
    app, db, staff, place
):
    owner = factories.actor(Role.INSTITUTION, institution=place)
    cycle = factories_cycle.started(staff)
    db.commit()
    [rating] = cycle.ratings
    # 40 + 25 of 65 and 2 of 5 for the years, nothing else known: 71 of 80 is 88.75, and 90 is the line
    page = client_for(app, staff[Role.CLERK]).get(f"/ratings/{rating.id}").text
    assert "上一等级是“优秀”，还差 <b>1.25</b> 分" in page
    assert "没有找到能够达到上一等级的办法" in page  # only time gives more years
    portal = client_for(app, owner)
    assert "怎样达到上一等级" not in portal.get("/portal/grades").text
    assert reaches.of_institution(place.id, on=ON) is None
    db.rollback()


@pytest.mark.once
def test_the_portal_says_what_would_be_enough(app, db, staff):
    place = factories_cycle.troubled("hospital", staff)
    factories_cycle.published(staff)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    db.commit()
    page = client_for(app, owner).get("/portal/grades").text
    assert "本机构现为“合格”，上一等级是“良好”" in page
    assert "人员记分合计减少12分（由12分到0分）" in page
    assert "不是承诺" in page
