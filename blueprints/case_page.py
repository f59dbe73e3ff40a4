"""What the page of a case shows beside its decision: measures, follow-ups, what is open, the grounds to choose from."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import g

from queries import case_closing, case_measures
from rules import ladder, measures, permissions
from rules.permissions import Permission

PAGES = {"rectification": "rectifications.show", "talk": "talks.show"}
NOT_TO_ORDER = ("clue", "set_aside", "closed", "dismissed")


def context(row: Any, on: date) -> dict[str, Any]:
    """Measures with their money, talks and rectifications of the case, and what keeps it from being closed."""
    family = row.institution.kind.family
    needed = (Permission.ORDER_RECTIFICATION, Permission.RECORD_EXECUTION)
    orders = all(permissions.may(g.actor, one, row) for one in needed)
    return {
        "rungs": case_measures.lines(row),
        "offered": [(step.value, step.label) for step, _ in ladder.offered(on, family)],
        "approval": case_measures.approval(row, on).level.label,
        "ground_groups": grounds(on, family),
        "follow_pages": PAGES,
        "follow_ups": case_closing.follow_ups(row),
        "may_order": orders and row.state not in NOT_TO_ORDER,
        "open_points": case_closing.open_points(row, on) if row.state == "decided" else [],
    }


def grounds(on: date, family: str) -> dict[str, list[tuple[str, str]]]:
    """The enumerated grounds of suspension and termination, each with its article."""
    return {
        f"{word}（{measures.grounds(measure, on, family)[0].article.partition('条')[0]}条）": [
            (f"{measure}:{row.key}", f"{row.article}　{row.label}")
            for row in measures.grounds(measure, on, family)
        ]
        for measure, word in measures.WORDS.items()
    }
