"""Points: recorded by one person, confirmed or sent back by another, added up under the lock of the year's account."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

import database
from actions import letters, lifecycle, numbering, qualification_measures, statutory_clocks
from database import session
from models import Deduction, Document, Institution, PointsAccount, Practitioner
from queries import calendar_days, practitioners
from queries import deductions as ledger
from rules import clocks, negative_list
from rules.lifecycle import DeductionState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from scoring import points as scoring
from scoring.points import PointsLaw


def record(
    practitioner: Practitioner,
    institution: Institution,
    item: str,
    responsibility: str,
    points: int,
    *,
    conduct_on: date,
    decided_on: date,
    measure_basis: str,
    facts_text: str,
    actor: Actor,
    on: date,
) -> Deduction:
    """Put a points decision on record; it counts only when another person has confirmed it.

    `decided_on` is the day of the measure or penalty it rests on (`measure_basis`); its list and its year apply.
    Refused without that basis, outside the band of the item, for days out of order, and for a person who was not
    registered at the institution on the day of the conduct.
    """
    require(actor, Permission.RECORD_DEDUCTION, institution)
    deduction = Deduction(
        practitioner=practitioner,
        institution=institution,
        item=item,
        responsibility=responsibility,
        points=points,
        conduct_on=conduct_on,
        decided_on=decided_on,
        measure_basis=measure_basis.strip(),
        facts_text=facts_text.strip(),
        recorded_by_id=actor.id,
    )
    _check(deduction, on)
    return _begin(deduction, actor=actor, on=on)


def confirm(deduction: Deduction, *, actor: Actor, on: date) -> Deduction:
    """Count the points, issue the letter, and impose what the new total brings.

    The account of the person's year is locked first, so that of two entries confirmed at once the second sees the
    first. Denied to the recorder; refused when it was decided already or before it was recorded.
    """
    account = _locked_account(deduction.practitioner_id, deduction.year)
    session.refresh(deduction)
    if on < deduction.state_since:
        raise Refused("复核日期早于登记日期。", cure="请核对复核日期。")
    law = PointsLaw.on(deduction.decided_on)
    before, entry = (
        ledger.account(deduction.practitioner_id, deduction.year),
        ledger.entry_of(deduction),
    )
    total = scoring.year_total([*before, entry], date(deduction.year, 12, 31))
    decided: dict[str, Any] = {
        "confirmed_by_id": actor.id,
        "confirmed_on": on,
        "total_after": total,
    }
    lifecycle.move(deduction, "confirm", actor=actor, on=on, basis=deduction.basis, **decided)
    account.total = total
    _tell(deduction, actor=actor, on=on)
    change = scoring.crossing(before, entry, law)
    if change is not None:
        qualification_measures.impose(deduction, change, law, actor=actor, on=on)
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


def _check(deduction: Deduction, on: date) -> None:
    _check_days(deduction.conduct_on, deduction.decided_on, on)
    _check_texts(deduction.measure_basis, deduction.facts_text)
    _check_registered(deduction.practitioner, deduction.institution, deduction.conduct_on)
    negative_list.item(deduction.item, deduction.decided_on).check(deduction.points)
    negative_list.responsibility(deduction.responsibility, deduction.decided_on)


def _check_days(conduct_on: date, decided_on: date, on: date) -> None:
    if decided_on > on:
        raise Refused("处理决定的日期晚于今天。", cure="请在处理决定作出以后登记记分。")
    if conduct_on > decided_on:
        raise Refused("行为发生日期晚于处理决定的日期。", cure="请核对两个日期。")


def _check_texts(measure_basis: str, facts_text: str) -> None:
    if not measure_basis:
        raise Refused(
            "记分须以对机构作出的行政处罚或者协议处理为依据。",
            cure="请填写处罚或者协议处理的文书名称和文号。",
        )
    if not facts_text:
        raise Refused("没有写明记分所依据的事实。", cure="请填写行为事实。")


def _check_registered(
    practitioner: Practitioner, institution: Institution, conduct_on: date
) -> None:
    if not practitioners.is_registered(practitioner.id, institution.id, conduct_on):
        raise Refused(
            f"{conduct_on} {practitioner.name}没有在{institution.name}登记备案，不能在该机构记分。",
            cure="请核对行为发生日期，或者先核实该人员的登记备案期间。",
        )


def _begin(deduction: Deduction, *, actor: Actor, on: date) -> Deduction:
    """Freeze the words and the basis of the list of that day, number it, put it on record."""
    item = negative_list.item(deduction.item, deduction.decided_on)
    deduction.state = DeductionState.RECORDED
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


def _locked_account(practitioner_id: int, year: int) -> PointsAccount:
    """The account's row, made if absent, held until the transaction ends and read anew."""
    insert = postgresql.insert if database.is_postgresql() else sqlite.insert
    values = {"practitioner_id": practitioner_id, "year": year, "total": 0}
    session.execute(insert(PointsAccount).values(**values).on_conflict_do_nothing())
    return session.get_one(
        PointsAccount, (practitioner_id, year), with_for_update=True, populate_existing=True
    )


def _tell(deduction: Deduction, *, actor: Actor, on: date) -> Document:
    """The letter names the day to object by as if it were served today; served later, the clock gives more time."""
    item = negative_list.item(deduction.item, deduction.decided_on)
    degree = negative_list.responsibility(deduction.responsibility, deduction.decided_on)
    return letters.issue(
        "points",
        deduction,
        deduction.institution,
        actor=actor,
        on=on,
        practitioner=deduction.practitioner.name,
        practitioner_code=deduction.practitioner.code,
        institution=deduction.institution.name,
        act_text=f"{deduction.facts_text}（{deduction.item_text}）",
        band=item.band,
        responsibility=degree,
        conduct_on=deduction.conduct_on,
        decided_on=deduction.decided_on,
        points=deduction.points,
        year=deduction.year,
        total=deduction.total_after,
        objection_due_on=objection_due(deduction, on),
        basis=f"{deduction.measure_basis}；{deduction.basis}",
    )
