"""证照: registered with their validity; the next one replaces the last, nothing is overwritten."""

from __future__ import annotations

from datetime import date

from actions import events
from database import session
from models import Institution, Licence
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def add(
    row: Institution,
    *,
    kind: str,
    number: str,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
    on: date,
) -> Licence:
    """Register a licence with its validity. Refused when it ends before it begins."""
    require(actor, Permission.REGISTER_INSTITUTION, row)
    if valid_to is not None and valid_to < valid_from:
        raise Refused("证照的截止日期早于起始日期。", cure="请核对证照原件后重新填写。")
    licence = Licence(
        institution=row, kind=kind, number=number, valid_from=valid_from, valid_to=valid_to
    )
    session.add(licence)
    session.flush()
    text = f"{kind} {number}，{valid_from.isoformat()} 至 {valid_to.isoformat() if valid_to else '长期'}"
    events.record(row, "add_licence", "登记证照", actor=actor, on=on, text=text)
    return licence
