"""`flask score` without a database, `flask rate` on the institution's own cycles."""

from __future__ import annotations

import csv
import json

import pytest
from sqlalchemy import select

from database import session
from models import Cycle, Rating
from scoring import catalogue
from tests import factories_cycle

SCHEME = catalogue.FOLDER / "county_four_grades.yaml"
COLUMNS = catalogue.parsed(SCHEME.read_text("utf-8")).fact_columns


def run(app, *words):
    return app.test_cli_runner().invoke(args=list(map(str, words)))


def facts(path, rows, *, columns=COLUMNS, encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({name: row.get(name, "") for name in columns} for row in rows)
    return path


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


HOSPITAL = {"institution": "甲", "family": "medical", "peer_group": "医疗", "practitioners": "10"}
PHARMACY = {"institution": "乙", "family": "pharmacy", "peer_group": "药店", "practitioners": "2"}
CLEAN = {"years_of_service": "3", "evaluation_items": "6", "evaluation_items_failed": "0"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_facts_are_scored_by_a_scheme_file(app, tmp_path, encoding):
    rows = [
        HOSPITAL | CLEAN,
        PHARMACY | CLEAN | {"violations_confirmed": "2", "practitioner_points": "5"},
    ]
    source = facts(tmp_path / "facts.csv", rows, encoding=encoding)
    out, lines = tmp_path / "out.csv", tmp_path / "lines.csv"
    answer = run(app, "score", SCHEME, source, "--out", out, "--lines", lines, "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["grades"] == {"excellent": 1, "good": 1}
    first, second = table(out)
    assert (first["institution"], float(first["score"]), first["grade"]) == ("甲", 100, "excellent")
    # 40 × 30/40; 2.5 points a head give 5 of 12, so 20 × 13/20; 25; 15
    assert float(second["score"]) == 30 + 13 + 25 + 15
    assert float(second["points_per_head"]) == 5 / 2
    cases = [row for row in table(lines) if row["indicator"] == "confirmed_cases"]
    assert [(row["raw"], row["points"]) for row in cases] == [("0.0", "20.0"), ("2.0", "10.0")]


def test_several_files_are_joined_by_the_subject_s_key(app, tmp_path):
    some = ("institution", "family", "peer_group", "practitioners")
    rest = ("institution", *(name for name in COLUMNS if name not in some))
    rows = [HOSPITAL | CLEAN, PHARMACY | CLEAN | {"violations_confirmed": "2"}]
    one = facts(tmp_path / "one.csv", rows, columns=some)
    two = facts(tmp_path / "two.csv", rows[::-1], columns=rest)
    out = tmp_path / "out.csv"
    assert run(app, "score", SCHEME, one, two, "--out", out).exit_code == 0
    assert [(row["institution"], float(row["score"])) for row in table(out)] == [
        ("甲", 100),
        ("乙", 90),
    ]


@pytest.mark.parametrize(
    ("rows", "columns", "why"),
    [
        ([HOSPITAL], COLUMNS[1:], "没有列 institution"),
        ([HOSPITAL, HOSPITAL], COLUMNS, "不止一次"),
        ([HOSPITAL], COLUMNS[:-1], "缺少列：veto_evidence"),
        ([HOSPITAL | {"practitioners": "许多"}], COLUMNS, "不是数字"),
    ],
)
def test_facts_that_do_not_fit_are_refused_and_nothing_is_written(
    app, tmp_path, rows, columns, why
):
    source = tmp_path / "facts.csv"
    facts(source, [{k: v for k, v in row.items() if k in columns} for row in rows], columns=columns)
    answer = run(app, "score", SCHEME, source, "--out", tmp_path / "out.csv")
    assert (answer.exit_code, why in answer.stderr) == (1, True)
    assert not (tmp_path / "out.csv").exists()


def test_a_wrong_scheme_names_its_line(app, tmp_path):
    scheme = tmp_path / "wrong.yaml"
    scheme.write_text(
        SCHEME.read_text("utf-8").replace("operator: flag", "operator: flug"), "utf-8"
    )
    answer = run(
        app, "score", scheme, facts(tmp_path / "f.csv", [HOSPITAL]), "--out", tmp_path / "o.csv"
    )
    assert answer.exit_code == 1
    assert "行" in answer.stderr


# --- rate ---------------------------------------------------------------------------------------------

PERIOD = ("--from", "2026-01-01", "--to", "2026-05-31")


def test_a_dry_run_writes_nothing_and_a_run_does(app, db, kind):
    factories_cycle.quiet(kind)
    db.commit()
    answer = run(app, "rate", "2026年上半年", *PERIOD, "--dry-run", "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["rated"] == 1
    assert session.scalars(select(Cycle)).all() == []
    session.rollback()
    answer = run(app, "rate", "2026年上半年", *PERIOD, "--json")
    assert json.loads(answer.stdout)["written"] is True
    cycle = session.scalars(select(Cycle)).one()
    assert (cycle.state, cycle.started_by_id, len(cycle.ratings)) == ("computed", None, 1)


def test_an_existing_cycle_is_replayed_and_a_false_result_is_found(app, db, staff, kind):
    factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    db.commit()
    answer = run(app, "rate", cycle.name, "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["same"] is True
    session.scalars(select(Rating)).one().score_milli += 10
    session.commit()
    answer = run(app, "rate", cycle.name)
    assert (answer.exit_code, "不一致" in answer.stderr) == (1, True)


def test_a_published_cycle_is_not_started_again_but_may_be_tried(app, db, staff, kind):
    factories_cycle.quiet(kind)
    cycle = factories_cycle.published(staff)
    db.commit()
    key = cycle.scheme
    assert run(app, "rate", cycle.name, "--scheme", key, "--dry-run").exit_code == 0
    refused = run(app, "rate", cycle.name, "--scheme", key)
    assert (refused.exit_code, "已经公布" in refused.stderr) == (1, True)


def test_what_is_not_said_is_asked_for(app, db, kind):
    factories_cycle.quiet(kind)
    factories_cycle.quiet(kind, region="990999")
    db.commit()
    assert "--region" in run(app, "rate", "某期").stderr
    assert "--from" in run(app, "rate", "某期", "--region", "990999").stderr
    assert (
        run(app, "rate", "某期", "--region", "990999", "--scheme", "none", *PERIOD).exit_code == 1
    )
