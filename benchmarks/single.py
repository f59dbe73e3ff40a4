"""One client without a network: the real page and the naive page in turn, in a fresh process.

`python -m benchmarks.single COUNT` reads its settings from the environment and prints milliseconds as JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
import time

import clock
from benchmarks import filling
from benchmarks.mixes import addresses
from benchmarks.served import create

PATHS = ("/worklist", "/naive/worklist")


def main() -> None:
    app = create()
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"username": filling.CLERK, "password": filling.PASSWORD})
    taken: dict[str, list[float]] = {path: [] for path in PATHS}
    asked = [addresses(path, filling.SEED, clock.today()) for path in PATHS]
    for number, pair in enumerate(
        itertools.islice(zip(*asked, strict=True), 10 + int(sys.argv[1]))
    ):
        for path, address in zip(PATHS, pair, strict=True):
            started = time.perf_counter()
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status}")
            if number >= 10:  # the first round warms up
                taken[path].append((time.perf_counter() - started) * 1000)
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
