"""申诉 and 修复: what must hold before an appeal is taken in or points are restored. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.refusal import Refused


@dataclass(frozen=True)
class AppealFacts:
    """`due_on`: the last day, once the letter was served; `decided`: an earlier appeal was judged already."""

    counted: bool
    due_on: date | None
    open: bool
    decided: bool
    basis: str


def check(facts: AppealFacts, text: str, *, signed: bool, stamped: bool, on: date) -> None:
    """Refused for points that do not count, too late, a second time, or without signature, stamp and grounds."""
    if not facts.counted:
        raise Refused("该记分没有计入或者已经更正，不需要申诉。")
    if facts.open:
        raise Refused("对该记分的申诉正在办理，不能重复提出。")
    if facts.decided:
        raise Refused(
            "对该记分的申诉已经作出决定，不能再次提出。",
            basis=facts.basis,
            cure="仍有异议的，可以向医疗保障行政部门反映。",
        )
    if facts.due_on and on > facts.due_on:
        raise Refused(
            f"申诉期限已于 {facts.due_on} 届满，逾期没有提出的视为没有异议。",
            basis=facts.basis,
            cure="确有登记错误的，请向经办机构说明，由经办机构核实更正。",
        )
    if not (signed and stamped):
        raise Refused(
            "申诉书须由本人签名并加盖所在机构公章。",
            basis=facts.basis,
            cure="请补齐签名和公章后上传申诉书。",
        )
    if not text.strip():
        raise Refused("没有写明申诉理由。", cure="请写明对事实、情形或者分值的意见。")


@dataclass(frozen=True)
class RestorationFacts:
    """`total`: what the account of the year comes to; `restored`: taken off so far, with what is asked for already."""

    total: int
    restored: int
    most: int
    first_points_on: date | None
    revoked: bool
    basis: str


def check_restoration(facts: RestorationFacts, points: int, took_part_on: date, on: date) -> None:
    """Refused beyond the most of a year, with nothing left to restore, before the points, and while revoked."""
    if took_part_on > on:
        raise Refused("参加日期晚于今天。", cure="请在参加以后申请。")
    if took_part_on.year != on.year:
        raise Refused(
            f"{took_part_on.year} 年的记分已经清零，不能修复。",
            basis=facts.basis,
            cure="修复只适用于参加活动的当年。",
        )
    if facts.revoked:
        raise Refused(
            "支付资格已经终止的，不能通过修复恢复。",
            basis=facts.basis,
            cure="限制期满后可以重新登记备案。",
        )
    if facts.first_points_on is None or took_part_on < facts.first_points_on:
        raise Refused(
            "修复应在当年被记分以后参加活动。", basis=facts.basis, cure="请核对参加日期。"
        )
    if facts.restored + points > facts.most:
        raise Refused(f"一个自然年度最多修复 {facts.most} 分，已达上限。", basis=facts.basis)
    if points > facts.total:
        raise Refused("当年累计记分已经为 0，不需要修复。", basis=facts.basis)
