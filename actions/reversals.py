"""更正: counted points are taken back by a line of their own, and what remains is given anew; never edited."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions import deductions, letters, lifecycle, numbering, points_ledger, qualification_measures
from actions.qualification_measures import Cause
from database import session
from models import Appeal, Deduction, Document, Reversal
from models.qualification_measure import Silenced
from queries import appeals as ask
from queries import points_ledger as ledger
from rules import negative_list, points_causes
from rules.lifecycle import DeductionState, ReversalState
from rules.permissions import Actor, Permission, require
from rules.points_basis import Instead
from rules.refusal import Refused


def record(
    deduction: Deduction,
    *,
    cause: str,
    reason: str,
    instead: Instead | None = None,
    actor: Actor,
    on: date,
) -> Reversal:
    """Put a correction on record; nothing changes before another person has confirmed it.

    Refused for points that do not count, a second time, while an appeal is open, and without reason.
    """
    require(actor, Permission.REVERSE_DEDUCTION, deduction)
    if cause == points_causes.APPEAL:
        raise Refused("申诉引起的更正在申诉中办理。", cure="请打开该记分的申诉。")
    if ask.open_reversal(deduction.id):
        raise Refused("该记分的更正已经登记，等待复核。", cure="请先复核已登记的更正。")
    if ask.open_of(deduction.id):
        raise Refused("对该记分的申诉正在办理。", cure="请在申诉中作出维持或者更正的决定。")
    return _put(deduction, cause, reason, instead, recorder_id=actor.id, actor=actor, on=on)


def _put(
    deduction: Deduction,
    cause: str,
    reason: str,
    instead: Instead | None,
    *,
    recorder_id: int | None,
    actor: Actor,
    on: date,
    appeal: Appeal | None = None,
) -> Reversal:
    _check_counts(deduction)
    row = points_causes.cause(cause, on)
    if not reason.strip():
        raise Refused("更正记分须写明理由。", cure="请写明错在哪里、依据什么更正。")
    if instead:
        check_instead(deduction, instead)
    reversal = Reversal(
        number=numbering.case_number("GZ", on.year),
        deduction_id=deduction.id,
        deduction=deduction,
        institution=deduction.institution,
        appeal_id=appeal.id if appeal else None,
        state=ReversalState.RECORDED,
        cause=cause,
        reason=reason.strip(),
        item=instead.item if instead else "",
        responsibility=instead.responsibility if instead else "",
        points=instead.points if instead else None,
        basis=row.basis,
        recorded_by_id=recorder_id,
    )
    facts = {"deduction": deduction.number, "cause": cause, "points": reversal.points}
    lifecycle.begin(
        reversal, "record", "登记记分更正", actor=actor, on=on, basis=row.basis, **facts
    )
    session.flush()
    return reversal


def check_instead(deduction: Deduction, instead: Instead) -> None:
    """The list of the day of the decision applies to what stands in its place as well."""
    negative_list.item(instead.item, deduction.decided_on).check(instead.points)
    negative_list.responsibility(instead.responsibility, deduction.decided_on)
    same = (deduction.item, deduction.responsibility, deduction.points)
    if same == (instead.item, instead.responsibility, instead.points):
        raise Refused("更正后的情形、责任和分值与原记分相同。", cure="请核对更正的内容。")


def _check_counts(deduction: Deduction) -> None:
    if deduction.state != DeductionState.CONFIRMED or ledger.taken_back(deduction.id):
        raise Refused(
            "该记分没有计入，或者已经更正。", cure="未复核的记分请退回；已更正的请查看更正记录。"
        )


def confirm(reversal: Reversal, *, actor: Actor, on: date) -> Reversal:
    """Carry the correction out: the points are taken back, what remains is counted, measures and holds follow.

    Denied to whoever recorded it; refused while an appeal is open, which decides by itself.
    """
    deduction = reversal.deduction
    points_ledger.lock(deduction.practitioner_id, deduction.year)
    session.refresh(reversal)
    session.refresh(deduction)
    if on < reversal.state_since:
        raise Refused("复核日期早于登记日期。", cure="请核对复核日期。")
    if reversal.appeal_id is None and ask.open_of(deduction.id):
        raise Refused("对该记分的申诉正在办理。", cure="请先决定申诉。")
    return _carry_out(reversal, deduction, actor=actor, on=on)


def by_appeal(
    appeal: Appeal, reason: str, instead: Instead | None, *, actor: Actor, on: date
) -> Reversal:
    """The correction an appeal leads to: entered in the name of whoever examined it, confirmed by who decides."""
    who = appeal.examined_by_id
    reversal = _put(
        appeal.deduction,
        points_causes.APPEAL,
        reason,
        instead,
        recorder_id=who,
        actor=actor,
        on=on,
        appeal=appeal,
    )
    return _carry_out(reversal, appeal.deduction, actor=actor, on=on)


def _carry_out(reversal: Reversal, deduction: Deduction, *, actor: Actor, on: date) -> Reversal:
    _check_counts(deduction)
    decided: dict[str, Any] = {"confirmed_by_id": actor.id, "confirmed_on": on}
    lifecycle.move(reversal, "confirm", actor=actor, on=on, basis=reversal.basis, **decided)
    anew = _give_anew(reversal, deduction, actor=actor, on=on)
    points_ledger.reverse(deduction, on=on)
    row = points_causes.cause(reversal.cause, on)
    if anew:
        anew.total_after = ledger.balance(deduction.practitioner_id, deduction.year)
        deductions.tell(anew, actor=actor, on=on)
    if reversal.appeal_id is None:
        tell(reversal, anew, actor=actor, on=on)
    cause = Cause(
        Silenced.CORRECTED,
        deduction.institution,
        f"因{row.label}，所依据的记分 {deduction.number} 已经更正",
        annuls=row.extra["annuls"],
    )
    qualification_measures.settle(deduction.practitioner, cause, actor=actor, on=on)
    session.flush()
    return reversal


def _give_anew(
    reversal: Reversal, deduction: Deduction, *, actor: Actor, on: date
) -> Deduction | None:
    """What stands instead, an entry like any other by the two persons of the correction; counted at once."""
    if reversal.points is None:
        return None
    kept = (
        "practitioner", "institution", "conduct_on", "decided_on", "violation_id", "penalty_id",
        "measure_basis", "another_act", "facts_text",
    )  # fmt: skip
    anew = Deduction(
        **{name: getattr(deduction, name) for name in kept},
        item=reversal.item,
        responsibility=reversal.responsibility,
        points=reversal.points,
        seen=[],
        replaces=deduction,
        recorded_by_id=reversal.recorded_by_id,
        confirmed_by_id=actor.id,
        confirmed_on=on,
    )
    deductions.begin(anew, DeductionState.CONFIRMED, actor=actor, on=on)
    points_ledger.deduct(anew, on=on)
    return anew


def reject(reversal: Reversal, *, reason: str, actor: Actor, on: date) -> None:
    """Send a correction back: the points stand. Denied to the recorder."""
    if not reason.strip():
        raise Refused("退回更正须写明理由。", cure="请填写退回的理由。")
    lifecycle.move(reversal, "reject", actor=actor, on=on, note=reason.strip())


def tell(reversal: Reversal, anew: Deduction | None, *, actor: Actor, on: date) -> Document:
    deduction = reversal.deduction
    person = deduction.practitioner
    return letters.issue(
        "points_correction",
        reversal,
        deduction.institution,
        actor=actor,
        on=on,
        practitioner=person.name,
        practitioner_code=person.code,
        institution=deduction.institution.name,
        deduction_number=deduction.number,
        decided_on=deduction.decided_on,
        points=deduction.points,
        instead=anew.points if anew else 0,
        instead_text=anew.item_text if anew else "",
        cause=points_causes.cause(reversal.cause, on).label,
        reason=reversal.reason,
        year=deduction.year,
        total=ledger.balance(person.id, deduction.year),
        annuls=points_causes.cause(reversal.cause, on).extra["annuls"],
        basis=reversal.basis,
    )
