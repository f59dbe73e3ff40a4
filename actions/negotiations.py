"""协商谈判 of an agreement: comments, special clauses, local wordings, sending to sign, taking back, failing."""

from __future__ import annotations

from datetime import date
from itertools import count

import regulations
from actions import agreement_texts, events, letters, lifecycle
from database import session
from models import Agreement, AgreementDraft, ClauseComment, SpecialClause
from models.special_clause import SpecialState
from queries import agreement_texts as texts
from rules import clauses, drafting
from rules.lifecycle import AgreementState
from rules.permissions import Actor, Permission, Role, require
from rules.refusal import Refused

_REASON = "请写明理由。"


def comment(
    agreement: Agreement, *, clause: str, text: str, actor: Actor, on: date
) -> ClauseComment:
    """Say something about a clause; both sides read it. Refused without words and on a clause that is not there."""
    _require_open(agreement, actor, Permission.NEGOTIATE)
    if not text.strip():
        raise Refused("请写明对条款的意见。")
    proposed = {one.key for one in agreement.special_clauses}
    if clause not in clauses.by_key(agreement.chapters) and clause not in proposed:
        raise Refused("协议草案中没有这一条款。", cure="请刷新页面后选择现有条款。")
    made = ClauseComment(
        agreement=agreement,
        serial=len(agreement.drafts),
        clause=clause,
        text=text.strip(),
        by_institution=actor.role is Role.INSTITUTION,
        author_id=actor.id,
        author=actor.name,
        made_on=on,
    )
    session.add(made)
    events.record(agreement, "comment", "提出条款意见", actor=actor, on=on, clause=clause)
    return made


def propose(
    agreement: Agreement, *, text: str, reason: str, actor: Actor, on: date
) -> SpecialClause:
    """Propose a special clause. The institution's waits for the agency's answer; the agency's own enters the draft."""
    _require_open(agreement, actor, Permission.NEGOTIATE)
    if not text.strip() or not reason.strip():
        raise Refused("专门约定须写明条款内容和理由。")
    theirs = actor.role is Role.INSTITUTION
    special = SpecialClause(
        agreement=agreement,
        institution=agreement.institution,
        key=_next_key(agreement),
        text=text.strip(),
        reason=reason.strip(),
        by_institution=theirs,
        author_id=actor.id,
        author=actor.name,
        proposed_on=on,
    )
    session.add(special)
    session.flush()
    events.record(agreement, "propose", "提出专门约定", actor=actor, on=on, clause=special.key)
    if not theirs:
        answer(special, agreed=True, reason="经办机构提出", actor=actor, on=on)
    return special


def answer(
    special: SpecialClause, *, agreed: bool, reason: str, actor: Actor, on: date
) -> AgreementDraft | None:
    """Take a special clause into the text, or not, with the reason. A carried one is carried over or dropped.

    One that is in the text may still be taken out; one that was not taken in is proposed anew. Returns the new draft.
    """
    agreement = special.agreement
    _require_open(agreement, actor, Permission.ANSWER_SPECIAL_CLAUSE)
    if not reason.strip():
        raise Refused("答复专门约定须写明理由。", cure=_REASON)
    open_ones = (SpecialState.PROPOSED,) if agreed else (SpecialState.PROPOSED, SpecialState.AGREED)
    if special.state not in open_ones:
        raise Refused(f"该专门约定{special.state.label}，不能再次答复。", cure="请刷新页面核对。")
    refused = SpecialState.DROPPED if special.carried_from else SpecialState.REFUSED
    special.state = SpecialState.AGREED if agreed else refused
    special.answer, special.answered_on = reason.strip(), on
    special.answered_by_id, special.answered_by = actor.id, actor.name
    session.flush()
    events.record(
        agreement, "answer_special", f"专门约定{special.state.label}", actor=actor, on=on,
        clause=special.key, reason=special.answer,
    )  # fmt: skip
    text = drafting.with_special(agreement.chapters, texts.special(agreement))
    if text == agreement.chapters:
        return None
    note = f"专门约定 {special.key} {special.state.label}"
    return agreement_texts.keep(agreement, text, note, actor=actor, on=on)


def revise(
    agreement: Agreement, *, clause: str, text: str, reason: str, actor: Actor, on: date
) -> AgreementDraft:
    """Another wording of a local clause for this agreement. Refused for a mandatory clause, with its source."""
    _require_open(agreement, actor, Permission.DRAFT_AGREEMENT)
    if any(one.key == clause for one in agreement.special_clauses):
        raise Refused("专门约定不在这里修改。", cure="请取消原约定后重新提出。")
    chapters = drafting.with_text(agreement.chapters, clause, text, reason)
    number = clauses.by_key(chapters)[clause]["number"]
    note = f"修改第 {number} 条：{reason.strip()}"[:500]
    events.record(agreement, "revise", "修改条款", actor=actor, on=on, clause=clause, reason=reason)
    return agreement_texts.keep(agreement, chapters, note, actor=actor, on=on)


def refresh(agreement: Agreement, *, actor: Actor, on: date) -> AgreementDraft:
    """Draw the text up anew by the model in force today; agreed local and special wordings stay."""
    _require_open(agreement, actor, Permission.DRAFT_AGREEMENT)
    fresh = texts.drawn_up(agreement, on=on)
    agreement.text_on = on
    events.record(agreement, "refresh", "按现行范本更新草案", actor=actor, on=on)
    text = drafting.keeping_edits(fresh, agreement.chapters)
    return agreement_texts.keep(agreement, text, "按现行范本更新", actor=actor, on=on)


def send(agreement: Agreement, *, actor: Actor, on: date) -> None:
    """Freeze the draft and put it before the institution to sign.

    Refused while a special clause waits for a decision, after the first day of the term, and while the model has moved.
    """
    waiting = [one.key for one in agreement.special_clauses if one.state is SpecialState.PROPOSED]
    if waiting:
        raise Refused(
            f"还有 {len(waiting)} 条专门约定没有决定：{'、'.join(waiting)}。",
            cure="请逐条写明写入（沿用）或者不采纳（不再沿用）的理由后送签。",
        )
    if agreement.term_from < on:
        raise Refused(
            f"协议起始日期 {agreement.term_from} 已过。", cure="请认定谈判不成后重新拟定协议。"
        )
    kind = agreement.institution.kind
    moved = texts.moved(agreement, on=on)
    if moved:
        raise Refused(
            f"协议范本已有更新，草案中 {len(moved)} 条不是现行内容。",
            cure="请先“按现行范本更新草案”，核对后送签。",
        )
    basis = str(regulations.at(on, kind.family).agreement.term.basis)
    drafts = len(agreement.drafts)
    lifecycle.move(agreement, "send", actor=actor, on=on, basis=basis, note=f"第 {drafts} 稿")
    if agreement.application:
        lifecycle.move(agreement.application, "offer", actor=actor, on=on, basis=basis)


def reopen(agreement: Agreement, *, reason: str, actor: Actor, on: date) -> None:
    """Decline to sign and go back to the table: the institution before it signs, the agency before it countersigns.

    What was signed and confirmed does not count any more.
    """
    if not reason.strip():
        raise Refused("退回协商须写明理由。", cure=_REASON)
    theirs = actor.role is Role.INSTITUTION
    turn = AgreementState.OFFERED if theirs else AgreementState.COUNTERSIGNING
    if agreement.state is not turn:
        raise Refused("现在不由您签署，不能退回协商。", cure="请等待对方办理，或者刷新页面核对。")
    lifecycle.move(
        agreement,
        "reopen",
        actor=actor,
        on=on,
        note=reason.strip(),
        institution_read_on=None,
        institution_signer="",
        institution_capacity="",
        institution_mandate="",
        institution_signed_on=None,
    )
    if agreement.application:
        lifecycle.move(agreement.application, "reopen", actor=actor, on=on, note=reason.strip())


def fail(agreement: Agreement, *, reason: str, actor: Actor, on: date) -> None:
    """谈判不成: no agreement comes about, the application ends with it, and the institution is told."""
    if not reason.strip():
        raise Refused("认定谈判不成须写明理由。", cure=_REASON)
    law = regulations.at(on, agreement.institution.kind.family)
    basis, reason = str(law.agreement.term.basis), reason.strip()
    lifecycle.move(
        agreement, "fail", actor=actor, on=on, basis=basis, failed_on=on, failure_reason=reason
    )
    application = agreement.application
    if application:
        lifecycle.move(
            application, "fail_negotiation", actor=actor, on=on, result_reason=f"谈判不成：{reason}"
        )
    letters.issue(
        "unsettled",
        agreement,
        agreement.institution,
        actor=actor,
        on=on,
        institution=agreement.institution.name,
        agreement_number=agreement.number,
        application_number=application.number if application else "",
        reason=reason,
        basis=basis,
    )


def _require_open(agreement: Agreement, actor: Actor, permission: Permission) -> None:
    require(actor, permission, agreement)
    if agreement.state is not AgreementState.NEGOTIATING:
        raise Refused(
            "协议文本已经送签或者协商已经结束，条款不能再改动。",
            cure="送签后需要修改的，请在签署环节退回协商。",
        )


def _next_key(agreement: Agreement) -> str:
    """Never one of a clause that was carried over."""
    taken = {one.key for one in agreement.special_clauses}
    return next(key for n in count(1) if (key := f"X{n:02d}") not in taken)
