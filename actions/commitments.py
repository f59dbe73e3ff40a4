"""服务承诺书: what a person signed for a registration, in the words of that day."""

from __future__ import annotations

from datetime import date

from actions import events, letters
from actions.materials import Upload
from database import session
from models import Commitment, Registration
from queries import commitments as ask
from rules import commitments as rule
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def record(
    registration: Registration,
    *,
    signed_on: date,
    actor: Actor,
    on: date,
    copy: Upload | None = None,
) -> Commitment:
    """Put a signed commitment on record, with its scanned copy if there is one.

    Refused for a day to come, a registration that is over, and a text that was signed before.
    """
    require(actor, Permission.REGISTER_PRACTITIONER, registration.institution)
    person, text = registration.practitioner, _text(registration, signed_on, on)
    row = Commitment(
        registration=registration,
        institution=registration.institution,
        text_key=text.key,
        text_sha256=text.sha256,
        signed_on=signed_on,
        file_name=copy.name if copy else "",
        sha256=letters.keep(copy.content, copy.media_type) if copy else None,
        recorded_on=on,
        recorded_by_id=actor.id,
    )
    session.add(row)
    session.flush()
    said = f"{person.name} {person.code}，{text.label}，{signed_on} 签署"
    events.record(
        row, "commit", "登记服务承诺书", actor=actor, on=on, text=said, practitioner=person.id
    )
    return row


def _text(registration: Registration, signed_on: date, on: date) -> rule.Text:
    """The text of the day on which it was signed; refused where it cannot be signed, or was already."""
    name = registration.practitioner.name
    if signed_on > on:
        raise Refused("服务承诺书的签署日期晚于今天。", cure="请在签署以后登记。")
    if registration.to_on is not None and registration.to_on < on:
        raise Refused(f"{name}在本机构的登记备案已于 {registration.to_on} 终止。")
    text = rule.text(registration.institution.kind.family, signed_on)
    if text is None:
        raise Refused(f"{signed_on} 还没有服务承诺书的文本。", cure="请按现行文本签署后登记。")
    if ask.signed(registration.id, text.key) is not None:
        raise Refused(f"{name}已签署《{text.label}》，不需要重复登记。")
    return text
