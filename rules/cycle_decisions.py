"""集体审定 of a cycle: from when it may be called together and decided. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import regulations
from rules.lifecycle import CycleState
from rules.refusal import Refused

FAMILY = "medical"  # periods, quorum and majority of a cycle are the same for both families


def notice_period(day: date) -> Any:
    """How long the intended grades are on notice."""
    return regulations.at(day, FAMILY).credit.publicity


def answer_period(day: date) -> Any:
    """How long an objection may wait for its answer."""
    return regulations.at(day, FAMILY).credit.objection_answer


def assessment_period(day: date) -> Any:
    """How long institutions may assess themselves."""
    return regulations.at(day, FAMILY).credit.self_assessment


@dataclass(frozen=True)
class NoticeFacts:
    """`corrects`: a run that corrects a published one is not put on notice again; those it changes are told.

    `personal`: grades of persons are nobody else's business and are never put on notice.
    """

    state: str
    corrects: bool
    notice_to: date | None
    open_objections: int
    waiting_corrections: bool
    personal: bool = False

    @property
    def needs_notice(self) -> bool:
        return not (self.corrects or self.personal)


def check_ripe(facts: NoticeFacts, on: date) -> None:
    """Refused while the notice lasts, while an objection is not answered, and with corrections not worked in."""
    if not facts.needs_notice and facts.state == CycleState.REVIEWED:
        return
    notice, answer = notice_period(on).basis, answer_period(on).basis
    if facts.state != CycleState.ANNOUNCED or facts.notice_to is None:
        raise Refused("拟定等级还没有公示，不能审定。", basis=notice, cure="请先复核、公示。")
    if on <= facts.notice_to:
        why = f"公示到 {facts.notice_to} 结束，期满前不能审定。"
        raise Refused(why, basis=notice, cure="请在公示期满的次日办理。")
    if facts.open_objections:
        why = f"还有 {facts.open_objections} 件异议没有答复。"
        raise Refused(why, basis=answer, cure="请全部答复后再审定。")
    if facts.waiting_corrections:
        why = "有事实更正没有计入结果。"
        raise Refused(why, basis=answer, cure="请按更正重新计算，复核、公示后再审定。")
