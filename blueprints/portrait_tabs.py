"""The tabs of an institution's page, in their order. Each reads only its own; its template has the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, request

from actions import institutions as act
from blueprints import employments
from forms.institutions import LicenceForm, OfficeForm
from queries import (
    agreements,
    amendments,
    commitments,
    documents,
    former_facts,
    holds,
    proposals,
    published_ratings,
    shares,
    talks,
    timeline,
    unfiled_changes,
    violations,
)
from queries import institutions as ask
from queries import registrations as registered
from queries.paging import asked
from rules import commitments as rule
from rules import timelines
from rules.permissions import Permission

LATEST = 10  # lines of the timeline on the first tab


@dataclass(frozen=True)
class Tab:
    """`context` makes what the template shows from the institution and the day."""

    label: str
    context: Callable[[Any, date], dict[str, Any]]
    permission: Permission | None = None


def _overview(row: Any, _on: date) -> dict[str, Any]:
    latest, _page = timeline.of_institution(row.id, asked({}), g.actor)
    return {
        "licences": ask.licences(row.id),
        "former": former_facts.of_institution(row.id),
        "labels": act.LABELS,
        "changes": amendments.of_institution(row.id),
        "unfiled": unfiled_changes.of_institution(row.id),
        "offices": ask.offices(row.id),
        "office_form": OfficeForm(),
        "licence_form": LicenceForm(),
        "revealed": {},
        "events": latest[:LATEST],
    }


def _agreements(row: Any, on: date) -> dict[str, Any]:
    held = agreements.of_institution(row.id)
    return {"agreements": [(one, agreements.standing_of(one, on=on)) for one in held]}


def _people(row: Any, on: date) -> dict[str, Any]:
    return {
        "registrations": _registered(row, on),
        "share": shares.of(row.id, on),
        **employments.context(row),
    }


def _registered(row: Any, on: date) -> list[tuple[Any, Any, list[str]]]:
    """Everybody ever registered; of those still there whether a commitment is missing and what no longer fits."""
    found = registered.of_institution(row.id)
    signed = commitments.last_signed([one.id for one in found])
    return [
        (one, rule.light(one.from_on, signed.get(one.id), on), registered.doubts(one, on=on))
        if one.to_on is None
        else (one, None, [])
        for one in found
    ]


def _money(row: Any, _on: date) -> dict[str, Any]:
    return {"holds": holds.of_institution(row.id)}


def _credit(row: Any, on: date) -> dict[str, Any]:
    return {
        "grades": published_ratings.of_institution(row.id, on=on),
        "uses": proposals.all_in_force(row.id, on=on),
    }


def _cases(row: Any, _on: date) -> dict[str, Any]:
    return {
        "cases": violations.of_institution(row.id, g.actor),
        "talks": [(one, talks.badge(one)) for one in talks.of_institution(row.id)],
    }


def _letters(row: Any, _on: date) -> dict[str, Any]:
    return {"letters": documents.of_institution(row.id, g.actor)}


def _log(row: Any, _on: date) -> dict[str, Any]:
    given = asked(request.args)
    lines, page = timeline.of_institution(row.id, given, g.actor)
    return {"lines": lines, "page": page, "sorts": timelines.OPTIONS, "given": given}


TABS = {
    "": Tab("概况", _overview),
    "agreements": Tab("协议", _agreements),
    "people": Tab("人员", _people),
    "credit": Tab("信用", _credit),
    "money": Tab("结算", _money),
    "cases": Tab("案件", _cases, Permission.VIEW_CASES),
    "letters": Tab("文书", _letters),
    "log": Tab("日志", _log),
}
