"""提示 beside a measure: what else of the institution is under way, for information only — for both kinds."""

from __future__ import annotations

from datetime import date

import pytest

from actions import renewals, violations, withdrawals
from database import session
from queries import effects as ask
from queries import own_matters
from rules.lifecycle import AMENDMENT, APPLICATION, RENEWAL, WITHDRAWAL
from rules.permissions import Role
from tests import factories, factories_amendment
from tests import factories_agreement as made
from tests import factories_renewal as world
from tests.web import client_for

ON = date(2026, 6, 15)


@pytest.fixture
def agreement(db, kind):
    return world.ending(kind)


def owner(agreement):
    return factories.actor(Role.INSTITUTION, institution=agreement.institution)


def test_every_state_in_which_something_is_under_way_is_told_and_no_other():
    told = {
        table.noun: [word for word in table.states if word not in ended]
        for _, _, table, ended in own_matters.UNDER_WAY
    }
    for _, _, table, ended in own_matters.UNDER_WAY:
        assert set(ended) <= set(table.states)
    assert told[RENEWAL.noun] == ["collected", "applied", "assessed", "proposed", "agreed", "refused", "offered"]  # fmt: skip
    assert told[WITHDRAWAL.noun] == ["requested", "agreed"]
    assert told[AMENDMENT.noun][0] == "submitted"
    assert {"approved", "refused", "draft"}.isdisjoint(told[AMENDMENT.noun])
    assert {"barred", "unsettled", "signed", "draft"}.isdisjoint(told[APPLICATION.noun])


def test_open_renewals_changes_and_exits_are_listed_without_a_decision(app, db, staff, kind, agreement):  # fmt: skip
    place = agreement.institution
    renewal = renewals.collect(agreement, actor=staff[Role.CLERK], on=ON)
    user = owner(agreement)
    change = factories_amendment.submitted(
        place, user, factories_amendment.change("address"), on=ON
    )
    leaving = withdrawals.request(
        agreement, act="terminate", reason="经营调整。", from_on=date(2026, 9, 15), actor=user, on=ON
    )  # fmt: skip
    case = made.case(agreement, staff, on=ON)
    session.commit()
    expected = [
        f"续签事项 {renewal.number} 正在办理：{RENEWAL.states['collected'].label}",
        f"信息变更申请 {change.number} 正在办理：{AMENDMENT.states[change.state].label}",
        f"退出申请 {leaving.number} 正在办理：待审核",
    ]
    shown = ask.shown(case, ON)
    assert list(shown.matters) == expected
    assert (shown.rows, shown.found) == ((), ())
    page = client_for(app, staff[Role.INSPECTOR]).get(f"/cases/{case.id}").text
    assert all(line in page for line in expected)
    made.reviewed(case, staff, on=ON)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=ON)
    assert case.state == "decided"


def test_a_draft_is_nobody_s_business_and_what_ended_is_not_told(db, staff, agreement):
    place = agreement.institution
    user = owner(agreement)
    factories_amendment.drafted(place, user, factories_amendment.change("address"), on=ON)
    row = renewals.apply(agreement, statement="按约定提供服务。", actor=user, on=ON)
    renewals.withdraw(row, actor=user, on=ON)
    session.flush()
    assert own_matters.of(place.id) == []
