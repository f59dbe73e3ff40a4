"""Points: recorded by one person, confirmed or sent back by another, added up under the lock of the year's account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import regulations
from actions import (
    letters,
    lifecycle,
    numbering,
    points_ledger,
    qualification_measures,
    shares,
    statutory_clocks,
)
from actions.qualification_measures import Cause
from database import session
from models import Deduction, Document, Institution, Penalty, Practitioner, Violation
from models.qualification_measure import Silenced
from queries import calendar_days, points_basis, practitioners
from rules import clocks, negative_list
from rules import points_basis as rule
from rules.lifecycle import DeductionState
from rules.permissions import Actor, Permission, require
from rules.points_basis import Scored
from rules.refusal import Refused


def record(
    practitioner: Practitioner,
    institution: Institution,
    item: str,
    responsibility: str,
    points: int,
    *,
    basis: Violation | Penalty,
    conduct_on: date,
    facts_text: str,
    actor: Actor,
    on: date,
    also: Sequence[tuple[str, int]] = (),
    another_act: str = "",
) -> Deduction:
    """Put a points decision on record; it counts only when another person has confirmed it.

    `basis`: the decided case or registered penalty it rests on; its day gives the list and the year. `also`: further
    items the same act falls under, of which only the heaviest counts. `another_act`: why a second entry on the same
    decision and day is not the same act. Refused outside the band of an item, for days out of order, for a person not
    registered at the institution on the day of the conduct, and for an act that was scored already.
    """
    require(actor, Permission.RECORD_DEDUCTION, institution)
    session.get_one(Practitioner, practitioner.id, with_for_update=True)
    deduction = Deduction(
        practitioner=practitioner,
        institution=institution,
        responsibility=responsibility,
        conduct_on=conduct_on,
        another_act=another_act.strip(),
        facts_text=facts_text.strip(),
        recorded_by_id=actor.id,
        **_weighed(basis, practitioner, institution, ((item, points), *also), on),
    )
    _check(deduction)
    return begin(deduction, DeductionState.RECORDED, actor=actor, on=on)


def _weighed(
    basis: Violation | Penalty,
    practitioner: Practitioner,
    institution: Institution,
    items: Sequence[tuple[str, int]],
    on: date,
) -> dict[str, Any]:
    """What it rests on, and of the items those that count and are seen, by the list of the day of the decision."""
    facts = points_basis.facts(basis, practitioner)
    decided_on = rule.check(facts, institution.id, on)
    counts, seen = rule.heaviest([_scored(key, points, decided_on) for key, points in items])
    rule.check_item(facts, counts.item)
    return {
        "item": counts.item.key,
        "points": counts.points,
        "seen": [_seen(one) for one in seen],
        "violation": basis if isinstance(basis, Violation) else None,
        "penalty": basis if isinstance(basis, Penalty) else None,
        "measure_basis": facts.text[:300],
        "decided_on": decided_on,
    }


def confirm(
    deduction: Deduction, *, actor: Actor, on: date, warned: str | None = None
) -> Deduction:
    """Count the points, issue the letter, and impose what the new total brings.

    The account of the person's year is locked first, so that of two entries confirmed at once the second sees the
    first. Denied to the recorder; refused when it was decided already or before it was recorded, and when a measure
    takes an institution's share over a threshold of which whoever confirms was not `warned` (`actions.shares`).
    """
    account = points_ledger.lock(deduction.practitioner_id, deduction.year)
    session.refresh(deduction)
    if on < deduction.state_since:
        raise Refused("复核日期早于登记日期。", cure="请核对复核日期。")
    shares.check_warned(deduction, warned, on=on)
    decided: dict[str, Any] = {
        "confirmed_by_id": actor.id,
        "confirmed_on": on,
        "total_after": account.total + deduction.points,
    }
    lifecycle.move(deduction, "confirm", actor=actor, on=on, basis=deduction.basis, **decided)
    points_ledger.deduct(deduction, on=on)
    tell(deduction, actor=actor, on=on)
    qualification_measures.settle(
        deduction.practitioner, Cause(Silenced.REPLACED, deduction.institution), actor=actor, on=on
    )
    session.flush()
    return deduction


def reject(deduction: Deduction, *, actor: Actor, on: date, reason: str) -> Deduction:
    """Send a decision back: it never counts, and the reason stays on record. Denied to the recorder."""
    if not reason.strip():
        raise Refused("退回记分须写明理由。", cure="请填写退回的理由。")
    lifecycle.move(deduction, "reject", actor=actor, on=on, note=reason.strip())
    return deduction


def told(document: Document, *, on: date) -> None:
    """The points letter reached the person: the days to object run from now."""
    statutory_clocks.start(
        session.get_one(Deduction, document.subject_id), "staff.objection", on=on
    )


def objection_due(deduction: Deduction, served_on: date) -> date:
    """The last day on which the person may object to points served on a day."""
    kind = deduction.institution.kind.family
    workdays = calendar_days.workdays()
    return clocks.due(rule="staff.objection", start=served_on, kind=kind, workdays=workdays).due


def _scored(key: str, points: int, day: date) -> Scored:
    item = negative_list.item(key, day)
    item.check(points)
    return Scored(item, points)


def _seen(one: Scored) -> dict[str, Any]:
    return {
        "item": one.item.key,
        "label": one.item.label,
        "band": one.item.band,
        "points": one.points,
    }


def _check(deduction: Deduction) -> None:
    if deduction.conduct_on > deduction.decided_on:
        raise Refused("行为发生日期晚于处理决定的日期。", cure="请核对两个日期。")
    if not deduction.facts_text:
        raise Refused("没有写明记分所依据的事实。", cure="请填写行为事实。")
    _check_registered(deduction.practitioner, deduction.institution, deduction.conduct_on)
    negative_list.responsibility(deduction.responsibility, deduction.decided_on)
    year = deduction.decided_on.year
    earlier = points_basis.scored_before(deduction.practitioner_id, year)
    item = negative_list.item(deduction.item, deduction.decided_on)
    rule.check_repeat(item, [one.band_key for one in earlier], year)
    _check_one_act(deduction)


def _check_registered(
    practitioner: Practitioner, institution: Institution, conduct_on: date
) -> None:
    if not practitioners.is_registered(practitioner.id, institution.id, conduct_on):
        raise Refused(
            f"{conduct_on} {practitioner.name}没有在{institution.name}登记备案，不能在该机构记分。",
            cure="请核对行为发生日期，或者先核实该人员的登记备案期间。",
        )


def _check_one_act(deduction: Deduction) -> None:
    with session.no_autoflush:
        same = points_basis.same_act(deduction)
    if same and not deduction.another_act:
        raise Refused(
            f"同一行为已经由 {same} 记分，触及多种情形的只按最重的一种记分，不累加。",
            cure="记分有误的，请退回或者更正原记分；确属另一行为的，请写明区别。",
        )


def begin(deduction: Deduction, state: DeductionState, *, actor: Actor, on: date) -> Deduction:
    """Freeze the words and the basis of the list of that day, number it, put it on record."""
    item = negative_list.item(deduction.item, deduction.decided_on)
    deduction.state = state
    deduction.number = numbering.case_number("JF", on.year)
    deduction.year = deduction.decided_on.year
    deduction.item_text, deduction.basis = item.label, item.basis
    names = (
        "number",
        "item",
        "responsibility",
        "points",
        "conduct_on",
        "decided_on",
        "measure_basis",
    )
    used = {name: getattr(deduction, name) for name in names}
    title = f"登记记分 {deduction.points} 分"
    lifecycle.begin(deduction, "record", title, actor=actor, on=on, basis=item.basis, **used)
    session.flush()
    return deduction


def tell(deduction: Deduction, *, actor: Actor, on: date) -> Document:
    """The letter names the day to object by as if it were served today; served later, the clock gives more time."""
    item = negative_list.item(deduction.item, deduction.decided_on)
    degree = negative_list.responsibility(deduction.responsibility, deduction.decided_on)
    law = regulations.at(on, deduction.institution.kind.family)
    return letters.issue(
        "points",
        deduction,
        deduction.institution,
        actor=actor,
        on=on,
        practitioner=deduction.practitioner.name,
        practitioner_code=deduction.practitioner.code,
        institution=deduction.institution.name,
        act_text=deduction.facts_text,
        item_text=deduction.item_text,
        band=item.band,
        responsibility=degree,
        conduct_on=deduction.conduct_on,
        decided_on=deduction.decided_on,
        points=deduction.points,
        year=deduction.year,
        total=deduction.total_after,
        objection_days=law.staff.objection.value,
        objection_due_on=objection_due(deduction, on),
        basis=f"{deduction.measure_basis}；{deduction.basis}",
    )
