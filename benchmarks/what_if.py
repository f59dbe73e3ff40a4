"""权重试算 through its page over 1,000 and 50,000 institutions, beside a page that rates them one by one."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import create_engine, insert, select

import clock
from benchmarks import databases, filling, servers
from benchmarks.figures import Figure, note, percentile
from config import ROOT
from models import Cycle, Rating, User
from scoring import catalogue, credit, frames, kept

SIZES, ASKED = (1_000, 50_000), 40
SCHEME = "county_four_grades"


def run(sizes: tuple[int, ...] = SIZES, asked: int = ASKED) -> Iterator[Figure]:
    """Figures of every database that can be had here."""
    try:
        with databases.all_of_them() as urls:
            for name, url in urls.items():
                note(f"{name}: filling cycles of {'、'.join(map(str, sizes))} institutions")
                _migrate(url)
                filling.fill(url, max(sizes), on=clock.today())
                keys = [_cycle(url, size) for size in sizes]
                yield from _measured(name, url, sizes, keys, asked)
    finally:
        servers.leave_nothing()


def _migrate(url: str) -> None:
    command = [sys.executable, "-m", "flask", "migrate"]
    environment = servers.settings(url)
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _measured(
    name: str, url: str, sizes: tuple[int, ...], keys: list[int], asked: int
) -> Iterator[Figure]:
    command = [sys.executable, "-m", "benchmarks.what_if_single", str(asked), *map(str, keys)]
    environment = servers.settings(url)
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    for size, key in zip(sizes, keys, strict=True):
        taken, label = found[str(key)], f"what-if.{name}.{size}"
        naive = percentile(taken["naive"], 50)
        yield Figure(f"{label}.page.p50", percentile(taken["own"], 50), "ms", "one by one", naive)
        worst = percentile(taken["naive"], 95)
        yield Figure(f"{label}.page.p95", percentile(taken["own"], 95), "ms", "one by one", worst)
        yield Figure(f"{label}.page.first", taken["first"][0], "ms")
        yield Figure(f"{label}.computing.p95", percentile(taken["computing"], 95), "ms")


def _cycle(url: str, size: int) -> int:
    """A cycle of the first `size` institutions. Lines are left out: the page of a trial does not read them."""
    scheme, engine = catalogue.parsed(catalogue.text(SCHEME)), create_engine(url)
    rows = list(facts(size))
    rated = credit.rate(frames.frame(rows, scheme), scheme).results
    with engine.begin() as connection:
        clerk = connection.scalar(select(User.id).where(User.username == filling.CLERK))
        made = connection.execute(insert(Cycle).values(**_columns(size, rows, clerk)))
        key = int(made.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
        ratings = [
            {
                "cycle_id": key,
                "institution_id": row["institution"],
                "score_milli": kept.milli(row["score"]) or 0,
                "grade": row["grade"],
                "rank": row["rank"],
                "lines": [],
            }
            for row in rated.iter_rows(named=True)
        ]
        for first in range(0, len(ratings), filling.BATCH):
            connection.execute(insert(Rating), ratings[first : first + filling.BATCH])
    engine.dispose()
    return key


def _columns(size: int, rows: list[dict[str, Any]], clerk: int | None) -> dict[str, Any]:
    text, on = catalogue.text(SCHEME), clock.today()
    scheme = catalogue.parsed(text)
    return {
        "name": f"示例周期{size}",
        "pooling_region": filling.REGION,
        "state": "computed",
        "state_since": on,
        "version": 1,
        "scheme": scheme.key,
        "edition": scheme.edition,
        "subject": scheme.subject.key,
        "scheme_text": text,
        "facts": rows,
        "frozen_on": on,
        "from_on": date(on.year - 1, 1, 1),
        "to_on": on - timedelta(days=1),
        "started_by_id": clerk,
    }


def facts(size: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(filling.SEED)  # noqa: S311 — the same rows every time
    for number in range(1, size + 1):
        family = dice.choice(("medical", "pharmacy"))
        yield {
            "institution": number,
            "family": family,
            "peer_group": f"{family}{dice.randrange(4)}",
            "violations_confirmed": dice.choice((0, 0, 0, 1, 2, 3)),
            "violations_open": dice.choice((0, 0, 1)),
            "suspension_days": dice.choice((0, 0, 0, 0, 0, 0, 0, 30, 90)),
            "practitioners": dice.randrange(1, 41),
            "practitioner_points": dice.choice((0, 0, 0, 1, 3, 9)),
            "practitioners_stopped": dice.choice((0, 0, 0, 1)),
            "rectifications_overdue": dice.choice((0, 0, 0, 1, 2)),
            "late_filings": dice.choice((0, 0, 1, 3)),
            "supplement_rounds": dice.choice((0, 1, 2)),
            "evaluation_items": dice.choice((None, 10, 20)),
            "evaluation_items_failed": dice.choice((0, 1, 2)),
            "years_of_service": dice.randrange(16),
            "self_inspection_done": dice.choice((None, True, False)),
            "agreement_terminated": dice.random() < 0.01,
            "fraud_found": dice.random() < 0.005,
            "penalty_unperformed": dice.random() < 0.01,
            "blacklisted": dice.random() < 0.003,
        }
