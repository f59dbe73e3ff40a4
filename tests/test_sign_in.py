"""Coming in and going out: locks, limits, sessions, first passwords, and what an answer carries."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

import clock
import database
from actions import sessions, users
from app import HEADERS
from database import session
from models import User, WebSession
from rules import passwords
from rules.permissions import Role
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY
from tests.factories import PASSWORD
from tests.web import client_for, post

LIMITS = sessions.Limits()
ONE_SENTENCE = "用户名或者密码不正确，或者账号已被锁定。"
OTHER = "Kranich-7-Tannen"


@pytest.fixture
def clerk(db):
    row = factories.user(Role.CLERK)
    session.commit()
    return row


def knock(app, username, password=PASSWORD, **words):
    return app.test_client().post(
        "/login", data={"username": username, "password": password, **words}
    )


def locked(user):
    session.rollback()
    session.expire_all()
    return session.get(User, user.id).locked_until


# Guessing


def test_the_fifth_wrong_password_locks_and_the_right_one_is_then_refused(app, clerk):
    for _ in range(4):
        assert knock(app, clerk.username, "wrong").status_code == 403
        assert locked(clerk) is None
    assert knock(app, clerk.username, "wrong").status_code == 403
    assert locked(clerk) is not None
    assert knock(app, clerk.username).status_code == 403
    with clock.at(clock.now() + timedelta(minutes=14, seconds=59)):
        assert knock(app, clerk.username).status_code == 403
    with clock.at(clock.now() + timedelta(minutes=15)):
        assert knock(app, clerk.username).status_code == 303


def test_the_right_password_at_the_fifth_try_opens(app, clerk):
    for _ in range(4):
        knock(app, clerk.username, "wrong")
    assert knock(app, clerk.username).status_code == 303
    assert locked(clerk) is None
    assert session.get(User, clerk.id).failed_count == 0


def test_after_the_lock_the_count_begins_anew(app, clerk):
    for _ in range(5):
        knock(app, clerk.username, "wrong")
    with clock.at(clock.now() + timedelta(minutes=16)):
        for _ in range(4):
            knock(app, clerk.username, "wrong")
        assert knock(app, clerk.username).status_code == 303


def test_of_fifty_guesses_at_once_five_are_looked_at(app, clerk, monkeypatch):
    looked_at = []
    monkeypatch.setattr(
        sessions, "_fits", lambda stored, guess: bool(looked_at.append((stored, guess)))
    )
    with ThreadPoolExecutor(50) as crowd:
        now = clock.now()

        def guess(number):
            with clock.at(now):
                return knock(app, clerk.username, f"guess {number}").status_code

        codes = list(crowd.map(guess, range(50)))
    assert codes == [403] * 50
    own = [guess for stored, guess in looked_at if stored == clerk.password_hash]
    assert len(own) == 5, "the others were held against nobody's password"
    assert locked(clerk) is not None


def test_other_accounts_stay_open_while_one_is_attacked(app, clerk):
    other = factories.user(Role.CLERK)
    session.commit()
    for _ in range(8):
        knock(app, clerk.username, "wrong")
    assert knock(app, other.username).status_code == 303


def test_unknown_wrong_locked_and_disabled_are_told_the_same(app, clerk):
    gone = factories.user(Role.CLERK)
    gone.disabled_on = TODAY
    shut = factories.user(Role.CLERK)
    shut.failed_count, shut.locked_until = 5, clock.now() + timedelta(minutes=5)
    session.commit()
    answers = [
        knock(app, "nobody-at-all"),
        knock(app, clerk.username, "wrong"),
        knock(app, gone.username),
        knock(app, shut.username),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert all(ONE_SENTENCE in answer.text for answer in answers)
    bare = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert len(bare) == 1


def test_an_unknown_name_costs_as_much_as_a_wrong_password(app, clerk, monkeypatch):
    """Not measured in seconds but in what is done: one hash each."""
    checked = []
    real = sessions._hasher.verify

    class Watched:
        def verify(self, stored, password):
            checked.append(stored)
            return real(stored, password)

    monkeypatch.setattr(sessions, "_hasher", Watched())
    knock(app, "nobody-at-all", "wrong")
    knock(app, clerk.username, "wrong")
    assert len(checked) == 2


def test_two_sign_ins_at_once_are_no_conflict(app, clerk):
    now = clock.now()

    def come_in(_number):
        with clock.at(now):
            return knock(app, clerk.username).status_code

    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(come_in, range(4))) == [303] * 4


# Sessions


def test_a_cookie_is_dead_after_signing_out(app, clerk):
    browser = client_for(app, clerk)
    cookie = browser.get_cookie("dingdian").value
    assert browser.post("/logout").status_code == 303
    thief = app.test_client()
    thief.set_cookie("dingdian", cookie)
    assert thief.get("/worklist").status_code == 302


def test_a_disabled_user_is_out_at_the_next_request(app, staff, clerk):
    browser = client_for(app, clerk)
    assert browser.get("/worklist").status_code == 200
    users.disable(session.get(User, clerk.id), actor=staff[Role.SYSADMIN], on=TODAY)
    session.commit()
    assert browser.get("/worklist").status_code == 302


def test_a_new_desk_ends_the_sessions_of_the_old_one(app, staff, clerk):
    browser = client_for(app, clerk)
    users.change_role(
        session.get(User, clerk.id), Role.REVIEWER, actor=staff[Role.SECADMIN], on=TODAY
    )
    session.commit()
    assert browser.get("/worklist").status_code == 302


def test_idle_and_absolute_limits(app, clerk):
    start = clock.now()
    browser = client_for(app, clerk)

    def answer(**later):
        with clock.at(start + timedelta(**later)):
            return browser.get("/worklist").status_code

    assert answer(minutes=29) == 200
    assert answer(minutes=58) == 200, "being active prolongs"
    assert answer(minutes=89) == 302, "31 minutes of silence do not"
    browser = client_for(app, clerk)
    for minute in range(20, 480, 20):
        assert answer(minutes=minute) == 200
    assert answer(hours=8, seconds=1) == 302, "activity does not prolong past eight hours"


def test_asking_by_itself_does_not_keep_a_session_alive(app, clerk):
    start = clock.now()
    browser = client_for(app, clerk)
    for minute in (10, 20, 29):
        with clock.at(start + timedelta(minutes=minute)):
            assert browser.get("/worklist?poll=1").status_code == 200
    with clock.at(start + timedelta(minutes=31)):
        assert browser.get("/worklist").status_code == 302


def test_signing_in_makes_a_new_key_and_ends_the_one_brought_along(app, clerk):
    browser = app.test_client()
    browser.set_cookie("dingdian", "chosen-by-somebody-else")
    browser.post("/login", data={"username": clerk.username, "password": PASSWORD})
    first = browser.get_cookie("dingdian").value
    assert first != "chosen-by-somebody-else"
    browser.post("/login", data={"username": clerk.username, "password": PASSWORD})
    second = browser.get_cookie("dingdian").value
    assert second != first
    other = app.test_client()
    other.set_cookie("dingdian", first)
    assert other.get("/worklist").status_code == 302
    assert browser.get("/worklist").status_code == 200


def test_the_table_holds_no_key(app, clerk):
    browser = client_for(app, clerk)
    session.rollback()
    key = browser.get_cookie("dingdian").value
    assert len(key) >= 43, "256 bits in base64"
    assert key not in [row.digest for row in session.query(WebSession)]


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/\t/evil.example",
     "/\n/evil.example", "javascript:alert(1)", "evil.example", "///evil.example", "/x\r\nSet-Cookie: a=b"],
)  # fmt: skip
def test_signing_in_never_leads_off_the_site(app, clerk, target):
    answer = knock(app, clerk.username, next=target)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


def test_signing_in_leads_on_to_where_one_wanted_to_go(app, clerk):
    asked = app.test_client().get("/worklist?tab=over")
    assert asked.status_code == 302
    assert "next=/worklist?tab%3Dover" in asked.headers["Location"]
    wrong = knock(app, clerk.username, "wrong", next="/worklist?tab=over")
    assert 'value="/worklist?tab=over"' in wrong.text
    assert (
        knock(app, clerk.username, next="/worklist?tab=over").headers["Location"]
        == "/worklist?tab=over"
    )


def test_a_form_from_elsewhere_is_refused(app, clerk):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    page = browser.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    words = {"username": clerk.username, "password": PASSWORD}
    assert browser.post("/login", data=words).status_code == 400
    assert browser.post("/login", data={**words, "csrf_token": "made-up"}).status_code == 400
    assert browser.post("/login", data={**words, "csrf_token": token}).status_code == 303
    stray = {"operation_id": secrets.token_hex(8)}
    for path in ("/password", "/logout", "/users/1/disable"):
        assert browser.post(path, data=stray).status_code == 400
    assert browser.get("/worklist").status_code == 200, "still signed in: nothing happened"


# What every answer carries


@pytest.mark.parametrize(
    ("path", "status"),
    [("/worklist", 200), ("/events", 403), ("/nowhere", 404), ("/static/app.js", 200), ("/", 302), ("/login", 200),
     ("/healthz", 200), ("/users/9999999", 403)],
)  # fmt: skip
def test_every_answer_carries_the_headers(app, clerk, path, status):
    answer = client_for(app, clerk).get(path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    if path in {"/worklist", "/events", "/"}:
        assert answer.headers["Cache-Control"] == "no-store"
    answer.close()


def test_a_conflict_and_a_faulty_form_carry_them_too(app, staff):
    browser = client_for(app, staff[Role.SYSADMIN])
    conflict = post(browser, f"/users/{staff[Role.CLERK].id}/enable")
    faulty = post(browser, "/users")
    bare = browser.post("/users", data={})
    assert [a.status_code for a in (conflict, faulty, bare)] == [409, 400, 400]
    for answer in (conflict, faulty, bare):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_out_of_reach_of_scripts(app, clerk):
    cookie = knock(app, clerk.username).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in knock(app, clerk.username).headers["Set-Cookie"]


# The first password, and one's own


def test_an_initial_password_is_shown_once_and_opens_only_its_own_change(app, staff):
    system = client_for(app, staff[Role.SYSADMIN])
    shown = post(system, "/users", username="sample.one", name="样某某", role="clerk")
    first = re.search(r"<code>([^<]+)</code>", shown.text)[1]
    user = session.query(User).filter_by(username="sample.one").one()
    session.rollback()
    assert first not in system.get(f"/users/{user.id}").text
    browser = app.test_client()
    assert (
        browser.post("/login", data={"username": "sample.one", "password": first}).status_code
        == 303
    )
    for path in ("/", "/worklist", "/parameters", "/users/new", "/public/institutions"):
        assert browser.get(path).headers.get("Location") == "/password", path
    assert post(browser, "/applications/new").headers["Location"] == "/password"
    assert "初始密码" in browser.get("/password").text
    changed = post(browser, "/password", old=first, new=OTHER, again=OTHER)
    assert changed.status_code == 303
    assert browser.get("/worklist").status_code == 200
    assert knock(app, "sample.one", first).status_code == 403
    assert knock(app, "sample.one", OTHER).status_code == 303


def test_the_initial_password_is_nowhere_in_the_database(app, staff, database_url):
    system = client_for(app, staff[Role.SYSADMIN])
    shown = post(
        system,
        "/users",
        username="sample.one",
        name="样某某",
        role="clerk",
        operation_id="the-same-form",
    )
    first = re.search(r"<code>([^<]+)</code>", shown.text)[1]
    again = post(
        system,
        "/users",
        username="sample.one",
        name="样某某",
        role="clerk",
        operation_id="the-same-form",
    )
    assert again.status_code == 303
    assert first not in system.get(again.headers["Location"]).text
    session.rollback()
    for table in database.Base.metadata.sorted_tables:
        assert first not in str(session.execute(table.select()).all())


def test_changing_the_password_ends_every_other_session(app, clerk):
    here, there = client_for(app, clerk), client_for(app, clerk)
    before = here.get_cookie("dingdian").value
    assert post(here, "/password", old=PASSWORD, new=OTHER, again=OTHER).status_code == 303
    assert there.get("/worklist").status_code == 302
    assert here.get("/worklist").status_code == 200
    assert here.get_cookie("dingdian").value != before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"old": "wrong"}, "原密码不正确"),
        ({"new": PASSWORD, "again": PASSWORD}, "与原密码相同"),
        ({"again": OTHER + "x"}, "两次填写的新密码不一致"),
        ({"new": "Short-1", "again": "Short-1"}, "12 到 128 位"),
        ({"new": "onlysmallletters", "again": "onlysmallletters"}, "至少 3 类"),
        ({"new": "Password-2026-x", "again": "Password-2026-x"}, "过于常见"),
    ],
)
def test_a_refused_password_stays_on_the_page_with_its_reason(app, clerk, words, why):
    browser = client_for(app, clerk)
    answer = post(browser, "/password", **{"old": PASSWORD, "new": OTHER, "again": OTHER, **words})
    assert answer.status_code in {400, 409}
    assert why in answer.text
    assert knock(app, clerk.username).status_code == 303


@pytest.mark.parametrize(
    ("password", "right"),
    [
        ("Kranich-7-Tannen", True),
        ("kranich-7-tannen", True),
        ("kranichtannenwald", False),
        ("KRANICH77777", False),
        ("Kranich-7-Ta", True),
        ("Kranich-7-T", False),
        ("x" * 126 + "A1", False),
        ("Kranich-7-" + "abcdefghijk" * 11, False),
        ("Sample.One-1234", False),
        ("医保局密码Abc12345", False),
        ("Aa1Aa1Aa1Aa1", False),
    ],
)
def test_the_policy(password, right):
    assert (passwords.faults(password, "sample.one") == []) is right


def test_initial_passwords_fit_the_policy_and_differ():
    made = {passwords.initial() for _ in range(200)}
    assert len(made) == 200
    assert all(not passwords.faults(password, "sample.one") for password in made)


def test_an_overlong_password_is_refused_before_it_is_hashed(clerk, monkeypatch):
    monkeypatch.setattr(sessions, "_hasher", None)
    with pytest.raises(Refused):
        sessions.sign_in(clerk, "x" * 129, LIMITS)
