from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import Agreement, Institution, Suspension, Termination
from queries import institutions as ask
from rules.lifecycle import AgreementState
from rules.standing import AgreementFacts, Interval, Word, of_institution, standing
from tests import factories

FROM, TO = date(2026, 1, 1), date(2026, 12, 31)
SIGNED = date(2025, 12, 20)
DAY = timedelta(days=1)


def facts(**changes):
    return AgreementFacts(
        **{
            "term_from": FROM,
            "term_to": TO,
            "institution_signed_on": SIGNED,
            "agency_signed_on": SIGNED,
            **changes,
        }
    )


@pytest.mark.pure
@pytest.mark.parametrize(
    ("changes", "day", "word", "since", "until"),
    [
        ({}, FROM - DAY, Word.PENDING, None, TO),
        ({}, FROM, Word.IN_FORCE, FROM, TO),
        ({}, TO, Word.IN_FORCE, FROM, TO),
        ({}, TO + DAY, Word.EXPIRED, TO + DAY, None),
        ({"agency_signed_on": None}, FROM, Word.PENDING, None, TO),
        ({"institution_signed_on": None, "agency_signed_on": None}, FROM, Word.PENDING, None, TO),
        ({"agency_signed_on": date(2026, 2, 1)}, date(2026, 1, 31), Word.PENDING, None, TO),
        ({"agency_signed_on": date(2026, 2, 1)}, date(2026, 2, 1), Word.IN_FORCE, date(2026, 2, 1), TO),
        ({"suspensions": (Interval(date(2026, 3, 1)),)}, date(2026, 2, 28), Word.IN_FORCE, FROM, TO),
        ({"suspensions": (Interval(date(2026, 3, 1)),)}, date(2026, 3, 1), Word.SUSPENDED, date(2026, 3, 1), None),
        ({"suspensions": (Interval(date(2026, 3, 1), None, date(2026, 5, 31)),)}, date(2026, 5, 31), Word.SUSPENDED, date(2026, 3, 1), date(2026, 5, 31)),
        ({"suspensions": (Interval(date(2026, 3, 1), None, date(2026, 5, 31)),)}, date(2026, 6, 1), Word.IN_FORCE, date(2026, 6, 1), TO),
        ({"suspensions": (Interval(date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 31)),)}, date(2026, 4, 1), Word.IN_FORCE, date(2026, 4, 1), TO),
        ({"suspensions": (Interval(date(2026, 3, 1), date(2026, 4, 1)),)}, date(2026, 3, 31), Word.SUSPENDED, date(2026, 3, 1), None),
        ({"suspensions": (Interval(date(2026, 3, 1), date(2026, 4, 1)),)}, date(2026, 4, 1), Word.IN_FORCE, date(2026, 4, 1), TO),
        ({"terminated_on": date(2026, 6, 1)}, date(2026, 5, 31), Word.IN_FORCE, FROM, TO),
        ({"terminated_on": date(2026, 6, 1)}, date(2026, 6, 1), Word.TERMINATED, date(2026, 6, 1), None),
        ({"terminated_on": date(2026, 6, 1)}, TO + DAY, Word.TERMINATED, date(2026, 6, 1), None),
        ({"lapsed_on": date(2026, 9, 1)}, date(2026, 8, 31), Word.IN_FORCE, FROM, TO),
        ({"lapsed_on": date(2026, 9, 1)}, date(2026, 9, 1), Word.LAPSED, date(2026, 9, 1), None),
        ({"lapsed_on": TO + DAY}, TO + DAY, Word.EXPIRED, TO + DAY, None),
        ({"suspensions": (Interval(date(2026, 3, 1)),), "terminated_on": date(2026, 6, 1)}, date(2026, 6, 1), Word.TERMINATED, date(2026, 6, 1), None),
    ],
)  # fmt: skip
def test_an_agreement_stands_as_its_dates_say(changes, day, word, since, until):
    found = standing(facts(**changes), day)
    assert (found.word, found.since, found.until) == (word, since, until)
    assert (found.label, found.light) == (word.label, word.light)
    assert found.payable is (word is Word.IN_FORCE)


@pytest.mark.pure
def test_no_agreement_is_a_standing_too():
    assert standing(None, FROM).word is Word.NONE
    assert of_institution([], FROM).word is Word.NONE


@pytest.mark.pure
def test_the_living_agreement_of_several_counts():
    ended = facts(terminated_on=date(2026, 2, 1))
    renewed = facts(term_from=date(2027, 1, 1), term_to=date(2027, 12, 31))
    assert of_institution([ended, renewed], date(2026, 6, 1)).word is Word.PENDING
    assert of_institution([facts(), renewed], date(2026, 6, 1)).word is Word.IN_FORCE
    older = facts(
        term_from=date(2025, 1, 1),
        term_to=date(2025, 12, 31),
        agency_signed_on=date(2024, 12, 20),
        institution_signed_on=date(2024, 12, 20),
    )
    assert of_institution([older, ended], date(2026, 6, 1)).word is Word.TERMINATED
    suspended = facts(suspensions=(Interval(date(2026, 3, 1)),))
    assert of_institution([facts(), suspended], date(2026, 6, 1)).word is Word.SUSPENDED


def agreement(institution, number, **changes):
    row = Agreement(
        institution=institution, number=number, state=AgreementState.OFFERED, state_since=SIGNED, term_from=FROM,
        term_to=TO, chapters=[], text_on=SIGNED, institution_signed_on=SIGNED, agency_signed_on=SIGNED,
    )  # fmt: skip
    ended = changes.pop("terminated_on", None)
    pauses = changes.pop("suspensions", ())
    for name, value in changes.items():
        setattr(row, name, value)
    common = {
        "institution": institution,
        "agreement": row,
        "ground": "x",
        "ground_text": "x",
        "basis": "x",
        "decided_on": SIGNED,
    }
    for one in pauses:
        reason = "x" if one.ended_on else ""
        row.suspensions.append(
            Suspension(
                **common,
                from_on=one.from_on,
                to_on=one.planned_to,
                ended_on=one.ended_on,
                end_reason=reason,
            )
        )
    if ended:
        row.terminations.append(Termination(**common, ban_class="none", effective_on=ended))
    return row


CASES = [
    {},
    {"agency_signed_on": None},
    {"institution_signed_on": None, "agency_signed_on": None},
    {"agency_signed_on": date(2026, 2, 1)},
    {"suspensions": (Interval(date(2026, 3, 1)),)},
    {"suspensions": (Interval(date(2026, 3, 1), date(2026, 4, 1)), Interval(date(2026, 6, 1)))},
    {"terminated_on": date(2026, 6, 1)},
    {"lapsed_on": date(2026, 9, 1)},
    {"lapsed_on": TO + DAY},
    {
        "term_from": date(2025, 1, 1),
        "term_to": date(2025, 12, 31),
        "institution_signed_on": date(2024, 12, 1),
        "agency_signed_on": date(2024, 12, 1),
    },
    {"term_from": date(2027, 1, 1), "term_to": date(2027, 12, 31)},
]
DAYS = [FROM - DAY, FROM, date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 1), date(2026, 9, 1), TO, TO + DAY]  # fmt: skip


def test_the_filter_of_the_list_agrees_with_the_rule_on_every_boundary(db, kind):
    """One institution for each case and for each pair of cases, on every boundary day."""
    factories.institution(kind)
    number = 0
    for first in CASES:
        for second in [None, *CASES]:
            institution = factories.institution(kind)
            for one in (first, second):
                if one is not None:
                    number += 1
                    db.add(agreement(institution, f"T{number}", **dict(one)))
    db.flush()
    ids = list(db.scalars(select(Institution.id)))
    for day in DAYS:
        ruled = ask.standings(ids, day)
        filtered = {}
        for word in Word:
            for key in db.scalars(select(Institution.id).where(ask.stands(word, day))):
                filtered.setdefault(key, []).append(word)
        assert filtered == {key: [found.word] for key, found in ruled.items()}, day
