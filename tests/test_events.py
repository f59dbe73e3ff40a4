"""The event log by real tampering: as the owner of the database, past the triggers, every way we know."""

import json
import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

import config
import database
from actions import events
from database import session
from models import Event
from models.append_only import ensure_guards
from queries import events as ask
from rules import chain
from rules.permissions import SYSTEM, Role
from tests import factories
from tests.conftest import TODAY
from tools import verify_events

LINES = 40
TOOL = config.ROOT / "tools" / "verify_events.py"
PRINTABLE = {  # another value of the same type for every field that is hashed
    "at": "2020-01-01 00:00:00.000000+00:00",
    "day": "2020-01-01",
    "actor_id": 999,
    "actor": "别人",
    "role": "leader",
    "verb": "nothing",
    "title": "什么也没有发生",
    "subject": "nowhere",
    "subject_id": 999,
    "institution_id": 999,
    "pooling_region": "000000",
    "from_state": "before",
    "to_state": "after",
    "basis": "《示例办法》第零条",
    "facts": '{"amount": 1}',
    "previous": "1" * 64,
    "hash": "2" * 64,
}


@pytest.fixture
def log(db, app):
    """Forty lines in twenty commits, with every field filled; returns the anchor file."""
    institution = factories.institution()
    clerk = factories.actor(Role.CLERK)
    session.commit()
    for number in range(LINES // 2):
        for verb in ("accept", "confirm"):
            events.record(
                institution,
                verb,
                f"第 {number} 件",
                actor=clerk,
                on=TODAY,
                basis="《示例办法》第一条",
                states=("received", "accepted"),
                amount=number * 100,
                note="甲乙丙",
            )
        session.commit()
    return app.config["SETTINGS"].anchor_file


def owner(*statements):
    """What the owner of the database can do after dropping the guards, which are then put back as if nothing were."""
    session.rollback()
    with session.get_bind().begin() as connection:
        if database.is_postgresql():
            connection.execute(text("DROP TRIGGER event_append_only ON event"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER event_no_{verb}"))
        for statement, values in statements:
            connection.execute(text(statement), values)
        ensure_guards(connection, "event")


def verdict(anchor):
    session.rollback()
    session.expunge_all()
    return ask.check(anchor)


def rewrite(first, **changes):
    """Put other values into line `first` and give it and all later lines fitting hashes: a careful forger."""
    session.rollback()
    lines = [dict(zip(ask.NAMES, line, strict=True)) for line in ask.lines() if line[0] >= first]
    previous = lines[0]["previous"]
    orders = []
    for line in lines:
        if line["seq"] == first:
            line.update(changes)
        line["previous"] = previous
        previous = chain.digest(line)
        values = {"s": line["seq"], "h": previous, "p": line["previous"], "t": line["title"]}
        orders.append(("UPDATE event SET hash=:h, previous=:p, title=:t WHERE seq=:s", values))
    owner(*orders)


def test_an_untouched_log_is_whole(log):
    found = verdict(log)
    assert (found.whole, found.rows, found.unanchored) == (True, LINES, 0)
    assert found.head == session.get(Event, LINES).hash


@pytest.mark.parametrize("seq", [1, 17, LINES])
@pytest.mark.parametrize("field", PRINTABLE)
def test_any_field_changed_in_any_line_is_found_and_the_line_is_named(log, field, seq):
    cast = {"at": "timestamptz", "day": "date", "facts": "json"}.get(field)
    value = ":v" if cast is None or not database.is_postgresql() else f"CAST(:v AS {cast})"
    owner((f"UPDATE event SET {field}={value} WHERE seq=:s", {"v": PRINTABLE[field], "s": seq}))
    found = verdict(log)
    assert not found.whole
    assert found.first_bad == seq


def test_a_line_with_another_number_is_found(log):
    owner(("UPDATE event SET seq=99 WHERE seq=17", {}))
    assert verdict(log).first_bad == 17


def test_values_that_are_no_values_are_named_not_stumbled_over(log):
    if database.is_postgresql():
        pytest.skip("PostgreSQL refuses a text as a day")
    for field in ("at", "day", "facts"):
        owner((f"UPDATE event SET {field}='{{nonsense' WHERE seq=5", {}))
        assert verdict(log).first_bad == 5


@pytest.mark.parametrize(
    ("where", "first"),
    [
        ("seq = 1", 1),
        ("seq BETWEEN 10 AND 12", 10),
        (f"seq > {LINES - 20}", LINES - 19),
        ("seq > 0", 1),
    ],
    ids=["the first", "the middle", "the last twenty", "all"],
)
def test_deleted_lines_are_found(log, where, first):
    owner((f"DELETE FROM event WHERE {where}", {}))
    found = verdict(log)
    assert not found.whole
    assert found.first_bad == first


COLUMNS = ", ".join(field for field in chain.FIELDS if field != "seq") + ", hash"


def test_a_line_put_at_the_end_is_found(log):
    copy = (
        f"INSERT INTO event (seq, {COLUMNS}) SELECT {LINES + 1}, {COLUMNS} FROM event WHERE seq=3"
    )
    owner((copy, {}))
    assert verdict(log).first_bad == LINES + 1


def test_a_well_chained_line_put_at_the_end_is_found(log):
    copy = f"INSERT INTO event (seq, {COLUMNS}) SELECT {LINES + 1}, {COLUMNS} FROM event WHERE seq={LINES}"
    owner((copy, {}))
    line = list(ask.lines())[-1]
    line[-2] = session.get(Event, LINES).hash
    values = {"p": line[-2], "h": chain.digest_of(line[:-1]), "s": LINES + 1}
    owner(("UPDATE event SET previous=:p, hash=:h WHERE seq=:s", values))
    found = verdict(log)
    assert (found.fault_count, found.first_bad) == (1, LINES + 1)


def test_a_line_pushed_into_the_middle_is_found(log):
    shift = [
        (f"UPDATE event SET seq = {seq + 1} WHERE seq = {seq}", {}) for seq in range(LINES, 20, -1)
    ]
    copy = f"INSERT INTO event (seq, {COLUMNS}) SELECT 21, {COLUMNS} FROM event WHERE seq=3"
    owner(*shift, (copy, {}))
    assert verdict(log).first_bad == 21


def test_two_lines_that_changed_places_are_found(log):
    swap = [(10, 99), (11, 10), (99, 11)]
    owner(*((f"UPDATE event SET seq={to} WHERE seq={was}", {}) for was, to in swap))
    assert verdict(log).first_bad == 10


def test_a_table_replaced_with_a_fitting_chain_is_found_by_what_is_kept_outside(log):
    rewrite(1, title="从来就是这样")
    found = verdict(log)
    assert (found.whole, found.first_bad) == (False, 1)
    assert "库外" in found.faults[0].what


def test_a_forged_end_with_a_fitting_chain_is_found_by_what_is_kept_outside(log):
    rewrite(LINES - 1, title="从来就是这样")
    assert verdict(log).first_bad == LINES - 1


def test_an_older_copy_is_found_also_after_the_log_was_written_on(log):
    owner((f"DELETE FROM event WHERE seq > {LINES - 4}", {}))
    assert verdict(log).first_bad == LINES - 3
    for number in range(6):
        events.record(None, "again", f"再来 {number}", actor=SYSTEM, on=TODAY)
    session.commit()
    found = verdict(log)
    assert (found.whole, found.first_bad) == (False, LINES - 3)


def test_a_log_without_its_anchor_file_is_not_certified(log):
    log.unlink()
    assert not verdict(log).whole


def test_an_anchor_file_that_makes_no_sense_is_no_anchor(log):
    log.write_text("1 abc\n", encoding="ascii")
    found = verdict(log)
    assert not found.whole
    assert "第 1 行" in found.faults[0].what


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET title='x'", "DELETE FROM event", "TRUNCATE event"]
)
def test_the_table_refuses_every_change(log, statement):
    if statement.startswith("TRUNCATE") and not database.is_postgresql():
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused")
    session.rollback()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))
    session.rollback()
    assert verdict(log).whole


def test_a_line_and_its_effect_come_together_or_not_at_all(log):
    before = log.read_text()
    institution = factories.institution()
    events.record(institution, "register", "登记", actor=SYSTEM, on=TODAY)
    session.flush()
    session.rollback()
    session.commit()
    assert session.get(type(institution), institution.id) is None
    assert verdict(log).rows == LINES
    assert log.read_text() == before


def test_a_line_noted_before_anything_else_is_forgotten_by_a_rollback(log):
    session.rollback()
    events.record(None, "never", "没有发生", actor=SYSTEM, on=TODAY)
    session.rollback()
    events.record(None, "did", "发生了", actor=SYSTEM, on=TODAY)
    session.commit()
    assert session.get(Event, LINES + 1).verb == "did"
    assert verdict(log).rows == LINES + 1


def test_a_savepoint_takes_only_its_own_lines_along(log):
    events.record(None, "outer", "外", actor=SYSTEM, on=TODAY)
    inner = session.begin_nested()
    events.record(None, "lost", "内", actor=SYSTEM, on=TODAY)
    inner.rollback()
    with session.begin_nested():
        events.record(None, "kept", "内", actor=SYSTEM, on=TODAY)
    assert len(log.read_text().splitlines()) == LINES, "nothing is anchored before the commit"
    session.commit()
    assert [session.get(Event, LINES + n).verb for n in (1, 2)] == ["outer", "kept"]
    assert verdict(log).whole


def test_when_the_log_cannot_be_kept_outside_nothing_happens(log, tmp_path):
    events.anchor_to(tmp_path)  # a folder cannot be written to
    institution = factories.institution()
    events.record(institution, "register", "登记", actor=SYSTEM, on=TODAY)
    with pytest.raises(Exception, match="库外留存文件无法写入"):
        session.commit()
    session.rollback()
    events.anchor_to(log)
    assert session.get(type(institution), institution.id) is None
    assert verdict(log).rows == LINES


def test_the_anchor_holds_every_committed_line(log):
    kept = [line.split() for line in log.read_text().splitlines()]
    written = [[str(event.seq), event.hash] for event in session.query(Event).order_by(Event.seq)]
    assert kept == written


WRITER = """
import sys
from tests.conftest import settings
from pathlib import Path
from app import create_app
from actions import events
from database import session
from rules.permissions import SYSTEM, Role
from datetime import date
url, folder, name = sys.argv[1:]
app = create_app(settings(url, folder))
with app.app_context():
    for number in range(30):
        events.record(None, "race", f"{name}{number}", actor=SYSTEM, on=date(2026, 6, 15))
        events.record(None, "race", f"{name}{number}+", actor=SYSTEM, on=date(2026, 6, 15))
        session.commit()
"""


def test_processes_that_write_at_once_keep_one_chain(log, database_url, tmp_path):
    session.rollback()
    call = [sys.executable, "-W", "error", "-c", WRITER, database_url, str(tmp_path)]
    writers = [subprocess.Popen([*call, name], cwd=config.ROOT) for name in "甲乙丙"]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    found = verdict(log)
    expected = LINES + 3 * 30 * 2
    assert (found.whole, found.rows, found.unanchored) == (True, expected, 0)


# The stand-alone tool says the same as the command.


def test_the_tool_hashes_the_same_fields():
    assert verify_events.FIELDS == chain.FIELDS
    assert verify_events.GENESIS == chain.GENESIS
    assert "import" in TOOL.read_text("utf-8")


def command(app, *words):
    answer = app.test_cli_runner().invoke(args=["events", "verify", *words])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer


def alone(*words):
    """The tool as a stranger runs it: no packages, no project."""
    call = [sys.executable, "-I", "-S", str(TOOL), *map(str, words)]
    return subprocess.run(call, capture_output=True, text=True, check=False)


def both(app, anchor, tmp_path):
    """Exit codes and JSON of both, over the same log."""
    session.rollback()
    export = tmp_path / "log.jsonl"
    ours = command(app, "--export", str(export), "--json")
    theirs = alone(export, "--anchor", anchor, "--json")
    return (ours.exit_code, json.loads(ours.output)), (theirs.returncode, json.loads(theirs.stdout))


DEEDS = {
    "nothing": ("", None),
    "a title": ("UPDATE event SET title='x' WHERE seq=7", 7),
    "a deleted middle": ("DELETE FROM event WHERE seq=7", 7),
    "a deleted end": ("DELETE FROM event WHERE seq > 20", 21),
    "all deleted": ("DELETE FROM event", 1),
    "another number": ("UPDATE event SET seq=99 WHERE seq=12", 12),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_tool_and_the_command_agree(app, log, tmp_path, deed):
    statement, first = DEEDS[deed]
    if statement:
        owner((statement, {}))
    ours, theirs = both(app, log, tmp_path)
    assert ours == theirs
    assert ours[0] == (0 if first is None else 1)
    assert ours[1]["first_bad"] == first


def test_the_tool_sees_a_reordered_export_and_says_when_it_had_no_anchor(app, log, tmp_path):
    export = tmp_path / "log.jsonl"
    assert command(app, "--export", str(export)).exit_code == 0
    assert "没有对照" in alone(export).stdout
    lines = export.read_text("utf-8").splitlines(keepends=True)
    export.write_text("".join([*lines[:5], lines[6], lines[5], *lines[7:]]), "utf-8")
    assert alone(export).returncode == 1
    export.write_text("".join(lines[:-20]), "utf-8")
    assert alone(export).returncode == 0, "without the anchor a missing end cannot be seen"
    assert alone(export, "--anchor", log).returncode == 1


def test_the_tool_refuses_what_is_no_log(tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"seq": 1}\n', "utf-8")
    assert alone(broken).returncode != 0
    assert alone(tmp_path / "none.jsonl").returncode == 2


def test_the_command_names_the_first_bad_line_in_words(app, log):
    owner(("UPDATE event SET title='x' WHERE seq=7", {}))
    session.rollback()
    answer = command(app)
    assert answer.exit_code == 1
    assert "第 7 条内容被改动" in answer.output
