"""信用应用建议: made from a grade, decided by a person, ended when the grade says something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from actions import events, lifecycle
from database import session
from models import Cycle, GradeChange, Proposal, Rating
from queries import cycles as ask_cycles
from queries.proposals import STANDING
from rules.lifecycle import ProposalState
from rules.lifecycles_credit import VALID
from rules.permissions import Actor
from rules.refusal import Refused
from scoring.scheme import UseValue


def publish(
    cycle: Cycle,
    ratings: Iterable[Rating],
    uses: Mapping[str, list[UseValue]],
    *,
    actor: Actor,
    on: date,
) -> None:
    """What each grade suggests for whoever has a contract; what came along from a corrected run stands already."""
    query = select(Proposal.rating_id, Proposal.use).join(Rating)
    query = query.where(Rating.cycle_id == cycle.id, Proposal.state.in_(STANDING))
    settled = {(row[0], row[1]) for row in session.execute(query)}
    rows = [
        _columns(rating, rating.grade, use, on)
        for rating in ratings
        if rating.institution_id is not None
        for use in uses[rating.grade]
        if (rating.id, use.key) not in settled
    ]
    if rows:
        session.execute(insert(Proposal), rows)
    events.record(cycle, "propose", "形成信用应用建议", actor=actor, on=on, proposals=len(rows))


def _columns(rating: Rating, grade: str, use: UseValue, on: date) -> dict[str, Any]:
    return {
        "rating_id": rating.id,
        "use": use.key,
        "label": use.text,
        "value": str(use.value),
        "grade": grade,
        "basis": use.basis,
        "confidence": use.confidence,
        "state": ProposalState.PROPOSED,
        "state_since": on,
        "reason": "",
        "version": 1,
    }


def follow(change: GradeChange, *, actor: Actor, on: date) -> None:
    """A grade was changed: what the new one suggests differently takes the place of what the old one did."""
    rating, scheme = change.rating, ask_cycles.scheme_of(change.rating.cycle)
    if rating.institution_id is None:
        return
    before, after = scheme.grade(change.from_grade).label, scheme.grade(change.to_grade).label
    uses = ask_cycles.uses_of(scheme, change.to_grade, on)
    reason = f"等级由{before}变动为{after}（{change.number}）"
    kept = give_way(of_ratings([rating.id]), uses, reason=reason, actor=actor, on=on)
    settled = {row.use for row in kept}
    rows = [_columns(rating, change.to_grade, use, on) for use in uses if use.key not in settled]
    session.flush()
    if rows:
        session.execute(insert(Proposal), rows)
    events.record(change, "propose", "形成信用应用建议", actor=actor, on=on, proposals=len(rows))


def of_ratings(rating_ids: Sequence[int]) -> list[Proposal]:
    """What stands of these ratings, each held and read anew: nobody decides on it meanwhile."""
    query = select(Proposal).where(Proposal.rating_id.in_(rating_ids), Proposal.state.in_(STANDING))
    query = query.order_by(Proposal.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def give_way(
    rows: Iterable[Proposal], uses: Iterable[UseValue], *, reason: str, actor: Actor, on: date
) -> list[Proposal]:
    """What says the same as `uses` is given back and stays; of the rest the adopted ends and the undecided falls."""
    said = {(use.key, str(use.value)) for use in uses}
    kept = []
    for row in rows:
        if (row.use, row.value) in said:
            kept.append(row)
        elif row.state == ProposalState.ADOPTED:
            lifecycle.move(row, "end", actor=actor, on=on, reason=reason[:500], ended_on=on)
        elif row.state == ProposalState.PROPOSED:
            lifecycle.move(row, "replace", actor=actor, on=on, reason=reason[:500])
    return kept


def decide(proposal: Proposal, verb: str, *, actor: Actor, on: date, reason: str = "") -> None:
    """Adopt a proposal or refuse it. A refusal needs its reason; a decision made is not made again.

    Refused for a run that has become void.
    """
    if proposal.rating.cycle.state not in VALID:
        raise Refused(
            "该次评价已经作废，建议不再决定。", cure="请对更正后的结果所形成的建议作出决定。"
        )
    if verb == "refuse" and not reason.strip():
        raise Refused("不采用建议须写明理由。", basis=proposal.basis, cure="请填写不采用的理由。")
    adopted: dict[str, Any] = {"adopted_on": on} if verb == "adopt" else {}
    lifecycle.move(
        proposal, verb, actor=actor, on=on, basis=proposal.basis, reason=reason.strip(),
        decided_by_id=actor.id, **adopted,
    )  # fmt: skip


def adopt_each(rows: Sequence[Proposal], *, actor: Actor, on: date) -> list[str]:
    """Adopt what can be adopted, each by itself; says of each of the others why not."""
    failed = []
    for row in rows:
        try:
            with session.begin_nested():
                decide(row, "adopt", actor=actor, on=on)
        except Refused as refused:
            failed.append(f"{row.rating.name}：{refused.why}")
    return failed
