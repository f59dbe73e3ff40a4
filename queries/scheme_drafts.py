"""信用方案草案: which there are, what each changes, what it would have done to the cycle it was tried on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from database import session
from models import Cycle, SchemeDraft
from queries import credit_facts, scope
from queries.credit_entered import RECORDS
from queries.paging import Asked, Page, count, cut, like
from queries.schemes import STAMP
from queries.what_ifs import UNRATED
from rules.lifecycle import SCHEME_DRAFT, CycleState, State
from rules.permissions import Actor
from scoring import catalogue, wording
from scoring import changes as change
from scoring.changes import Difference
from scoring.scheme import Scheme
from scoring.wording import Wording

OTHERS = 20
STATES = [(key, state.label) for key, state in SCHEME_DRAFT.states.items()]


@dataclass(frozen=True)
class DraftRow:
    draft: SchemeDraft
    state: State
    scheme_label: str
    number: str


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
    number = f"整份方案 {draft.file}" if draft.file else f"{len(draft.changes)} 处"
    return DraftRow(draft, SCHEME_DRAFT.states[draft.state], label, number)


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
    """Every number that is not as in the scheme it is compared with."""
    if not draft.base_text:
        return []
    before, after = (catalogue.parsed(text) for text in (draft.base_text, draft.scheme_text))
    return change.differences(before, after)


def wordings(draft: SchemeDraft) -> list[Wording]:
    """Every word of its page that is not as in the scheme it is compared with; what an approval stamps is none."""
    if not draft.base_text:
        return []
    before, after = (catalogue.parsed(text) for text in (draft.base_text, draft.scheme_text))
    stamped = {name: getattr(after, name) for name in STAMP}
    return wording.differences(before.model_copy(update=stamped), after)


def unsourced(scheme: Scheme) -> list[str]:
    """What a cycle would leave empty: facts nothing records, lists of events the house does not keep."""
    lists = [source.label for source in scheme.sources if source.name != RECORDS]
    return [fact.label for fact in credit_facts.unsourced(scheme)] + lists


def others(draft: SchemeDraft) -> list[SchemeDraft]:
    """Drafts it can be laid beside: those of the same scheme in its region."""
    query = select(SchemeDraft).where(
        SchemeDraft.pooling_region == draft.pooling_region,
        SchemeDraft.scheme == draft.scheme,
        SchemeDraft.id != draft.id,
    )
    return list(session.scalars(query.order_by(SchemeDraft.id.desc()).limit(OTHERS)))


def trial_cycle(scheme: Scheme, region: str) -> Cycle | None:
    """The latest cycle that was rated, of the same subject with the same grades: on its facts a scheme can be tried."""
    query = select(Cycle).where(
        Cycle.pooling_region == region,
        Cycle.subject == scheme.subject.key,
        Cycle.state.not_in((*UNRATED, CycleState.SUPERSEDED)),
    )
    found = session.scalars(query.order_by(Cycle.to_on.desc(), Cycle.id.desc()).limit(OTHERS)).all()
    keys = [grade.key for grade in scheme.grades]
    alike = [one for one in found if _grades(one) == keys]
    same = [one for one in alike if one.scheme == scheme.key]
    return next(iter([*same, *alike]), None)


def _grades(cycle: Cycle) -> list[str]:
    return [grade.key for grade in catalogue.parsed(cycle.scheme_text).grades]
