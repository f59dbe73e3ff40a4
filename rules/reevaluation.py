"""再次评估: when a failed applicant may be evaluated once more, and what bars it after a second fail. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused
from rules.words import cn


@dataclass(frozen=True)
class Fail:
    """A failed application. `retry_on`: the first day of another evaluation, known once the result was served."""

    failed: bool
    by_evaluation: bool
    retry_on: date | None


def require_possible(fail: Fail, on: date, law: regulations.Law) -> None:
    """Refused unless the application failed by evaluation, its result was served, and the months are over."""
    wait = law.eval.retry_after
    if not fail.failed:
        raise Refused("只有评估不合格的申请可以申请再次评估。", basis=wait.basis)
    if not fail.by_evaluation:
        raise Refused(
            "本件不是因评估不合格终结的，不适用再次评估。",
            basis=wait.basis,
            cure="请重新提出定点申请。",
        )
    if fail.retry_on is None:
        raise Refused(
            f"评估结果告知书尚未送达，{wait.value}个月的整改期自送达之日起计算。",
            basis=wait.basis,
            cure="请先签收评估结果告知书。",
        )
    if on < fail.retry_on:
        raise Refused(
            f"整改期未满，{cn(fail.retry_on)}起可以申请再次评估。",
            basis=wait.basis,
            cure="请继续整改，期满后提出。",
        )


def window_opened(fail: Fail, day: date) -> bool:
    """May another evaluation be asked for on the day?"""
    known = fail.failed and fail.by_evaluation and fail.retry_on is not None
    return known and day >= (fail.retry_on or day)


def detour(number: str, retry_on: date | None, law: regulations.Law) -> Refused:
    """What a new application is told while the failed one may still be evaluated again."""
    when = f"{cn(retry_on)}起" if retry_on else f"结果送达满{law.eval.retry_after.value}个月后"
    return Refused(
        f"该机构的申请 {number} 评估不合格，不能另行提出申请。",
        basis=law.eval.retry_after.basis,
        cure=f"请整改，{when}在原申请中提出再次评估。",
    )


def barred(number: str, until: date | None, law: regulations.Law) -> Refused:
    """What a new application is told after a second fail."""
    bar = law.eval.second_fail_ban
    if until is None:
        return Refused(
            f"该机构的申请 {number} 再次评估仍不合格，结果尚未送达。",
            basis=bar.basis,
            cure=f"自结果送达之日起{bar.value}个月内不得再次申请。",
        )
    return Refused(
        f"该机构的申请 {number} 再次评估仍不合格，限制期至{cn(until)}。",
        basis=bar.basis,
        cure=f"{cn(until)}之后可以重新提出申请。",
    )
