"""The settlement gate over 50,000 institutions and 500,000 people: one service, fifty clients, a million services."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

from benchmarks import clients, databases, filling_gate, gate_questions, servers
from benchmarks.figures import Figure, note, percentile
from config import ROOT

PLACES, PEOPLE, ASKED, MANY, SECONDS, ROUNDS, CLIENTS = 50_000, 500_000, 300, 1_000_000, 4.0, 3, 50
PEER = "the rule asked of the tables"


def run(places: int = PLACES, people: int = PEOPLE) -> Iterator[Figure]:
    """Figures of every database that can be had here; the peer answers the same questions by the ORM."""
    try:
        with databases.all_of_them() as urls:
            for name, url in urls.items():
                note(f"{name}: {places} institutions, {people} people")
                migrate = [sys.executable, "-m", "flask", "migrate"]
                subprocess.run(
                    migrate,
                    cwd=ROOT,
                    env=servers.settings(url),
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                filling_gate.fill(url, places, people)
                yield from _alone(name, url, places, people)
                yield from _crowd(name, url, places, people)
    finally:
        servers.leave_nothing()


def _alone(name: str, url: str, places: int, people: int) -> Iterator[Figure]:
    sizes = map(str, (places, people, ASKED, MANY))
    command = [sys.executable, "-m", "benchmarks.gate_single", *sizes]
    done = subprocess.run(
        command, cwd=ROOT, env=servers.settings(url), check=True, stdout=subprocess.PIPE
    )
    found = json.loads(done.stdout)
    own, naive = found["single"].values()
    for percent in (50, 95):
        ours, theirs = percentile(own, percent), percentile(naive, percent)
        yield Figure(f"eligibility.{name}.single.p{percent}", ours, "ms", PEER, theirs)
    theirs = 1000 / statistics.mean(naive)
    rate = found["questions"] / found["answer"]
    whole = found["questions"] / (found["answer"] + found["read"])
    yield Figure(f"eligibility.{name}.bulk.answered", rate, "1/s", PEER, theirs)
    yield Figure(f"eligibility.{name}.bulk.with-reading-the-book", whole, "1/s", PEER, theirs)


def _crowd(name: str, url: str, places: int, people: int) -> Iterator[Figure]:
    rates: dict[str, list[float]] = {path: [] for path in gate_questions.PATHS}
    tails: dict[str, list[float]] = {path: [] for path in gate_questions.PATHS}
    key = f"Bearer {filling_gate.TOKEN}"
    with servers.serving("benchmarks.served:create()", url) as server:
        for number in range(ROUNDS + 1):
            for path in gate_questions.PATHS:
                asked = (
                    f"{path}?{query}" for query in gate_questions.queries(places, people, number)
                )
                seconds = SECONDS if number else 1.0
                seen = clients.load(server.port, asked, key, clients=CLIENTS, seconds=seconds)
                if number:  # the first round warms up
                    rates[path].append(seen.per_second)
                    tails[path].append(percentile(seen.answers, 95) * 1000)
    for what, unit, values in (("requests", "1/s", rates), ("p95", "ms", tails)):
        ours, theirs = (statistics.median(values[path]) for path in gate_questions.PATHS)
        yield Figure(f"eligibility.{name}.{CLIENTS}-clients.{what}", ours, unit, PEER, theirs)
