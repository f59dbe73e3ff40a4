"""中止、解除 as an intention: what a case plans for the agreement itself, on an enumerated ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations
from actions import events
from actions.case_measures import check_open
from models import Agreement, Violation
from models.violation import Measure
from queries import violations as ask
from rules import measures
from rules import suspensions as suspension_rule
from rules.agreement_forms import DESIGNATING
from rules.lifecycle import AgreementState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

LIVE = {AgreementState.CONCLUDED, AgreementState.SUSPENDED}


@dataclass(frozen=True)
class Ending:
    """`from_on`: planned first day; `to_on`: planned last day of a suspension."""

    measure: str
    ground: str
    from_on: date | None = None
    to_on: date | None = None


def plan(violation: Violation, ending: Ending | None, *, actor: Actor, on: date) -> None:
    """Say what is to happen to the agreement itself, or (None) that it goes on. Before the notice only."""
    require(actor, Permission.PLAN_MEASURE, violation)
    check_open(violation)
    if ending is None:
        violation.measure = violation.suspend_from = violation.suspend_to = None
        violation.ground = violation.ground_text = violation.basis = ""
        violation.effects.clear()
    else:
        put(violation, ending, named(ask.agreement(violation), ending, on))
    label = violation.measure.label if violation.measure else "不处理协议"
    events.record(
        violation,
        "plan_ending",
        "拟定协议处理",
        actor=actor,
        on=on,
        basis=violation.basis,
        text=label,
    )


def put(violation: Violation, ending: Ending, row: regulations.Row) -> None:
    """Keep the intention on the case."""
    violation.measure = Measure(ending.measure)
    violation.ground, violation.ground_text, violation.basis = row.key, row.label, row.basis
    violation.suspend_from = ending.from_on
    violation.suspend_to = ending.to_on if ending.measure == Measure.SUSPEND else None


def named(agreement: Agreement, ending: Ending, on: date) -> regulations.Row:
    """The ground of this suspension or termination; Refused where it cannot be decided on this agreement."""
    family = agreement.institution.kind.family
    row = measures.named_ground(ending.ground, ending.measure, on, family)
    check_running(agreement)
    if ending.measure != Measure.SUSPEND:
        return row
    if agreement.state == AgreementState.SUSPENDED:
        raise Refused("该协议正在中止，不能重复中止。", cure="情形符合的，可以按解除情形立案。")
    if ending.from_on:
        suspension_rule.check_period(ending.from_on, ending.to_on, family)
    return row


def check_running(agreement: Agreement) -> None:
    """Refused for an agreement that is over or not signed, and for one that only follows another."""
    if agreement.state not in LIVE:
        raise Refused("该协议已经结束或者尚未签订，不能再作协议处理。", cure="请选择履行中的协议。")
    check_basis(agreement)


def check_basis(agreement: Agreement) -> None:
    """Refused for an agreement that was never signed: money is owed under one that is over, too."""
    if agreement.agency_signed_on is None:
        raise Refused("该协议尚未签订，不能立案。", cure="请选择已经签订的协议。")
    if agreement.form not in DESIGNATING:
        raise Refused(
            f"案件应当登记在定点所依据的协议上，不登记在{agreement.form.label}上。",
            cure="请在该机构的服务协议或者年度协议上登记；补充协议随其中止、解除。",
        )
