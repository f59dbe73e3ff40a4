"""How the doors of money take a case: institution and agreement first, in the order of whoever writes a hold."""

from __future__ import annotations

from typing import Any

from actions import ledger
from blueprints.access import look, take


def held(noun: str, key: int) -> Any:
    """The row for a decision, after its institution and its agreement."""
    row = look(noun, key)
    agreement = row.id if noun == "agreement" else row.agreement_id
    ledger.lock(row.institution_id, agreement_id=agreement)
    return take(noun, key)
