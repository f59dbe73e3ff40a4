"""Two administrators who cannot do each other's work, and accounts that cannot get lost."""

import json
import re

import pytest

from actions import users
from database import session
from models import Event, User
from rules.permissions import ADMINISTRATORS, Denied, Permission, Role, may
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY
from tests.web import client_for, flashes, forms, post


@pytest.fixture
def system(staff):
    return staff[Role.SYSADMIN]


@pytest.fixture
def security(staff):
    return staff[Role.SECADMIN]


@pytest.fixture
def clerk(db):
    return factories.user(Role.CLERK)


def new(actor, **words):
    given = {
        "username": "sample.one",
        "name": "样某某",
        "role": Role.CLERK,
        "institution": None,
        **words,
    }
    return users.create(**given, actor=actor, on=TODAY)


def test_nobody_can_do_two_administrators_work():
    own = {
        Role.SYSADMIN: {
            "create_user", "disable_user", "reissue_password", "manage_calendar", "issue_token", "register_seal",
        },
        Role.SECADMIN: {"unlock_user", "change_role", "approve_token", "approve_seal", "approve_key"},
        Role.LOGADMIN: {"view_events"},
    }  # fmt: skip
    looked_at = {"view_parameters", "view_users", "view_jobs", "view_tokens", "view_seals"}
    ended = {
        "revoke_token",
        "retire_seal",
        "retire_key",
    }  # by either of the two: in a hurry nobody waits for the other
    from rules.permissions import Actor

    for role, words in own.items():
        actor = Actor(1, "示例", role)
        others = set().union(*(own[other] for other in own if other is not role))
        held = {str(permission) for permission in Permission if may(actor, permission)}
        assert words <= held
        assert held & others == set()
        assert held <= words | looked_at | ended, "no business data"


@pytest.mark.parametrize("role", [Role.SECADMIN, Role.LOGADMIN, Role.CLERK, Role.CHIEF])
def test_only_the_system_administrator_opens_accounts(staff, role):
    with pytest.raises(Denied):
        new(staff[role])


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_the_system_administrator_makes_no_administrator(system, role):
    with pytest.raises(Refused, match="三员"):
        new(system, role=Role(role))


def test_a_user_of_an_institution_has_one_and_nobody_else_has(system, kind):
    institution = factories.institution(kind)
    user, _ = new(system, role=Role.INSTITUTION, institution=institution)
    assert (user.institution_id, user.pooling_region) == (
        institution.id,
        institution.pooling_region,
    )
    for words in ({"role": Role.INSTITUTION}, {"role": Role.CLERK, "institution": institution}):
        with pytest.raises(Refused, match="所属机构"):
            new(system, username="sample.two", **words)


@pytest.mark.parametrize("username", ["ab", "Abc", "1abc", "a b c", "样某某", "a" * 33, "a'--", ""])
def test_a_user_name_is_plain(system, username):
    with pytest.raises(Refused, match="用户名"):
        new(system, username=username)


def test_a_user_name_is_never_given_twice(system):
    user, _ = new(system)
    users.disable(user, actor=system, on=TODAY)
    with pytest.raises(Refused, match="已被使用"):
        new(system)


def test_nobody_disables_or_promotes_the_own_account(system, security):
    with pytest.raises(Denied):
        users.disable(session.get(User, system.id), actor=system, on=TODAY)
    with pytest.raises(Denied):
        users.change_role(session.get(User, security.id), Role.LEADER, actor=security, on=TODAY)


def test_the_last_one_of_an_administrators_desk_stays(staff, system, security):
    with pytest.raises(Refused, match="最后一名"):
        users.disable(session.get(User, security.id), actor=system, on=TODAY)
    with pytest.raises(Refused, match="最后一名"):
        users.change_role(session.get(User, system.id), Role.CLERK, actor=security, on=TODAY)
    second = factories.user(Role.SECADMIN)
    users.disable(session.get(User, security.id), actor=system, on=TODAY)
    assert second.disabled_on is None


def test_no_password_of_an_administrator_is_reissued_by_a_person(staff, system):
    for role in ADMINISTRATORS:
        target = factories.user(role)
        with pytest.raises(Denied):
            users.reissue_password(target, actor=system, on=TODAY)


def test_a_role_is_changed_by_the_security_administrator_alone(staff, clerk):
    for role, actor in staff.items():
        if role is not Role.SECADMIN:
            with pytest.raises(Denied):
                users.change_role(clerk, Role.REVIEWER, actor=actor, on=TODAY)
    users.change_role(clerk, Role.REVIEWER, actor=staff[Role.SECADMIN], on=TODAY)
    session.commit()
    line = session.query(Event).order_by(Event.seq.desc()).first()
    assert (line.verb, line.from_state, line.to_state) == ("change_role", "clerk", "reviewer")


def test_desks_and_institutions_do_not_mix(security, kind):
    institution = factories.institution(kind)
    theirs = factories.user(Role.INSTITUTION, institution=institution)
    with pytest.raises(Refused, match="机构用户"):
        users.change_role(theirs, Role.CLERK, actor=security, on=TODAY)
    ours = factories.user(Role.CLERK)
    for role in (Role.INSTITUTION, Role.SYSTEM):
        with pytest.raises(Refused):
            users.change_role(ours, role, actor=security, on=TODAY)


def test_the_pages_walk_an_account_through_its_life(app, staff):
    system, security = client_for(app, staff[Role.SYSADMIN]), client_for(app, staff[Role.SECADMIN])
    shown = post(system, "/users", username="sample.one", name="样某某", role="clerk")
    assert shown.status_code == 200
    assert re.search(r"<code>\S{19}</code>", shown.text)
    user = session.query(User).filter_by(username="sample.one").one()
    key, version = user.id, user.version
    session.rollback()
    assert "待改初始密码" in system.get("/users?q=sample").text
    changed = post(security, f"/users/{key}/role", role="reviewer", version=version)
    assert "复核岗" in flashes(security, changed).text
    for seen in (version, "x"):
        stale = post(system, f"/users/{key}/disable", version=seen)
        assert stale.status_code == 409
        assert "已被他人修改" in stale.text
    assert post(system, f"/users/{key}/disable", version=version + 1).status_code == 303
    assert "sample.one" in system.get("/users?state=disabled").text
    assert "sample.one" not in system.get("/users?state=initial").text
    assert post(system, f"/users/{key}/enable").status_code == 303
    assert post(system, f"/users/{key}/password").status_code == 200


def test_each_administrator_sees_the_own_buttons_only(app, staff, clerk):
    clerk.failed_count, clerk.locked_until = 5, factories_later()
    session.commit()
    page = f"/users/{clerk.id}"
    system = {
        action.rpartition("/")[2]
        for action in forms(client_for(app, staff[Role.SYSADMIN]).get(page).text)
    }
    security = {
        action.rpartition("/")[2]
        for action in forms(client_for(app, staff[Role.SECADMIN]).get(page).text)
    }
    assert system - {"logout"} == {"disable", "password"}
    assert security - {"logout"} == {"unlock", "role"}


def factories_later():
    from datetime import timedelta

    import clock

    return clock.now() + timedelta(minutes=5)


def test_the_security_administrator_ends_a_lock(app, staff, clerk):
    clerk.failed_count, clerk.locked_until = 5, factories_later()
    session.commit()
    browser = client_for(app, staff[Role.SECADMIN])
    assert post(browser, f"/users/{clerk.id}/unlock").status_code == 303
    client_for(app, clerk)
    assert post(browser, f"/users/{clerk.id}/unlock").status_code == 409


def test_an_unknown_account_is_not_found(app, staff):
    assert client_for(app, staff[Role.SYSADMIN]).get("/users/999999").status_code == 404


def run(app, *words):
    answer = app.test_cli_runner().invoke(args=["users", *words])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer


def test_the_first_administrators_come_from_the_command_line(app, db):
    answer = run(app, "create", "sample.sys", "--name", "样某某", "--role", "sysadmin", "--json")
    assert answer.exit_code == 0
    initial = json.loads(answer.output)["initial_password"]
    browser = app.test_client()
    words = {"username": "sample.sys", "password": initial}
    assert browser.post("/login", data=words).status_code == 303
    assert browser.get("/users").headers["Location"] == "/password"
    assert run(app, "create", "sample.sys", "--name", "样某某", "--role", "secadmin").exit_code == 1
    assert run(app, "create", "sample.two", "--name", "样某某", "--role", "clerk").exit_code == 2
    again = json.loads(run(app, "password", "sample.sys", "--json").output)["initial_password"]
    assert again != initial
    assert browser.get("/password").status_code == 302, "signed out"
    assert run(app, "password", "nobody").exit_code == 1
