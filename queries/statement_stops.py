"""What stands against paying the lines of a statement: the book of payment asked for each, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from models import Institution
from queries import eligibility, payment_book, practitioners
from rules import statements as rule
from rules.eligibility import Reason
from rules.statements import Found
from scoring import payment_questions

Key = tuple[str, str, str, date, bool]


def of_lines(institution: Institution, lines: Sequence[Any], *, on: date) -> list[Found]:
    """What becomes of each line, in their order, judged on a day. The book is asked for all of them at once.

    Whoever pays holds the institution's lock: no measure is being written beside it.
    """
    keys = [_key(institution, line) for line in lines]
    people = payment_book.numbers_of_people({key[1] for key in keys if key[1]})
    places = {str(institution.code): institution.id}
    book = payment_book.lines(places=[institution.id], people=people.values())
    answers = payment_questions.of_rows(keys, institutions=places, people=people, lines=book)
    known: dict[Key, tuple[Reason, ...]] = {}
    found = []
    for line, key, answer in zip(lines, keys, answers, strict=True):
        if answer["payable"]:
            found.append(rule.fate(line, (), on=on))
            continue
        if key not in known:
            known[key] = _reasons(institution, key)
        found.append(rule.fate(line, known[key], on=on))
    return found


def _key(institution: Institution, line: Any) -> Key:
    code = line.practitioner_code.strip().upper()
    return str(institution.code), code, line.department, line.service_date, line.emergency


def _reasons(institution: Institution, key: Key) -> tuple[Reason, ...]:
    """With their articles and days, for the few lines that are stopped."""
    _place, code, department, day, emergency = key
    person = practitioners.by_code(code) if code else None
    unknown = (Reason("unknown_practitioner", ""),) if code and person is None else ()
    verdict = eligibility.of_service(
        institution, person, day, emergency=emergency, department=department
    )
    return (*unknown, *verdict.reasons)
