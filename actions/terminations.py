"""解除: on an enumerated ground, published and reported, with its bans, and with the branches of the same persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from actions import bans, events, holds, lapses, letters, lifecycle, region_notices, reports
from database import session
from models import Agreement, Termination, Violation
from queries import affected
from queries.affected import Hit
from rules import bans as ban_rule
from rules import measures
from rules.permissions import Actor
from rules.refusal import Refused


@dataclass(frozen=True)
class Decision:
    """What is decided once and goes for the institution and for every branch that follows it.

    `ban_class` has to be stated where the text leaves it open; `obligation` is what the institution still owes.
    """

    ground: str
    facts_text: str
    found_on: date
    effective_on: date
    ban_class: str | None = None
    obligation: str = ""


def terminate(
    agreement: Agreement,
    decision: Decision,
    *,
    actor: Actor,
    on: date,
    violation: Violation | None = None,
    hits: Sequence[Hit] | None = None,
) -> Termination:
    """Terminate, start the bans, and for violations end the other branches of the responsible persons as well.

    `hits`: who follows and who is told, as decided line by line; None: everybody whom the law names. Refused unless
    concluded or suspended, on a ground that is not enumerated for the kind, before the decision, or without a ban
    class where the text leaves it open.
    """
    institution = agreement.institution
    row = measures.named_ground(decision.ground, measures.TERMINATE, on, institution.kind.family)
    if decision.effective_on < on:
        raise Refused("解除不能追溯到决定作出之前。", cure="请填写决定当日或者以后的生效日期。")
    ban_class = ban_rule.class_of(row, decision.ban_class)
    reached = _reached(agreement, decision, on) if hits is None else hits
    reached = [hit for hit in reached if ban_class == ban_rule.ILLEGAL or not hit.chain]
    holds.lock(institution.id, *(hit.institution_id for hit in reached))
    origin = _end(agreement, row, ban_class, decision, violation=violation, actor=actor, on=on)
    for hit in reached:
        if hit.agreement_id:
            _follow(hit, origin, decision, violation=violation, actor=actor, on=on)
    told = [hit for hit in reached if not hit.agreement_id]
    region_notices.tell(origin, told, actor=actor, on=on)
    return origin


def _reached(agreement: Agreement, decision: Decision, on: date) -> list[Hit]:
    """Branches follow only when persons broke the law (令3 Art 40 no. 14); other regions follow in any case."""
    hits = affected.affected(
        agreement.institution, measures.TERMINATE, on, responsible_on=decision.found_on
    )
    return [hit for hit in hits if not hit.information]


def _follow(
    hit: Hit,
    origin: Termination,
    decision: Decision,
    *,
    violation: Violation | None,
    actor: Actor,
    on: date,
) -> None:
    agreement = session.get_one(
        Agreement, hit.agreement_id, with_for_update=True, populate_existing=True
    )
    row = measures.by_trigger(affected.CHAIN_TRIGGER, on, agreement.institution.kind.family)
    if row is None:
        raise LookupError("a branch was hit although its kind has no chain rule")
    text = f"{origin.institution.name}因“{origin.ground_text}”被解除协议。{hit.relation}。"
    chained = Decision(row.key, text, decision.found_on, decision.effective_on, ban_rule.NONE)
    _end(
        agreement,
        row,
        ban_rule.NONE,
        chained,
        violation=violation,
        actor=actor,
        on=on,
        chain_of=origin,
    )


def _end(
    agreement: Agreement,
    row: regulations.Row,
    ban_class: str,
    decision: Decision,
    *,
    violation: Violation | None,
    actor: Actor,
    on: date,
    chain_of: Termination | None = None,
) -> Termination:
    termination = Termination(
        institution=agreement.institution,
        agreement=agreement,
        violation_id=violation.id if violation else None,
        chain_of_id=chain_of.id if chain_of else None,
        ban_class=ban_class,
        decided_on=on,
        effective_on=decision.effective_on,
        **measures.as_columns(row),
    )
    session.add(termination)
    lifecycle.move(agreement, "terminate", actor=actor, on=on, basis=row.basis, note=row.label)
    lapses.end_open_suspension(agreement, ended_on=decision.effective_on, reason="协议解除")
    lapses.end_with(agreement, ended_on=decision.effective_on, basis=row.basis, on=on)
    holds.place(termination, from_on=decision.effective_on, to_on=None, basis=row.basis)
    started = bans.start(termination, row, decision.found_on, decision.obligation)
    _letters(termination, decision.facts_text, started, actor=actor, on=on)
    return termination


def _letters(
    termination: Termination,
    facts_text: str,
    started: list[dict[str, object]],
    *,
    actor: Actor,
    on: date,
) -> None:
    institution, agreement = termination.institution, termination.agreement
    termination.document = letters.issue(
        "termination",
        termination,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        agreement_number=agreement.number,
        ground_text=termination.ground_text,
        basis=termination.basis,
        facts_text=facts_text,
        effective_on=termination.effective_on,
        bans=started,
        remedy=measures.remedy(on, institution.kind.family),
    )
    reports.file(termination, "termination", actor=actor, on=on)
    events.record(
        termination, "announce", "列入解除协议名单公布", actor=actor, on=on, basis=termination.basis
    )
