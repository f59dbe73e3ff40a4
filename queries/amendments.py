"""变更申请 as lists and case pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from database import session
from models import Agreement, Amendment, AmendmentItem, Institution
from queries import bans, former_facts, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import amendments as rule
from rules.amendments import Effect
from rules.clocks import Light
from rules.grounds import Hit
from rules.lifecycle import AMENDMENT
from rules.lifecycle import AmendmentState as S
from rules.permissions import Actor
from rules.persons import OfficeRole

PENDING = (S.SUBMITTED, S.RETURNED, S.CHECKED, S.ESCALATED)
ROLES = {str(role): role for role in OfficeRole}


@dataclass(frozen=True)
class ListRow:
    id: int
    number: str
    institution: str
    kind_label: str
    labels: str
    state: Light
    filed_on: date | None
    late: Light


@dataclass(frozen=True)
class Line:
    """One item of the difference: what was, what is to be, on whose paper, and what follows."""

    item: AmendmentItem
    effect: Effect
    filed: Light


def page(actor: Actor, ask: Asked) -> tuple[list[ListRow], Page]:
    """Requests in the actor's scope by state, kind, fact, lateness and text."""
    query = _filtered(actor, ask)
    total = count(query)
    found = session.scalars(cut(query.order_by(Amendment.id.desc()), ask))
    return [_row(row) for row in found], Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Amendment).join(Institution, Amendment.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Amendment.institution_id)
    query = query.where(*named(ask, Amendment.number, more=(former_facts.named_before(ask.q),)))
    if ask.word("state") in AMENDMENT.states:
        query = query.where(Amendment.state == ask.word("state"))
    query = query.where(*of_family(ask))
    if ask.word("late"):
        query = query.where(Amendment.items.any(AmendmentItem.late.is_(True)))
    if ask.word("field"):
        query = query.where(Amendment.items.any(AmendmentItem.field == ask.word("field")))
    return query


def _row(row: Amendment) -> ListRow:
    return ListRow(
        row.id, row.number, row.institution.name, row.institution.kind.label,
        "、".join(item.label for item in row.items) or "—", badge(row.state), row.submitted_on, filed(row.items),
    )  # fmt: skip


def badge(state: S) -> Light:
    shown = AMENDMENT.states[state]
    return Light(shown.light, shown.label)


def filed(items: list[AmendmentItem]) -> Light:
    """Whether what was filed was filed in time."""
    if not any(item.filed_on for item in items):
        return Light("na", "未提交")
    return (
        Light("over", "逾期提出") if any(item.late for item in items) else Light("ok", "按期提出")
    )


def state_counts(actor: Actor) -> dict[str, int]:
    query: Any = select(Amendment.state, func.count()).join(
        Institution, Amendment.institution_id == Institution.id
    )
    query = scope.visible(query, actor, Institution.pooling_region, Amendment.institution_id)
    return {str(state): n for state, n in session.execute(query.group_by(Amendment.state))}


def lines(amendment: Amendment, on: date) -> list[Line]:
    family = amendment.institution.kind.family
    return [
        Line(item, rule.effect(item.field, on, family), filed([item])) for item in amendment.items
    ]


def hits(amendment: Amendment, on: date) -> dict[int, Hit]:
    """Standing bans against the persons who are to take office, by ID number across all institutions."""
    persons = {
        item.id_index: f"拟任{ROLES[item.field].label}{item.new_text}"
        for item in amendment.items
        if item.id_index
    }
    return bans.against_persons(persons, on) if persons else {}


def pending(institution_id: int, field: str, *, besides: int) -> Amendment | None:
    """Another request under way that changes the same fact."""
    return session.scalar(
        select(Amendment).where(
            Amendment.institution_id == institution_id,
            Amendment.id != besides,
            Amendment.state.in_(PENDING),
            Amendment.items.any(AmendmentItem.field == field),
        )
    )


def of_institution(institution_id: int) -> list[Amendment]:
    query = select(Amendment).where(Amendment.institution_id == institution_id)
    return list(session.scalars(query.order_by(Amendment.id.desc())))


def open_choices(amendment: Amendment, on: date) -> list[dict[str, Any]]:
    """Every fact the kind must file, each with the item put for it, if any."""
    put = {item.field: item for item in amendment.items}
    return [
        {"field": one.field, "label": one.label, "item": put.get(one.field), "basis": one.basis}
        for one in rule.listed(on, amendment.institution.kind.family)
    ]


def changers(actor: Actor, *, limit: int = 500) -> list[Institution]:
    """Institutions in scope with an agreement, for whom a clerk may begin a request."""
    held = select(Agreement.institution_id).where(
        Agreement.state.in_(["offered", "countersigning", "concluded", "suspended"])
    )
    query = select(Institution).where(Institution.id.in_(held))
    query = scope.visible(query, actor, Institution.pooling_region, Institution.id)
    return list(session.scalars(query.order_by(Institution.name).limit(limit)))
