"""Institutions, people and three years of what happened to them, with the book of payment that follows.

The same rows every time. They go in behind the back of the session, so the book is written here as well, by the
same rule (`rules.payability`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import create_engine

from actions import payment_book
from benchmarks import filling
from benchmarks.figures import note
from models import (
    Agreement,
    ApiToken,
    Hold,
    Institution,
    PaymentPeriod,
    Practitioner,
    Registration,
    Suspension,
)
from queries import api_tokens
from rules import payability
from rules.eligibility import Facts, Stop
from rules.payability import Filing, Period
from rules.standing import AgreementFacts, Interval

FIRST, YEARS = date(2023, 1, 1), 3
TOKEN = "benchmark-of-the-gate"  # noqa: S105 — opens a database that is removed after the run
KNOWN = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
BASIS = "示例依据"


def fill(url: str, places: int, people: int) -> None:
    """Every tenth institution was suspended once, every twentieth person once; everybody works at one institution."""
    engine = create_engine(url)
    with engine.begin() as connection:
        steps: list[tuple[Any, Iterator[dict[str, Any]]]] = [
            (Institution, filling.institutions(places)),
            (Agreement, _agreements(places)),
            (Suspension, _suspensions(places)),
            (Practitioner, _people(people)),
            (Registration, _registrations(places, people)),
            (Hold, _holds(places, people)),
            (PaymentPeriod, _book(places, people)),
            (ApiToken, _token()),
        ]
        for model, rows in steps:
            note(f"filling {model.__tablename__}")
            filling.insert_all(connection, model, rows)
    filling.analyse(engine)
    engine.dispose()


def code_of_person(number: int) -> str:
    return f"D{filling.REGION}{number:06d}"


def place_of(person: int, places: int) -> int:
    return person % places + 1


def pause_of(place: int) -> tuple[date, date] | None:
    """First and last day of the suspension of an institution."""
    if place % 10:
        return None
    first = FIRST + timedelta(days=random.Random(place).randrange(900))  # noqa: S311 — the same rows every time
    return first, first + timedelta(days=89)


def stop_of(person: int) -> tuple[date, date] | None:
    """First and last day of the suspended qualification of a person."""
    if person % 20:
        return None
    first = FIRST + timedelta(days=random.Random(-person).randrange(900))  # noqa: S311 — the same rows every time
    return first, first + timedelta(days=61)


def _terms() -> list[tuple[date, date]]:
    return [(date(FIRST.year + n, 1, 1), date(FIRST.year + n, 12, 31)) for n in range(YEARS)]


def _agreements(places: int) -> Iterator[dict[str, Any]]:
    for place in range(1, places + 1):
        for year, (first, last) in enumerate(_terms()):
            yield {
                "number": f"BX{first.year}{place:06d}", "institution_id": place, "form": "main",
                "state": "concluded" if year == YEARS - 1 else "lapsed", "state_since": first, "version": 1,
                "term_from": first, "term_to": last, "chapters": [], "text_on": first,
                "institution_signed_on": first, "agency_signed_on": first,
                "lapsed_on": None if year == YEARS - 1 else last + timedelta(days=1), "lapse_reason": "示例",
            }  # fmt: skip


def _suspensions(places: int) -> Iterator[dict[str, Any]]:
    for place in range(1, places + 1):
        if pause := pause_of(place):
            year = pause[0].year - FIRST.year
            yield {
                "institution_id": place, "agreement_id": (place - 1) * YEARS + year + 1, "ground": "sample",
                "ground_text": "示例", "basis": BASIS, "decided_on": pause[0], "from_on": pause[0], "to_on": pause[1],
                "ended_on": pause[1] + timedelta(days=1), "end_reason": "示例",
            }  # fmt: skip


def _people(people: int) -> Iterator[dict[str, Any]]:
    for number in range(1, people + 1):
        yield {
            "code": code_of_person(number), "name": f"示例{number}", "role": "physician", "id_index": f"bench-{number}",
            "pooling_region": filling.REGION,
        }  # fmt: skip


def _registrations(places: int, people: int) -> Iterator[dict[str, Any]]:
    for number in range(1, people + 1):
        yield {
            "practitioner_id": number, "institution_id": place_of(number, places), "from_on": FIRST, "to_on": None,
            "first_place": True,
        }  # fmt: skip


def _holds(places: int, people: int) -> Iterator[dict[str, Any]]:
    shared = {"source_id": 1, "basis": BASIS, "department": ""}
    for place in range(1, places + 1):
        if pause := pause_of(place):
            yield {
                **shared, "institution_id": place, "practitioner_id": None, "source": "suspension",
                "from_on": pause[0], "to_on": pause[1], "emergency_exempt": False,
            }  # fmt: skip
    for person in range(1, people + 1):
        if stop := stop_of(person):
            yield {
                **shared, "institution_id": None, "practitioner_id": person, "source": "qualification",
                "from_on": stop[0], "to_on": stop[1], "emergency_exempt": True,
            }  # fmt: skip


def _book(places: int, people: int) -> Iterator[dict[str, Any]]:
    for place in range(1, places + 1):
        yield from _lines((place, 0), payability.of_institution(_facts(place)), whole=True)
    filed = payability.of_filing([Filing(1, FIRST, None)], [], [], [FIRST])
    for person in range(1, people + 1):
        yield from _lines((place_of(person, places), person), filed, whole=True)
        if days := stop_of(person):
            stop = Stop("practitioner_qualification", "qualification", BASIS, *days, True)
            yield from _lines((0, person), payability.of_stops([stop]), whole=False)


def _facts(place: int) -> Facts:
    pause = pause_of(place)
    agreements = [
        AgreementFacts(
            first, last, first, first,
            (Interval(pause[0], pause[1] + timedelta(days=1), pause[1]),)
            if pause and pause[0].year == first.year
            else (),
        )
        for first, last in _terms()
    ]  # fmt: skip
    stops = [Stop("institution_suspension", "suspension", BASIS, *pause)] if pause else []
    family = "pharmacy" if place % 2 else "medical"
    return Facts(family, list(reversed(agreements)), stops)


def _lines(key: tuple[int, int], periods: list[Period], *, whole: bool) -> Iterator[dict[str, Any]]:
    for from_on, to_on, codes, emergency_codes, reasons in payment_book.told(periods, whole=whole):
        yield {
            "institution_id": key[0], "practitioner_id": key[1], "department": "", "from_on": from_on, "to_on": to_on,
            "codes": codes, "emergency_codes": emergency_codes, "reasons": reasons, "known_from": KNOWN,
            "known_until": None,
        }  # fmt: skip


def _token() -> Iterator[dict[str, Any]]:
    yield {
        "name": "bench", "digest": api_tokens.digest(TOKEN), "scopes": "eligibility", "pooling_region": filling.REGION,
        "issued_on": FIRST, "approved_on": FIRST, "expires_on": date(2099, 12, 31),
    }  # fmt: skip
