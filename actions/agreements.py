"""服务协议: drawn up from the dated clauses, negotiated where needed, sent to the institution to sign."""

from __future__ import annotations

from datetime import date

import regulations
from actions import agreement_texts, holds, lifecycle, numbering
from database import session
from models import Agreement, Application, Institution, SpecialClause
from queries import agreement_terms
from queries import agreement_texts as texts
from rules import clauses, succession, terms
from rules.agreement_forms import AgreementForm
from rules.lifecycle import AgreementState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def offer(application: Application, *, term_from: date, actor: Actor, on: date) -> Agreement:
    """Draw up the agreement by the model and send it to the institution to sign at once, without changes to negotiate.

    Refused when the term would begin before today.
    """
    agreement = _for_application(application, term_from, AgreementState.OFFERED, actor=actor, on=on)
    basis = begin(agreement, actor=actor, on=on)
    lifecycle.move(application, "offer", actor=actor, on=on, basis=basis)
    return agreement


def negotiate(application: Application, *, term_from: date, actor: Actor, on: date) -> Agreement:
    """Draw up the agreement as a first draft that both sides negotiate before it is sent."""
    state = AgreementState.NEGOTIATING
    agreement = _for_application(application, term_from, state, actor=actor, on=on)
    basis = begin(agreement, actor=actor, on=on)
    lifecycle.move(application, "negotiate", actor=actor, on=on, basis=basis)
    return agreement


def _for_application(
    application: Application, term_from: date, state: AgreementState, *, actor: Actor, on: date
) -> Agreement:
    require(actor, Permission.DRAFT_AGREEMENT, application.institution)
    agreement = new(application.institution, term_from=term_from, state=state, on=on)
    agreement.application = application
    return agreement


def offer_next(
    previous: Agreement, *, actor: Actor, on: date, term_from: date | None = None
) -> Agreement:
    """The following agreement of the same institution, without an application. It begins the day after the term.

    It is sent to sign at once; with special clauses in the previous one it is negotiated first, because each of them
    is carried over or dropped knowingly. Nothing of signatures and confirmations is taken over. Refused unless the
    previous one is in force on the day, and while another following one is on its way or concluded.
    """
    institution = previous.institution
    require(actor, Permission.DRAFT_AGREEMENT, institution)
    term_from = require_next(previous, term_from=term_from, on=on)
    agreement = new(
        institution,
        term_from=term_from,
        state=AgreementState.OFFERED,
        on=on,
        form=previous.form,
        parent=previous.parent,
    )
    agreement.previous = previous
    if carry_special(previous, agreement, actor=actor, on=on):
        agreement.state = AgreementState.NEGOTIATING
    begin(agreement, actor=actor, on=on)
    return agreement


def require_next(previous: Agreement, *, on: date, term_from: date | None = None) -> date:
    """The first day of the following agreement, the institution locked. Refused as `offer_next` says."""
    institution = previous.institution
    holds.lock(institution.id)
    term_from = term_from or terms.next_from(previous.term_to)
    succession.require_next(
        previous.state,
        agreement_terms.facts_of(previous),
        agreement_terms.following(previous),
        form=previous.form,
        parent_to=previous.parent.term_to if previous.parent else None,
        term_from=term_from,
        on=on,
        basis=regulations.at(on, institution.kind.family).agreement.renew_before.basis,
    )
    return term_from


def new(
    institution: Institution,
    *,
    term_from: date,
    state: AgreementState,
    on: date,
    form: AgreementForm = AgreementForm.MAIN,
    parent: Agreement | None = None,
    months: int | None = None,
) -> Agreement:
    """An agreement without text and signatures. A dependent one ends with its parent at the latest."""
    if not institution.uscc or not institution.address:
        raise Refused(
            "机构档案缺少统一社会信用代码或者地址，不能拟定协议。",
            cure="请先在机构档案中补全后再拟定。",
        )
    if term_from < on:
        raise Refused("协议起始日期不能早于送签日期。", cure="请填写今天或者以后的日期。")
    law = regulations.at(on, institution.kind.family)
    term_to = terms.last_day(term_from, months or law.agreement.term.value)
    agreement = Agreement(
        number=numbering.case_number("XY", on.year),
        institution=institution,
        form=form,
        parent=parent,
        state=state,
        state_since=on,
        term_from=term_from,
        term_to=min(term_to, parent.term_to) if parent else term_to,
        chapters=[],
        text_on=on,
    )
    session.add(agreement)
    return agreement


def begin(agreement: Agreement, *, actor: Actor, on: date) -> str:
    """Put a new agreement on record with its first draft; returns the article of the term."""
    law = regulations.at(on, agreement.institution.kind.family)
    text = texts.drawn_up(agreement, on=on)
    agreement_texts.keep(agreement, text, "按现行范本拟定", actor=actor, on=on)
    verb, title = (
        ("offer", "送签服务协议")
        if agreement.state is AgreementState.OFFERED
        else ("negotiate", "拟定协议草案，开始协商")
    )
    basis = str(law.agreement.term.basis)
    lifecycle.begin(agreement, verb, title, actor=actor, on=on, basis=basis)
    return basis


def carry_special(previous: Agreement, agreement: Agreement, *, actor: Actor, on: date) -> bool:
    """Each special clause of the previous agreement waits for a decision: carried over or dropped. Are there any?"""
    found = [
        one
        for one in clauses.by_key(previous.chapters).values()
        if one.get("rank") == clauses.Rank.SPECIAL
    ]
    for one in found:
        agreement.special_clauses.append(
            SpecialClause(
                institution=previous.institution,
                key=one["key"],
                text=one["text"],
                reason=f"上期协议 {previous.number} 的专门约定",
                carried_from=one["key"],
                by_institution=False,
                author_id=actor.id,
                author=actor.name,
                proposed_on=on,
            )
        )
    return bool(found)
