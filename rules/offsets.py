"""抵扣: which claims are taken out of which payable money, and from when on. Pure."""

from __future__ import annotations

from datetime import date

from rules.ladder import Step
from rules.ledger import Kind, kinds
from rules.lifecycle import StatementState
from rules.refusal import Refused

# what was recovered goes on to the fund's own treasury account, damages to theirs
TRANSFERS = {
    Step.RECOVER: (Kind.OFFSET_RECOVERY, Kind.REFUND),
    Step.DAMAGES: (Kind.OFFSET_DAMAGES,),
}


def check_due(step: Step, due_on: date | None, day: date) -> None:
    """Refused for what is not claimed, before its letter was served, and until its last day is over."""
    if step not in TRANSFERS:
        raise Refused(f"{step.label}不从应付费用中抵扣。")
    basis = kinds(day)[TRANSFERS[step][0]].basis
    if due_on is None:
        raise Refused("通知书还没有送达，缴款期限没有起算。", basis=basis, cure="请先登记送达。")
    if day <= due_on:
        raise Refused(f"缴款期限至 {due_on} 为止，逾期不缴的才能抵扣。", basis=basis)


def open_for(state: StatementState) -> bool:
    """Is something of a statement payable and not transferred yet?"""
    return state in (StatementState.SETTLED, StatementState.APPROVED)
