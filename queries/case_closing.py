"""What of a decided case is still open: letters, measures, money."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models import CaseMeasure, Violation
from queries import case_measures
from queries import violations as cases
from rules import ladder
from rules.closing import OpenPoint
from rules.ladder import Step
from rules.lifecycle import CaseMeasureState, RemittanceState


def open_points(violation: Violation, day: date) -> list[OpenPoint]:
    """Everything that keeps the case from being closed, in the order in which it is worked off."""
    unserved = [
        OpenPoint(f"{row.title}（{row.number}）没有送达凭证", "逐件登记送达方式和凭证")
        for row in cases.unserved(violation)
    ]
    measures = [point for row in case_measures.living(violation) for point in _of_measure(row, day)]
    return unserved + measures


def _of_measure(row: CaseMeasure, day: date) -> Iterable[OpenPoint]:
    if row.state == CaseMeasureState.EXECUTED:
        return
    what = case_measures.said(row)
    if row.step in ladder.MONEY:
        if any(one.state is RemittanceState.RECORDED for one in row.remittances):
            yield OpenPoint(f"“{what}”有到账登记等待核对", "由他人核对到账登记")
        yield OpenPoint(
            f"“{what}”还有 {ladder.yuan(row.balance)} 元未结", "登记到账，或者由分管领导核减"
        )
    elif row.step is Step.HOLD_PAYMENT and (row.to_on is None or row.to_on >= day):
        until = f"至 {row.to_on}" if row.to_on else "没有截止日期"
        yield OpenPoint(f"“{what}”仍在执行（{until}）", "期满或者登记恢复结算后再登记执行完毕")
    else:
        yield OpenPoint(f"“{what}”没有登记执行完毕", "登记执行情况和凭证")
