"""What an approved 变更 does: the registry goes on by period, the institution is told by letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions import institutions, letters
from models import Amendment, AmendmentItem
from queries import agreements
from queries.registered import ROLES
from rules.amendments import UNGRADED
from rules.kinds import InstitutionKind
from rules.lifecycle import AgreementState
from rules.permissions import Actor

LIVE = (AgreementState.CONCLUDED, AgreementState.SUSPENDED)


def apply(amendment: Amendment, *, actor: Actor, on: date) -> None:
    """Carry every item into the registry, then confirm it. The text of signed agreements stays as signed."""
    institution = amendment.institution
    for item in amendment.items:
        if item.field in ROLES:
            institutions.succeed(
                institution, ROLES[item.field], name=item.new_text, id_number=item.new_secret or "",
                from_on=item.effective_on, actor=actor, on=on,
            )  # fmt: skip
    facts = {item.field: _value(item) for item in amendment.items if item.field not in ROLES}
    since = {item.field: item.effective_on for item in amendment.items}
    if facts:
        institutions.change(
            institution, facts, actor=actor, on=on, reason=_reason(amendment), since=since
        )
    _confirm(amendment, actor=actor, on=on)


def _reason(amendment: Amendment) -> str:
    papers = dict.fromkeys(f"{one.authority}{one.document_number}" for one in amendment.items)
    return f"变更申请 {amendment.number}（{'、'.join(papers)}）"


def _value(item: AmendmentItem) -> Any:
    if item.field == "bank_account":
        return item.new_secret
    if item.field == "beds":
        return int(item.new_text)
    if item.field == "kind":
        return next(kind for kind in InstitutionKind if kind.label == item.new_text)
    return "" if item.field == "level" and item.new_text == UNGRADED else item.new_text


def _confirm(amendment: Amendment, *, actor: Actor, on: date) -> None:
    facts = _confirmed(amendment)
    letters.issue("amendment", amendment, amendment.institution, actor=actor, on=on, **facts)


def preview(amendment: Amendment, *, actor: Actor, on: date) -> bytes:
    """The confirmation as the approval would issue it, addressed by the new name where the name changes."""
    facts = _confirmed(amendment)
    name = next((item.new_text for item in amendment.items if item.field == "name"), None)
    facts["institution"] = name or facts["institution"]
    return letters.preview(
        "amendment", amendment.institution, actor=actor, on=on, addressee=name, **facts
    )


def _confirmed(amendment: Amendment) -> dict[str, Any]:
    return {
        "institution": amendment.institution.name,
        "amendment_number": amendment.number,
        "agreement_number": _agreement(amendment.institution_id),
        "filed_on": amendment.submitted_on,
        "rows": rows(amendment),
        "late": [item.label for item in amendment.items if item.late],
        "basis": amendment.items[0].basis,
    }


def refusal_letter(amendment: Amendment, reason: str, *, actor: Actor, on: date) -> None:
    """不予变更: the reason in writing, and that nothing on record was changed."""
    letters.issue(
        "amendment_refusal",
        amendment,
        amendment.institution,
        actor=actor,
        on=on,
        institution=amendment.institution.name,
        amendment_number=amendment.number,
        filed_on=amendment.submitted_on,
        labels=[item.label for item in amendment.items],
        reason=reason,
        basis=amendment.items[0].basis,
    )


def rows(amendment: Amendment) -> list[dict[str, Any]]:
    """The changes as the letter prints them: numbers of persons stay out, accounts are masked."""
    return [
        {
            "label": item.label,
            "old": item.old_text or "未登记",
            "new": item.new_text,
            "approval": f"{item.authority} {item.document_number}",
            "approved_on": item.approved_on,
            "effective_on": item.effective_on,
        }
        for item in amendment.items
    ]


def _agreement(institution_id: int) -> str:
    held = agreements.of_institution(institution_id)
    return next((one.number for one in held if one.state in LIVE), "")
