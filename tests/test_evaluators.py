"""The evaluation pool: who may be put into it, for what, by whom."""

import pytest

from actions import evaluators
from database import session
from models import User
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY


def user_of(actor):
    return session.get_one(User, actor.id)


def join(user, staff, specialty="medicine", role=Role.CHIEF):
    return evaluators.join(user, specialty, actor=staff[role], on=TODAY)


def test_a_member_of_staff_joins_for_one_specialty(db, staff):
    member = join(user_of(staff[Role.INSPECTOR]), staff)
    assert (member.specialty, member.active) == ("medicine", True)
    with pytest.raises(Refused, match="已在"):
        join(user_of(staff[Role.INSPECTOR]), staff, "finance")


def test_the_pool_takes_no_unknown_specialty_and_nobody_from_an_institution(db, staff, kind):
    with pytest.raises(Refused, match="医疗保障"):
        join(user_of(staff[Role.INSPECTOR]), staff, "astrology")
    owner = factories.user(Role.INSTITUTION, institution=factories.institution(kind))
    with pytest.raises(Refused, match="机构用户"):
        join(owner, staff)


@pytest.mark.parametrize("role", [Role.CLERK, Role.SYSADMIN, Role.INSTITUTION])
def test_only_who_forms_teams_fills_the_pool(db, staff, role):
    place = factories.institution() if role is Role.INSTITUTION else None
    with pytest.raises(Denied):
        evaluators.join(
            user_of(staff[Role.FINANCE]),
            "finance",
            actor=factories.actor(role, institution=place),
            on=TODAY,
        )


def test_another_region_fills_its_own_pool(db, staff):
    with pytest.raises(Denied):
        join(factories.user(Role.FINANCE, region="990999"), staff, "finance")
