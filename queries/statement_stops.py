"""What stands against paying the lines of a statement: the book of payment asked for each, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from models import AuditFinding, Claim, Institution, Statement
from queries import eligibility, payment_book, practitioners, statements
from rules import coded_services, codes
from rules import statements as rule
from rules.eligibility import Reason
from rules.statements import Fate, Found
from scoring import payment_questions

NAMELESS = (Reason("no_practitioner", ""),)
Key = tuple[str, str, str, date, bool]


def of_lines(institution: Institution, lines: Sequence[Any], *, on: date) -> list[Found]:
    """What becomes of each line, in their order, judged on a day. The book is asked for all of them at once.

    Whoever pays holds the institution's lock: no measure is being written beside it.
    """
    keys = [_key(institution, line) for line in lines]
    family = institution.kind.family
    nameless = [
        not key[1] and coded_services.needs_person(line, family)
        for line, key in zip(lines, keys, strict=True)
    ]
    people = payment_book.numbers_of_people({key[1] for key in keys if key[1]})
    places = {str(institution.code): institution.id}
    book = payment_book.lines(places=[institution.id], people=people.values())
    answers = payment_questions.of_rows(keys, institutions=places, people=people, lines=book)
    known: dict[Key, tuple[Reason, ...]] = {}
    found = []
    for line, key, bare, answer in zip(lines, keys, nameless, answers, strict=True):
        if not answer["payable"] and key not in known:
            known[key] = _reasons(institution, key)
        against = () if answer["payable"] else known[key]
        found.append(rule.fate(line, (*against, *(NAMELESS if bare else ())), on=on))
    return found


def untold(row: Statement, *, on: date) -> list[tuple[Claim, Found]]:
    """Lines not paid yet that are to be denied by now although nobody was told, with what stopped them."""
    denied, answered = statements.standing_findings(row.id), statements.given_up(row.id)
    claims = [
        one
        for one in statements.unpaid(row.id)
        if one.amount > denied.get(one.id, 0) and one.id not in answered
    ]
    stops = of_lines(row.institution, claims, on=on)
    return [(one, stop) for one, stop in zip(claims, stops, strict=True) if stop.fate is Fate.DENY]


def of_supplied(row: Statement, findings: Iterable[AuditFinding], *, on: date) -> dict[int, str]:
    """What becomes of each of these lines by the code that was supplied, in words."""
    chosen = [one for one in findings if one.supplied_code]
    stops = of_lines(row.institution, [one.claim for one in chosen], on=on)
    return {
        one.id: f"按服务日期核对，仍不能支付（{rule.stop_label(stop.because[0].code, on)}）。"
        if stop.because
        else "按服务日期核对，可以支付。"
        for one, stop in zip(chosen, stops, strict=True)
    }


def _key(institution: Institution, line: Any) -> Key:
    code = codes.tidy(line.person_code)
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
