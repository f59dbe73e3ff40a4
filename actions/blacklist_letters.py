"""What the letters on the list of serious dishonesty say of one entry."""

from __future__ import annotations

from datetime import date
from typing import Any

import regulations
from actions import letters
from models import Blacklisting
from rules import blacklistings as rule
from rules.blacklistings import BlacklistSubject, RemovalCause, Shown
from rules.clocks import add_months
from rules.permissions import Actor


def notice(row: Blacklisting, *, actor: Actor, on: date) -> None:
    letters.issue(
        "blacklist_notice", row, row.place, actor=actor, on=on, **_entry(row),
        facts_text=row.facts_text, evidence=row.evidence, views_due_on=row.views_due_on,
        months=regulations.at(on).blacklist.term.value,
        consequences=rule.consequences(row.subject, on),
    )  # fmt: skip


def listing(row: Blacklisting, *, actor: Actor, on: date) -> None:
    seen = rule.shown(row.subject, on) is not Shown.NOTHING
    letters.issue(
        "blacklist_listing", row, row.place, actor=actor, on=on, **_entry(row),
        facts_text=row.facts_text, statement=row.statement, council=row.result,
        listed_on=on, until=row.until, public_until=row.public_until if seen else None,
        removal_from=add_months(on, rule.earliest(on).value),
        consequences=rule.consequences(row.subject, on),
    )  # fmt: skip


def removal(row: Blacklisting, *, granted: bool, actor: Actor, on: date) -> None:
    letters.issue(
        "blacklist_removal", row, row.place, actor=actor, on=on, **_entry(row), granted=granted,
        cause=row.cause.label if granted and row.cause else "",
        removed_on=row.removed_on if granted else None,
        until=row.until, listed_on=row.listed_on,
        reason=row.reason if not granted or row.cause is RemovalCause.REVOKED else "",
    )  # fmt: skip


def _entry(row: Blacklisting) -> dict[str, Any]:
    """A letter to a person names the person, and is none of the institution's."""
    personal = row.subject is not BlacklistSubject.INSTITUTION
    number = f"（证件号码{row.masked_id}）" if row.masked_id else ""
    return {
        "addressee": row.about,
        "subject": f"{row.about}{number}",
        "personal": personal,
        "entry_number": row.number,
        "ground": row.ground_label,
        "basis": row.basis,
    }
