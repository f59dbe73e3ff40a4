"""What an institution did against law or agreement, and what came of it: cases, money, suspension, end, penalties."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import and_, func, select

from database import session
from models import (
    CaseMeasure,
    Document,
    Finding,
    Penalty,
    Remittance,
    Suspension,
    Termination,
    Violation,
    WriteDown,
)
from queries.credit_period import ONE_DAY, Life, Period, Source, Values, counted, note, regional
from rules import bans, penalties

DECIDED = {"decided", "closed"}
NO_CASE = ("clue", "set_aside", "dismissed")
CENTS = 100


def _violations(period: Period, _lives: list[Life]) -> Values:
    """Decided in the period; or found by its end and not decided by then. A clue or a dismissed case counts not."""
    query = regional(
        select(Violation.institution_id, Violation.number, Violation.state, Violation.decided_on),
        Violation,
        period,
    ).where(Violation.found_on <= period.to_on, Violation.state.not_in(NO_CASE))
    found = counted("violations_confirmed", "violations_open")
    for key, number, state, decided_on in session.execute(query.order_by(Violation.number)):
        decided = state in DECIDED
        if decided and period.holds(decided_on):
            found[key]["violations_confirmed"] += 1
            note(found[key], "violations_evidence", number)
        elif not decided or decided_on > period.to_on:
            found[key]["violations_open"] += 1
            note(found[key], "open_evidence", number)
    return found


def _money(period: Period, _lives: list[Life]) -> Values:
    """What the decided cases of the period found against the fund, in yuan; one place found it, one place answers."""
    query = regional(
        select(Violation.institution_id, Violation.number, func.sum(Finding.amount)).join(
            Finding, Finding.violation_id == Violation.id
        ),
        Violation,
        period,
    ).where(
        Violation.state.in_(DECIDED), Violation.decided_on.between(period.from_on, period.to_on)
    )
    query = query.group_by(Violation.institution_id, Violation.number).order_by(Violation.number)
    found = counted("violation_amount")
    for key, number, amount in session.execute(query):
        found[key]["violation_amount"] += int(amount or 0) / CENTS
        note(found[key], "amount_evidence", number if amount else None)
    return found


def _unpaid(period: Period, _lives: list[Life]) -> Values:
    """Money claimed whose last day is over, less what arrived or was written down by the end of the period, in yuan."""
    claimed = regional(
        select(
            CaseMeasure.institution_id,
            CaseMeasure.amount,
            _sum(Remittance, _arrived(period)),
            _sum(WriteDown, WriteDown.written_on <= period.to_on),
            Violation.number,
        ).join(Violation, Violation.id == CaseMeasure.violation_id),
        CaseMeasure,
        period,
    ).where(CaseMeasure.state.in_(("decided", "executed")), CaseMeasure.due_on < period.to_on)
    found: Values = counted("money_overdue")
    for key, amount, received, written, number in session.execute(claimed.order_by(CaseMeasure.id)):
        if amount > received + written:
            found[key]["money_overdue"] += (amount - received - written) / CENTS
            note(found[key], "money_evidence", number)
    return found


def _sum(model: Any, condition: Any) -> Any:
    mine = and_(model.case_measure_id == CaseMeasure.id, condition)
    total = select(func.coalesce(func.sum(model.amount), 0)).where(mine)
    return total.correlate(CaseMeasure).scalar_subquery()


def _arrived(period: Period) -> Any:
    return and_(Remittance.state == "confirmed", Remittance.received_on <= period.to_on)


def _clues(period: Period, _lives: list[Life]) -> Values:
    """Leads on record that came in by the end of the period and are neither taken up nor set aside."""
    query = regional(
        select(Violation.institution_id, func.count()).where(Violation.state == "clue"),
        Violation,
        period,
    ).where(Violation.found_on <= period.to_on)
    found = session.execute(query.group_by(Violation.institution_id))
    return {key: {"clues_open": number} for key, number in found}


def _suspensions(period: Period, lives: list[Life]) -> Values:
    """Natural days of the period on which an agreement that still lived was suspended; a day counts once."""
    lasts = {life.agreement_id: life.last for life in lives}
    query = regional(
        select(
            Suspension.institution_id,
            Suspension.agreement_id,
            Suspension.from_on,
            Suspension.ended_on,
            Document.number,
        ).outerjoin(Document, Document.id == Suspension.document_id),
        Suspension,
        period,
    ).where(Suspension.from_on <= period.to_on)
    days: dict[int, set[int]] = defaultdict(set)
    found: Values = defaultdict(dict)
    for key, agreement, first, ended, number in session.execute(query.order_by(Suspension.id)):
        end = min(period.to_on, lasts.get(agreement, period.to_on))
        end = min(end, ended - ONE_DAY) if ended else end
        hit = range(max(first, period.from_on).toordinal(), end.toordinal() + 1)
        if hit:
            days[key].update(hit)
            note(found[key], "suspension_evidence", number)
    return {key: {"suspension_days": len(days[key]), **found[key]} for key in days}


def _terminations(period: Period, _lives: list[Life]) -> Values:
    """Ended in the period on a ground of breaking law or agreement."""
    query = regional(
        select(Termination.institution_id, Document.number).outerjoin(
            Document, Document.id == Termination.document_id
        ),
        Termination,
        period,
    ).where(
        Termination.effective_on.between(period.from_on, period.to_on),
        Termination.ban_class != bans.NONE,
    )
    found: Values = defaultdict(lambda: {"agreement_terminated": True})
    for key, number in session.execute(query.order_by(Termination.id)):
        note(found[key], "veto_evidence", number)
    return found


def _serious(period: Period, _lives: list[Life]) -> Values:
    """A case decided in the period that suspended or ended the agreement."""
    query = regional(select(Violation.institution_id, Violation.number), Violation, period).where(
        Violation.state.in_(DECIDED),
        Violation.measure.is_not(None),
        Violation.decided_on.between(period.from_on, period.to_on),
    )
    found: Values = defaultdict(lambda: {"serious_violation": True})
    for key, number in session.execute(query.order_by(Violation.number)):
        note(found[key], "serious_evidence", number)
    return found


def _penalties(period: Period, _lives: list[Life]) -> Values:
    """Cheating the fund, as decided in the period; a penalty whose last day is over and that was not performed."""
    frauds = penalties.frauds(period.to_on)
    query = regional(
        select(
            Penalty.institution_id, Penalty.act, Penalty.decided_on, Penalty.due_on,
            Penalty.performed_on, Penalty.number,
        ),
        Penalty,
        period,
    ).where(Penalty.decided_on <= period.to_on)  # fmt: skip
    found: Values = defaultdict(dict)
    for key, act, decided, due, performed, number in session.execute(query.order_by(Penalty.id)):
        fraud = act in frauds and period.holds(decided)
        owed = due < period.to_on and (performed is None or performed > period.to_on)
        found[key]["fraud_found"] = found[key].get("fraud_found", False) or fraud
        found[key]["penalty_unperformed"] = found[key].get("penalty_unperformed", False) or owed
        note(found[key], "penalty_evidence", number if fraud or owed else None)
    return found


SOURCES = (
    Source(
        {
            "violations_confirmed": 0,
            "violations_open": 0,
            "violations_evidence": "",
            "open_evidence": "",
        },
        _violations,
    ),
    Source({"violation_amount": 0, "amount_evidence": ""}, _money),
    Source({"money_overdue": 0, "money_evidence": ""}, _unpaid),
    Source({"clues_open": 0}, _clues),
    Source({"suspension_days": 0, "suspension_evidence": ""}, _suspensions),
    Source({"agreement_terminated": False, "veto_evidence": ""}, _terminations),
    Source({"serious_violation": False, "serious_evidence": ""}, _serious),
    Source(
        {"fraud_found": False, "penalty_unperformed": False, "penalty_evidence": ""}, _penalties
    ),
)
