"""Every door of the house: declared, guarded, shown only to those it opens for, and silent when only looked through."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

import clock
import database
from actions import letters
from blueprints.doors import MENU
from database import session
from models import Document, Event
from rules import event_words
from rules.permissions import Actor, Permission, Role, may
from tests import factories, factories_cycle, factories_stages, whole_county
from tests.conftest import TODAY
from tests.crawl import Walk
from tests.web import client_for, post

PUBLIC = {
    "api.description",
    "access.login",
    "access.sign_in",
    "house.alive",
    "house.figures",
    "house.ready",
    "public.accessibility",
    "public.blacklist",
    "public.guide",
    "public.home",
    "public.institution",
    "public.institutions",
    "public.notices",
    "public.people",
    "public.pledges",
    "public.reports",
    "public.terminated",
    "public.verified",
    "public.verify",
    "public_credit.notice",
    "public_credit.send",
    "public_credit.thanks",
    "public_objections.form",
    "public_objections.send",
    "public_objections.thanks",
}
SIGNED_IN = {
    "access.home",
    "access.sign_out",
    "administration.change_password",
    "administration.password",
}
WITHOUT_OPERATION = {
    "api.declare",
    "api.many",
    "access.sign_in",
    "access.sign_out",
    "administration.change_password",
    "evaluations.autosave",
}
ROLES = [role for role in Role if role is not Role.SYSTEM]
LOOKING_WRITES = {  # tables a look may touch: the clock of the session, and letters printed when first asked for
    "web_session",
    "blob",
}


def rules(app, method):
    """(path with 1 for every part, endpoint, view) of every door that takes this method."""
    for rule in app.url_map.iter_rules():
        if method in rule.methods and rule.endpoint != "static":
            parts = dict.fromkeys(rule.arguments, 1)
            yield rule.build(parts)[1], rule.endpoint, app.view_functions[rule.endpoint]


def test_every_door_says_for_whom_it_is(app):
    kinds = ("permission", "public", "signed_in", "scope")
    for method in ("GET", "POST"):
        for path, endpoint, view in rules(app, method):
            declared = [kind for kind in kinds if hasattr(view, kind)]
            assert len(declared) == 1, f"{endpoint} ({path}) declares {declared}"


def test_the_list_of_doors_open_to_everybody_is_known(app):
    found = {
        endpoint
        for method in ("GET", "POST")
        for _, endpoint, view in rules(app, method)
        if hasattr(view, "public")
    }
    assert found == PUBLIC


def test_the_list_of_doors_open_to_every_signed_in_person_is_known(app):
    found = {
        endpoint
        for method in ("GET", "POST")
        for _, endpoint, view in rules(app, method)
        if hasattr(view, "signed_in")
    }
    assert found == SIGNED_IN


def test_every_door_that_writes_takes_a_form_once(app):
    found = {e for _, e, view in rules(app, "POST") if getattr(view, "no_operation", False)}
    assert found == WITHOUT_OPERATION
    methods = {m for rule in app.url_map.iter_rules() for m in rule.methods}
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def test_without_its_number_a_form_does_not_reach_the_door(app, staff):
    browsers = {role: client_for(app, actor) for role, actor in staff.items()}
    for path, endpoint, view in rules(app, "POST"):
        if endpoint in WITHOUT_OPERATION:
            continue
        permission = getattr(view, "permission", None)
        role = next((r for r in browsers if permission is None or may(staff[r], permission)), None)
        if role is not None:
            assert browsers[role].post(path).status_code == 400, endpoint


def test_a_stranger_is_sent_to_the_sign_in(app, db):
    browser = app.test_client()
    for method in ("GET", "POST"):
        for path, endpoint, view in rules(app, method):
            if endpoint not in PUBLIC and not hasattr(view, "scope"):
                answer = browser.open(path, method=method)
                assert answer.status_code == 302, endpoint
                assert answer.headers["Location"].startswith("/login?next="), endpoint


def who(role, staff, kind="pharmacy"):
    if role is not Role.INSTITUTION:
        return staff[role]
    return factories.actor(role, institution=factories.institution(kind))


@pytest.mark.parametrize("role", ROLES)
def test_a_door_without_a_number_opens_for_whom_the_map_says(app, staff, role):
    actor = who(role, staff)
    browser = client_for(app, actor)
    for path, endpoint, view in rules(app, "GET"):
        permission = getattr(view, "permission", None)
        if permission is None or "/1" in path or path.endswith("=1"):
            continue
        answer = browser.get(path)
        opens = may(actor, permission) and (
            role is not Role.INSTITUTION or endpoint.startswith(("portal", "employments."))
        )
        assert (answer.status_code == 403) is not opens, endpoint
        assert answer.status_code < 500
        answer.close()


@pytest.mark.parametrize("role", ROLES)
def test_every_entry_of_the_menu_opens(app, staff, role):
    actor = who(role, staff)
    browser = client_for(app, actor)
    with app.test_request_context():
        from flask import url_for

        entries = {
            url_for(endpoint): permission
            for _, group in MENU
            for _, endpoint, _, permission in group
        }
    for path, permission in entries.items():
        assert browser.get(path).status_code == (200 if may(actor, permission) else 403), path


def test_an_entry_of_the_menu_asks_for_what_its_door_asks_for(app):
    for _, group in MENU:
        for label, endpoint, _, permission in group:
            assert app.view_functions[endpoint].permission is permission, label


def test_a_role_nobody_thought_of_has_no_permission():
    stranger = Actor(1, "示例", "new_role")
    assert [permission for permission in Permission if may(stranger, permission)] == []


# The whole house, furnished


@pytest.fixture
def county(app, staff):
    """Both kinds in every stage the factories know; returns who walks through it."""
    walkers = dict(staff)
    for kind in ("hospital", "pharmacy"):
        walkers |= whole_county.furnish(app, kind, staff)
    walkers |= factories_stages.furnish(
        staff, factories_cycle.published(staff, "样例周期甲"), on=TODAY
    )
    factories_cycle.drafts(factories_cycle.started(staff, "样例周期乙"), staff)
    locked = factories.user(Role.CLERK)
    locked.failed_count, locked.locked_until = 5, clock.now() + timedelta(minutes=9)
    gone = factories.user(Role.CLERK)
    gone.disabled_on = TODAY
    session.commit()
    _printed()
    return walkers


def _printed():
    """One letter is printed; the others are printed when somebody asks."""
    letters.render(session.scalars(select(Document).order_by(Document.id)).first())
    session.commit()


def counts():
    session.rollback()
    tables = database.Base.metadata.sorted_tables
    found = {t.name: session.scalar(select(func.count()).select_from(t)) for t in tables}
    session.rollback()
    return {name: number for name, number in found.items() if name not in LOOKING_WRITES}


@pytest.mark.elsewhere
def test_no_link_and_no_button_anybody_sees_answers_wrongly_and_looking_changes_nothing(
    app, county, monkeypatch
):
    browsers = {name: client_for(app, actor) for name, actor in county.items()}
    before, wrong, pages, pressed = counts(), [], 0, 0
    exports, printed = 0, Counter()
    for name, browser in browsers.items():
        walk = Walk(app, browser, few=database.is_postgresql(), printed=printed)
        exports += sum(path.startswith("/events?") and "format=" in path for path in walk.seen)
        with monkeypatch.context() as held:
            held.setattr(session, "commit", session.rollback)  # what is pressed does not last
            pressed += walk.press_every_button()
        wrong += [f"{name}: {complaint}" for complaint in walk.wrong]
        pages += len(walk.seen)
        assert len(walk.seen) > 1, name
    after = counts()
    after["event"] -= exports  # reading the log out is itself a line
    assert wrong == []
    assert after == before
    assert pages > 25 * len(browsers)
    assert pressed > 40
    _strangers_find_no_broken_link(app)
    _the_log_speaks_chinese()


def _strangers_find_no_broken_link(app):
    before = counts()
    walk = Walk(app, app.test_client(), "/public/")
    assert walk.wrong == []
    assert len(walk.seen) > 5
    assert counts() == before


def _the_log_speaks_chinese():
    for event in session.scalars(select(Event)):
        words = [event_words.verb(event.verb, event.subject)]
        words += [event_words.subject(event.subject)] if event.subject else []
        words += [
            event_words.state(w, event.subject) for w in (event.from_state, event.to_state) if w
        ]
        assert [word for word in words if word.isascii()] == []


def test_a_denied_visit_leaves_one_line(app, staff):
    browser = client_for(app, staff[Role.CLERK])
    before = session.scalar(select(func.count()).select_from(Event))
    session.rollback()
    assert browser.get("/events").status_code == 403
    assert post(browser, "/users", username="sample.one").status_code == 403
    session.rollback()
    lines = list(session.scalars(select(Event).order_by(Event.seq.desc()).limit(2)))
    assert [line.verb for line in lines] == ["denied", "denied"]
    assert lines[0].facts["path"] == "/users"
    assert session.scalar(select(func.count()).select_from(Event)) == before + 2


def test_an_institution_comes_in_by_the_portal_alone(app, staff):
    """Doors of the staff stay shut for it even where it holds the permission: they ask less."""
    actor = who(Role.INSTITUTION, staff)
    browser, tried = client_for(app, actor), []
    for method in ("GET", "POST"):
        for path, endpoint, view in rules(app, method):
            permission = getattr(view, "permission", None)
            inside = endpoint.startswith(("portal", "employments."))
            if permission is None or inside or not may(actor, permission):
                continue
            answer = browser.get(path) if method == "GET" else post(browser, path)
            assert answer.status_code == 403, endpoint
            tried.append(endpoint)
    assert "rating_objections.withdraw" in tried
    assert "blacklistings.hear" in tried
