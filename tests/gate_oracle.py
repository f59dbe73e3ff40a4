"""Whether a service is payable, from the bare rows, day by day and without a line of the rules: to compare them with.

Every agreement, hold, registration and measure of one institution becomes a set of days. Slow, and plain enough to be
checked against the orders by reading.
"""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

from sqlalchemy import or_, select

from database import session
from models import Agreement, Hold, QualificationMeasure, Registration, Termination

FIRST, LAST = date(2019, 12, 1), date(2031, 1, 31)
ALL = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def days(first, last=None):
    """Both ends count; without the last it goes on."""
    start = max((first - FIRST).days, 0)
    end = len(ALL) if last is None else min((last - FIRST).days + 1, len(ALL))
    return set(ALL[start : max(end, start)])


def rows(model, *whose):
    """As they stand now: a later correction changes nothing of it."""
    columns = model.__table__.columns
    found = session.execute(select(*columns).where(*whose)).mappings()
    return [SimpleNamespace(**row) for row in found]


class Oracle:
    """Everything there is about one institution and these people, asked for once."""

    def __init__(self, place, people):
        self.place = place.id
        keys = [person.id for person in people]
        ends = rows(Termination, Termination.institution_id == place.id)
        self.agreements = [
            (self._term(row, ends), row.agency_signed_on)
            for row in rows(Agreement, Agreement.institution_id == place.id)
        ]
        whose = or_(Hold.institution_id == place.id, Hold.practitioner_id.in_(keys))
        self.holds = [(days(row.from_on, row.to_on), row) for row in rows(Hold, whose)]
        filed = rows(Registration, Registration.practitioner_id.in_(keys))
        self.filings = [(days(row.from_on, row.to_on), row) for row in filed]
        self.measures = rows(QualificationMeasure, QualificationMeasure.practitioner_id.in_(keys))

    def _term(self, row, ends):
        """Signed by both and not ended before its last day."""
        begins = max(row.term_from, row.institution_signed_on, row.agency_signed_on)
        kept = days(begins, row.term_to)
        for end in ends:
            if end.agreement_id == row.id:
                kept -= days(end.effective_on)
        return kept - days(row.lapsed_on) if row.lapsed_on else kept

    def codes(self, person, day, *, emergency, department):
        """What stands against paying; nothing: it is payable. Whatever ended an agreement is `agreement` here."""
        found = set() if any(day in term for term, _ in self.agreements) else {"agreement"}
        for period, hold in self.holds:
            excused = emergency and hold.emergency_exempt
            code = self._stops(hold, person, department)
            outlived = code == "institution_termination" and self._anew(hold, day)
            if code and day in period and not excused and not outlived:
                found.add(code)
        if (
            person
            and not self._filed(person, day)
            and not (emergency and self._revoked(person, day))
        ):
            found.add("not_registered")
        return found

    def _stops(self, hold, person, department):
        """The code, when the hold is about this service."""
        if hold.institution_id not in (None, self.place):
            return ""
        if hold.practitioner_id:
            return (
                f"practitioner_{hold.source}"
                if person and person.id == hold.practitioner_id
                else ""
            )
        if hold.department:
            return f"department_{hold.source}" if hold.department == department else ""
        return f"institution_{hold.source}"

    def _anew(self, hold, day):
        """Designated again after the termination, by an agreement that holds on the day."""
        return any(day in term and signed > hold.from_on for term, signed in self.agreements)

    def _filed(self, person, day):
        return any(
            day in period and (row.practitioner_id, row.institution_id) == (person.id, self.place)
            for period, row in self.filings
        )

    def _revoked(self, person, day):
        """Revoked, not registered anew anywhere after the bar, and a filing here was ended by a revocation."""
        begun = [row.from_on for _, row in self.filings if row.practitioner_id == person.id]
        mine = [
            row
            for row in self.measures
            if row.practitioner_id == person.id and row.bar_until and row.from_on <= day
            and (row.superseded_on is None or row.superseded_on > day)
        ]  # fmt: skip
        stands = any(not any(row.bar_until < first <= day for first in begun) for row in mine)
        here = {row.id for _, row in self.filings if row.institution_id == self.place}
        return stands and any(here & set(row.registrations) for row in mine)
