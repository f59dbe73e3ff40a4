"""恢复支付资格申请: which measures end on application, and what must hold before one is taken in or agreed to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations
from regulations import Row
from rules.refusal import Refused


def way(kind: str, on: date) -> Row:
    """How a measure that begins on this day ends: `application` true or false, with label and confidence."""
    rows = regulations.at(on).table("reinstatement_ways")
    return next(row for row in rows if row.key == kind)


def on_application(kind: str, on: date) -> bool:
    return bool(way(kind, on).extra["application"])


@dataclass(frozen=True)
class Facts:
    """`last_on`: last day of the suspension or of the bar. `open`: number of a request nobody answered yet.

    `here`: the person is registered with the applicant; who is revoked is registered nowhere, and anybody may ask.
    """

    person: str
    revokes: bool
    last_on: date
    on_application: bool
    stands: bool
    reinstated_on: date | None
    open: str
    here: bool
    basis: str


def check(facts: Facts, *, on: date) -> None:
    """Refused for what ends by itself, no longer stands, is not over yet, was agreed to, or is asked for already."""
    if not facts.stands:
        raise Refused("该措施已经更正或者被取代，不再执行，不需要申请恢复。")
    if facts.reinstated_on is not None:
        raise Refused(f"已于 {facts.reinstated_on} 同意恢复，不需要再次申请。")
    if not facts.on_application:
        what = "限制期满可以直接重新登记备案" if facts.revokes else "期满自动恢复支付资格"
        raise Refused(f"该措施{what}，不需要申请。", basis=facts.basis)
    if on <= facts.last_on:
        what = "不得登记备案的限制" if facts.revokes else "暂停"
        raise Refused(
            f"{facts.person}的{what}到 {facts.last_on}（含当日）为止，现在不能申请恢复。",
            basis=facts.basis,
            cure=f"请在 {facts.last_on} 之后申请。",
        )
    if facts.open:
        raise Refused(
            f"恢复申请 {facts.open} 正在审核，不能重复申请。", cure="请等待审核，或者先撤回原申请。"
        )
    if not (facts.here or facts.revokes):
        raise Refused(
            f"{facts.person}没有在申请的机构登记备案。", cure="请由其现在登记备案的机构申请。"
        )
