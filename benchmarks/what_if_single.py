"""One client without a network: the trial page and the naive page in turn, in a fresh process.

`python -m benchmarks.what_if_single COUNT CYCLE…` prints, for each cycle, milliseconds of both as JSON.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import filling
from benchmarks.served import create
from database import session
from models import Cycle
from queries import what_ifs
from scoring import changes as change
from scoring import what_if

NAIVE_ROUNDS = 5


def main() -> None:
    app = create()
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"username": filling.CLERK, "password": filling.PASSWORD})
    count, *keys = (int(word) for word in sys.argv[1:])
    print(json.dumps({key: _of_cycle(app, client, key, count) for key in keys}))


def _of_cycle(app: Flask, client: FlaskClient, key: int, count: int) -> dict[str, list[float]]:
    dice = random.Random(filling.SEED)  # noqa: S311 — the same questions every time
    own, naive = f"/ratings/cycles/{key}/what-if", f"/naive/cycles/{key}/what-if"
    taken: dict[str, list[float]] = {
        "first": [_asked(client, own)],
        "own": [],
        "naive": [],
        "computing": [],
    }
    for number in range(count):
        words = _words(dice)
        taken["own"].append(_asked(client, f"{own}?{words}"))
        if number < NAIVE_ROUNDS:
            taken["naive"].append(_asked(client, f"{naive}?{words}"))
            _agree(client, f"{own}?{words}", f"{naive}?{words}")
    with app.app_context():
        taken["computing"] = [_computed(key, dice) for _ in range(count)]
    return taken


def _words(dice: random.Random) -> str:
    """Another weight, another line: no answer is the same as one before."""
    weight, line = 30 + dice.randrange(1, 4000) / 100, 75 + dice.randrange(1, 1000) / 100
    return f"domains.fund_use.weight={weight:g}&grades.good.at_least={line:g}"


def _asked(client: FlaskClient, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    spent = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return spent


def _agree(client: FlaskClient, own: str, naive: str) -> None:
    """Both pages tell the same distribution, or the figures would be worth nothing."""
    ours = re.findall(
        r'<th scope="row">(\S+?)</th>\s*<td class="num">(\d+)</td>', client.get(own).text
    )
    theirs = re.findall(r'data-grade="(\w+)">(\d+)<', client.get(naive).text)
    if sorted(int(n) for _, n in ours if n != "0") != sorted(int(n) for _, n in theirs):
        raise RuntimeError(f"{own}: {ours} against {theirs}")


def _computed(key: int, dice: random.Random) -> float:
    """The arithmetic alone: from kept points to distribution, migration and the first page of who moved."""
    cycle = session.get_one(Cycle, key)
    begun = what_ifs.start(cycle)
    words = dict(part.split("=") for part in _words(dice).split("&"))
    started = time.perf_counter()
    scheme = change.scheme(cycle.scheme_text, words)
    trial = what_if.tried(begun, scheme)
    _ = (trial.distribution, trial.migration, trial.changed(0, 50))
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
