"""A run that corrects a published one takes its place: the first becomes void, what did not change comes along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from actions import events, grade_changes, lifecycle
from database import session
from models import Cycle, Proposal, Rating
from queries import rating_corrections, rating_objections
from queries.rating_corrections import Difference
from rules.permissions import Actor
from rules.refusal import Refused


def replace(
    cycle: Cycle, earlier: Cycle, ratings: Sequence[Rating], *, actor: Actor, on: date
) -> dict[int, Difference | None]:
    """Supersede the earlier run; give back whom a letter has to tell (rating id → what changed, None when rated anew).

    Proposals and changes of grades that came through unchanged hold for the new run. Refused while an objection
    against the earlier run is open.
    """
    waiting = rating_objections.open_of_cycle(earlier.id)
    if waiting:
        raise Refused(
            f"对原结果还有 {len(waiting)} 件异议没有答复。",
            cure="请全部答复，需要更正的一并重新计算后再公布。",
        )
    lifecycle.move(earlier, "replace", actor=actor, on=on, note="更正后的结果公布")
    session.flush()
    before = {row.subject: row for row in rating_corrections.ratings_of(earlier.id)}
    pairs = [(before[row.subject], row) for row in ratings if row.subject in before]
    _proposals(pairs, cycle, actor=actor, on=on)
    grade_changes.carry_over(pairs, actor=actor, on=on)
    changed = {one.rating.id: one for one in rating_corrections.differences(cycle)}
    told: dict[int, Difference | None] = {key: one for key, one in changed.items() if one.is_told}
    return told | {row.id: None for row in ratings if row.subject not in before}


def _proposals(
    pairs: Sequence[tuple[Rating, Rating]], cycle: Cycle, *, actor: Actor, on: date
) -> None:
    """With the same grade nothing else is suggested: what was decided stays decided."""
    same = {then.id: now for then, now in pairs if then.grade == now.grade}
    query = select(Proposal).where(Proposal.rating_id.in_([then.id for then, _ in pairs]))
    moved = [row for row in session.scalars(query) if row.rating_id in same]
    for row in moved:
        row.rating = same[row.rating_id]
    session.flush()
    events.record(
        cycle, "carry_over", "等级未变的应用建议继续适用", actor=actor, on=on, proposals=len(moved)
    )
