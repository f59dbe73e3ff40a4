"""What a person who stepped aside in a case does not see any more: the case, its letters, its log, its work items."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select

from database import session
from models import (
    CaseMeasure,
    CollectiveDecision,
    Document,
    Event,
    Referral,
    Remittance,
    Vote,
    WorkItem,
)
from queries.remembered import remembered
from rules.permissions import Actor


def cases(actor: Actor) -> Select[Any]:
    """Ids of the cases in which this person stepped aside."""
    return (
        select(CollectiveDecision.violation_id)
        .join(Vote, Vote.decision_id == CollectiveDecision.id)
        .where(
            Vote.user_id == actor.id,
            Vote.recusal != "",
            CollectiveDecision.violation_id.is_not(None),
        )
    )


def is_open(case_id: int | None, actor: Actor) -> bool:
    """Whether a page may lead this person to the case."""
    return case_id is not None and case_id not in _lost(actor)


def open_letters(actor: Actor) -> ColumnElement[bool]:
    """The condition on letters: not those of such a case. A decision that was carried out is no secret."""
    return not_(_closed(actor, Document.subject, Document.subject_id))


def open_events(actor: Actor) -> ColumnElement[bool]:
    """The condition on lines of the log: neither of such a case nor of its letters."""
    letters = select(Document.id).where(_closed(actor, Document.subject, Document.subject_id))
    issued = and_(Event.subject == "document", Event.subject_id.in_(letters))
    return not_(or_(_closed(actor, Event.subject, Event.subject_id), issued))


def closed_items(actor: Actor) -> ColumnElement[bool]:
    """The condition on work items of such a case; nearly everybody has none, and then nothing is asked."""
    if not _lost(actor):
        return false()
    return _closed(actor, WorkItem.subject, WorkItem.subject_id)


def _lost(actor: Actor) -> frozenset[int]:
    return remembered(("recused", actor.id), lambda: frozenset(session.scalars(cases(actor))))


def _closed(actor: Actor, subject: Any, subject_id: Any) -> ColumnElement[bool]:
    """Rows that name their subject: the case, its measures and money, referrals, discussions and votes."""
    held = select(CollectiveDecision.id).where(CollectiveDecision.violation_id.in_(cases(actor)))
    rungs = select(CaseMeasure.id).where(CaseMeasure.violation_id.in_(cases(actor)))
    money = select(Remittance.id).where(Remittance.case_measure_id.in_(rungs))
    votes = select(Vote.id).where(Vote.decision_id.in_(held))
    sent = select(Referral.id).where(Referral.violation_id.in_(cases(actor)))
    return or_(
        and_(subject == "referral", subject_id.in_(sent)),
        and_(subject == "violation", subject_id.in_(cases(actor))),
        and_(subject == "case_measure", subject_id.in_(rungs)),
        and_(subject == "remittance", subject_id.in_(money)),
        and_(subject == "collective_decision", subject_id.in_(held)),
        and_(subject == "vote", subject_id.in_(votes)),
    )
