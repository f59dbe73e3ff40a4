"""等级变动: when a published grade may be changed or restored, and to what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused
from rules.words import Labelled


class Cause(Labelled):
    ADJUSTMENT = "adjustment", "动态调整"
    RESTORATION = "restoration", "信用修复"


@dataclass(frozen=True)
class GradeFacts:
    """A grade in force: its place (0 the best), the number of grades, since when, and what stands against a change.

    `wait_until`: the first day on which a restoration may be asked for, counted from `waits_from`: a correction in
    favour of the subject does not begin the time anew.
    """

    grade: str
    place: int
    grades: tuple[str, ...]
    since: date
    in_force: bool
    objected: bool
    open: bool
    waits_from: date
    wait_until: date
    basis: str


def start_of_wait(place: int, before: int, day: date) -> bool:
    """Whether a corrected grade goes on waiting from the day of the one before (places: 0 the best)."""
    key = "better" if place < before else "worse" if place > before else "same"
    rows = regulations.at(day).table("restoration_starts")
    return bool(next(row for row in rows if row.key == key).extra["first"])


def check_open(facts: GradeFacts) -> None:
    """Refused for a grade that does not hold, that is under objection, or of which a change is already waiting."""
    if not facts.in_force:
        raise Refused(
            "该等级没有公布或者已被更正后的结果取代。", basis=facts.basis, cure="请对现行等级办理。"
        )
    if facts.objected:
        raise Refused("对该等级的异议正在核查。", basis=facts.basis, cure="请在异议答复后办理。")
    if facts.open:
        raise Refused(
            "该等级已有一项变动正在办理。", basis=facts.basis, cure="请先办结在办的变动。"
        )


def check_to(facts: GradeFacts, to: str, cause: Cause) -> None:
    """Refused for no grade, for the same grade, and for a restoration downwards."""
    if to not in facts.grades:
        raise Refused("请选择变动后的等级。", basis=facts.basis)
    if to == facts.grade:
        raise Refused(
            "变动后的等级与现行等级相同。", basis=facts.basis, cure="请选择另一等级，或者不予变动。"
        )
    if cause is Cause.RESTORATION and facts.grades.index(to) > facts.place:
        raise Refused("信用修复不得降低等级。", basis=facts.basis)


def check_request(facts: GradeFacts, text: str, proofs: int, on: date) -> None:
    """An application for restoration: refused for the best grade, too early, without grounds or proofs."""
    check_open(facts)
    if facts.place == 0:
        raise Refused("现行等级已经是最高等级，不需要修复。", basis=facts.basis)
    if on < facts.wait_until:
        raise Refused(
            f"申请修复的期间自 {facts.waits_from} 起算，{facts.wait_until} 以后才能申请。",
            basis=facts.basis,
            cure="请在期满后申请；对等级有异议的，可以提出信用异议。",
        )
    if not text.strip():
        raise Refused("没有写明修复的理由。", basis=facts.basis, cure="请写明整改和纠正的情况。")
    if not proofs:
        raise Refused(
            "没有上传证明材料。", basis=facts.basis, cure="请上传整改完成、款项退回等证明。"
        )
