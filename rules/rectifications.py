"""整改: what an order must say, what closes an item out, when it is overdue. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules.refusal import Refused
from rules.words import Labelled

RULE = "rectify.verify"  # the clock of the agency's verification
SOURCES = {
    "violation": "违规案件",
    "application": "定点评估",
    "renewal": "协议续签",
    "campaign_result": "专项行动",
    "indication": "疑似情形",
    "suspension": "协议中止",
    "talk": "约谈",
    "inspection": "检查",
    "audit": "费用稽核",
}
ON_PAPER = ("inspection", "audit")  # what is done outside this house and named by its paper


class ItemState(Labelled):
    OPEN = "open", "整改中"
    SUBMITTED = "submitted", "待验收"
    RETURNED = "returned", "退回整改"
    CLOSED = "closed", "已销号"


class ProofStage(Labelled):
    BEFORE = "before", "整改前"
    AFTER = "after", "整改后"


@dataclass(frozen=True)
class Item:
    """One problem of an order. Unit and person may be left to the institution; `due_on` to the order."""

    problem: str
    measure: str
    unit: str = ""
    person: str = ""
    due_on: date | None = None


def check_order(
    source: tuple[str, int], source_text: str, items: Sequence[Item], due_on: date, on: date
) -> None:
    """Refuses an order that nobody could carry out or verify."""
    if source[0] not in SOURCES:
        raise Refused("整改来源不在可以选择的范围内。")
    if source[0] in ON_PAPER and not source_text.strip():
        raise Refused("没有写明整改的来源。", cure="请填写检查或者稽核文书的名称和文号。")
    if not items:
        raise Refused("整改通知没有整改事项。", cure="请至少写明一个问题和整改要求。")
    if any(not item.problem.strip() or not item.measure.strip() for item in items):
        raise Refused("整改事项须写明问题和整改要求。", cure="请补全每一项的问题和整改要求。")
    if any((item.due_on or due_on) < on for item in items) or due_on < on:
        raise Refused("整改期限早于今天。", cure="请重新填写整改期限。")
    if any(item.due_on and item.due_on > due_on for item in items):
        raise Refused("单项整改期限晚于整改通知的总期限。", cure="请调整其中一个期限。")


def default_due(on: date) -> date:
    """The day proposed for an order; whoever orders may choose another."""
    law = regulations.at(on)
    return on + timedelta(days=law.rectify.term.value)


def missing(*, answer: str, unit: str, person: str, proven: bool) -> list[str]:
    """What an item lacks before it can be handed in for verification."""
    lacking = [
        ("整改情况", answer),
        ("责任单位", unit),
        ("责任人", person),
        ("整改后的证明材料", "有" if proven else ""),
    ]
    return [label for label, text in lacking if not text.strip()]


def is_overdue(state: ItemState, due_on: date, day: date) -> bool:
    """An item the institution still has to put right, from the day after its last day."""
    return state in (ItemState.OPEN, ItemState.RETURNED) and due_on < day


def check_extension(extensions: int, due_on: date, new_due_on: date, on: date) -> None:
    """Refuses a further extension beyond the number allowed, and one that is none."""
    most = regulations.at(on).rectify.extensions
    if extensions >= most.value:
        raise Refused(
            f"整改期限已经延长 {extensions} 次，不能再延长。",
            basis=most.basis,
            cure="逾期未整改到位的，请依照协议处理。",
        )
    if new_due_on <= max(due_on, on):
        raise Refused("延长后的期限应晚于原期限和今天。", cure="请重新填写延长后的期限。")
