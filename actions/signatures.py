"""Signing in order: the institution after reading, the agency after it; then the letter, the record and the filing."""

from __future__ import annotations

from datetime import date
from typing import Any

import regulations
from actions import filings, letters, lifecycle, renewal_ends
from models import Agreement
from queries import institution_keys, offices, official_seals
from rules import signing
from rules.agreement_forms import AgreementForm
from rules.filings import FilingKind
from rules.lifecycle import AGREEMENT, AgreementState
from rules.permissions import Actor
from rules.persons import OfficeRole
from rules.refusal import Refused
from rules.signing import AgencyAuthority, SignerCapacity

_HOLDS = {
    SignerCapacity.LEGAL_REPRESENTATIVE: OfficeRole.LEGAL_REPRESENTATIVE,
    SignerCapacity.PRINCIPAL: OfficeRole.PRINCIPAL,
}


def sign_for_institution(
    agreement: Agreement,
    *,
    read: bool,
    actor: Actor,
    on: date,
    capacity: SignerCapacity = SignerCapacity.AGENT,
    mandate: str = "",
) -> None:
    """The institution signs, through its own user, after stating that it has read every clause and in which capacity.

    Refused unread, for an agent without mandate, and for an office that the archive gives to somebody else.
    """
    if not read:
        raise Refused("请先确认已逐条阅读协议内容。", cure="勾选确认后再签署。")
    AGREEMENT.check(agreement.state, "sign")
    signing.require_signer(capacity, mandate, actor.name, _holders(agreement, capacity, on))
    lifecycle.move(
        agreement,
        "sign",
        actor=actor,
        on=on,
        institution_read_on=on,
        institution_signer=actor.name,
        institution_capacity=capacity.label,
        institution_mandate=mandate.strip(),
        institution_signed_on=on,
    )


def _holders(agreement: Agreement, capacity: SignerCapacity, on: date) -> list[str]:
    role = _HOLDS.get(capacity)
    rows = offices.in_office(agreement.institution_id, on)
    return [row.name for row in rows if row.role is role]


def authority(agreement: Agreement, *, on: date) -> AgencyAuthority:
    """What entitles the agency to sign this agreement."""
    head = letters.head()
    return signing.authority(
        head.level, head.mandate, family=agreement.institution.kind.family, on=on
    )


def require_turn(agreement: Agreement, *, on: date) -> AgencyAuthority:
    """Refused before the institution has signed, without authority, and for a yearly annex before its fixed part."""
    AGREEMENT.check(agreement.state, "countersign")
    found = authority(agreement, on=on)
    signing.require_authority(found)
    parent = agreement.parent
    if (
        agreement.form is AgreementForm.ANNUAL
        and parent
        and parent.state != AgreementState.CONCLUDED
    ):
        raise Refused(
            f"年度协议所依附的固定协议 {parent.number} 还没有签订。",
            cure="请先完成固定协议的签署。",
        )
    return found


def countersign(agreement: Agreement, *, actor: Actor, on: date) -> None:
    """The agency signs, and the agreement letter is issued with both signatures. In force follows from its dates.

    Refused before the institution has signed (by its state). The text stays as the institution signed it: when the
    agency signs after the first day of the term, the agreement holds from the later day (`rules.standing`).
    """
    found = require_turn(agreement, on=on)
    law = regulations.at(on, agreement.institution.kind.family)
    lifecycle.move(
        agreement,
        "countersign",
        actor=actor,
        on=on,
        basis=law.agreement.term.basis,
        agency_signer=actor.name,
        agency_mandate="" if found.in_principle else found.mandate,
        agency_signed_on=on,
    )
    if agreement.application:
        lifecycle.move(agreement.application, "conclude", actor=actor, on=on)
    renewal_ends.conclude(agreement, actor=actor, on=on)
    letter = letters.issue(
        "agreement", agreement, agreement.institution, actor=actor, on=on, **_facts(agreement)
    )
    summary = f"{agreement.form.label} {agreement.number}，期限 {agreement.term_from} 至 {agreement.term_to}"
    filings.file(
        agreement, FilingKind.AGREEMENT, actor=actor, on=on, document=letter, summary=summary
    )


def _facts(agreement: Agreement) -> dict[str, Any]:
    """What the letter prints."""
    institution = agreement.institution
    return {
        "institution": institution.name,
        "form": agreement.form.label,
        "agreement_number": agreement.number,
        "parent_number": agreement.parent.number if agreement.parent else "",
        "uscc": institution.uscc,
        "code": institution.code or "待赋码",
        "address": institution.address,
        "term_from": agreement.term_from,
        "term_to": agreement.term_to,
        "chapters": _printed(agreement),
        "institution_signer": agreement.institution_signer,
        "institution_capacity": agreement.institution_capacity,
        "institution_mandate": agreement.institution_mandate,
        "institution_signed_on": agreement.institution_signed_on,
        "agency_signer": agreement.agency_signer,
        "agency_mandate": agreement.agency_mandate,
        "agency_signed_on": agreement.agency_signed_on,
        "institution_sealed_by": _second_key(agreement),
    }


def _second_key(agreement: Agreement) -> str:
    """The certificate by which the institution signs after the agency; none where the agency has no key."""
    on = agreement.agency_signed_on
    if on is None or not official_seals.number_in_use(agreement.pooling_region, on):
        return ""
    return institution_keys.number_in_use(agreement.institution_id, on)


def _printed(agreement: Agreement) -> list[dict[str, Any]]:
    """Chapters as the letter prints them: without the keys by which clauses are compared between editions."""
    return [
        {
            "title": chapter["title"],
            "clauses": [{"number": c["number"], "text": c["text"]} for c in chapter["clauses"]],
        }
        for chapter in agreement.chapters
    ]
