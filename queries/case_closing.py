"""What of a decided case is still open: letters, measures, money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from models import CaseMeasure, Violation
from queries import case_measures, rectifications, talks
from queries import violations as cases
from rules import ladder
from rules.clocks import Light
from rules.closing import OpenPoint
from rules.ladder import Step
from rules.lifecycle import LIFECYCLES, CaseMeasureState


def open_points(violation: Violation, day: date) -> list[OpenPoint]:
    """Everything that keeps the case from being closed, in the order in which it is worked off."""
    unserved = [
        OpenPoint(f"{row.title}（{row.number}）没有送达凭证", "逐件登记送达方式和凭证")
        for row in cases.unserved(violation)
    ]
    measures = [point for row in case_measures.living(violation) for point in _of_measure(row, day)]
    return unserved + measures + _elsewhere(violation)


@dataclass(frozen=True)
class FollowUp:
    """A talk or rectification of the case: its table and id for the link."""

    noun: str
    id: int
    text: str
    light: Light


def follow_ups(violation: Violation) -> list[FollowUp]:
    source = ("violation", violation.id)
    rows: list[Any] = [*talks.of(source), *rectifications.of(source)]
    return [_follow_up(row) for row in rows]


def _follow_up(row: Any) -> FollowUp:
    table = LIFECYCLES[row.__tablename__]
    shown = table.states[row.state]
    light = Light(shown.light, shown.label)
    return FollowUp(table.noun, row.id, f"{table.label} {row.number}", light)


def _elsewhere(violation: Violation) -> list[OpenPoint]:
    """What the case asked for and others carry out."""
    source = ("violation", violation.id)
    orders = [
        OpenPoint(f"整改 {row.number} 没有销号", "完成整改的验收和销号")
        for row in rectifications.open_of(source)
    ]
    return orders + [
        OpenPoint(f"约谈 {row.number} 没有归档", "办完约谈并归档") for row in talks.open_of(source)
    ]


def _of_measure(row: CaseMeasure, day: date) -> Iterable[OpenPoint]:
    if row.state == CaseMeasureState.EXECUTED:
        return
    what = case_measures.said(row)
    if row.step in ladder.MONEY:
        if any(one.waits for one in row.remittances):
            yield OpenPoint(
                f"“{what}”有到账登记等待核对或者抵扣", "由他人核对到账登记，或者随费用拨付抵扣"
            )
        yield OpenPoint(
            f"“{what}”还有 {ladder.yuan(row.balance)} 元未结", "登记到账，或者由分管领导核减"
        )
    elif row.step is Step.HOLD_PAYMENT and (row.to_on is None or row.to_on >= day):
        until = f"至 {row.to_on}" if row.to_on else "没有截止日期"
        yield OpenPoint(f"“{what}”仍在执行（{until}）", "期满或者登记恢复结算后再登记执行完毕")
    else:
        yield OpenPoint(f"“{what}”没有登记执行完毕", "登记执行情况和凭证")
