"""The list of the untrustworthy as a list page shows it: never with a whole ID number."""

from __future__ import annotations

from datetime import date

from sqlalchemy import false, or_, select

from database import session
from models import Untrustworthy
from queries.paging import Asked, Page, count, cut, like

STATES = [("on", "在名单内"), ("off", "已移出")]


def page(ask: Asked, *, on: date) -> tuple[list[Untrustworthy], Page]:
    """Entries by text and by whether the person is on the list today; `key`: that entry alone."""
    query = select(Untrustworthy)
    if ask.word("key"):
        query = query.where(
            Untrustworthy.id == int(ask.word("key")) if ask.word("key").isdigit() else false()
        )
    if ask.q:
        columns = (Untrustworthy.person_name, Untrustworthy.number, Untrustworthy.authority)
        query = query.where(or_(*(one.like(like(ask.q), escape="\\") for one in columns)))
    gone = Untrustworthy.removed_on <= on
    if ask.word("state") == "off":
        query = query.where(gone)
    elif ask.word("state") == "on":
        query = query.where(or_(Untrustworthy.removed_on.is_(None), ~gone))
    total = count(query)
    order = (Untrustworthy.listed_on.desc(), Untrustworthy.id.desc())
    rows = session.scalars(cut(query.order_by(*order), ask))
    return list(rows), Page(ask.page, ask.size, total)
