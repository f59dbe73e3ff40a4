"""A statement from the claim to the transfer: what is drawn for re-audit, what becomes of each line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import regulations
from rules.eligibility import Reason
from rules.refusal import Refused
from rules.words import Labelled

INPATIENT, OTHER = "inpatient", "other"
GROUP_WORDS = {INPATIENT: "住院", OTHER: "门诊、购药"}
WHOLE = 100
STOPPED = "stopped"  # reason of a finding that the payability rule made


class Fate(Labelled):
    """What becomes of a line, after its findings."""

    PAY = "pay", "应付", "ok"
    HOLD = "hold", "暂缓", "paused"
    DENY = "deny", "拒付", "over"


@dataclass(frozen=True)
class Line:
    """What the rule has to know of a line."""

    service_date: date
    inpatient: bool = False
    admission_date: date | None = None


@dataclass(frozen=True)
class Found:
    """`because`: the reasons that count, with the articles that stand behind them."""

    fate: Fate
    because: tuple[Reason, ...] = ()

    @property
    def codes(self) -> str:
        return ";".join(dict.fromkeys(reason.code for reason in self.because))


def sample_size(count: int, percent: int) -> int:
    """The share of so many lines, rounded up: a twentieth of one line is one line."""
    return -(-count * percent // WHOLE)


def wanted(counts: Mapping[str, int], day: date) -> dict[str, int]:
    """How many lines of each group are drawn for re-audit."""
    law = regulations.at(day)
    rates = {INPATIENT: law.audit.second_inpatient_pct, OTHER: law.audit.second_other_pct}
    return {group: sample_size(counts.get(group, 0), rates[group].value) for group in rates}


def first_audit_size(count: int, day: date) -> int:
    """How many lines the first audit looks at: all of them, by the rate in force."""
    return sample_size(count, regulations.at(day).audit.first_pct.value)


def fate(line: Line, reasons: Iterable[Reason], *, on: date) -> Found:
    """What becomes of a line whose service day meets these reasons, judged on a day.

    By the service day alone. A hold that is over by `on` no longer holds; an inpatient admitted before the measure
    began is paid where the parameter says so; a reason the table does not know holds, and denies nothing.
    """
    rows = {row.key: row for row in regulations.at(line.service_date).table("payment_stops")}
    admitted = bool(regulations.at(line.service_date).pay.admitted_before.value)
    counted = []
    worst = Fate.PAY
    for reason in reasons:
        row = rows.get(reason.code)
        if row and row.extra["admitted"] and admitted and _before(line, reason):
            continue
        holds = row is None or row.extra["then"] == "hold"
        if holds and reason.to_on is not None and reason.to_on < on:
            continue
        counted.append(
            Reason(
                reason.code,
                reason.article or (row.basis if row else ""),
                reason.from_on,
                reason.to_on,
            )
        )
        worst = Fate.DENY if not holds or worst is Fate.DENY else Fate.HOLD
    return Found(worst, tuple(counted))


def _before(line: Line, reason: Reason) -> bool:
    admitted = line.admission_date if line.inpatient else None
    return admitted is not None and reason.from_on is not None and admitted < reason.from_on


def stop_label(code: str, day: date) -> str:
    """The words of a code for pages and letters."""
    rows = regulations.at(day).table("payment_stops")
    return next((row.label for row in rows if row.key == code), "服务日期停止支付")


def reasons(day: date, family: str) -> dict[str, regulations.Row]:
    """Why a line may be denied, of this kind of institution."""
    return {row.key: row for row in regulations.at(day, family).table("denial_reasons")}


def reason(code: str, day: date, family: str) -> regulations.Row:
    """Refused for a reason the catalogue does not have."""
    found = reasons(day, family).get(code)
    if found is None:
        raise Refused("请从目录中选择拒付原因。")
    return found


def check_finding(amount: int, left: int) -> None:
    """Refused for nothing, and for more than is left of the line. In 分."""
    if not 0 < amount <= left:
        raise Refused(
            f"拒付金额应当大于零，不超过该行尚未拒付的 {left // WHOLE}.{left % WHOLE:02d} 元。",
            cure="请核对金额。",
        )


def needs_group(amount: int, day: date, family: str) -> bool:
    """Does a group decide before this much (分) is paid (令3 第二十八条)?"""
    return bool(amount >= regulations.at(day, family).audit.collective_from.value * WHOLE)
