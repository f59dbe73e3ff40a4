"""续签: asked for by the institution or organised by the agency, assessed on a frozen sheet, decided, offered.

Whoever makes the sheet, whoever proposes and whoever decides are three people. What the sheet says is asked again
before every step that relies on it: when the facts moved meanwhile, the step is refused and the sheet is made anew.
"""

from __future__ import annotations

from datetime import date, timedelta

import regulations
from actions import agreements, holds, letters, lifecycle, numbering, work_items
from database import session
from models import Agreement, Renewal
from models.renewal import Origin
from queries import agreement_terms, renewal_facts, withdrawals
from queries import renewals as ask
from rules import renewals as rule
from rules.agreement_forms import DESIGNATING
from rules.lifecycle import RenewalState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.renewals import Advice

ONE_DAY = timedelta(days=1)
DECIDABLE = (Advice.RENEW, Advice.NOT_RENEW)


def apply(agreement: Agreement, *, statement: str, actor: Actor, on: date) -> Renewal:
    """The institution asks. In time up to three months before the end; later it is taken up and stays marked as late.

    Refused before the window opens, after the term, twice, where the agreement has ended, or while the institution's
    own request not to renew stands.
    """
    require(actor, Permission.APPLY_RENEWAL, agreement)
    holds.lock(agreement.institution_id)
    window = _window(agreement, on)
    found = ask.open_of(agreement.id, lock=True)
    asked = {"applied_on": on, "statement": statement.strip()}
    late = "迟于规定时间" if window.is_late(on) else ""
    if found is not None and found.state == RenewalState.COLLECTED:
        lifecycle.move(found, "apply", actor=actor, on=on, basis=window.basis, note=late, **asked)
        return found
    _require_none(agreement, found)
    renewal = _new(agreement, RenewalState.APPLIED, Origin.APPLIED, window)
    renewal.applied_on, renewal.statement = on, statement.strip()
    _begin(renewal, "apply", "申请续签", actor=actor, on=on, basis=window.basis, late=late)
    return renewal


def collect(agreement: Agreement, *, actor: Actor, on: date) -> Renewal:
    """The agency organises renewal without waiting for an application."""
    require(actor, Permission.COLLECT_RENEWAL, agreement)
    holds.lock(agreement.institution_id)
    window = _window(agreement, on)
    _require_none(agreement, ask.open_of(agreement.id, lock=True))
    renewal = _new(agreement, RenewalState.COLLECTED, Origin.COLLECTED, window)
    _begin(renewal, "collect", "列入续签", actor=actor, on=on, basis=window.basis)
    return renewal


def _window(agreement: Agreement, on: date) -> rule.Window:
    family = agreement.institution.kind.family
    leaving = withdrawals.will_not_renew(agreement.id)
    rule.check_wanted(leaving.number if leaving else "", on, family)
    return rule.check_application(agreement.term_to, on, family)


def _require_none(agreement: Agreement, found: Renewal | None) -> None:
    if agreement.form not in DESIGNATING:
        raise Refused(
            f"{agreement.form.label}随所依附的协议，不单独续签。", cure="请对主协议申请续签。"
        )
    if agreement.state not in ask.LIVING:
        raise Refused("协议已经结束，不能续签。", cure="需要继续提供定点服务的，请重新申请定点。")
    if found is not None:
        raise Refused(
            f"协议 {agreement.number} 已有续签事项 {found.number}，不能重复提出。",
            cure="请在原事项中查看进度。",
        )
    if agreement_terms.following(agreement):
        raise Refused(f"协议 {agreement.number} 已有后续协议。", cure="请在服务协议中查看。")


def _new(agreement: Agreement, state: RenewalState, origin: Origin, window: rule.Window) -> Renewal:
    return Renewal(
        institution=agreement.institution,
        agreement=agreement,
        state=state,
        origin=origin,
        due_on=window.due_on,
    )


def _begin(
    renewal: Renewal, verb: str, title: str, *, actor: Actor, on: date, basis: str, late: str = ""
) -> None:
    renewal.number = numbering.case_number("XQ", on.year)
    facts = {"remark": late} if late else {}
    lifecycle.begin(renewal, verb, title, actor=actor, on=on, basis=basis, **facts)
    work_items.settle("reminder", renewal.agreement_id, actor=actor, on=on)


def withdraw(renewal: Renewal, *, actor: Actor, on: date) -> None:
    """The institution takes its application back before anything was proposed."""
    lifecycle.move(renewal, "withdraw", actor=actor, on=on)


def assess(renewal: Renewal, *, actor: Actor, on: date) -> None:
    """Freeze the facts of the day as the decision sheet. Made again it replaces the sheet, and the log keeps both."""
    sheet, advice = _sheet(renewal, on)
    lifecycle.move(
        renewal,
        "assess",
        actor=actor,
        on=on,
        basis=_basis(renewal, on),
        sheet=sheet,
        sheet_on=on,
        advice=advice,
        recorded_by_id=actor.id,
        reviewed_by_id=None,
        proposed=None,
    )


def _sheet(renewal: Renewal, on: date) -> tuple[list[dict[str, str]], Advice]:
    family = renewal.institution.kind.family
    return rule.sheet(renewal_facts.of(renewal.agreement, on), on, family)


def _basis(renewal: Renewal, on: date) -> str:
    law = regulations.at(on, renewal.institution.kind.family)
    return str(law.agreement.renew_before.basis)


def _same(renewal: Renewal, on: date) -> None:
    """Refused when today's facts lead to another list of exceptions than the sheet has."""
    fresh, _ = _sheet(renewal, on)
    if rule.exceptions(fresh) != rule.exceptions(renewal.sheet):
        new = rule.exceptions(fresh) - rule.exceptions(renewal.sheet)
        what = "、".join(sorted(new)) or "原有例外已经消除"
        raise Refused(
            f"评议表（{renewal.sheet_on}）形成后情况有变化：{what}。",
            basis=_basis(renewal, on),
            cure="请重新生成评议表后再办理。",
        )


def propose(renewal: Renewal, decision: Advice, *, opinion: str, actor: Actor, on: date) -> None:
    """The second person's opinion. Anything but renewing an institution without exceptions needs its reasons."""
    _decidable(decision)
    _same(renewal, on)
    plain = decision is Advice.RENEW and renewal.advice is Advice.RENEW
    if not plain and not opinion.strip():
        raise Refused(
            "评议表有例外，或者建议不续签的，须写明意见。",
            basis=_basis(renewal, on),
            cure="请逐项说明例外是否影响续签。",
        )
    lifecycle.move(
        renewal,
        "propose",
        actor=actor,
        on=on,
        basis=_basis(renewal, on),
        proposed=decision,
        opinion=opinion.strip(),
        reviewed_by_id=actor.id,
    )


def _decidable(decision: Advice) -> None:
    if decision not in DECIDABLE:
        raise Refused("请选择续签或者不予续签。")


def send_back(renewal: Renewal, *, reason: str, actor: Actor, on: date) -> None:
    """The leader asks for another look. Refused without saying at what."""
    if not reason.strip():
        raise Refused("请写明退回的理由。")
    lifecycle.move(renewal, "send_back", actor=actor, on=on, reason=reason.strip())


def decide(renewal: Renewal, decision: Advice, *, reason: str, actor: Actor, on: date) -> None:
    """The third person's decision. Refused without reasons when it is against renewal or against the proposal.

    Not to renew is told to the institution at once, with the word and the article of its kind.
    """
    _decidable(decision)
    _same(renewal, on)
    against = decision is Advice.NOT_RENEW
    if (against or decision is not renewal.proposed) and not reason.strip():
        raise Refused(
            "决定不予续签，或者与评议意见不一致的，须写明理由。",
            basis=_basis(renewal, on),
            cure="请写明理由后再提交。",
        )
    lifecycle.move(
        renewal,
        "refuse" if against else "agree",
        actor=actor,
        on=on,
        basis=_basis(renewal, on),
        reason=reason.strip(),
        decided_by_id=actor.id,
        decided_on=on,
    )
    if against:
        _tell_refusal(renewal, actor=actor, on=on)


def _tell_refusal(renewal: Renewal, *, actor: Actor, on: date) -> None:
    agreement = renewal.agreement
    letters.issue(
        "non_renewal",
        renewal,
        renewal.institution,
        actor=actor,
        on=on,
        institution=renewal.institution.name,
        agreement_number=agreement.number,
        term_to=agreement.term_to,
        ended_on=agreement.term_to + ONE_DAY,
        reason=renewal.reason,
        basis=_basis(renewal, on),
    )


def offer(renewal: Renewal, *, actor: Actor, on: date) -> Agreement:
    """Send the following agreement to the institution to sign, with the notice of renewal (D10)."""
    require(actor, Permission.OFFER_RENEWAL, renewal)
    _same(renewal, on)
    following = agreements.offer_next(renewal.agreement, actor=actor, on=on)
    session.flush()
    lifecycle.move(
        renewal,
        "offer",
        actor=actor,
        on=on,
        basis=_basis(renewal, on),
        next_agreement_id=following.id,
    )
    letters.issue(
        "renewal_notice",
        renewal,
        renewal.institution,
        actor=actor,
        on=on,
        institution=renewal.institution.name,
        agreement_number=renewal.agreement.number,
        term_to=renewal.agreement.term_to,
        next_number=following.number,
        next_from=following.term_from,
        next_to=following.term_to,
        basis=_basis(renewal, on),
    )
    return following
