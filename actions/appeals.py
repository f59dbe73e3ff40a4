"""申诉 against points: signed by the person and stamped by the institution, looked at and decided by others.

While it is open its points bring nothing, as far as the local rule holds the effect (`appeal_holds`); afterwards they
count again, and what is left of a measure is carried out. What proves wrong is corrected by new lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import regulations
from actions import (
    letters,
    lifecycle,
    numbering,
    points_ledger,
    qualification_measures,
    reversals,
    statutory_clocks,
)
from actions.materials import Upload
from actions.qualification_measures import Cause
from database import session
from models import Appeal, Deduction, Document
from models.qualification_measure import Silenced
from queries import appeals as ask
from queries import points_ledger as ledger
from queries import practitioners
from rules import appeals as rule
from rules.appeals import AppealFacts
from rules.lifecycle import AppealState, DeductionState
from rules.permissions import Actor, Permission, require
from rules.points_basis import Instead
from rules.refusal import Refused

UPHOLD, CORRECT, REVOKE = "uphold", "correct", "revoke"
PROPOSALS = {UPHOLD: "维持原记分", CORRECT: "更正分值", REVOKE: "撤销记分"}


@dataclass(frozen=True)
class Statement:
    """The paper that was handed in: what it says, whether the person signed and the institution stamped it."""

    text: str
    signed: bool
    stamped: bool
    upload: Upload


@dataclass(frozen=True)
class Finding:
    """What an examination came to; `instead` where the points are to be corrected."""

    explained_on: date
    opinion: str
    proposal: str
    instead: Instead | None = None


def lodge(deduction: Deduction, statement: Statement, *, actor: Actor, on: date) -> Appeal:
    """Take an appeal in, with the signed and stamped paper; its points are held where the local rule says so.

    Refused after the tenth working day from service, without signature or stamp, for points that do not count, and
    where an appeal is open or was decided.
    """
    require(actor, Permission.LODGE_APPEAL, deduction)
    points_ledger.lock(deduction.practitioner_id, deduction.year)
    session.refresh(deduction)
    facts = facts_of(deduction, on)
    rule.check(facts, statement.text, signed=statement.signed, stamped=statement.stamped, on=on)
    appeal = _put(deduction, statement, facts.basis, actor=actor, on=on)
    clock = statutory_clocks.running(deduction, "staff.objection")
    statutory_clocks.finish(deduction, clock, on=on)
    if appeal.held:
        points_ledger.hold(deduction, on=on)
        _settle(appeal, Silenced.HELD, "因本人提出申诉，申诉期间暂缓执行", actor=actor, on=on)
    _acknowledge(appeal, actor=actor, on=on)
    return appeal


def _put(
    deduction: Deduction, statement: Statement, basis: str, *, actor: Actor, on: date
) -> Appeal:
    upload = statement.upload
    appeal = Appeal(
        number=numbering.case_number("SS", on.year),
        deduction_id=deduction.id,
        deduction=deduction,
        institution=deduction.institution,
        state=AppealState.LODGED,
        lodged_on=on,
        text=statement.text.strip()[:4000],
        signed=statement.signed,
        stamped=statement.stamped,
        file_name=upload.name,
        sha256=letters.keep(upload.content, upload.media_type),
        held=is_held(deduction, on),
        basis=basis,
        recorded_by_id=actor.id,
    )
    used = {"deduction": deduction.number, "held": appeal.held}
    lifecycle.begin(appeal, "lodge", "提出记分申诉", actor=actor, on=on, basis=basis, **used)
    session.flush()
    return appeal


def facts_of(deduction: Deduction, on: date) -> AppealFacts:
    """What the rule is asked with; also for pages that say until when an appeal is possible."""
    earlier = ask.of(deduction.id)
    clock = statutory_clocks.latest(deduction, "staff.objection")
    counts = deduction.state == DeductionState.CONFIRMED and not ledger.taken_back(deduction.id)
    return AppealFacts(
        counted=counts,
        due_on=clock.due_on if clock else None,
        open=any(row.state in ask.OPEN for row in earlier),
        decided=any(row.state in ask.DECIDED for row in earlier),
        basis=regulations.at(on, deduction.institution.kind.family).staff.objection.basis,
    )


def is_held(deduction: Deduction, on: date) -> bool:
    """Does the local rule hold the effect, as the person stands today?"""
    standing = practitioners.status(deduction.practitioner, on)
    rows = {row.key: row for row in regulations.at(on).table("appeal_holds")}
    return bool(rows[str(standing.status)].extra["held"])


def examine(appeal: Appeal, finding: Finding, *, actor: Actor, on: date) -> None:
    """Say what was found and propose the outcome, after it was explained to the person.

    Denied to whoever recorded or confirmed the points. An appeal never leads to more points than before.
    """
    _check_finding(appeal, finding, on)
    instead = finding.instead
    lifecycle.move(
        appeal,
        "examine",
        actor=actor,
        on=on,
        basis=appeal.basis,
        explained_on=finding.explained_on,
        opinion=finding.opinion.strip()[:4000],
        proposal=finding.proposal,
        item=instead.item if instead else "",
        responsibility=instead.responsibility if instead else "",
        points=instead.points if instead else None,
        examined_by_id=actor.id,
    )


def _check_finding(appeal: Appeal, finding: Finding, on: date) -> None:
    if finding.proposal not in PROPOSALS:
        raise Refused("没有选择核查结论。", cure="请选择维持、更正或者撤销。")
    if not finding.opinion.strip():
        raise Refused("核查意见须写明理由。", cure="请写明核查的事实和理由。")
    if not appeal.lodged_on <= finding.explained_on <= on:
        raise Refused(
            "向本人作出解释的日期应在收到申诉之后、今天之前（含当日）。",
            basis=appeal.basis,
            cure="请先向本人解释记分的事实和依据。",
        )
    if (finding.proposal == CORRECT) != (finding.instead is not None):
        raise Refused("更正分值的，须写明更正后的情形、责任和分值。")
    if finding.instead:
        _check_milder(appeal.deduction, finding.instead)


def _check_milder(deduction: Deduction, instead: Instead) -> None:
    reversals.check_instead(deduction, instead)
    if instead.points > deduction.points:
        raise Refused("申诉不得使本人的记分加重。", cure="请核对更正后的分值。")


def send_back(appeal: Appeal, *, reason: str, actor: Actor, on: date) -> None:
    """Have it examined again, with what is missing."""
    if not reason.strip():
        raise Refused("退回核查须写明理由。")
    lifecycle.move(appeal, "send_back", actor=actor, on=on, note=reason.strip())


def decide(appeal: Appeal, *, actor: Actor, on: date) -> Document:
    """Decide as proposed, tell the result by letter, and let the ledger follow.

    Denied to whoever gave the points or examined the appeal.
    """
    deduction = appeal.deduction
    points_ledger.lock(deduction.practitioner_id, deduction.year)
    session.refresh(appeal)
    decided: dict[str, Any] = {"decided_by_id": actor.id, "decided_on": on}
    verb = "uphold" if appeal.proposal == UPHOLD else "correct"
    lifecycle.move(appeal, verb, actor=actor, on=on, basis=appeal.basis, **decided)
    if verb == "uphold":
        _resume(appeal, actor=actor, on=on)
    else:
        instead = None
        if appeal.points is not None:
            instead = Instead(appeal.item, appeal.responsibility, appeal.points)
        reversals.by_appeal(appeal, appeal.opinion, instead, actor=actor, on=on)
    return _answer(appeal, actor=actor, on=on)


def withdraw(appeal: Appeal, *, actor: Actor, on: date) -> None:
    """Take it back: the points count again. It may be lodged once more while the time has not run out."""
    deduction = appeal.deduction
    points_ledger.lock(deduction.practitioner_id, deduction.year)
    session.refresh(appeal)
    lifecycle.move(appeal, "withdraw", actor=actor, on=on)
    _resume(appeal, actor=actor, on=on)


def _resume(appeal: Appeal, *, actor: Actor, on: date) -> None:
    if appeal.held:
        points_ledger.resume(appeal.deduction, on=on)
        _settle(appeal, Silenced.REPLACED, "", actor=actor, on=on)


def _settle(appeal: Appeal, why: Silenced, ground: str, *, actor: Actor, on: date) -> None:
    cause = Cause(why, appeal.institution, ground)
    qualification_measures.settle(appeal.deduction.practitioner, cause, actor=actor, on=on)


def _acknowledge(appeal: Appeal, *, actor: Actor, on: date) -> Document:
    return letters.issue(
        "appeal_receipt", appeal, appeal.institution, actor=actor, on=on,
        **_about(appeal), held=appeal.held,
    )  # fmt: skip


def _answer(appeal: Appeal, *, actor: Actor, on: date) -> Document:
    deduction = appeal.deduction
    return letters.issue(
        "appeal_result",
        appeal,
        appeal.institution,
        actor=actor,
        on=on,
        **_about(appeal),
        outcome=appeal.proposal,
        opinion=appeal.opinion,
        explained_on=appeal.explained_on,
        instead=appeal.points or 0,
        held=appeal.held,
        total=ledger.balance(deduction.practitioner_id, deduction.year),
    )


def _about(appeal: Appeal) -> dict[str, Any]:
    deduction = appeal.deduction
    return {
        "practitioner": deduction.practitioner.name,
        "practitioner_code": deduction.practitioner.code,
        "institution": appeal.institution.name,
        "appeal_number": appeal.number,
        "deduction_number": deduction.number,
        "points": deduction.points,
        "year": deduction.year,
        "lodged_on": appeal.lodged_on,
        "basis": appeal.basis,
    }
