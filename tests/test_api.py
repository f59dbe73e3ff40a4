"""`/api/v1`: a key for a scope opens it and nothing else does; the settlement system asks for one service or for many."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError

import clock
import database
from actions import api_tokens
from database import session
from models import Event, Hold
from queries import payment_book
from rules.api_scopes import Scope
from rules.permissions import Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made
from tests import factories_practitioner as people
from tests.conftest import TODAY

YEAR = timedelta(days=366)


@pytest.fixture
def token(staff):
    return api_tokens.issue(
        "示例结算系统", [Scope.ELIGIBILITY], TODAY + YEAR, actor=staff[Role.SYSADMIN], on=TODAY
    )


@pytest.fixture
def ask(app, token):
    """Send a question with the key; say (status, body)."""
    _row, key = token
    session.commit()
    client = app.test_client()

    def send(method="get", path="", *, key=key, **more):
        heads = {"Authorization": f"Bearer {key}"} if key else {}
        answer = client.open(f"/api/v1/eligibility{path}", method=method, headers=heads, **more)
        return answer.status_code, answer.get_json()

    return send


@pytest.fixture
def world(kind, staff):
    """A person registered at a designated institution, stopped from 2 March except in an emergency."""
    person, place = people.practitioner(kind)
    made.concluded(place)
    stop = Hold(
        source="qualification", source_id=1, practitioner_id=person.id, from_on=date(2026, 3, 2), basis="示例依据",
        emergency_exempt=True,
    )  # fmt: skip
    session.add(stop)
    session.commit()
    return person, place


def test_one_service_is_answered_as_the_book_says(world, ask):
    person, place = world
    given = {"institution": place.code, "practitioner": person.code}
    free = ask(query_string={**given, "service_date": "2026-03-01"})
    assert free == (200, {"payable": True, "reasons": []})
    status, stopped = ask(query_string={**given, "service_date": "2026-03-02"})
    assert (status, stopped["payable"]) == (200, False)
    assert stopped["reasons"] == [
        {
            "code": "practitioner_qualification",
            "article": "示例依据",
            "from": "2026-03-02",
            "to": None,
        }
    ]
    saved = ask(query_string={**given, "service_date": "2026-03-02", "emergency": "true"})
    assert saved == (200, {"payable": True, "reasons": []})


def test_an_answer_can_be_asked_as_it_was_known(world, ask):
    _person, place = world
    given = {"institution": place.code, "service_date": "2026-03-05"}
    status, before = ask(query_string={**given, "known_at": "2020-01-01T00:00:00+08:00"})
    assert (status, [one["code"] for one in before["reasons"]]) == (200, ["not_recorded"])
    assert ask(query_string={**given, "known_at": clock.now().isoformat()})[1]["payable"] is True


def test_many_services_are_answered_in_their_order(world, ask):
    person, place = world
    service = {"institution": place.code, "service_date": "2026-03-02"}
    questions = [
        service,
        {**service, "practitioner": person.code},
        {**service, "practitioner": person.code, "emergency": True},
        {**service, "institution": "X000"},
    ]
    status, found = ask("post", "/bulk", json={"questions": questions})
    assert status == 200
    assert [one["payable"] for one in found["answers"]] == [True, False, True, False]
    assert [one["reasons"] for one in found["answers"]] == [
        [], ["practitioner_qualification"], [], ["unknown_institution"],
    ]  # fmt: skip
    assert ask("post", "/bulk", json={"questions": []}) == (200, {"answers": []})


@pytest.mark.once
@pytest.mark.parametrize("key", ["", "wrong", "示例"])
def test_without_its_key_the_door_stays_shut(ask, key):
    status, problem = ask(
        key=key.encode().decode("latin-1"),
        query_string={"institution": "H", "service_date": "2026-03-01"},
    )
    assert (status, problem["status"]) == (401, 401)
    assert "令牌" in problem["detail"]
    assert (
        ask("post", "/bulk", key=key.encode().decode("latin-1"), json={"questions": []})[0] == 401
    )


@pytest.mark.once
def test_a_session_of_a_person_is_no_key(app, staff, token):
    from tests.web import client_for

    browser = client_for(app, staff[Role.CLERK])
    assert (
        browser.get("/api/v1/eligibility?institution=H&service_date=2026-03-01").status_code == 401
    )


def test_a_key_opens_until_its_last_day_and_not_when_revoked(world, ask, token, staff):
    _person, place = world
    row, _key = token
    given = {"institution": place.code, "service_date": "2026-03-05"}
    with clock.at(row.expires_on):
        assert ask(query_string=given)[0] == 200
    with clock.at(row.expires_on + timedelta(days=1)):
        assert ask(query_string=given)[0] == 401
    api_tokens.revoke(session.merge(row), actor=staff[Role.SYSADMIN], on=TODAY)
    session.commit()
    assert ask(query_string=given)[0] == 401


@pytest.mark.pure
@pytest.mark.parametrize(
    ("seconds", "asked"), [(0.9, []), (1.0, ["SELECT 1"]), (900, ["SELECT 1"])]
)
def test_a_connection_that_rested_is_asked_whether_it_lives(seconds, asked):
    """Asked each time, a question of PostgreSQL would cost double; never, and a restarted server refuses the first."""
    line = Line()
    record = SimpleNamespace(info={})
    with clock.at(TODAY):
        database._lives(line, record, None)
        database._rests(line, record)
    later = datetime.combine(TODAY, time(9), clock.SHANGHAI) + timedelta(seconds=seconds)
    with clock.at(later):
        database._lives(line, record, None)
        assert line.said == asked
        line.gone = True
        with pytest.raises(DisconnectionError) if asked else nullcontext():
            database._lives(line, record, None)


class Line:
    """A connection as the pool sees it."""

    def __init__(self):
        self.said, self.gone = [], False

    def execute(self, statement):
        if self.gone:
            raise OSError("closed by the other side")
        self.said.append(statement)

    def rollback(self):
        """Nothing was begun."""


@pytest.mark.once
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 400),
        ({"institution": "H"}, 400),
        ({"institution": "H", "service_date": "x"}, 400),
        ({"institution": "H", "service_date": "2026-03-05"}, 404),
    ],
)
def test_without_a_key_nobody_hears_what_is_wrong_with_a_question(ask, given, expected):
    assert {ask(query_string=given, key=key)[0] for key in ("", "wrong")} == {401}
    assert ask(query_string=given)[0] == expected


def test_another_region_is_not_answered_for(ask, kind, staff):
    place = made.concluded(factories.institution(kind, region="990999")).institution
    session.commit()
    given = {"institution": place.code, "service_date": "2026-03-05"}
    assert ask(query_string=given)[0] == 404
    found = ask("post", "/bulk", json={"questions": [given]})[1]
    assert found == {"answers": [{"payable": False, "reasons": ["unknown_institution"]}]}


@pytest.mark.once
@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({}, 400, "缺少参数 institution"),
        ({"institution": "HERE"}, 400, "缺少参数 service_date"),
        ({"institution": "HERE", "service_date": "昨天"}, 400, "service_date 不是日期"),
        ({"institution": "X000", "service_date": "2026-03-01"}, 404, "没有这个编码的机构"),
        (
            {"institution": "HERE", "service_date": "2026-03-01", "practitioner": "X"},
            404,
            "没有这个编码的人员",
        ),
        (
            {"institution": "HERE", "service_date": "2026-03-01", "emergency": "也许"},
            400,
            "emergency",
        ),
        (
            {"institution": "HERE", "service_date": "2026-03-01", "known_at": "昨天"},
            400,
            "known_at",
        ),
    ],
)
def test_what_cannot_be_understood_says_which_word(ask, db, query, status, said):
    place = made.concluded(factories.institution("pharmacy")).institution
    session.commit()
    asked = {name: place.code if word == "HERE" else word for name, word in query.items()}
    found, problem = ask(query_string=asked)
    assert found == status
    assert said in problem["detail"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[]", "请求正文"),
        ("{", "请求正文"),
        ('{"questions": [1]}', "请求正文"),
        ('{"questions": [{"institution": 1, "service_date": "2026-03-01"}]}', "第 1 项的编码"),
        ('{"questions": [{"institution": "H", "service_date": "x"}]}', "第 1 项的 service_date"),
        (
            '{"questions": [{"institution": "H", "service_date": "2026-03-01", "emergency": "是"}]}',
            "第 1 项的 emergency",
        ),
    ],
)
def test_a_body_that_cannot_be_understood_is_refused_whole(ask, body, said):
    status, problem = ask("post", "/bulk", data=body, content_type="application/json")
    assert status == 400
    assert said in problem["detail"]


@pytest.mark.once
def test_too_many_at_once_are_refused(ask):
    questions = [{"institution": "H", "service_date": "2026-03-01"}] * 10_001
    assert ask("post", "/bulk", json={"questions": questions})[0] == 413


@pytest.mark.once
def test_the_description_names_every_door_and_parameter(app):
    described = app.test_client().get("/api/v1/openapi.json").get_json()
    doors = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert set(described["paths"]) == {door.replace("<path:cycle>", "{cycle}") for door in doors}
    one = described["paths"]["/api/v1/eligibility"]["get"]
    assert {word["name"] for word in one["parameters"] if word["required"]} == {
        "institution",
        "service_date",
    }


@pytest.mark.once
def test_a_key_is_shown_once_listed_and_revoked_from_the_server(app, db):
    def flask(*args):
        return app.test_cli_runner().invoke(args=["tokens", *args, "--json"])

    until = (clock.today() + timedelta(days=30)).isoformat()
    issued = json.loads(
        flask("create", "示例系统", "--scope", "eligibility", "--until", until).output
    )
    assert len(issued["token"]) == 43
    listed = flask("list").output
    assert issued["token"] not in listed
    assert json.loads(listed)["name"] == "示例系统"
    assert flask("create", "示例系统", "--scope", "eligibility", "--until", until).exit_code == 1
    assert flask("revoke", "示例系统").exit_code == 0
    assert flask("revoke", "示例系统").exit_code == 1
    lines = session.query(Event).filter_by(subject="api_token").order_by(Event.seq)
    assert [line.verb for line in lines] == ["issue_token", "revoke_token"]
    assert all(issued["token"] not in json.dumps(line.facts) for line in lines)


@pytest.mark.once
@pytest.mark.parametrize("days", [-1, 367])
def test_a_key_is_not_issued_for_the_past_or_for_longer_than_a_year(staff, days):
    with pytest.raises(Refused, match="一年以内"):
        api_tokens.issue(
            "示例",
            [Scope.ELIGIBILITY],
            TODAY + timedelta(days=days),
            actor=staff[Role.SYSADMIN],
            on=TODAY,
        )


def test_a_single_answer_costs_one_statement(world, ask):
    """The key together with whoever is meant and the lines, in no transaction and without a row of the tables."""
    person, place = world
    seen = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    ask(
        query_string={
            "institution": place.code,
            "practitioner": person.code,
            "service_date": "2026-03-01",
        }
    )
    assert [text.split()[0] for text in seen] == ["SELECT"]
    assert payment_book.of_codes(place.code, person.code, date(2026, 3, 1)).payable
