"""Numbers on explanation lines as links to the pages of what they name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for

from blueprints.access import opens
from queries import evidence as ask

PAGES = {
    "agreement": "agreements.show",
    "amendment": "amendments.show",
    "application": "applications.show",
    "blacklisting": "blacklistings.show",
    "campaign": "campaigns.show",
    "credit_information": "credit_information.show",
    "credit_pledge": "credit_pledges.show",
    "deduction": "deductions.show",
    "document": "documents.show",
    "grade_change": "grade_changes.show",
    "penalty": "penalties.show",
    "practitioner": "practitioners.show",
    "rectification": "rectifications.show",
    "renewal": "renewals.show",
    "statement": "settlements.show",
    "unfiled_change": "unfiled_changes.show",
    "untrustworthy": "penalties.entry",
    "violation": "violations.show",
}


def page(noun: str, key: int) -> str:
    """The address of a record, empty where it does not open for whoever looks."""
    return url_for(PAGES[noun], key=key) if opens(PAGES[noun]) else ""


def links(
    lines: Iterable[dict[str, Any]],
    *,
    institution_id: int | None = None,
    person_index: str | None = None,
) -> dict[str, str]:
    """Number → address, for every number on these lines that is on file and opens for whoever looks."""
    numbers = {number for line in lines for number in line["evidence"]}
    found = ask.found(numbers, institution_id=institution_id, person_index=person_index)
    return {
        number: url_for(PAGES[record.noun], key=record.id)
        for number, record in found.items()
        if opens(PAGES[record.noun])
    }
