"""The work list over many cases: one client's time, and requests a second of fifty, beside two peers."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import clock
from benchmarks import clients, databases, filling, servers
from benchmarks.figures import Figure, note, percentile, spread
from benchmarks.mixes import addresses
from config import ROOT

ROWS, SECONDS, ROUNDS, ASKED, CLIENTS = 50_000, 4.0, 3, 200, 50


def run(rows: int = ROWS, seconds: float = SECONDS) -> Iterator[Figure]:
    """Figures of every database that can be had here."""
    try:
        with databases.all_of_them() as urls:
            for name, url in urls.items():
                note(f"{name}: filling {rows} work items")
                subprocess.run(
                    [sys.executable, "-m", "flask", "migrate"],
                    cwd=ROOT,
                    env=servers.settings(url),
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                filling.fill(url, rows, on=clock.today())
                yield from _single(name, url)
                yield from _saturated(name, url, seconds)
    finally:
        servers.leave_nothing()


def _single(name: str, url: str) -> Iterator[Figure]:
    command = [sys.executable, "-m", "benchmarks.single", str(ASKED)]
    done = subprocess.run(
        command, cwd=ROOT, env=servers.settings(url), check=True, stdout=subprocess.PIPE
    )
    own, naive = json.loads(done.stdout).values()
    for percent in (50, 95, 99):
        ours, theirs = percentile(own, percent), percentile(naive, percent)
        yield Figure(f"worklist.{name}.single.p{percent}", ours, "ms", "naive ORM", theirs)


class Contest:
    """Rounds of one contestant: requests a second, p95, server CPU a page."""

    def __init__(self, server: servers.Server, path: str, cookie: str) -> None:
        self.server, self.path, self.cookie = server, path, cookie
        self.rates: list[float] = []
        self.p95: list[float] = []
        self.cpu: list[float] = []

    def round(self, number: int, seconds: float) -> None:
        asked = addresses(self.path, filling.SEED + number, clock.today())
        before = self.server.cpu_seconds()
        seen = clients.load(self.server.port, asked, self.cookie, clients=CLIENTS, seconds=seconds)
        used = self.server.cpu_seconds() - before
        self.rates.append(seen.per_second)
        self.p95.append(percentile(seen.answers, 95) * 1000)
        self.cpu.append(used / len(seen.answers) * 1000)


def _saturated(name: str, url: str, seconds: float) -> Iterator[Figure]:
    with ExitStack() as stack:
        ours = stack.enter_context(servers.serving("benchmarks.served:create()", url))
        cookie = servers.sign_in(ours.port)
        own = Contest(ours, "/worklist", cookie)
        peers = {"naive ORM": Contest(ours, "/naive/worklist", cookie)}
        if python := servers.django_python():
            entry = "benchmarks.django_page:application"
            django = stack.enter_context(servers.serving(entry, url, python=python))
            peers["Django 5.2 ORM"] = Contest(django, "/worklist", cookie)
        for number in range(ROUNDS + 1):
            for contest in (own, *peers.values()):
                contest.round(number, seconds if number else 1.0)
        for contest in (own, *peers.values()):
            _forget_warming(contest)
    for peer, contest in peers.items():
        yield from _beside(f"worklist.{name}.{CLIENTS}-clients", own, peer, contest)


def _forget_warming(contest: Contest) -> None:
    for values in (contest.rates, contest.p95, contest.cpu):
        del values[0]


def _beside(name: str, own: Contest, peer: str, contest: Contest) -> Iterator[Figure]:
    note(
        f"{name}: {spread(own.rates)} requests/s in {ROUNDS} rounds, {peer} {spread(contest.rates)}"
    )
    for what, unit in (("rates", "1/s"), ("p95", "ms"), ("cpu", "ms")):
        ours, theirs = (statistics.median(getattr(one, what)) for one in (own, contest))
        label = {"rates": "requests", "p95": "p95", "cpu": "server-cpu"}[what]
        yield Figure(f"{name}.{label}", ours, unit, peer, theirs)
