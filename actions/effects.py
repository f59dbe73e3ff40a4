"""还会影响谁: looked at before the decision, decided line by line, looked at again when the leader approves."""

from __future__ import annotations

from datetime import date

from actions import events
from database import session
from models import Effect, Violation
from queries import effects as ask
from queries.affected import Hit
from rules import effects as rule
from rules.effects import Choice
from rules.lifecycle import ViolationState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

BEFORE_DECISION = (
    ViolationState.REGISTERED,
    ViolationState.HEARD,
    ViolationState.PROPOSED,
    ViolationState.REVIEWED,
)


def look(violation: Violation, *, actor: Actor, on: date) -> None:
    """Keep who is hit today. What was decided stays where relation and effect are the same; the rest is open."""
    require(actor, Permission.DECIDE_EFFECT, violation)
    _undecided(violation)
    now = {ask.key_of(hit): hit for hit in ask.binding(violation, on)}
    before = {row.key: row for row in violation.effects}
    said = rule.changes(map(ask.line_of, before.values()), map(ask.line_of_hit, now.values()))
    for key, row in before.items():
        hit = now.get(key)
        if hit is None or (row.relation, row.effect) != (hit.relation, hit.effect):
            violation.effects.remove(row)
    session.flush()
    kept = {row.key for row in violation.effects}
    violation.effects += [_row(hit) for key, hit in now.items() if key not in kept]
    _changed(violation, on)
    text = f"共 {len(now)} 项" + (f"：{said}" if said else "")
    events.record(violation, "look_at_effects", "核对影响范围", actor=actor, on=on, text=text)


def _row(hit: Hit) -> Effect:
    return Effect(
        key=ask.key_of(hit),
        subject=hit.subject,
        name=hit.name,
        relation=hit.relation[:500],
        article=hit.article,
        effect=hit.effect,
        hit_id=hit.institution_id,
        region=hit.region,
        agreement_id=hit.agreement_id,
        chain=hit.chain,
    )


def _changed(violation: Violation, on: date) -> None:
    violation.looked_on, violation.looks = on, (violation.looks or 0) + 1


def _undecided(violation: Violation) -> None:
    if violation.state not in BEFORE_DECISION:
        raise Refused("本案已经作出决定或者结案，影响范围不再变动。")


def decide(effect: Effect, *, choice: str, reason: str, actor: Actor, on: date) -> None:
    """Decide about one who is hit, with the reason or, for a letter, its addressee."""
    violation = effect.violation
    require(actor, Permission.DECIDE_EFFECT, violation)
    _undecided(violation)
    if choice not in list(Choice):
        raise Refused("请选择处理方式。")
    rule.check_choice(ask.line_of(effect), Choice(choice), reason)
    effect.choice, effect.reason = Choice(choice), reason.strip()[:300]
    effect.decided_by_id, effect.decided_on = actor.id, on
    _changed(violation, on)
    events.record(
        violation,
        "decide_effect",
        "决定对他人的影响",
        actor=actor,
        on=on,
        basis=effect.article,
        text=f"{effect.name}：{effect.choice.label}" + (f"（{effect.reason}）" if reason else ""),
    )


def settled(violation: Violation, on: date) -> list[Hit]:
    """Those who follow or are told, as decided. Refused while a line is open or somebody came or went."""
    hits = {ask.key_of(hit): hit for hit in ask.binding(violation, on)}
    rows = list(violation.effects)
    rule.check_settled(map(ask.line_of, rows), map(ask.line_of_hit, hits.values()))
    return [ask.addressed(hits[row.key], row) for row in rows if row.choice is not Choice.EXEMPT]
