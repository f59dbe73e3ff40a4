"""The letters of the intake and their facts, made once for both: the preview looked at and the letter issued."""

from __future__ import annotations

from datetime import date
from typing import Any

import regulations
from actions import letters
from models import Application, Document
from models.material import MaterialState
from queries import calendar_days, refusals
from rules import clocks
from rules.grounds import Hit
from rules.permissions import Actor
from rules.refusal import Refused, whole_article

PREVIEWED = ("acceptance", "supplement", "decline")


def preview(
    kind: str,
    application: Application,
    *,
    actor: Actor,
    on: date,
    ground: str = "",
    reason: str = "",
) -> bytes:
    """The letter that this decision would send today; nothing is decided or stored by looking."""
    facts = {
        "acceptance": acceptance_facts,
        "supplement": supplement_facts,
        "decline": lambda one, *, on: decline_facts(one, on=on, ground=ground, reason=reason),
    }[kind](application, on=on)
    return letters.preview(kind, application.institution, actor=actor, on=on, **facts)


def issue(
    kind: str, application: Application, facts: dict[str, Any], *, actor: Actor, on: date
) -> Document:
    return letters.issue(kind, application, application.institution, actor=actor, on=on, **facts)


def acceptance_facts(application: Application, *, on: date) -> dict[str, Any]:
    """What the acceptance says; the last day of the evaluation as its clock will count it from this day."""
    institution = application.institution
    family = institution.kind.family
    due = clocks.due("eval.max", on, family, workdays=calendar_days.workdays(), strict=False)
    return {
        **_common(application),
        "kind_label": institution.kind.label,
        "received_on": application.received_on,
        "accepted_on": on,
        "evaluation_due_on": due.due,
        "due_explain": due.explain,
        "basis": regulations.at(on, family).apply.supplement_notice.basis,
    }


def supplement_facts(application: Application, *, on: date) -> dict[str, Any]:
    """Everything that was returned, each with its reason; with the reason of a second notice, if it is one."""
    law = regulations.at(on, application.institution.kind.family)
    returned = [m for m in application.materials if m.state is MaterialState.RETURNED]
    return {
        **_common(application),
        "received_on": application.received_on,
        "items": [{"name": m.label, "reason": m.reason} for m in returned],
        "basis": law.apply.supplement_notice.basis,
        "again_reason": application.again_reason,
    }


def decline_facts(
    application: Application, *, on: date, ground: str = "", reason: str = ""
) -> dict[str, Any]:
    """The grounds on record, else those a person found, else the one stated here with its facts."""
    return {
        **_common(application),
        "grounds": grounds(application, on=on, ground=ground, reason=reason),
    }


def grounds(
    application: Application, *, on: date, ground: str = "", reason: str = ""
) -> list[dict[str, Any]]:
    """Refused when no ground is on record and none is stated with its facts."""
    checked = refusals.check(application, on)
    found = [_as_ground(hit) for one in checked for hit in one.hits]
    found += [
        _found_by_person(one.line.label, one.line.finding.fact, one.line.basis)
        for one in checked
        if not one.hits and one.line.by and one.result == "against"
    ]
    return found or [_stated(application, ground, reason, on=on)]


def _as_ground(hit: Hit) -> dict[str, Any]:
    return {"text": hit.text, "basis": hit.basis, "until": hit.until, "cure": hit.cure}


def _found_by_person(label: str, fact: str, basis: str) -> dict[str, Any]:
    cure = "情形消除后可以重新申请。"
    return {"text": f"{label}：{fact}", "basis": basis, "until": None, "cure": cure}


def _stated(application: Application, key: str, reason: str, *, on: date) -> dict[str, Any]:
    law = regulations.at(on, application.institution.kind.family)
    rows = law.table("refusal_grounds")
    row = next((row for row in rows if row.key == key), None)
    if row is None:
        raise Refused(
            "没有发现自动核查的不予受理情形。",
            basis=whole_article(rows[0].basis),
            cure="如有其他情形，请选择对应的条款并写明事实。",
        )
    if not reason.strip():
        raise Refused(
            "不予受理须写明事实。", basis=row.basis, cure="请写明认定该情形的事实和证据。"
        )
    return _found_by_person(row.label, reason.strip(), row.basis)


def _common(application: Application) -> dict[str, Any]:
    return {
        "institution": application.institution.name,
        "application_number": application.number,
    }
