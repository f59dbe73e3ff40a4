"""Which services the gate is asked about: anybody, any day of three years, mostly where he works."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

from benchmarks import filling, filling_gate
from scoring.payment_questions import Row

PATHS = ("/api/v1/eligibility", "/naive/eligibility")
DAYS = 365 * filling_gate.YEARS


def rows(places: int, people: int, many: int, seed: int = 0) -> list[Row]:
    """Questions by code, one in five as an emergency."""
    dice, codes = random.Random(seed), _codes(places)  # noqa: S311 — the same questions every time
    found = []
    for _ in range(many):
        person = dice.randrange(1, people + 1)
        place = filling_gate.place_of(person, places)
        day = filling_gate.FIRST + timedelta(days=dice.randrange(DAYS))
        emergency = dice.random() < 0.2
        found.append((codes[place], filling_gate.code_of_person(person), "", day, emergency))
    return found


def queries(places: int, people: int, seed: int) -> Iterator[str]:
    """The same as query strings, without emergencies, for ever."""
    dice, codes = random.Random(seed), _codes(places)  # noqa: S311 — the same questions every time
    while True:
        person = dice.randrange(1, people + 1)
        day: date = filling_gate.FIRST + timedelta(days=dice.randrange(DAYS))
        yield urlencode(
            {
                "institution": codes[filling_gate.place_of(person, places)],
                "practitioner": filling_gate.code_of_person(person),
                "service_date": day.isoformat(),
            }
        )


def _codes(places: int) -> dict[int, str]:
    return {number: row["code"] for number, row in enumerate(filling.institutions(places), 1)}
