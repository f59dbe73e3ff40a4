"""事实更正: what was wrong in the frozen facts, and the run that is worked out anew with it.

The facts of a run are never touched. A correction is recorded beside them; a replay freezes the facts of the run with
its corrections and the same scheme as a new run, which takes the place of the first when it is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import cycles, events, lifecycle
from database import session
from models import Cycle, FactCorrection, RatingObjection
from queries import cycles as ask
from queries import rating_corrections as found
from queries import rating_objections
from queries.record_corrections import Change, Gone
from rules import fact_corrections as rule
from rules.lifecycle import CycleState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

KEPT = ("name", "pooling_region", "scheme", "edition", "subject", "scheme_text", "from_on", "to_on")


@dataclass(frozen=True)
class Correction:
    """`after` as typed: a number, 是/否, a text; empty means that nothing is known."""

    fact: str
    after: str
    reason: str
    evidence: str


def record(
    objection: RatingObjection, given: Correction, *, actor: Actor, on: date
) -> FactCorrection:
    """Write down one wrong fact of the subject. Refused when it is no fact of the scheme or changes nothing."""
    rating = objection.rating
    fact = rule.fact_of(ask.scheme_of(rating.cycle).facts, given.fact)
    before = found.as_corrected(rating.cycle, str(rating.subject)).get(fact.column)
    after = rule.value(fact, given.after)
    rule.check(fact.label, before, after, given.reason, given.evidence)
    change = Change(fact.column, fact.label, before, after)
    why = {"reason": given.reason.strip()[:500], "evidence": given.evidence.strip()[:300]}
    return _put(objection, change, actor=actor, on=on, **why)


def record_gone(objection: RatingObjection, gone: Gone, *, actor: Actor, on: date) -> None:
    """Every frozen fact that is another without records that were revoked or taken back since."""
    why = {
        "reason": "；".join(dict.fromkeys(one.why for one in gone.records))[:500],
        "evidence": gone.evidence[:300],
        "record": gone.noun,
        "record_id": gone.records[0].id,
    }
    for change in gone.changes:
        _put(objection, change, actor=actor, on=on, **why)


def _put(
    objection: RatingObjection, change: Change, *, actor: Actor, on: date, **why: Any
) -> FactCorrection:
    require(actor, Permission.HANDLE_RATING_OBJECTION, objection)
    cycle = objection.rating.cycle
    row = FactCorrection(
        cycle=cycle,
        cycle_id=cycle.id,
        objection=objection,
        subject=str(objection.rating.subject),
        fact=change.fact,
        label=change.label,
        before=change.before,
        after=change.after,
        recorded_on=on,
        recorded_by_id=actor.id,
        **why,
    )
    session.add(row)
    session.flush()
    events.record(
        row, "record", "登记事实更正", actor=actor, on=on, text=change.label, reason=row.reason,
        objection=objection.number,
    )  # fmt: skip
    return row


def replay(cycle: Cycle, *, actor: Actor, on: date) -> Cycle:
    """Work the run out anew with every correction recorded against it.

    Before publication the new run takes its place at once and needs every objection answered; a published one stays
    in force until the new one is published. Refused without corrections.
    """
    require(actor, Permission.START_CYCLE, cycle)
    corrections = found.of_cycle(cycle.id)
    _check(cycle, corrections)
    later = found.run_of(cycle.id)
    if later is not None:
        lifecycle.move(later, "supersede", actor=actor, on=on, note="有新的更正，重新计算")
        session.flush()
    if cycle.state == CycleState.ANNOUNCED:
        lifecycle.move(cycle, "supersede", actor=actor, on=on, note="事实更正后重新计算")
        session.flush()
    run = _run(cycle, corrections)
    cycles.put(run, "replay", "按更正冻结事实", actor=actor, on=on, corrections=len(corrections))
    cycles.compute(run, actor=actor, on=on)
    for row in corrections:
        row.run_id = run.id
    session.flush()
    return run


def _check(cycle: Cycle, corrections: list[FactCorrection]) -> None:
    if not corrections:
        raise Refused("没有登记事实更正，重新计算不会有不同的结果。")
    if cycle.state not in (CycleState.ANNOUNCED, CycleState.PUBLISHED, CycleState.ARCHIVED):
        raise Refused("只有公示中或者已公布的评价可以按更正重新计算。")
    if cycle.state == CycleState.ANNOUNCED and rating_objections.open_of_cycle(cycle.id):
        raise Refused("还有异议没有答复。", cure="请全部答复后一并重新计算。")
    if not found.is_waiting(cycle.id):
        raise Refused("登记的更正已经全部计入重新计算的结果。")


def _run(cycle: Cycle, corrections: list[FactCorrection]) -> Cycle:
    facts = rule.corrected(
        cycle.facts, ask.scheme_of(cycle).subject.key, found.changes(corrections)
    )
    same: dict[str, Any] = {name: getattr(cycle, name) for name in KEPT}
    return Cycle(state=CycleState.FROZEN, facts=facts, replaces=cycle, **same)
