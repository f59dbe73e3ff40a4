"""主动退出: asked for by the institution months ahead, agreed to or not by the agency, carried out on its day."""

from __future__ import annotations

from datetime import date

from actions import holds, letters, lifecycle, numbering, voluntary_exits, work_items
from database import session
from models import Agreement, Withdrawal
from queries import agreement_terms
from queries import withdrawals as ask
from rules import withdrawals as rule
from rules.lifecycle import AgreementState, WithdrawalState
from rules.permissions import SYSTEM, Actor, Permission, Role, require
from rules.refusal import Refused
from rules.timetable import Outcome
from rules.withdrawals import ExitAct, ExitFacts

LIVE = (AgreementState.CONCLUDED, AgreementState.SUSPENDED)


def request(
    agreement: Agreement,
    *,
    act: str,
    reason: str,
    from_on: date | None,
    to_on: date | None = None,
    actor: Actor,
    on: date,
) -> Withdrawal:
    """Ask, by the institution or typed in for it by a clerk. `from_on` of not renewing is the day after the term.

    Refused to public institutions, with too little notice, beside another open request, and without a reason.
    """
    require(actor, Permission.REQUEST_WITHDRAWAL, agreement)
    holds.lock(agreement.institution_id)
    facts = _facts(agreement, act, from_on, to_on, on)
    _possible(agreement, facts, reason)
    provision = rule.row(facts.act, on, facts.family, facts.nature)
    row = Withdrawal(
        number=numbering.case_number("TC", on.year),
        institution=agreement.institution,
        agreement=agreement,
        state=WithdrawalState.REQUESTED,
        act=facts.act,
        reason=reason.strip(),
        basis=provision.basis,
        requested_on=on,
        from_on=facts.from_on,
        to_on=facts.to_on,
        proxy_by_id=None if actor.role is Role.INSTITUTION else actor.id,
    )
    title = f"申请{facts.act.label}"
    lifecycle.begin(row, "request", title, actor=actor, on=on, basis=provision.basis)
    return row


def _facts(
    agreement: Agreement, act: str, from_on: date | None, to_on: date | None, on: date
) -> ExitFacts:
    if act not in list(ExitAct):
        raise Refused("请选择中止、解除或者不再续签。")
    if act == ExitAct.NOT_RENEW:
        from_on, to_on = agreement.term_to + rule.ONE_DAY, None
    if from_on is None:
        raise Refused("请填写计划日期。")
    institution = agreement.institution
    return ExitFacts(
        act=ExitAct(act),
        family=institution.kind.family,
        nature=institution.nature,
        requested_on=on,
        term_to=agreement.term_to,
        from_on=from_on,
        to_on=to_on if act == ExitAct.SUSPEND else None,
    )


def _possible(agreement: Agreement, facts: ExitFacts, reason: str) -> None:
    if agreement.state not in LIVE:
        raise Refused("该协议没有在履行，不能申请退出。")
    if facts.act is ExitAct.SUSPEND and agreement.state == AgreementState.SUSPENDED:
        raise Refused("该协议正在中止，不能再申请中止。", cure="可以申请恢复或者解除协议。")
    rule.check(facts)
    following = agreement_terms.following(agreement)
    if facts.act is ExitAct.NOT_RENEW and following is not None:
        raise Refused(
            f"后续协议 {following.number} 已经签订或者正在签订，不能申请不再续签。",
            cure="正在签订的，可以退回协商；已经签订的，可以申请解除。",
        )
    if not reason.strip():
        raise Refused("请写明申请的理由。")
    if ask.open_of(agreement.id) is not None:
        raise Refused("该协议已有一件退出申请正在办理。", cure="请先撤回原申请。")


def agree(row: Withdrawal, *, opinion: str, actor: Actor, on: date) -> None:
    """Consent, with a letter. Refused when the planned day is past: the notice is months long for this."""
    if row.from_on < on:
        raise Refused(
            f"计划日期 {row.from_on} 已过，不能按原计划同意。", cure="请与机构商定后重新申请。"
        )
    _decide(row, "agree", opinion, actor=actor, on=on)
    if row.act is ExitAct.NOT_RENEW:
        work_items.settle("reminder", row.agreement_id, actor=actor, on=on)


def decline(row: Withdrawal, *, opinion: str, actor: Actor, on: date) -> None:
    """Refuse consent, with the reason in a letter. The agreement goes on."""
    if not opinion.strip():
        raise Refused("不同意的，须写明理由。")
    _decide(row, "decline", opinion, actor=actor, on=on)


def _decide(row: Withdrawal, verb: str, opinion: str, *, actor: Actor, on: date) -> None:
    text = opinion.strip()
    lifecycle.move(
        row,
        verb,
        actor=actor,
        on=on,
        basis=row.basis,
        decided_by_id=actor.id,
        decided_on=on,
        opinion=text,
    )
    document = letters.issue(
        "withdrawal_answer",
        row,
        row.institution,
        actor=actor,
        on=on,
        institution=row.institution.name,
        agreement_number=row.agreement.number,
        act=str(row.act),
        agreed=verb == "agree",
        requested_on=row.requested_on,
        from_on=row.from_on,
        to_on=row.to_on,
        opinion=text,
        basis=row.basis,
    )
    row.document_id = document.id


def recall(row: Withdrawal, *, actor: Actor, on: date) -> None:
    """The institution takes its request back. Refused once it is carried out."""
    lifecycle.move(row, "recall", actor=actor, on=on)


def carry_out(withdrawal_id: int, day: date) -> Outcome:
    """The nightly rule: on its day an agreed request is carried out; asked again under the lock.

    An agreement that ended meanwhile needs nothing more; one that is suspended already waits for a person.
    """
    known = session.get_one(Withdrawal, withdrawal_id)
    holds.lock(known.institution_id)
    agreement = session.get_one(
        Agreement, known.agreement_id, with_for_update=True, populate_existing=True
    )
    row = session.get_one(Withdrawal, withdrawal_id, with_for_update=True, populate_existing=True)
    if row.state != WithdrawalState.AGREED or row.from_on > day:
        return Outcome()
    if row.act is not ExitAct.NOT_RENEW and agreement.state not in LIVE:
        lifecycle.move(row, "void", actor=SYSTEM, on=day, note="协议已经结束")
        return Outcome(done=True)
    if row.act is ExitAct.SUSPEND and agreement.state == AgreementState.SUSPENDED:
        return Outcome(waiting="协议已经因其他情形中止，主动中止的申请需要人工处理。")
    if row.act is ExitAct.SUSPEND:
        voluntary_exits.suspend(row, actor=SYSTEM, on=day)
    elif row.act is ExitAct.TERMINATE:
        voluntary_exits.terminate(row, actor=SYSTEM, on=day)
    lifecycle.move(row, "carry_out", actor=SYSTEM, on=day, basis=row.basis)
    return Outcome(done=True)


def give_up(row: Withdrawal, *, reason: str, actor: Actor, on: date) -> None:
    """A person closes an agreed request that cannot be carried out any more, with the reason."""
    if not reason.strip():
        raise Refused("请写明不再执行的理由。")
    lifecycle.move(row, "void", actor=actor, on=on, note=reason.strip())
