"""Agreements as their dates say: suspensions within the term, what follows, which have run out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from database import session
from models import Agreement, Suspension
from rules.agreement_forms import DESIGNATING, AgreementForm
from rules.lifecycle import AgreementState
from rules.standing import AgreementFacts, Interval

ON_ITS_WAY = (
    AgreementState.NEGOTIATING,
    AgreementState.OFFERED,
    AgreementState.COUNTERSIGNING,
    AgreementState.CONCLUDED,
    AgreementState.SUSPENDED,
)


def designating(agreement: Any = Agreement) -> ColumnElement[bool]:
    """Agreements by which an institution is designated, signed or not: no others beside them, none that failed."""
    return and_(agreement.form.in_(DESIGNATING), agreement.state != AgreementState.FAILED)


def facts_of(agreement: Agreement) -> AgreementFacts:
    """The dated facts from which its standing follows; a supplementary agreement rests while its parent does."""
    pauses = list(agreement.suspensions)
    if agreement.form is AgreementForm.SUPPLEMENTARY and agreement.parent:
        pauses += agreement.parent.suspensions
    ended = agreement.terminations[0].effective_on if agreement.terminations else None
    return AgreementFacts(
        term_from=agreement.term_from,
        term_to=agreement.term_to,
        institution_signed_on=agreement.institution_signed_on,
        agency_signed_on=agreement.agency_signed_on,
        suspensions=tuple(Interval(row.from_on, row.ended_on, row.to_on) for row in pauses),
        terminated_on=ended,
        lapsed_on=agreement.lapsed_on,
        failed_on=agreement.failed_on,
    )


def open_suspension(agreement_id: int) -> Suspension | None:
    return session.scalar(
        select(Suspension).where(
            Suspension.agreement_id == agreement_id, Suspension.ended_on.is_(None)
        )
    )


def suspensions_in_term(agreement_id: int) -> int:
    """How often this agreement was suspended; a renewal is another agreement and counts anew.

    What the institution asked for itself does not count.
    """
    query = select(func.count(Suspension.id)).where(
        Suspension.agreement_id == agreement_id, Suspension.voluntary.is_(False)
    )
    return session.scalar(query) or 0


def last_suspended_day(agreement_id: int) -> date | None:
    """The last day that an earlier, ended suspension covered."""
    first_free = session.scalar(
        select(func.max(Suspension.ended_on)).where(Suspension.agreement_id == agreement_id)
    )
    return first_free - timedelta(days=1) if first_free else None


def has_successor(agreement: Agreement) -> bool:
    """Was a following agreement concluded that begins no later than the day after this term?"""
    found: int | None = session.scalar(
        select(func.count(Agreement.id)).where(
            Agreement.institution_id == agreement.institution_id,
            Agreement.id != agreement.id,
            designating(),
            Agreement.state == AgreementState.CONCLUDED,
            Agreement.term_from <= agreement.term_to + timedelta(days=1),
            Agreement.term_to > agreement.term_to,
        )
    )
    return bool(found)


def following(agreement: Agreement) -> Agreement | None:
    """The agreement of the same institution that already covers days after this term, on its way or concluded."""
    query = select(Agreement).where(
        Agreement.institution_id == agreement.institution_id,
        Agreement.id != agreement.id,
        Agreement.state.in_(ON_ITS_WAY),
        designating(),
        Agreement.term_to > agreement.term_to,
    )
    return session.scalar(query.order_by(Agreement.id).limit(1))


def run_out(day: date) -> list[int]:
    """Concluded agreements whose term ended before the day."""
    query = select(Agreement.id).where(
        Agreement.state == AgreementState.CONCLUDED, Agreement.term_to < day
    )
    return list(session.scalars(query.order_by(Agreement.id)))
