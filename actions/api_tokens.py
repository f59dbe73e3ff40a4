"""Keys for other systems: issued for scopes and a term, shown once, approved by another, revoked for good."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from actions import events
from database import session
from models import ApiToken, Institution
from queries import api_tokens as ask
from queries import statements
from rules.api_scopes import AGENCY, Scope, check_sender
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

LONGEST_DAYS = 366  # a key nobody renews for a year belongs to nobody


def propose(
    name: str,
    scopes: Sequence[Scope],
    expires_on: date,
    *,
    actor: Actor,
    on: date,
    sender: str = "",
) -> tuple[ApiToken, str]:
    """A key that opens nothing until another administrator approves it; returned with its row, kept nowhere.

    `sender`: whose statements it hands in, by the code of the institution, or the agency's own (`AGENCY`).
    Refused without a name, for a name in use, for too long, or without a sender where one is needed.
    """
    require(actor, Permission.ISSUE_TOKEN)
    return _made(name, scopes, expires_on, actor=actor, on=on, sender=sender)


def issue(
    name: str,
    scopes: Sequence[Scope],
    expires_on: date,
    *,
    actor: Actor,
    on: date,
    sender: str = "",
) -> tuple[ApiToken, str]:
    """The same from the server itself, whose keeper needs nobody's approval."""
    row, key = _made(name, scopes, expires_on, actor=actor, on=on, sender=sender)
    row.approved_on = on
    return row, key


def _made(
    name: str,
    scopes: Sequence[Scope],
    expires_on: date,
    *,
    actor: Actor,
    on: date,
    sender: str = "",
) -> tuple[ApiToken, str]:
    if not name.strip() or not scopes:
        raise Refused("请写明接口令牌的名称和用途。")
    if ask.by_name(name.strip()) is not None:
        raise Refused(
            f"已有名为“{name.strip()}”的接口令牌。", cure="请换一个名称，或者先停用原令牌。"
        )
    if not 0 <= (expires_on - on).days <= LONGEST_DAYS:
        raise Refused("接口令牌的有效期应当在今天以后、一年以内。", cure="请修改截止日期。")
    place = _sender(sender, scopes, actor.pooling_region)
    key = secrets.token_urlsafe(32)
    row = ApiToken(
        name=name.strip(),
        digest=ask.digest(key),
        scopes=";".join(sorted(set(scopes))),
        pooling_region=actor.pooling_region,
        institution=place,
        for_agency=sender == AGENCY,
        issued_on=on,
        issued_by_id=actor.id,
        expires_on=expires_on,
    )
    session.add(row)
    session.flush()
    events.record(
        row, "issue_token", "签发接口令牌", actor=actor, on=on, name=row.name, until=expires_on,
        sender=place.code if place else sender,
    )  # fmt: skip
    return row, key


def _sender(code: str, scopes: Sequence[Scope], region: str) -> Institution | None:
    agency = code == AGENCY
    named = bool(code.strip()) and not agency
    check_sender(scopes, named=named, agency=agency)
    place = statements.place(code, region) if named else None
    if named and place is None:
        raise Refused(f"本统筹区没有编码为 {code.strip()[:20]} 的机构。", cure="请核对医保编码。")
    return place


def approve(row: ApiToken, *, actor: Actor, on: date) -> None:
    """From now on the key opens. Denied to whoever issued it; refused twice and for one that is over."""
    require(actor, Permission.APPROVE_TOKEN, row)
    if row.approved_on is not None:
        raise Refused(f"接口令牌“{row.name}”已经核准。")
    if row.revoked_on is not None or row.expires_on < on:
        raise Refused(f"接口令牌“{row.name}”已经停用或者过期。", cure="需要使用的，请重新签发。")
    row.approved_on, row.approved_by_id = on, actor.id
    events.record(row, "approve_token", "核准接口令牌", actor=actor, on=on, name=row.name)


def revoke(row: ApiToken, *, actor: Actor, on: date) -> None:
    """From now on the key opens nothing. Refused twice."""
    require(actor, Permission.REVOKE_TOKEN)
    if row.revoked_on is not None:
        raise Refused(f"接口令牌“{row.name}”已经停用。")
    row.revoked_on = on
    events.record(row, "revoke_token", "停用接口令牌", actor=actor, on=on, name=row.name)
