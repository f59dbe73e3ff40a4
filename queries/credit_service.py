"""How an institution kept its agreement: service, applications, evaluations, rectifications, limits, inspections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from database import session
from models import (
    Amendment,
    AmendmentItem,
    Application,
    Campaign,
    CampaignResult,
    Evaluation,
    Opinion,
    Rectification,
    Renewal,
    UnfiledChange,
)
from queries.credit_period import (
    Life,
    Period,
    Source,
    Values,
    counted,
    first,
    full_years,
    largest,
    note,
    regional,
)


def _service(period: Period, lives: list[Life]) -> Values:
    """Full years since the first signature."""
    earliest: dict[int, Life] = {}
    for life in lives:
        known = earliest.setdefault(life.institution_id, life)
        if (life.signed_on, life.agreement_id) < (known.signed_on, known.agreement_id):
            earliest[life.institution_id] = life
    return {
        key: {
            "years_of_service": full_years(life.signed_on, period.to_on),
            "service_evidence": life.number,
        }
        for key, life in earliest.items()
    }


def _supplements(period: Period, _lives: list[Life]) -> Values:
    query = regional(
        select(Application.institution_id, Application.number), Application, period
    ).where(Application.supplement_requested_on.between(period.from_on, period.to_on))
    found = counted("supplement_rounds")
    for key, number in session.execute(query.order_by(Application.number)):
        found[key]["supplement_rounds"] += 1
        note(found[key], "supplement_evidence", number)
    return found


def _evaluations(period: Period, _lives: list[Life]) -> Values:
    """The last evaluation finished in the period: its items, and those at least one member found wanting."""
    query = regional(
        select(Application.institution_id, Application.number, Evaluation.id, Opinion.items)
        .select_from(Evaluation)
        .join(Application, Application.id == Evaluation.application_id)
        .join(Opinion, Opinion.evaluation_id == Evaluation.id),
        Application,
        period,
    ).where(Evaluation.finished_on.between(period.from_on, period.to_on))
    order = (Evaluation.finished_on, Evaluation.id)
    last: dict[int, tuple[int, str, list[Any]]] = {}
    for key, number, evaluation, items in session.execute(query.order_by(*order)):
        same = key in last and last[key][0] == evaluation
        last[key] = (evaluation, number, [*(last[key][2] if same else []), *items])
    return {key: _items(number, items) for key, (_, number, items) in last.items()}


def _items(number: str, items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    every = {item["key"] for item in items}
    failed = {item["key"] for item in items if not item["passed"]}
    counts = {"evaluation_items": len(every), "evaluation_items_failed": len(failed)}
    return {**counts, "evaluation_evidence": number}


def _rectifications(period: Period, _lives: list[Life]) -> Values:
    """Orders of the period, and those whose last day is over on its last day and that are not closed by then."""
    query = regional(
        select(
            Rectification.institution_id, Rectification.number, Rectification.ordered_on,
            Rectification.due_on, Rectification.closed_on,
        ),
        Rectification,
        period,
    ).where(Rectification.ordered_on <= period.to_on, Rectification.state != "cancelled")  # fmt: skip
    found = counted("rectifications", "rectifications_overdue")
    for key, number, ordered, due, closed in session.execute(query.order_by(Rectification.number)):
        found[key]["rectifications"] += period.holds(ordered)
        if due < period.to_on and (closed is None or closed > period.to_on):
            found[key]["rectifications_overdue"] += 1
            note(found[key], "rectification_evidence", number)
    return found


def _late(period: Period, _lives: list[Life]) -> Values:
    """Changes filed late or not at all, renewals asked for late, rectifications reported late, in the period."""
    found = counted("late_filings")
    for query in (
        _late_changes(period),
        _unfiled(period),
        _late_renewals(period),
        _reported(period),
    ):
        for key, number in session.execute(query):
            found[key]["late_filings"] += 1
            note(found[key], "late_evidence", number)
    return found


def _late_changes(period: Period) -> Any:
    query = select(Amendment.institution_id, Amendment.number)
    query = query.join(AmendmentItem, AmendmentItem.amendment_id == Amendment.id)
    return (
        regional(query, Amendment, period)
        .where(AmendmentItem.late, AmendmentItem.filed_on.between(period.from_on, period.to_on))
        .order_by(AmendmentItem.id)
    )


def _unfiled(period: Period) -> Any:
    """Found by the agency and over its limit; one that was filed after all is counted as a late change."""
    query = select(UnfiledChange.institution_id, UnfiledChange.number)
    return (
        regional(query, UnfiledChange, period)
        .where(
            UnfiledChange.overdue_on.between(period.from_on, period.to_on),
            UnfiledChange.amendment_id.is_(None),
            UnfiledChange.state != "dismissed",
        )
        .order_by(UnfiledChange.id)
    )


def _late_renewals(period: Period) -> Any:
    query = select(Renewal.institution_id, Renewal.number)
    return (
        regional(query, Renewal, period)
        .where(
            Renewal.applied_on > Renewal.due_on,
            Renewal.applied_on.between(period.from_on, period.to_on),
        )
        .order_by(Renewal.id)
    )


def _reported(period: Period) -> Any:
    query = select(Rectification.institution_id, Rectification.number)
    return (
        regional(query, Rectification, period)
        .where(
            Rectification.submitted_on > Rectification.due_on,
            Rectification.submitted_on.between(period.from_on, period.to_on),
        )
        .order_by(Rectification.id)
    )


def _inspections(period: Period, _lives: list[Life]) -> Values:
    """Checks of campaigns in the period, and those that found something."""
    query = regional(
        select(CampaignResult.institution_id, CampaignResult.found_text, Campaign.name).join(
            Campaign, Campaign.id == CampaignResult.campaign_id
        ),
        CampaignResult,
        period,
    ).where(CampaignResult.checked_on.between(period.from_on, period.to_on))
    found = counted("inspections", "inspections_failed")
    for key, text, name in session.execute(query.order_by(CampaignResult.id)):
        found[key]["inspections"] += 1
        found[key]["inspections_failed"] += bool(text)
        note(found[key], "inspection_evidence", name if text else None)
    return found


SOURCES = (
    Source({"years_of_service": None, "service_evidence": ""}, _service, largest),
    Source({"supplement_rounds": 0, "supplement_evidence": ""}, _supplements),
    Source(
        {"evaluation_items": None, "evaluation_items_failed": None, "evaluation_evidence": ""},
        _evaluations,
        first,
    ),
    Source(
        {"rectifications": 0, "rectifications_overdue": 0, "rectification_evidence": ""},
        _rectifications,
    ),
    Source({"late_filings": 0, "late_evidence": ""}, _late),
    Source({"inspections": 0, "inspections_failed": 0, "inspection_evidence": ""}, _inspections),
)
