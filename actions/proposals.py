"""Several proposals adopted in one go, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions import cycles
from database import session
from models import Proposal
from rules.permissions import Actor
from rules.refusal import Refused


def adopt_each(rows: Sequence[Proposal], *, actor: Actor, on: date) -> list[str]:
    """Adopt what can be adopted; says of each of the others why not."""
    failed = []
    for row in rows:
        try:
            with session.begin_nested():
                cycles.decide(row, "adopt", actor=actor, on=on)
        except Refused as refused:
            failed.append(f"{row.rating.name}：{refused.why}")
    return failed
