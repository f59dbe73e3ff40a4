"""送达 with what follows from it: some periods run only from the day a letter was really delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions import (
    case_measures,
    deductions,
    evaluations,
    letters,
    reports,
    statement_appeals,
)
from models import Document
from rules.permissions import Actor

FOLLOWS: dict[str, Callable[..., None]] = {
    "evaluation_result": evaluations.result_served,
    "points": deductions.told,
    "recovery": case_measures.told,
    "damages": case_measures.told,
    "report": reports.served,
    "denial_detail": statement_appeals.told,
}


def serve(document: Document, *, actor: Actor, on: date, method: str, proof: str) -> None:
    """Record the service with its proof, and start what runs from it. Refused as `letters.serve` refuses."""
    letters.serve(document, actor=actor, on=on, method=method, proof=proof)
    follow = FOLLOWS.get(document.kind)
    if follow:
        follow(document, on=on)
