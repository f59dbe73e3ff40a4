"""结算台账 of the money chain: accounts, the transfers there may be between them, and when all of it closes. Pure.

One entry is one transfer: the amount (分, above nothing) leaves the account `credit` and arrives at the account
`debit`. The balance of an account is what arrived less what left; over all accounts the balances are nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import regulations
from rules.ladder import MOST_AMOUNT, yuan
from rules.refusal import Refused


class Account(StrEnum):
    """Words, side and destination of each stand in regulations/tables/ledger_accounts.yaml."""

    FUND = "fund"
    INSTITUTION = "institution"
    CLAIMED = "claimed"
    PAYABLE = "payable"
    HELD = "held"
    RETAINED = "retained"
    RECOVERED = "recovered"
    DENIED = "denied"
    DISALLOWED = "disallowed"
    PAID = "paid"
    LIQUIDATED_DAMAGES = "liquidated_damages"
    FINES = "fines"
    REFUNDS = "refunds"
    ADVANCES = "advances"
    ADJUSTMENTS = "adjustments"


class Kind(StrEnum):
    """What a transfer is for; from where to where stands in regulations/tables/ledger_transfers.yaml."""

    CLAIM = "claim"
    DENY = "deny"
    HOLD = "hold"
    ADMIT = "admit"
    RELEASE = "release"
    DENY_HELD = "deny_held"
    DISALLOW = "disallow"
    RETAIN = "retain"
    OFFSET_DAMAGES = "offset_damages"
    OFFSET_RECOVERY = "offset_recovery"
    OFFSET_ADVANCE = "offset_advance"
    DEDUCT = "deduct"
    PAY = "pay"
    PAY_RETENTION = "pay_retention"
    FORFEIT = "forfeit"
    ADVANCE = "advance"
    REPAY_ADVANCE = "repay_advance"
    ADJUST = "adjust"
    FUND_ADJUSTMENT = "fund_adjustment"
    RETURN_ADJUSTMENT = "return_adjustment"
    REPAY_ADJUSTMENT = "repay_adjustment"
    RECOVER = "recover"
    REFUND = "refund"
    PAY_DAMAGES = "pay_damages"
    FINE = "fine"


OF_CASES = frozenset({Kind.RECOVER, Kind.REFUND, Kind.PAY_DAMAGES, Kind.FINE})


@dataclass(frozen=True)
class Transfer:
    """What is to be entered. `article`: the basis where it is another than that of the kind."""

    kind: Kind
    amount: int
    article: str = ""


@dataclass(frozen=True)
class Entry:
    kind: Kind
    debit: Account
    credit: Account
    amount: int
    article: str = ""

    @property
    def reversed(self) -> Entry:
        """The same the other way: a wrong entry is answered, never changed."""
        return Entry(self.kind, self.credit, self.debit, self.amount, self.article)


def accounts(day: date) -> dict[Account, regulations.Row]:
    """Every account with its Chinese word, side and destination, in the order of the chain."""
    return {Account(row.key): row for row in regulations.at(day).table("ledger_accounts")}


def kinds(day: date) -> dict[Kind, regulations.Row]:
    return {Kind(row.key): row for row in regulations.at(day).table("ledger_transfers")}


def entry(transfer: Transfer, day: date) -> Entry:
    """The transfer between its accounts. Refused for nothing, less than nothing and more than there is."""
    row = kinds(day)[transfer.kind]
    if not 0 < transfer.amount < MOST_AMOUNT:
        raise Refused(f"{row.label}的金额应当大于零。", basis=row.basis)
    return Entry(
        transfer.kind,
        debit=Account(row.extra["to"]),
        credit=Account(row.extra["from"]),
        amount=transfer.amount,
        article=transfer.article or row.basis,
    )


def check_fund(entries: Iterable[Entry], fund: object, *, of_agreement: bool) -> None:
    """ValueError for money of an agreement of which nobody says whose fund it is; the money of a case is of none."""
    if of_agreement and fund is None and any(one.kind not in OF_CASES for one in entries):
        raise ValueError("money of an agreement is the money of one fund")


def balances(entries: Iterable[Entry]) -> dict[Account, int]:
    """What arrived at each account less what left it; accounts nothing happened to are left out."""
    found: Counter[Account] = Counter()
    for one in entries:
        found[one.debit] += one.amount
        found[one.credit] -= one.amount
    return dict(found)


def check(found: Mapping[Account, int], day: date) -> None:
    """Refused when an account that only holds what came in would give out more than that."""
    for account, row in accounts(day).items():
        amount = found.get(account, 0)
        if row.extra["side"] in ("inner", "final") and amount < 0:
            raise Refused(
                f"“{row.label}”账户余额不足，还差 {yuan(-amount)} 元。",
                cure="请核对台账余额后重新办理。",
            )


def closes(
    entries: Iterable[Entry], day: date, expected: Mapping[Account, int] | None = None
) -> tuple[str, ...]:
    """What does not close, in words; nothing when all does.

    Σ parts = what the fund and the institution brought in; no account that holds is below nothing; and each balance
    that other records know (`expected`: the lines of the statement, the findings) is the one they know.
    """
    listed, found = accounts(day), balances(entries)
    outer = -sum(found.get(one, 0) for one, row in listed.items() if row.extra["side"] == "outer")
    parts = sum(found.get(one, 0) for one, row in listed.items() if row.extra["side"] != "outer")
    wrong = [f"各账户合计与来源不符，差 {outer - parts} 分"] if outer != parts else []
    wrong += [
        f"“{row.label}”账户为负，{found[one]} 分"
        for one, row in listed.items()
        if row.extra["side"] in ("inner", "final") and found.get(one, 0) < 0
    ]
    wrong += [
        f"“{listed[one].label}”账户 {found.get(one, 0)} 分，应为 {amount} 分"
        for one, amount in (expected or {}).items()
        if found.get(one, 0) != amount
    ]
    return tuple(wrong)


def arrears(found: Mapping[Account, int], day: date) -> int:
    """What is still owed to the institution, in 分: payable alone (令3 Art 13: never denials, retention, damages)."""
    owed = [one for one, row in accounts(day).items() if row.extra["arrears"]]
    return sum(found.get(one, 0) for one in owed)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount in 分 by weights: each its whole 分, the rest to the largest remainders, ties by order.

    The parts add up to the total, always. ValueError for no weight at all or one below nothing.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative, nor all nothing")
    shares = [abs(total) * weight for weight in weights]
    parts = [share // whole for share in shares]
    left = abs(total) - sum(parts)
    order = sorted(range(len(parts)), key=lambda place: (-(shares[place] % whole), place))
    for place in order[:left]:
        parts[place] += 1
    return [part if total >= 0 else -part for part in parts]
