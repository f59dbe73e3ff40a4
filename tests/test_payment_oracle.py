"""The gate against a brute-force oracle: any day, any person, now and as it was known; for both kinds."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from datetime import datetime, timedelta

import polars as pl
import pytest

import clock
from database import session
from queries import eligibility
from queries import payment_book as ask
from rules.permissions import Role
from scoring import payments
from tests.gate_history import History
from tests.gate_oracle import Oracle

BEGUN = datetime(2026, 7, 1, 9, tzinfo=clock.SHANGHAI)
SECOND = timedelta(seconds=1)


class Told:
    """A random history and two corrections of it, with what the oracle says after each."""

    def __init__(self, kind, seed, clerk):
        self.instants, self.oracles = [], []
        for number in range(3):
            at = BEGUN + timedelta(hours=seed, minutes=number)
            with clock.at(at):
                if number:
                    self.history.correct()
                else:
                    self.history = History(kind, seed, clerk)
                session.commit()
            self.instants.append(at)
            self.oracles.append(Oracle(self.history.place, self.history.people))

    def question(self):
        """Any person or none, any day, emergency or not, a department or none; one in three as it was known."""
        chance = self.history.chance
        back = chance.random() < 0.35
        return {
            "practitioner": chance.choice([None, *self.history.people]),
            "day": self.history.asked(),
            "emergency": chance.random() < 0.5,
            "department": chance.choice(["", "内科", "外科"]),
            "known_at": chance.choice(self.instants) + chance.choice([-1, 0, 1]) * SECOND
            if back
            else None,
        }

    def truth(self, practitioner, day, known_at, **more):
        """By the oracle that knew what was known; before the first nobody knew anything."""
        at = len(self.oracles) if known_at is None else bisect(self.instants, known_at)
        return self.oracles[at - 1].codes(practitioner, day, **more) if at else {"not_recorded"}


def bare(reasons):
    """Whatever ended an agreement is `agreement` to the oracle."""
    return {
        "agreement" if reason.code.startswith("agreement_") else reason.code for reason in reasons
    }


def said(verdict):
    return verdict.payable, sorted(verdict.reasons, key=repr)


def single(told, asked, seen):
    """One question put to the book and, where it is about today's knowledge, to the rule over the tables."""
    place, person, day = told.history.place, asked["practitioner"], asked["day"]
    more = {"emergency": asked["emergency"], "department": asked["department"]}
    truth = told.truth(**asked)
    code = person.code if person else ""
    found = ask.of_codes(place.code, code, day, known_at=asked["known_at"], **more)
    assert (found.payable, bare(found.reasons)) == (truth == set(), truth), (place.id, asked)
    seen["payable" if found.payable else "stopped"] += 1
    others = {"emergency": not more["emergency"], "department": "外科", "known_at": None}
    for key, other in others.items():
        seen[key] += told.truth(**(asked | {key: other})) != truth
    if asked["known_at"] is None:
        plain = eligibility.of_service(place, person, day, **more)
        assert said(found) == said(plain), (place.id, asked)
    return found


def by_columns(told, questions, found):
    """The same questions at once, as a file of them is answered."""
    keys = (
        (
            told.history.place.id,
            one["practitioner"].id if one["practitioner"] else 0,
            one["department"],
            one["day"],
            one["emergency"],
        )
        for one in questions
    )
    lines = ask.lines(
        places=[told.history.place.id], people=[person.id for person in told.history.people]
    )
    table = pl.DataFrame(list(keys), schema=payments.ASKED, orient="row")
    answers = payments.answer(table, payments.book(lines)).rows()
    assert [(payable, sorted(filter(None, codes.split(";")))) for payable, codes in answers] == [
        (one.payable, sorted(reason.code for reason in one.reasons)) for one in found
    ]


def compared(kind, seeds, number, clerk):
    """So many questions about each of these histories: how often each answer, and each difference, came."""
    seen = Counter()
    for seed in seeds:
        told = Told(kind, seed, clerk)
        questions = [told.question() for _ in range(number)]
        answers = [single(told, asked, seen) for asked in questions]
        seen.update(f"reason {code}" for code in {c.code for one in answers for c in one.reasons})
        now = [at for at, asked in enumerate(questions) if asked["known_at"] is None]
        by_columns(told, [questions[at] for at in now], [answers[at] for at in now])
        seen["back"] += number - len(now)
        session.expunge_all()
    return seen


WORDS = ("payable", "stopped", "emergency", "department", "known_at", "back")


def test_the_gate_says_what_the_oracle_says(db, staff, kind):
    seen = compared(kind, range(5), 40, staff[Role.CLERK])
    assert seen["payable"] + seen["stopped"] == 200
    assert min(seen[word] for word in WORDS) > 0, seen


@pytest.mark.slow
def test_the_gate_says_what_the_oracle_says_a_hundred_thousand_times(db, staff):
    seen = Counter()
    for kind in ("hospital", "pharmacy"):
        found = compared(kind, range(250), 200, staff[Role.CLERK])
        assert found["payable"] + found["stopped"] == 50_000
        seen += found
    assert min(seen[word] for word in WORDS) > 2000, seen
    assert len([word for word in seen if word.startswith("reason ")]) >= 15, seen
