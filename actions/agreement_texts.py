"""The text of an agreement under negotiation, kept draft by draft."""

from __future__ import annotations

from datetime import date
from typing import Any

from database import session
from models import Agreement, AgreementDraft
from rules.permissions import Actor


def keep(
    agreement: Agreement, chapters: list[dict[str, Any]], note: str, *, actor: Actor, on: date
) -> AgreementDraft:
    """Make these chapters the text under negotiation, as one more draft."""
    draft = AgreementDraft(
        agreement=agreement,
        serial=len(agreement.drafts) + 1,
        chapters=chapters,
        note=note[:500],
        author_id=actor.id,
        author=actor.name,
        made_on=on,
    )
    session.add(draft)
    agreement.chapters = chapters
    return draft
