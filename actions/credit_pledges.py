"""信用承诺书: signed by the institution, public at once; a breach is found by one person and confirmed by another."""

from __future__ import annotations

from datetime import date

from actions import lifecycle, numbering
from database import session
from models import CreditPledge, Institution
from queries import credit_pledges as ask
from rules import credit_pledges as rule
from rules.blacklistings import BASIS
from rules.lifecycle import CreditPledgeState as S
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def sign(
    institution: Institution, *, signer: str, signed_on: date, actor: Actor, on: date
) -> CreditPledge:
    """Put the signature under the text of the day. Refused twice for one text, and while a breach is looked into."""
    require(actor, Permission.SIGN_PLEDGE, institution)
    text = rule.text(institution.kind.family, signed_on)
    if not signer.strip():
        raise Refused("请填写签署人姓名。")
    if signed_on > on:
        raise Refused("签署日期晚于今天。", cure="请在签署以后登记。")
    row = CreditPledge(
        number=numbering.case_number("CN", on.year), institution=institution, state=S.SIGNED,
        text_key=text.key, text_sha256=text.sha256, signer=signer.strip()[:64],
        signed_on=signed_on, recorded_on=on, signed_by_id=actor.id,
    )  # fmt: skip
    _replace(institution, text.key, actor=actor, on=on)
    lifecycle.begin(
        row, "sign", "签署信用承诺书", actor=actor, on=on, basis=text.basis, text=text.label
    )
    return row


def _replace(institution: Institution, key: str, *, actor: Actor, on: date) -> None:
    before = ask.standing(institution.id)
    if before is None:
        return
    if before.text_key == key:
        raise Refused("本机构已签署现行的信用承诺书，不需要重复签署。")
    lifecycle.move(before, "replace", actor=actor, on=on)
    session.flush()


def allege(
    row: CreditPledge, *, facts_text: str, found_on: date, evidence: str, actor: Actor, on: date
) -> None:
    """Note a breach with its facts and evidence; it counts when another has confirmed it."""
    rule.check_breach(facts_text, found_on, row.signed_on, on)
    lifecycle.move(
        row, "allege", actor=actor, on=on, basis=BASIS, found_on=found_on, recorded_by_id=actor.id,
        breach_text=facts_text.strip(), evidence=evidence.strip()[:300],
    )  # fmt: skip


def confirm(row: CreditPledge, *, actor: Actor, on: date) -> None:
    """The breach is a credit fact from this day on: never by whoever noted it."""
    lifecycle.move(
        row, "confirm", actor=actor, on=on, basis=BASIS, confirmed_on=on, confirmed_by_id=actor.id
    )


def dismiss(row: CreditPledge, *, reason: str, actor: Actor, on: date) -> None:
    """No breach: the pledge stands as before, the reason stays on file."""
    if not reason.strip():
        raise Refused("请写明不予认定的理由。")
    lifecycle.move(row, "dismiss", actor=actor, on=on, reason=reason.strip()[:500])
