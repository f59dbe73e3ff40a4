"""基金预付: whether the fund can, what an institution is offered, when it asks and for what. Pure; money in 分."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from rules.insurance import InsuranceKind
from rules.refusal import Refused
from rules.words import Labelled

JANUARY = 1
MONTHS = 12


class Credit(Labelled):
    """What the grade says, in the words of the schemes."""

    GRANT = "grant", "符合信用条件"
    REVIEW = "review", "逐家研究"
    NONE = "none", "不予预付"


@dataclass(frozen=True)
class Fund:
    """What a fund has. `balance`: accumulated; `monthly`: mean expenditure of a month.

    `last_year` and `forecast` (the next twelve months): the result, below nothing a deficit.
    """

    insurance: InsuranceKind
    balance: int
    monthly: int
    last_year: int
    forecast: int


@dataclass(frozen=True)
class Test:
    key: str
    label: str
    passed: bool
    found: str
    basis: str
    confidence: str


def months_held(fund: Fund) -> int:
    """Tenths of months that the balance would last, rounded down: 119 is 11.9 months."""
    return fund.balance * 10 // fund.monthly if fund.monthly > 0 else 0


def tests(fund: Fund, day: date) -> list[Test]:
    """The three tests of the fund, each with what was found."""
    needed = _needed(fund.insurance, day)
    held = months_held(fund)
    return [
        Test(
            "balance",
            f"{fund.insurance.label}累计结余不少于 {needed.value} 个月",
            fund.monthly > 0 and fund.balance >= needed.value * fund.monthly,
            f"可支付 {held // 10}.{held % 10} 个月",
            needed.basis,
            needed.confidence,
        ),
        _result("last_year", "上年没有当期赤字", fund.last_year, needed),
        _result("forecast", "滚动12个月预测没有赤字", fund.forecast, needed),
    ]


def _needed(insurance: InsuranceKind, day: date) -> regulations.Value:
    law = regulations.at(day)
    return law.prepay.emp if insurance is InsuranceKind.EMPLOYEE else law.prepay.res


def _result(key: str, label: str, amount: int, needed: regulations.Value) -> Test:
    word = "赤字" if amount < 0 else "结余"
    found = f"{word} {abs(amount) // 100:,}.{abs(amount) % 100:02d} 元"
    return Test(key, label, amount >= 0, found, needed.basis, needed.confidence)


def check_fund(fund: Fund, day: date) -> None:
    """Refused with every test that failed."""
    failed = [one for one in tests(fund, day) if not one.passed]
    if failed:
        raise Refused(
            "基金不具备预付条件："
            + "；".join(f"{one.label}（{one.found}）" for one in failed)
            + "。",
            basis=failed[0].basis,
            cure="基金情况变化后，在下一年度申请期内再申请。",
        )


def window(year: int) -> tuple[date, date]:
    """First and last day for asking, in January."""
    first = date(year, JANUARY, 1)
    return first, date(year, JANUARY, regulations.at(first).prepay.window_last.value)


def is_open(day: date) -> bool:
    """May an advance be asked for on the day?"""
    first, last = window(day.year)
    return first <= day <= last


def check_window(applied_on: date) -> None:
    first, last = window(applied_on.year)
    if not is_open(applied_on):
        raise Refused(
            f"预付申请应当在1月{first.day}日至{last.day}日提出。",
            basis=regulations.at(applied_on).prepay.window_last.basis,
            cure=f"请在 {applied_on.year + 1} 年的申请期内提出。",
        )


def purposes(day: date) -> list[regulations.Row]:
    """What the advance may be spent on."""
    return [row for row in regulations.at(day).table("prepayment_purposes") if row.extra["allowed"]]


def check_purpose(purpose: str, day: date) -> regulations.Row:
    """Refused for what the money may not be spent on."""
    rows = regulations.at(day).table("prepayment_purposes")
    found = next((row for row in rows if row.key == purpose), None)
    if found is None or not found.extra["allowed"]:
        allowed = "、".join(row.label for row in purposes(day))
        raise Refused(
            f"预付金不得用于{found.label if found else '该用途'}。",
            basis=rows[0].basis,
            cure=f"请从下列用途中选择：{allowed}。",
        )
    return found


def base(years: Sequence[int], day: date) -> int:
    """Mean month of what was paid in the last years, newest first, rounded down. Refused without a year to look at."""
    law = regulations.at(day)
    most = law.prepay.years_max.value
    known = [paid for paid in years[:most] if paid > 0]
    if not known:
        raise Refused(
            "前三年没有拨付记录，无法计算预付基数。",
            basis=law.prepay.years_max.basis,
            cure="有完整年度的拨付记录以后，再申请预付。",
        )
    return sum(known) // (MONTHS * len(known))


def size(monthly: int, day: date) -> int:
    """The most that is advanced on this base."""
    return monthly * regulations.at(day).prepay.size.value


def check_amount(amount: int, monthly: int, day: date) -> None:
    most = size(monthly, day)
    if not 0 < amount <= most:
        raise Refused(
            f"预付金额应当大于零，不超过 {most // 100:,}.{most % 100:02d} 元。",
            basis=regulations.at(day).prepay.size.basis,
            cure="请按月均支出核定预付金额。",
        )


def check_credit(credit: Credit | None, reason: str, basis: str = "") -> None:
    """Refused where the adopted grade says no, and without a written reason where it asks for one."""
    if credit is Credit.NONE:
        raise Refused(
            "信用等级对应的应用措施是不予预付。", basis=basis, cure="信用修复、等级变动以后再申请。"
        )
    if credit is Credit.REVIEW and not reason.strip():
        raise Refused("信用等级要求逐家研究，请写明同意预付的理由。", basis=basis)
