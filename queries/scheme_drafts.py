"""信用方案草案: which there are, what each changes, what it would have done to the cycle it was tried on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from database import session
from models import Cycle, SchemeDraft
from queries import scope
from queries.paging import Asked, Page, count, cut, like
from rules.lifecycle import SCHEME_DRAFT, State
from rules.permissions import Actor
from scoring import catalogue
from scoring import changes as change
from scoring.changes import Difference

STATES = [(key, state.label) for key, state in SCHEME_DRAFT.states.items()]


@dataclass(frozen=True)
class DraftRow:
    draft: SchemeDraft
    state: State
    scheme_label: str
    number: int


def page(actor: Actor, ask: Asked) -> tuple[list[DraftRow], Page]:
    """Newest first, narrowed by state and name."""
    query = scope.visible(select(SchemeDraft), actor, SchemeDraft.pooling_region, None)
    if ask.word("state") in SCHEME_DRAFT.states:
        query = query.where(SchemeDraft.state == ask.word("state"))
    if ask.q:
        query = query.where(SchemeDraft.name.like(like(ask.q), escape="\\"))
    total = count(query)
    options = (joinedload(SchemeDraft.author), joinedload(SchemeDraft.cycle))
    found = session.scalars(cut(query.order_by(SchemeDraft.id.desc()), ask).options(*options))
    return [row(one) for one in found], Page(ask.page, ask.size, total)


def row(draft: SchemeDraft) -> DraftRow:
    label = catalogue.parsed(draft.scheme_text).label
    return DraftRow(draft, SCHEME_DRAFT.states[draft.state], label, len(draft.changes))


def waiting(region: str) -> int:
    """How many drafts wait for approval."""
    query = select(func.count()).where(
        SchemeDraft.pooling_region == region, SchemeDraft.state == "submitted"
    )
    return session.scalar(query) or 0


def of_cycle(cycle: Cycle) -> list[SchemeDraft]:
    query = select(SchemeDraft).where(SchemeDraft.cycle_id == cycle.id)
    return list(session.scalars(query.order_by(SchemeDraft.id)))


def differences(draft: SchemeDraft) -> list[Difference]:
    """Every number that is not as in the scheme frozen with the cycle; none of a text that is approved as written."""
    if draft.cycle is None:
        return []
    before, after = (
        catalogue.parsed(text) for text in (draft.cycle.scheme_text, draft.scheme_text)
    )
    return change.differences(before, after)


def others(draft: SchemeDraft) -> list[SchemeDraft]:
    """Drafts it can be laid beside: those tried on the same cycle."""
    return [one for one in of_cycle(draft.cycle) if one.id != draft.id] if draft.cycle else []
