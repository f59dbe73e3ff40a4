"""续签: the worklist with exceptions first, the agreements nobody has asked to renew, what the jobs have to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from database import session
from models import Agreement, Institution, Reminder, Renewal, Withdrawal, WorkItem
from queries import agreement_terms, scope, withdrawals
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import renewals as rule
from rules.agreement_forms import DESIGNATING
from rules.kinds import InstitutionKind
from rules.lifecycle import RENEWAL, AgreementState, RenewalState
from rules.permissions import Actor
from rules.renewals import Advice, Window

TABS: Mapping[str, tuple[str, tuple[RenewalState, ...]]] = {
    "assess": ("待评议", (RenewalState.COLLECTED, RenewalState.APPLIED)),
    "propose": ("待提意见", (RenewalState.ASSESSED,)),
    "decide": ("待决定", (RenewalState.PROPOSED,)),
    "offer": ("待送签", (RenewalState.AGREED,)),
    "signing": ("已送签", (RenewalState.OFFERED,)),
    "refused": ("不予续签", (RenewalState.REFUSED,)),
    "closed": ("已了结", (RenewalState.RENEWED, RenewalState.ENDED, RenewalState.WITHDRAWN)),
}
ADVICES = [(str(word), word.label) for word in Advice]
LIVING = (AgreementState.CONCLUDED, AgreementState.SUSPENDED)
FINISHED = (RenewalState.RENEWED, RenewalState.ENDED, RenewalState.WITHDRAWN)


@dataclass(frozen=True)
class RenewalRow:
    """A renewal, or an agreement in its window for which there is none yet."""

    agreement: Agreement
    institution: Institution
    due_on: date
    renewal: Renewal | None = None

    @property
    def state_label(self) -> str:
        return RENEWAL.states[self.renewal.state].label if self.renewal else "待组织"

    @property
    def exceptions(self) -> list[str]:
        return (
            [line["reason"] for line in self.renewal.sheet if line["advice"]]
            if self.renewal
            else []
        )


def page(actor: Actor, tab: str, ask: Asked) -> tuple[list[RenewalRow], Page]:
    """Renewals of a tab in the actor's scope: exceptions first, then whose agreement ends first."""
    query = filtered(actor, tab, ask)
    total = count(query)
    query = query.options(joinedload(Renewal.agreement), joinedload(Renewal.institution))
    rows = session.scalars(cut(query.order_by(_gravity(), Agreement.term_to, Renewal.id), ask))
    found = [RenewalRow(row.agreement, row.institution, row.due_on, row) for row in rows]
    return found, Page(ask.page, ask.size, total)


def filtered(actor: Actor, tab: str, ask: Asked) -> Select[Any]:
    """The same rows for list, export, print and batch."""
    query = select(Renewal).join(Agreement, Agreement.id == Renewal.agreement_id)
    query = query.join(Institution, Institution.id == Renewal.institution_id)
    query = scope.visible(query, actor, Institution.pooling_region, Renewal.institution_id)
    query = query.where(Renewal.state.in_(TABS[tab][1]))
    if ask.word("advice") in list(Advice):
        query = query.where(Renewal.advice == Advice(ask.word("advice")))
    return _narrowed(query, ask)


def clean(actor: Actor, tab: str, ask: Asked) -> list[int]:
    """All without an exception, of the whole tab as it is filtered."""
    query = filtered(actor, tab, ask).where(Renewal.advice == Advice.RENEW)
    return list(session.scalars(query.with_only_columns(Renewal.id).order_by(Renewal.id)))


def _gravity() -> ColumnElement[int]:
    return case({word: place for place, word in enumerate(Advice)}, value=Renewal.advice, else_=9)


def _narrowed(query: Select[Any], ask: Asked) -> Select[Any]:
    return query.where(*of_family(ask), *named(ask, Institution.code, Agreement.number))


def candidates(actor: Actor, ask: Asked, *, on: date) -> tuple[list[RenewalRow], Page]:
    """Agreements in their window without a renewal and without a following agreement, the next to end first."""
    query = candidate_query(actor, ask, on=on)
    total = count(query)
    query = query.options(joinedload(Agreement.institution))
    rows = session.scalars(cut(query.order_by(Agreement.term_to, Agreement.id), ask))
    return [_candidate(row, on) for row in rows], Page(ask.page, ask.size, total)


def candidate_query(actor: Actor, ask: Asked, *, on: date) -> Select[Any]:
    query = select(Agreement).join(Institution, Institution.id == Agreement.institution_id)
    query = scope.visible(query, actor, Institution.pooling_region, Agreement.institution_id)
    return _narrowed(query.where(_in_window(on), *_nothing_settled()), ask)


def _candidate(agreement: Agreement, on: date) -> RenewalRow:
    found = rule.window(agreement.term_to, on, agreement.institution.kind.family)
    return RenewalRow(agreement, agreement.institution, found.due_on)


def _in_window(day: date) -> ColumnElement[bool]:
    pharmacy = Institution.kind == InstitutionKind.RETAIL_PHARMACY
    until = case(
        (pharmacy, rule.last_end_in_window(day, "pharmacy")),
        else_=rule.last_end_in_window(day, "medical"),
    )
    within = (Agreement.term_to >= day) & (Agreement.term_to <= until)
    return Agreement.state.in_(LIVING) & Agreement.form.in_(DESIGNATING) & within


def _nothing_settled() -> tuple[ColumnElement[bool], ...]:
    """Nobody has asked, nothing follows, and the institution did not say that it will not go on."""
    return ~_has_renewal(), ~_followed(), ~withdrawals.not_renewing()


def _has_renewal() -> ColumnElement[bool]:
    return exists().where(
        Renewal.agreement_id == Agreement.id, Renewal.state != RenewalState.WITHDRAWN
    )


def _followed() -> ColumnElement[bool]:
    """Another agreement of the institution that goes on after this one, signed or being signed."""
    later = Agreement.__table__.alias("later")
    ended = [str(AgreementState.TERMINATED), str(AgreementState.LAPSED), str(AgreementState.FAILED)]
    return exists().where(
        later.c.institution_id == Agreement.institution_id,
        later.c.id != Agreement.id,
        later.c.term_to > Agreement.term_to,
        later.c.form.in_([str(one) for one in DESIGNATING]),
        later.c.state.not_in(ended),
    )


def counts(actor: Actor, *, on: date) -> dict[str, int]:
    """How many stand in each tab."""
    query: Any = select(Renewal.state, func.count()).join(
        Institution, Institution.id == Renewal.institution_id
    )
    query = scope.visible(query, actor, Institution.pooling_region, Renewal.institution_id)
    found: dict[Any, int] = {
        row[0]: row[1] for row in session.execute(query.group_by(Renewal.state))
    }
    numbers = {tab: sum(found.get(one, 0) for one in states) for tab, (_, states) in TABS.items()}
    return {"candidates": count(candidate_query(actor, Asked(words={}), on=on)), **numbers}


def open_of(agreement_id: int, *, lock: bool = False) -> Renewal | None:
    """The renewal of an agreement that was not withdrawn."""
    query = select(Renewal).where(
        Renewal.agreement_id == agreement_id, Renewal.state != RenewalState.WITHDRAWN
    )
    return session.scalar(query.with_for_update() if lock else query)


@dataclass(frozen=True)
class Renewing:
    """What the page of an agreement says of its renewal; `may_begin`: it is in its window and nothing is under way."""

    window: Window
    renewal: Renewal | None
    may_begin: bool
    is_late: bool
    leaving: Withdrawal | None


def of_agreement(agreement: Agreement, *, on: date) -> Renewing | None:
    """None where there is nothing to renew and nothing was renewed."""
    found = open_of(agreement.id)
    stands = agreement.state in LIVING and agreement.form in DESIGNATING
    if found is None and not stands:
        return None
    window = rule.window(agreement.term_to, on, agreement.institution.kind.family)
    leaving = withdrawals.will_not_renew(agreement.id)
    free = found is None and leaving is None and not agreement_terms.following(agreement)
    inside = window.opens_on <= on <= agreement.term_to
    return Renewing(window, found, free and inside, window.is_late(on), leaving)


def was_sought(agreement_id: int) -> bool:
    """Was renewal asked for or organised, and not withdrawn?"""
    return open_of(agreement_id) is not None


def leading_to(agreement_id: int) -> Renewal | None:
    """The renewal that led to this agreement."""
    return session.scalar(select(Renewal).where(Renewal.next_agreement_id == agreement_id))


def to_remind(day: date) -> list[int]:
    """Agreements in their window nobody has asked to renew, with a reminder whose day has come and was not given."""
    already = select(Reminder.agreement_id, Reminder.kind)
    already = already.join(Agreement, Agreement.id == Reminder.agreement_id)
    given = {(key, kind) for key, kind in session.execute(already.where(Agreement.term_to >= day))}
    query = select(Agreement).join(Institution, Institution.id == Agreement.institution_id)
    rows = session.scalars(
        query.options(joinedload(Agreement.institution))
        .where(_in_window(day), *_nothing_settled())
        .order_by(Agreement.id)
    )
    return [
        row.id
        for row in rows
        if any(
            (row.id, kind) not in given
            for kind, _ in rule.reminders(row.term_to, day, row.institution.kind.family)
        )
    ]


def reminded(agreement_id: int) -> set[rule.ReminderKind]:
    return set(session.scalars(select(Reminder.kind).where(Reminder.agreement_id == agreement_id)))


def over(_day: date) -> list[int]:
    """Ended agreements with a renewal or a reminder that is still open."""
    ended = Agreement.state.in_([AgreementState.TERMINATED, AgreementState.LAPSED])
    unfinished = exists().where(
        Renewal.agreement_id == Agreement.id, Renewal.state.not_in(FINISHED)
    )
    waiting = exists().where(
        WorkItem.subject == "reminder",
        WorkItem.subject_id == Agreement.id,
        WorkItem.done.is_(False),
    )
    query = select(Agreement.id).where(ended, or_(unfinished, waiting))
    return list(session.scalars(query.order_by(Agreement.id)))
