"""Whoever audits or pays does so for two years at most: a list says since when, and until when."""

from datetime import date

import pytest

from actions import users
from database import session
from queries import post_rotation as ask
from rules.permissions import Role
from tests import factories, web
from tests.conftest import TODAY
from tests.factories import REGION

SINCE = date(2024, 6, 17)
DUE = date(2026, 6, 17)  # a Wednesday, 24 months later
WHO = {"username": "zhou", "name": "示周", "institution": None}


@pytest.mark.once
@pytest.mark.parametrize(
    ("on", "months", "light"),
    [(date(2026, 6, 16), 23, "soon"), (DUE, 24, "due"), (date(2026, 6, 18), 24, "over")],
)
def test_a_post_is_due_for_somebody_else_on_the_day_two_years_are_over(db, on, months, light):
    actor = factories.actor(Role.SYSADMIN)
    users.create(**WHO, role=Role.FIRST_AUDITOR, actor=actor, on=SINCE)
    session.commit()
    (row,) = ask.holders(REGION, on=on)
    assert (row.since, row.months, row.due_on) == (SINCE, months, DUE)
    assert (row.light.state, row.post) == (light, "初审岗")


@pytest.mark.once
def test_the_time_begins_anew_with_another_post_and_ends_with_the_account(app, db, staff):
    user, _ = users.create(**WHO, role=Role.FIRST_AUDITOR, actor=staff[Role.SYSADMIN], on=SINCE)
    users.change_role(user, Role.FINANCE, actor=staff[Role.SECADMIN], on=TODAY)
    session.commit()
    rows = {row.name: row for row in ask.holders(REGION, on=TODAY)}
    assert (rows["示周"].since, rows["示周"].months, rows["示周"].post) == (TODAY, 0, "财务岗")
    unknown = [row.light.text for name, row in rows.items() if name != "示周"]
    assert unknown == ["没有任职记录"] * 3
    page = web.client_for(app, staff[Role.CHIEF])
    assert "示周" in page.get("/post-rotation").text
    assert "zhou,财务岗,2026-06-15,0" in page.get("/post-rotation?format=csv").get_data(
        as_text=True
    ).replace('"', "")
    users.change_role(user, Role.CLERK, actor=staff[Role.SECADMIN], on=TODAY)
    session.commit()
    assert "示周" not in page.get("/post-rotation").text
