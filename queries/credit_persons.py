"""The facts of persons: practitioners by their registrations, legal representatives by the offices they hold.

Insured persons have no register here: their facts come from a file (`actions.credit_files`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from database import session
from models import (
    Ban,
    Blacklisting,
    Commitment,
    Deduction,
    Institution,
    Office,
    Penalty,
    PointsEntry,
    Practitioner,
    QualificationMeasure,
    Registration,
    Termination,
    Untrustworthy,
    Violation,
)
from queries import (
    blacklistings,
    credit_carried,
    credit_entered,
    credit_subjects,
    points_ledger,
    qualification_measures,
)
from queries.credit_conduct import DECIDED
from queries.credit_period import Period, Values, full_years, note
from rules import bans
from rules.blacklistings import BlacklistSubject
from rules.credit_subjects import CreditSubject
from rules.persons import OfficeRole
from scoring.points_ledger import EntryKind

PRACTITIONER, REPRESENTATIVE = CreditSubject.PRACTITIONER, CreditSubject.LEGAL_REPRESENTATIVE
INSURED = CreditSubject.INSURED_PERSON
_KNOWN_OF_A_PRACTITIONER = {
    "years_registered": 0, "year_points": 0, "points_evidence": "", "suspended": False, "revoked": False,
    "commitment_signed": False, "standing_evidence": "", "registration_evidence": "",
}  # fmt: skip
_KNOWN_OF_A_REPRESENTATIVE = {
    "institutions_held": 0, "violations_confirmed": 0, "violations_evidence": "", "agreements_terminated": 0,
    "termination_evidence": "", "barred": False, "barred_evidence": "", "untrustworthy": False,
    "untrustworthy_evidence": "", "penalties": 0, "penalty_unperformed": False, "penalty_evidence": "",
}  # fmt: skip
_RECORDS = {
    "provincial_awards": 0, "city_awards": 0, "credit_records": [], "blacklisted": False, "blacklist_evidence": "",
    **credit_entered.NO_RECORDS, **credit_entered.NO_AWARDS,
}  # fmt: skip
_FURTHER = _RECORDS | credit_carried.NOTHING | {"rated_on": None}
COLUMNS = {
    PRACTITIONER: _KNOWN_OF_A_PRACTITIONER | _FURTHER,
    REPRESENTATIVE: _KNOWN_OF_A_REPRESENTATIVE | _FURTHER,
}


def practitioners(period: Period) -> Values:
    """Everybody registered at an institution of the region on the last day of the period."""
    found = _registered(period)
    _year_points(period, found)
    _standing(period, found)
    return _completed(period, PRACTITIONER, found)


def _registered(period: Period) -> Values:
    still = or_(Registration.to_on.is_(None), Registration.to_on >= period.to_on)
    signed = exists().where(
        Commitment.registration_id == Registration.id, Commitment.signed_on <= period.to_on
    )
    query = (
        select(
            Practitioner.id, Practitioner.role, Practitioner.code, Institution.kind, Registration.from_on, signed
        )
        .join(Registration, Registration.practitioner_id == Practitioner.id)
        .join(Institution, Institution.id == Registration.institution_id)
        .where(Practitioner.pooling_region == period.region, Registration.from_on <= period.to_on, still)
        .order_by(Registration.first_place.desc(), Registration.id)
    )  # fmt: skip
    found: Values = {}
    for key, role, code, kind, from_on, has in session.execute(query):
        own = found.setdefault(
            key,
            _KNOWN_OF_A_PRACTITIONER
            | {
                "practitioner": key,
                "family": kind.family,
                "peer_group": role.label,
                "registration_evidence": code,
            },
        )
        years = full_years(from_on, period.to_on)
        own["years_registered"] = max(own["years_registered"], years)
        own["commitment_signed"] = own["commitment_signed"] or bool(has)
    return found


def _year_points(period: Period, found: Values) -> None:
    """The balance of the calendar year at the end of the last day, and the entries behind it.

    Points that were taken back since, and what was restored of them, do not count: they were never rightly given.
    """
    query = select(PointsEntry.practitioner_id, func.sum(PointsEntry.points)).where(
        PointsEntry.year == period.to_on.year, _counts(period.to_on)
    )
    for key, total in session.execute(query.group_by(PointsEntry.practitioner_id)):
        if key in found:
            found[key]["year_points"] = int(total)
    papers = select(Deduction.practitioner_id, Deduction.number).where(
        Deduction.state == "confirmed",
        points_ledger.not_taken_back(),
        Deduction.decided_on.between(period.year_from, period.to_on),
    )
    for key, number in session.execute(papers.order_by(Deduction.number)):
        if key in found:
            note(found[key], "points_evidence", number)


def _counts(day: date) -> Any:
    """The condition that a line of the ledger counts for a day, corrections made afterwards included."""
    line = aliased(PointsEntry)
    reverse = and_(line.deduction_id == PointsEntry.deduction_id, line.kind == EntryKind.REVERSE)
    before = and_(line.restoration_id == PointsEntry.restoration_id, line.booked_on <= day)
    return or_(
        and_(PointsEntry.booked_on <= day, ~exists().where(reverse)),
        and_(PointsEntry.kind == EntryKind.CANCEL, exists().where(before, line.points < 0)),
    )


def _standing(period: Period, found: Values) -> None:
    """A suspension that ran on a day of the period; a revocation whose bar was not over."""
    row = QualificationMeasure
    query = select(row.practitioner_id, row.kind, row.until, row.bar_until, Deduction.number)
    query = query.join(Deduction, Deduction.id == row.deduction_id).where(
        row.from_on <= period.to_on,
        or_(row.superseded_on.is_(None), row.superseded_on > period.from_on),
        qualification_measures.not_void(),
    )
    for key, kind, until, bar_until, number in session.execute(query.order_by(row.id)):
        if key in found and (until or bar_until or period.to_on) >= period.from_on:
            found[key]["suspended" if kind == "suspend" else "revoked"] = True
            note(found[key], "standing_evidence", number)


def representatives(period: Period) -> Values:
    """Every legal representative in office on the last day, one subject whatever number of institutions."""
    found, terms = _in_office(period)
    _their_cases(period, found, terms)
    _ended(period, found, terms)
    _barred(period, found)
    _penalised(period, found)
    return _completed(period, REPRESENTATIVE, found)


def _in_office(period: Period) -> tuple[Values, dict[int, list[tuple[Any, date, date]]]]:
    """The persons, and who was in office where from when to when."""
    query = (
        select(Office.id_index, Office.institution_id, Office.from_on, Office.to_on, Institution.kind)
        .join(Institution, Institution.id == Office.institution_id)
        .where(
            Institution.pooling_region == period.region,
            Office.role == OfficeRole.LEGAL_REPRESENTATIVE,
            Office.from_on <= period.to_on,
        )
        .order_by(Office.id)
    )  # fmt: skip
    found: Values = {}
    terms: dict[int, list[tuple[Any, date, date]]] = defaultdict(list)
    for person, place, first, last, kind in session.execute(query):
        terms[place].append((person, first, last or date.max))
        if last is None or last >= period.to_on:
            own = found.setdefault(person, _KNOWN_OF_A_REPRESENTATIVE | _named(person, kind.family))
            own["institutions_held"] += 1
    return found, terms


def _named(person: str, family: str) -> dict[str, Any]:
    group = "零售药店法定代表人" if family == "pharmacy" else "医疗机构法定代表人"
    return {"legal_representative": person, "family": family, "peer_group": group}


def _who(terms: list[tuple[Any, date, date]], day: date) -> set[Any]:
    return {person for person, first, last in terms if first <= day <= last}


def _their_cases(period: Period, found: Values, terms: dict[int, Any]) -> None:
    """Cases decided in the period, for whoever was in office when the conduct was found."""
    query = select(Violation.institution_id, Violation.found_on, Violation.number).where(
        Violation.state.in_(DECIDED), Violation.decided_on.between(period.from_on, period.to_on)
    )
    for place, day, number in session.execute(query.order_by(Violation.number)):
        for person in _who(terms.get(place, []), day) & found.keys():
            found[person]["violations_confirmed"] += 1
            note(found[person], "violations_evidence", number)


def _ended(period: Period, found: Values, terms: dict[int, Any]) -> None:
    query = select(
        Termination.institution_id, Termination.effective_on, Violation.number
    ).outerjoin(Violation, Violation.id == Termination.violation_id)
    query = query.where(
        Termination.effective_on.between(period.from_on, period.to_on),
        Termination.ban_class != bans.NONE,
    )
    for place, day, number in session.execute(query.order_by(Termination.id)):
        for person in _who(terms.get(place, []), day) & found.keys():
            found[person]["agreements_terminated"] += 1
            note(found[person], "termination_evidence", number)


def _barred(period: Period, found: Values) -> None:
    """On the last day barred from applying or managing, or on another authority's list."""
    day = period.to_on
    barred = (
        select(Ban.person_index, func.coalesce(Violation.number, Penalty.number))
        .outerjoin(Termination, Termination.id == Ban.termination_id)
        .outerjoin(Violation, Violation.id == Termination.violation_id)
        .outerjoin(Penalty, Penalty.id == Ban.penalty_id)
        .where(Ban.from_on <= day, Ban.until >= day, Ban.person_index.is_not(None))
    )
    for person, number in session.execute(barred.order_by(Ban.id)):
        if person in found:
            found[person]["barred"] = True
            note(found[person], "barred_evidence", number)
    gone = or_(Untrustworthy.removed_on.is_(None), Untrustworthy.removed_on > day)
    listed = select(Untrustworthy.person_index, Untrustworthy.number)
    listed = listed.where(Untrustworthy.listed_on <= day, gone).order_by(Untrustworthy.id)
    for person, number in session.execute(listed):
        if person in found:
            found[person]["untrustworthy"] = True
            note(found[person], "untrustworthy_evidence", number)


def _penalised(period: Period, found: Values) -> None:
    query = select(
        Penalty.person_index, Penalty.decided_on, Penalty.due_on, Penalty.performed_on, Penalty.number
    ).where(Penalty.person_index.is_not(None), Penalty.decided_on <= period.to_on)  # fmt: skip
    for person, decided, due, performed, number in session.execute(query.order_by(Penalty.id)):
        if person not in found:
            continue
        owed = due < period.to_on and (performed is None or performed > period.to_on)
        found[person]["penalties"] += period.holds(decided)
        found[person]["penalty_unperformed"] = found[person]["penalty_unperformed"] or owed
        note(found[person], "penalty_evidence", number if owed or period.holds(decided) else None)


def _blacklisted(period: Period, found: Values, subject: CreditSubject) -> None:
    """On the list on the last day; a practitioner by the file, a representative by the index of the ID number."""
    practitioner = subject == PRACTITIONER
    key = Blacklisting.practitioner_id if practitioner else Blacklisting.subject_index
    query = select(key, Blacklisting.number).where(
        Blacklisting.subject != BlacklistSubject.INSTITUTION, blacklistings.on_list(period.to_on)
    )
    for person, number in session.execute(query.order_by(Blacklisting.id)):
        if person in found:
            found[person]["blacklisted"] = True
            note(found[person], "blacklist_evidence", number)


def insured(period: Period, keys: set[str]) -> Values:
    """What the product knows itself of insured persons whose facts a file brought."""
    found: Values = {key: {} for key in keys}
    valid = credit_entered.records(period, INSURED)
    for key, values in found.items():
        values.update(rated_on=period.to_on.isoformat(), blacklisted=False, blacklist_evidence="")
        values.update({"credit_records": []} | credit_entered.NO_RECORDS | valid.get(key, {}))
    _blacklisted(period, found, INSURED)
    return found


def _completed(period: Period, subject: CreditSubject, found: Values) -> Values:
    """Records, awards and what was carried over, for those who are rated."""
    further = (
        credit_entered.awards(period, subject),
        credit_entered.records(period, subject),
        credit_carried.of(period, subject, credit_subjects.COLUMNS[subject]),
    )
    empty = _RECORDS | credit_carried.NOTHING | {"rated_on": period.to_on.isoformat()}
    for key, values in found.items():
        values.update(empty)
        for one in further:
            values.update(one.get(key, {}))
    _blacklisted(period, found, subject)
    return found
