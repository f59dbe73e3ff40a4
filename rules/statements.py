"""A statement from the claim to the transfer: what is drawn for re-audit, what becomes of each line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

import regulations
from rules import names
from rules.eligibility import Reason
from rules.insurance import InsuranceKind
from rules.ladder import MOST_AMOUNT, yuan
from rules.refusal import Refused
from rules.words import Labelled

INPATIENT, OTHER = "inpatient", "other"
GROUP_WORDS = {INPATIENT: "住院", OTHER: "门诊、购药"}
WHOLE = 100
LONGEST_VOUCHER = 64
MOST_LINES = (
    50_000  # of one statement, and rows of a file that says its size only when it is opened
)
STOPPED = "stopped"  # reason of a finding that the payability rule made


class Fate(Labelled):
    """What becomes of a line, after its findings."""

    PAY = "pay", "应付", "ok"
    HOLD = "hold", "暂缓", "paused"
    DENY = "deny", "拒付", "over"


class Post(StrEnum):
    """A post before settling; whoever worked in one of them is known by account to the others."""

    RECORD = "record"  # only where, before the posts were told apart, the recorder settled or paid as well
    FIRST_AUDIT = "first_audit"
    SECOND_AUDIT = "second_audit"
    APPEAL = "appeal"
    JUDGE = "judge"


class Stay(Protocol):
    """What the rule has to know of a line, declared or stored."""

    @property
    def service_date(self) -> date: ...
    @property
    def inpatient(self) -> bool: ...
    @property
    def admission_date(self) -> date | None: ...


@dataclass(frozen=True)
class Line:
    """One line as it was declared. `amount` in 分; `points` of its DRG group in ten-thousandths."""

    line: int
    voucher: str
    service_date: date
    amount: int
    practitioner_code: str = ""
    department: str = ""
    emergency: bool = False
    inpatient: bool = False
    admission_date: date | None = None
    drg_group: str = ""
    points: int | None = None

    @property
    def person_code(self) -> str:
        """Who served, as it counts for paying."""
        return self.practitioner_code

    @property
    def twin(self) -> tuple[str, date, int]:
        """What a line has in common with the same service declared again."""
        return self.voucher_key, self.service_date, self.amount

    @property
    def voucher_key(self) -> str:
        """What several ways of writing one number share: width, case, blanks and invisible signs do not count."""
        return "".join(names.clean(self.voucher).split()).casefold()[:LONGEST_VOUCHER]


@dataclass(frozen=True)
class Declared:
    """A statement as it came in: totals of its head beside its lines. `total` in 分."""

    insurance: InsuranceKind
    month: date
    claimed_on: date
    total: int
    line_count: int
    lines: tuple[Line, ...]
    source: str

    @property
    def digest(self) -> str:
        """The same lines have the same, whatever file they came in."""
        rows = sorted(repr(line) for line in self.lines)
        return sha256(
            "\n".join([self.insurance, self.month.isoformat(), *rows]).encode()
        ).hexdigest()


@dataclass(frozen=True)
class Found:
    """`because`: the reasons that count, with the articles that stand behind them."""

    fate: Fate
    because: tuple[Reason, ...] = ()

    @property
    def codes(self) -> str:
        return ";".join(dict.fromkeys(reason.code for reason in self.because))


def check_declared(given: Declared, on: date) -> None:
    """Refused unless head and lines agree, and nothing lies in the future."""
    if not given.lines:
        raise Refused("申报没有费用明细。", cure="请按明细申报。")
    if given.month.day != 1 or given.month > on:
        raise Refused("申报月份还没有开始。", cure="请核对申报月份。")
    if not given.month <= given.claimed_on <= on:
        raise Refused(
            "申报日期应当在申报月份开始以后、今天之前（含当日）。", cure="请核对申报日期。"
        )
    for line in given.lines:
        _check_line(line, given.claimed_on)
    total = sum(line.amount for line in given.lines)
    if total >= MOST_AMOUNT:
        raise Refused("申报总金额过大，无法入账。", cure="请核对各行金额和单位（元）。")
    if total != given.total:
        raise Refused(
            f"申报总金额 {yuan(given.total)} 元，明细合计 {yuan(total)} 元，相差 {yuan(abs(total - given.total))} 元。",
            cure="请机构核对汇总与明细，一致后重新申报。",
        )
    if len(given.lines) != given.line_count:
        raise Refused(
            f"申报 {given.line_count} 笔，明细 {len(given.lines)} 笔。", cure="请核对后重新申报。"
        )


def _check_line(line: Line, claimed_on: date) -> None:
    if not line.voucher_key:
        raise Refused(f"第 {line.line} 行的单据号为空。", cure="请填写单据号。")
    if line.service_date > claimed_on:
        raise Refused(
            f"第 {line.line} 行的服务日期 {line.service_date} 晚于申报日期 {claimed_on}，尚未发生的费用不能申报。",
            cure="请核对服务日期；费用发生以后再申报。",
        )
    if not judged_by_law(line.service_date):
        raise Refused(f"第 {line.line} 行：{too_early(line.service_date)}", cure="请核对服务日期。")


def judged_by_law(day: date) -> bool:
    """Do the rules say what becomes of a service of this day?"""
    return _judges(regulations.at(day))


@lru_cache(maxsize=4096)
def _judges(law: regulations.Law) -> bool:
    try:
        return bool(law.table("payment_stops")) and law.pay.admitted_before is not None
    except regulations.NotInForce:
        return False


def too_early(day: date) -> str:
    return f"服务日期 {day} 早于本系统所载支付规定的施行日期。"


def outside(line: Stay, month: date) -> bool:
    """The service day lies in another month than the one claimed."""
    return (line.service_date.year, line.service_date.month) != (month.year, month.month)


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


def fate(line: Stay, reasons: Iterable[Reason], *, on: date) -> Found:
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


def _before(line: Stay, reason: Reason) -> bool:
    admitted = line.admission_date if line.inpatient else None
    return admitted is not None and reason.from_on is not None and admitted < reason.from_on


def stop_label(code: str, day: date) -> str:
    """The words of a code for pages and letters."""
    rows = regulations.at(day).table("payment_stops")
    return next((row.label for row in rows if row.key == code), "服务日期停止支付")


def reasons(day: date, family: str) -> dict[str, regulations.Row]:
    """Why a line may be denied, of this kind of institution."""
    return {row.key: row for row in regulations.at(day, family).table("denial_reasons")}


def denial_basis(day: date, family: str) -> str:
    """The article by which violating costs are not paid before payment."""
    return str(regulations.at(day, family).audit.deny_basis.basis)


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
            f"拒付金额应当大于零，不超过该行尚未拒付的 {yuan(left)} 元。",
            cure="请核对金额。",
        )


def group_limit(day: date, family: str) -> regulations.Value:
    limit: regulations.Value = regulations.at(day, family).audit.collective_from
    return limit


def rates(day: date, family: str) -> dict[str, regulations.Value]:
    """The values in force that the page of a statement quotes."""
    law = regulations.at(day, family)
    return {
        "first": law.audit.first_pct,
        "inpatient": law.audit.second_inpatient_pct,
        "other": law.audit.second_other_pct,
        "appeal": law.audit.appeal,
    }


def needs_group(amount: int, day: date, family: str) -> bool:
    """Does a group decide before this much (分) is paid (令3 第二十八条)?"""
    return bool(amount >= regulations.at(day, family).audit.collective_from.value * WHOLE)
