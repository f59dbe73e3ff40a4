"""严重失信名单 and 信用承诺 as everybody may see them: only what the table of subjects lets out, and only as long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from database import session
from models import Blacklisting, CreditPledge, Institution
from queries import blacklistings
from queries.paging import Asked, Page, count, cut, like
from rules import blacklistings as rule
from rules import credit_pledges
from rules.blacklistings import BlacklistSubject, Shown
from rules.lifecycle import CREDIT_PLEDGE
from rules.lifecycle import CreditPledgeState as S


@dataclass(frozen=True)
class Entry:
    """No full ID number of anybody has a field here."""

    number: str
    subject: str
    name: str
    code: str
    place: str
    ground: str
    basis: str
    listed_on: date | None
    until: date | None


@dataclass(frozen=True)
class Pledge:
    """`state` is the public word: what is only alleged is not said."""

    name: str
    kind_label: str
    title: str
    signed_on: date
    state: str
    light: str
    breached_on: date | None


def blacklist(ask: Asked, *, on: date) -> tuple[list[Entry], Page]:
    """Who is on the list today and still public, newest first."""
    hidden = [who for who in BlacklistSubject if rule.shown(who, on) is Shown.NOTHING]
    query = (
        select(Blacklisting)
        .join(Institution, Institution.id == Blacklisting.place_id)
        .where(
            blacklistings.on_list(on),
            Blacklisting.public_until >= on,
            Blacklisting.subject.not_in(hidden),
        )
    )
    if ask.q:
        query = query.where(Institution.name.like(like(ask.q), escape="\\"))
    total = count(query)
    rows = session.scalars(
        cut(query.order_by(Blacklisting.listed_on.desc(), Blacklisting.id.desc()), ask)
    )
    return [_entry(row, on) for row in rows], Page(ask.page, ask.size, total)


def _entry(row: Blacklisting, on: date) -> Entry:
    own = row.subject is BlacklistSubject.INSTITUTION
    masked = rule.shown(row.subject, on) is Shown.MASKED
    return Entry(
        number=row.number,
        subject=row.subject.label,
        name=rule.masked(row.about) if masked else row.about,
        code=(row.place.uscc or "") if own else "" if masked else row.masked_id,
        place=row.place.name,
        ground=row.ground_label,
        basis=row.basis,
        listed_on=row.listed_on,
        until=row.until,
    )


def pledges(ask: Asked, *, on: date) -> tuple[list[Pledge], Page]:
    """Every pledge that stands, and breaches for as long as they may be shown."""
    shown = and_(
        CreditPledge.state == S.BREACHED, CreditPledge.confirmed_on >= rule.shown_since(on)
    )
    query = (
        select(CreditPledge)
        .join(Institution, Institution.id == CreditPledge.institution_id)
        .where(CreditPledge.signed_on <= on)
        .where(or_(CreditPledge.state.in_((S.SIGNED, S.ALLEGED)), shown))
        .options(joinedload(CreditPledge.institution))
    )
    if ask.q:
        query = query.where(Institution.name.like(like(ask.q), escape="\\"))
    if ask.word("state") == "breached":
        query = query.where(CreditPledge.state == S.BREACHED)
    total = count(query)
    rows = session.scalars(
        cut(query.order_by(CreditPledge.signed_on.desc(), CreditPledge.id.desc()), ask)
    )
    return [_pledge(row, on) for row in rows], Page(ask.page, ask.size, total)


def _pledge(row: CreditPledge, on: date) -> Pledge:
    broken = row.state == S.BREACHED
    return Pledge(
        name=row.institution.name,
        kind_label=row.institution.kind.label,
        title=credit_pledges.by_key(row.text_key, on).label,
        signed_on=row.signed_on,
        state=CREDIT_PLEDGE.states[row.state].public,
        light="over" if broken else "ok",
        breached_on=row.confirmed_on if broken else None,
    )
