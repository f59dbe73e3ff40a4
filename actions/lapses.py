"""终止: an agreement that ends by itself, because its term or its suspension is over.

For a pharmacy whose renewal was sought and not agreed on the end of the term is 解除 (令3 Art 38), without any ban.
"""

from __future__ import annotations

from datetime import date

from actions import events, holds, letters, lifecycle, reports
from database import session
from models import Agreement, Suspension, Termination
from queries import agreement_terms, renewals
from rules import bans, expiry, measures
from rules.agreement_forms import AgreementForm
from rules.expiry import TermEnd
from rules.lifecycle import AgreementState
from rules.permissions import SYSTEM, Actor


def lapse(
    agreement: Agreement,
    *,
    ended_on: date,
    reason: str,
    basis: str,
    actor: Actor,
    on: date,
    tell: bool = True,
) -> None:
    """End the agreement from `ended_on`, its first day without effect, and tell the institution.

    An open suspension ends with it. Refused unless concluded or suspended.
    """
    lifecycle.move(
        agreement, "lapse", actor=actor, on=on, basis=basis, lapsed_on=ended_on, lapse_reason=reason
    )
    end_open_suspension(agreement, ended_on=ended_on, reason=reason)
    end_dependents(agreement, ended_on=ended_on, basis=basis, on=on)
    if tell:
        letters.issue(
            "lapse",
            agreement,
            agreement.institution,
            actor=actor,
            on=on,
            institution=agreement.institution.name,
            agreement_number=agreement.number,
            ended_on=ended_on,
            reason=reason,
            basis=basis,
        )


def end_with(agreement: Agreement, *, ended_on: date, basis: str, on: date) -> None:
    """解除: with the agreement ends what stands on it, and the following one, signed or on its way, never begins."""
    end_dependents(agreement, ended_on=ended_on, basis=basis, on=on)
    following = agreement_terms.following(agreement)
    if following is not None:
        reason = f"前一份协议 {agreement.number} 已经解除"
        _take_along(following, reason, ended_on=ended_on, basis=basis, on=on)


def end_dependents(agreement: Agreement, *, ended_on: date, basis: str, on: date) -> None:
    """What stands on an agreement ends with it; a yearly annex that ends before its time takes its fixed part along."""
    reason = f"所依附的协议 {agreement.number} 已经终止或者解除"
    for one in agreement.dependents:
        _take_along(one, reason, ended_on=ended_on, basis=basis, on=on)
    early = agreement.form is AgreementForm.ANNUAL and ended_on <= agreement.term_to
    parent = agreement.parent if early else None
    if parent is not None and parent.state == AgreementState.CONCLUDED:
        reason = f"年度协议 {agreement.number} 已经终止或者解除"
        lapse(parent, ended_on=ended_on, reason=reason, basis=basis, actor=SYSTEM, on=on)


def _take_along(one: Agreement, reason: str, *, ended_on: date, basis: str, on: date) -> None:
    """Signed by both, it ends; on its way, nobody signs it any more. What is over already stays as it is."""
    if one.state in (AgreementState.CONCLUDED, AgreementState.SUSPENDED):
        lapse(one, ended_on=ended_on, reason=reason, basis=basis, actor=SYSTEM, on=on)
    elif one.state in agreement_terms.ON_ITS_WAY:
        lifecycle.move(
            one, "fail", actor=SYSTEM, on=on, basis=basis, failed_on=on, failure_reason=reason
        )


def end_open_suspension(agreement: Agreement, *, ended_on: date, reason: str) -> Suspension | None:
    """The suspension, if one is open, ends and its hold with the day before."""
    suspension = agreement_terms.open_suspension(agreement.id)
    if suspension is not None:
        suspension.ended_on, suspension.end_reason = max(ended_on, suspension.from_on), reason
        holds.release(suspension, last_on=ended_on - holds.ONE_DAY)
    return suspension


def expire(agreement_id: int, day: date, *, actor: Actor) -> bool:
    """Record that the term of a concluded agreement is over; asked again under the lock. False: nothing to do.

    Where a following agreement was concluded in time no letter is sent: nothing changes for the institution.
    """
    found = session.get(Agreement, agreement_id)
    if found is None:
        return False
    holds.lock(found.institution_id)
    agreement = session.get(Agreement, agreement_id, with_for_update=True, populate_existing=True)
    if agreement is None or not expiry.is_over(agreement.state, agreement.term_to, day):
        return False
    followed = agreement_terms.has_successor(agreement)
    end = expiry.of_term(
        agreement.institution.kind.family,
        agreement.term_to,
        followed=followed,
        sought=renewals.was_sought(agreement.id),
    )
    if end.dissolved:
        _dissolve(agreement, end, actor=actor, on=day)
        return True
    lapse(
        agreement,
        ended_on=end.on,
        reason=end.why,
        basis=end.basis,
        actor=actor,
        on=day,
        tell=not followed,
    )
    return True


def _dissolve(agreement: Agreement, end: TermEnd, *, actor: Actor, on: date) -> None:
    """期满解除: on the list of terminations, reported and told like any other, but nobody is barred by it."""
    termination = Termination(
        institution=agreement.institution,
        agreement=agreement,
        ban_class=bans.NONE,
        decided_on=on,
        effective_on=end.on,
        **measures.as_columns(end.row),
    )
    session.add(termination)
    lifecycle.move(agreement, "end_term", actor=actor, on=on, basis=end.basis, note=end.row.label)
    end_dependents(agreement, ended_on=end.on, basis=end.basis, on=on)
    holds.place(termination, from_on=end.on, to_on=None, basis=end.basis)
    termination.document = letters.issue(
        "term_end",
        termination,
        agreement.institution,
        actor=actor,
        on=on,
        institution=agreement.institution.name,
        agreement_number=agreement.number,
        term_to=agreement.term_to,
        ended_on=end.on,
        reason=end.row.label,
        basis=end.basis,
    )
    reports.file(termination, "termination", actor=actor, on=on)
    events.record(
        termination, "announce", "列入解除协议名单公布", actor=actor, on=on, basis=end.basis
    )
