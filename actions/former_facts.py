"""Keeping what a change replaces: nothing on record for an institution is washed out by the next value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from database import session
from models import FormerFact, Institution
from queries import former_facts as ask
from rules import names

KEPT = ("name", "kind", "nature", "level", "beds", "scope", "address", "bank_account")


def keep(
    row: Institution, old: Mapping[str, Any], *, reason: str, on: date, since: Mapping[str, date]
) -> None:
    """Write one row for each replaced value. `since`: first day of the new value where it is not the day itself."""
    for field in KEPT:
        if field in old and old[field] not in (None, ""):
            session.add(_former(row, field, old[field], reason, since.get(field, on)))


def _former(row: Institution, field: str, value: Any, reason: str, to_on: date) -> FormerFact:
    began = ask.since(row.id, field)
    secret = field == "bank_account"
    text = "" if secret else str(getattr(value, "label", value))
    found = FormerFact(
        institution=row,
        field=field,
        text=text,
        secret=value if secret else None,
        from_on=None if began is None or began > to_on else began,
        to_on=to_on,
        reason=reason[:300],
    )
    if field == "name":
        found.name_key, found.pinyin = names.name_key(text), names.initials(text)[:200]
    return found
