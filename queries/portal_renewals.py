"""续签 as the institution sees it: whether it may ask, until when, what came of it. No sheet, no opinion, no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Agreement, Reminder, Renewal
from queries import agreement_terms, withdrawals
from queries import renewals as ask
from queries.portal_matters import Act, Matter
from rules import renewals as rule
from rules.agreement_forms import DESIGNATING
from rules.clocks import Light
from rules.lifecycle import RENEWAL, RenewalState
from rules.renewals import Window

TOLD = (RenewalState.REFUSED, RenewalState.OFFERED, RenewalState.RENEWED, RenewalState.ENDED)


@dataclass(frozen=True)
class RenewalView:
    id: int
    version: int
    number: str
    state: Light
    sentence: str
    agreement_id: int
    agreement_number: str
    term_to: date
    due_on: date
    applied_on: date | None
    late: bool
    statement: str
    decided_on: date | None
    next_id: int | None
    may_withdraw: bool


@dataclass(frozen=True)
class Opening:
    """An agreement whose renewal may be asked for today."""

    agreement_id: int
    version: int
    number: str
    window: Window
    late: bool


def of_institution(institution_id: int) -> list[RenewalView]:
    query = select(Renewal).where(Renewal.institution_id == institution_id)
    return [view(row) for row in session.scalars(query.order_by(Renewal.id.desc()))]


def view(row: Renewal) -> RenewalView:
    """The whitelist. Between the application and the decision the institution knows that it is being looked at."""
    state = RENEWAL.states[row.state]
    waiting = row.state in (RenewalState.APPLIED, RenewalState.ASSESSED) and row.applied_on
    return RenewalView(
        id=row.id,
        version=row.version,
        number=row.number,
        state=Light(state.light, state.public),
        sentence=_sentence(row),
        agreement_id=row.agreement_id,
        agreement_number=row.agreement.number,
        term_to=row.agreement.term_to,
        due_on=row.due_on,
        applied_on=row.applied_on,
        late=row.is_late,
        statement=row.statement,
        decided_on=row.decided_on if row.state in TOLD else None,
        next_id=row.next_agreement_id,
        may_withdraw=bool(waiting),
    )


def _sentence(row: Renewal) -> str:
    """Who acts now, until when, what is missing."""
    end = row.agreement.term_to
    sentences = {
        RenewalState.AGREED: f"经办机构已同意续签，正在准备续签协议，协议 {end} 期满前送您单位签署。",
        RenewalState.OFFERED: f"续签协议已送到，请在 {end} 前阅读并签署。",
        RenewalState.RENEWED: "续签协议已由双方签署。",
        RenewalState.REFUSED: f"经办机构决定期满后不再续签，现行协议至 {end} 止。理由和依据见告知书。",
        RenewalState.ENDED: "现行协议已经结束，没有签订续签协议。",
        RenewalState.WITHDRAWN: "您单位已撤回续签申请，期满前仍可重新申请。",
    }
    return sentences.get(row.state, f"经办机构正在评议，应在协议 {end} 期满前作出决定。")


def openings(institution_id: int, *, on: date) -> list[Opening]:
    """Living agreements in their window that nobody has asked to renew."""
    query = select(Agreement).where(
        Agreement.institution_id == institution_id, Agreement.state.in_(ask.LIVING)
    )
    found = [opening(row, on=on) for row in session.scalars(query.order_by(Agreement.id))]
    return [one for one in found if one is not None]


def opening(agreement: Agreement, *, on: date) -> Opening | None:
    """None before the window opens, after the term, when something is under way, or it said that it will not go on."""
    window = rule.window(agreement.term_to, on, agreement.institution.kind.family)
    stands = agreement.state in ask.LIVING and agreement.form in DESIGNATING
    if not stands or not window.opens_on <= on <= agreement.term_to:
        return None
    if withdrawals.will_not_renew(agreement.id) is not None:
        return None
    renewal = ask.open_of(agreement.id)
    collected = renewal is not None and renewal.state == RenewalState.COLLECTED
    if (renewal is not None and not collected) or agreement_terms.following(agreement):
        return None
    return Opening(agreement.id, agreement.version, agreement.number, window, window.is_late(on))


def matters(institution_id: int, *, on: date) -> list[Matter]:
    """What may be asked for, and what is being decided; the signing is the following agreement's own matter."""
    found = [_to_ask(one) for one in openings(institution_id, on=on)]
    closed = (*ask.FINISHED, RenewalState.OFFERED, RenewalState.REFUSED)
    query = select(Renewal).where(
        Renewal.institution_id == institution_id, Renewal.state.not_in(closed)
    )
    return found + [_under_way(view(row)) for row in session.scalars(query.order_by(Renewal.id))]


def _to_ask(one: Opening) -> Matter:
    until = f"{one.window.due_on}" + ("，已经迟了，请尽快申请" if one.late else "")
    state = Light("over" if one.late else "soon", "可以申请续签")
    title = f"服务协议 {one.number}（{one.window.term_to} 期满）"
    return Matter(
        "opening", one.agreement_id, title, state, mine=True, until=until, todo="申请续签"
    )


def _under_way(shown: RenewalView) -> Matter:
    title = f"协议续签 {shown.number}"
    return Matter("renewal", shown.id, title, shown.state, mine=False, until=f"{shown.term_to}")


def acts(institution_id: int) -> list[Act]:
    """Reminders that were given and applications that were made, as both sides know them."""
    reminders = session.scalars(select(Reminder).where(Reminder.institution_id == institution_id))
    done = [Act(row.due_on, "续签提醒", row.kind.label) for row in reminders]
    asked = session.scalars(
        select(Renewal).where(
            Renewal.institution_id == institution_id, Renewal.applied_on.is_not(None)
        )
    )
    return done + [Act(row.applied_on, "申请续签", row.number) for row in asked if row.applied_on]
