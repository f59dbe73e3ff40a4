"""服务协议: drafted from the dated clauses, signed by the institution first and the agency after it."""

from __future__ import annotations

from datetime import date
from typing import Any

import regulations
from actions import holds, letters, lifecycle, numbering
from models import Agreement, Application, Institution
from queries import agreement_terms
from rules import clauses, succession, terms
from rules.lifecycle import AgreementState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def offer(application: Application, *, term_from: date, actor: Actor, on: date) -> Agreement:
    """Draft the agreement and send it to the institution to sign. Its term is the usual one of the law.

    Refused when the term would begin before today.
    """
    institution = application.institution
    require(actor, Permission.DRAFT_AGREEMENT, institution)
    agreement = _draft(institution, term_from=term_from, on=on)
    agreement.application = application
    basis = _send(agreement, actor=actor, on=on)
    lifecycle.move(application, "offer", actor=actor, on=on, basis=basis)
    return agreement


def offer_next(
    previous: Agreement, *, actor: Actor, on: date, term_from: date | None = None
) -> Agreement:
    """The following agreement of the same institution, without an application. It begins the day after the term.

    Refused unless the previous one is in force on the day, and while another following one is on its way or concluded.
    """
    institution = previous.institution
    require(actor, Permission.DRAFT_AGREEMENT, institution)
    holds.lock(institution.id)
    term_from = term_from or terms.next_from(previous.term_to)
    law = regulations.at(on, institution.kind.family)
    succession.require_next(
        previous.state,
        agreement_terms.facts_of(previous),
        agreement_terms.following(previous),
        term_from=term_from,
        on=on,
        basis=law.agreement.renew_before.basis,
    )
    agreement = _draft(institution, term_from=term_from, on=on)
    agreement.previous = previous
    _send(agreement, actor=actor, on=on)
    return agreement


def _draft(institution: Institution, *, term_from: date, on: date) -> Agreement:
    """A new agreement with the text in force on the day. Nothing of an earlier one's signatures is taken over."""
    if not institution.uscc or not institution.address:
        raise Refused(
            "机构档案缺少统一社会信用代码或者地址，不能拟定协议。",
            cure="请先在机构档案中补全后再拟定。",
        )
    if term_from < on:
        raise Refused("协议起始日期不能早于送签日期。", cure="请填写今天或者以后的日期。")
    law = regulations.at(on, institution.kind.family)
    term_to = terms.last_day(term_from, law.agreement.term.value)
    return Agreement(
        number=numbering.case_number("XY", on.year),
        institution=institution,
        state=AgreementState.OFFERED,
        term_from=term_from,
        term_to=term_to,
        chapters=clauses.chapters(law, term_from=term_from, term_to=term_to),
    )


def _send(agreement: Agreement, *, actor: Actor, on: date) -> str:
    """Put the text before the institution; returns the article of the term."""
    basis = str(regulations.at(on, agreement.institution.kind.family).agreement.term.basis)
    lifecycle.begin(agreement, "offer", "送签服务协议", actor=actor, on=on, basis=basis)
    return basis


def sign_for_institution(agreement: Agreement, *, read: bool, actor: Actor, on: date) -> None:
    """The institution signs, through its own user, after stating that it has read every clause."""
    if not read:
        raise Refused("请先确认已逐条阅读协议内容。", cure="勾选确认后再签署。")
    lifecycle.move(
        agreement,
        "sign",
        actor=actor,
        on=on,
        institution_signer=actor.name,
        institution_signed_on=on,
    )


def countersign(agreement: Agreement, *, actor: Actor, on: date) -> None:
    """The agency signs, and the agreement letter is issued with both signatures. In force follows from its dates.

    Refused before the institution has signed (by its state). The text stays as the institution signed it: when the
    agency signs after the first day of the term, the agreement holds from the later day (`rules.standing`).
    """
    institution = agreement.institution
    law = regulations.at(on, institution.kind.family)
    lifecycle.move(
        agreement,
        "countersign",
        actor=actor,
        on=on,
        basis=law.agreement.term.basis,
        agency_signer=actor.name,
        agency_signed_on=on,
    )
    if agreement.application:
        lifecycle.move(agreement.application, "conclude", actor=actor, on=on)
    letters.issue(
        "agreement",
        agreement,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        agreement_number=agreement.number,
        uscc=institution.uscc,
        code=institution.code or "待赋码",
        address=institution.address,
        term_from=agreement.term_from,
        term_to=agreement.term_to,
        chapters=_printed(agreement),
        institution_signer=agreement.institution_signer,
        institution_signed_on=agreement.institution_signed_on,
        agency_signer=agreement.agency_signer,
        agency_signed_on=agreement.agency_signed_on,
    )


def _printed(agreement: Agreement) -> list[dict[str, Any]]:
    """Chapters as the letter prints them: without the keys by which clauses are compared between editions."""
    return [
        {
            "title": chapter["title"],
            "clauses": [{"number": c["number"], "text": c["text"]} for c in chapter["clauses"]],
        }
        for chapter in agreement.chapters
    ]
