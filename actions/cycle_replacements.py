"""A run that corrects a published one takes its place: the first becomes void, what did not change comes along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions import events, grade_changes, lifecycle, proposals
from database import session
from models import Cycle, Proposal, Rating
from queries import cycles as ask_cycles
from queries import rating_corrections, rating_objections, scope
from queries.rating_corrections import Difference
from rules.permissions import Actor
from rules.refusal import Refused


def replace(
    cycle: Cycle, earlier: Cycle, ratings: Sequence[Rating], *, actor: Actor, on: date
) -> dict[int, Difference | None]:
    """Supersede the earlier run; give back whom a letter has to tell (rating id → what changed, None when rated anew).

    Proposals and changes of grades that came through unchanged hold for the new run. Refused while an objection
    against the earlier run is open; the earlier run is held, so that none comes in meanwhile.
    """
    scope.locked("cycle", earlier.id)
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
    """What says the same goes along; of whoever has another grade the rest ends that day or falls."""
    now_of = {then.id: now for then, now in pairs}
    other = {then.id: (then, now) for then, now in pairs if then.grade != now.grade}
    moved = [row for row in proposals.of_ratings(list(now_of)) if row.rating_id not in other]
    for then, now in other.values():
        moved += _fitting(then, now, actor=actor, on=on)
    for row in moved:
        row.rating = now_of[row.rating_id]
    session.flush()
    events.record(
        cycle, "carry_over", "内容未变的应用建议继续适用", actor=actor, on=on, proposals=len(moved)
    )


def _fitting(then: Rating, now: Rating, *, actor: Actor, on: date) -> list[Proposal]:
    scheme = ask_cycles.scheme_of(now.cycle)
    before, after = scheme.grade(then.grade).label, scheme.grade(now.grade).label
    return proposals.give_way(
        proposals.of_ratings([then.id]),
        ask_cycles.uses_of(scheme, now.grade, on),
        reason=f"评价结果更正，等级由{before}变为{after}",
        actor=actor,
        on=on,
    )
