"""The work list stays cheap, and list, count, export and print-out are one and the same answer."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event

import database
from actions import sessions
from benchmarks import filling
from database import session
from models import Institution, User, WorkItem
from queries import calendar_days, worklist
from queries.paging import PRINT_LIMIT
from queries.worklist import Filters
from rules import clocks
from tests import factories
from tests.conftest import TODAY
from tests.web import client_for

ITEMS = 2000
MOST_STATEMENTS = 12
MOST_BYTES = 150_000
TABS = ("mine", "mine", "over", "due", "done", "started")
LIGHTS = ("", "", "over", "due", "soon", "ok", "paused", "na")
SORTS = ("due", "-due", "received_on", "-received_on", "number", "-number")


@pytest.fixture
def clerk(db, app, database_url):
    """A browser of the clerk on whose desk two thousand items lie."""
    session.rollback()
    filling.fill(database_url, ITEMS, on=TODAY)
    who = session.get(User, 1)
    who.password_hash = factories._hash
    session.commit()
    return client_for(app, who)


@pytest.fixture
def statements(app):
    """Every statement from now on; transaction control does not count as work."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    yield seen
    event.remove(app.extensions["engine"], "before_cursor_execute", note)


def total(html):
    return int(re.search(r"共 (\d+) 条", html)[1])


def numbers(html):
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', html)


def exported(client, query):
    answer = client.get("/worklist", query_string={**query, "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    return [row[0] for row in rows[1:]]


def on_all_pages(client, query):
    first = client.get("/worklist", query_string={**query, "per_page": 200})
    pages = -(-total(first.text) // 200)
    rest = [
        client.get("/worklist", query_string={**query, "per_page": 200, "page": n}).text
        for n in range(2, pages + 1)
    ]
    return total(first.text), [number for page in (first.text, *rest) for number in numbers(page)]


def drawn(dice):
    """A filter as a clerk might set it; most words hit something."""
    matter = dice.choice(["", *filling.MATTERS])
    opened = TODAY - timedelta(days=dice.randrange(10, 120))
    query = {
        "tab": dice.choice(TABS),
        "light": dice.choice(LIGHTS),
        "matter": matter,
        "step": dice.choice(["", *filling.MATTERS[matter]]) if matter else "",
        "q": dice.choice(["", "", dice.choice(filling.WORDS), "sl", "药房", "SL2026", "100%"]),
        "from": str(opened) if dice.random() < 0.4 else "",
        "to": str(opened + timedelta(days=40)) if dice.random() < 0.4 else "",
        "sort": dice.choice(SORTS),
    }
    return {name: word for name, word in query.items() if word}


def test_a_page_takes_few_statements_the_first_time_and_again(clerk, statements):
    for _ in range(2):
        statements.clear()
        page = clerk.get("/worklist", query_string={"q": "药房", "light": "ok", "per_page": 50})
        assert len(numbers(page.text)) == 50
        assert 0 < len(statements) <= MOST_STATEMENTS, "\n".join(statements)
        assert len(page.data) <= MOST_BYTES


def test_the_number_of_rows_does_not_change_the_number_of_statements(clerk, statements):
    taken = []
    for size in (50, 200):
        statements.clear()
        page = clerk.get("/worklist", query_string={"per_page": size})
        assert len(numbers(page.text)) == size
        taken.append(len(statements))
    assert taken[0] >= taken[1]


def test_list_count_export_and_print_show_the_same_rows(clerk):
    dice, hits = random.Random(7), 0
    for _ in range(30):
        query = drawn(dice)
        count, listed = on_all_pages(clerk, query)
        printed = clerk.get("/worklist", query_string={**query, "print": 1}).text
        assert (len(listed), len(set(listed))) == (count, count), query
        assert exported(clerk, query) == listed, query
        assert numbers(printed) == listed[:PRINT_LIMIT], query
        assert total(printed) == count, query
        hits += bool(count)
    assert hits >= 15  # a test over empty lists would prove nothing


def test_every_row_has_the_light_it_was_asked_for(clerk):
    """今明到期 asks for two days; tomorrow's light itself is amber."""
    shown = {
        "over": {"over"},
        "due": {"due", "soon"},
        "soon": {"soon"},
        "ok": {"ok"},
        "paused": {"paused"},
        "na": {"na"},
    }
    for tab in ("mine", "started", "done"):
        for light, allowed in shown.items():
            page = clerk.get("/worklist", query_string={"tab": tab, "light": light}).text
            rows = page.partition('id="rows"')[2]
            assert set(re.findall(r"light light-(\w+)", rows)) <= allowed, (tab, light)
            assert tab == "done" or numbers(page), (tab, light)


def test_the_lights_divide_the_list_without_rest(clerk):
    parts = [
        total(clerk.get("/worklist", query_string={"light": light}).text)
        for light in ("over", "due", "soon", "ok", "paused", "na")
    ]
    assert sum(parts) == total(clerk.get("/worklist").text)


def test_a_kept_count_ends_with_the_next_line_of_the_log(clerk, app, db):
    """Two readers see the same figure; whatever is written down changes it at once."""
    actor = the_clerk()
    with database.reading():
        before = worklist.count(actor, Filters(), on=TODAY)
        session.rollback()
    move_to_desk(session.get(Institution, 1), actor)
    session.commit()
    with database.reading():
        after = worklist.count(actor, Filters(), on=TODAY)
        badge = worklist.waiting_count(actor)
        session.rollback()
    expected = before + 1
    assert (after, badge) == (expected, expected)


def the_clerk():
    return sessions.actor_of(session.get(User, 1))


def move_to_desk(institution, actor):
    session.add(
        WorkItem(
            subject="application",
            subject_id=ITEMS + 1,
            number="SL2026999999",
            matter="定点申请",
            step="受理审核",
            desk=str(actor.role),
            institution_id=institution.id,
            institution_name=institution.name,
            institution_kind=str(institution.kind),
            pooling_region=institution.pooling_region,
            opened_on=TODAY,
            started_by=actor.id,
        )
    )


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 6, 15), date(2026, 6, 21)),  # Friday the 19th is a day off; so is the weekend
        (date(2026, 11, 23), date(2026, 11, 26)),
        (date(2026, 12, 25), date(2026, 12, 30)),
        (date(2026, 12, 29), date(2027, 1, 1)),  # 2027 is not loaded
    ],
)
def test_amber_ends_on_the_same_day_for_filter_and_row(db, today, last):
    calendar = calendar_days.workdays()
    assert clocks.last_amber(today, calendar) == last
    assert clocks.light(last, today, calendar).state == "soon"
    assert clocks.light(last + timedelta(days=1), today, calendar).state == "ok"
