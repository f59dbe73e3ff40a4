"""The money chain as a pure calculation: transfers, balances, what closes, how an amount is divided."""

import random
from datetime import date

import pytest

import regulations
from rules import ledger
from rules.ledger import Account, Entry, Kind, Transfer
from rules.refusal import Refused

pytestmark = pytest.mark.pure

DAY = date(2026, 6, 3)


def entered(*transfers):
    return [ledger.entry(Transfer(kind, amount), DAY) for kind, amount in transfers]


MONTH = entered(
    (Kind.CLAIM, 1000_00), (Kind.DENY, 100_00), (Kind.HOLD, 50_00), (Kind.ADMIT, 850_00), (Kind.RETAIN, 42_50),
    (Kind.PAY, 807_50),
)  # fmt: skip


def test_every_account_and_every_transfer_of_the_code_stands_in_the_tables_and_no_other():
    assert list(ledger.accounts(DAY)) == list(dict.fromkeys(ledger.accounts(DAY)))
    assert set(ledger.accounts(DAY)) == set(Account)
    assert set(ledger.kinds(DAY)) == set(Kind)


def test_a_month_divides_into_its_parts():
    assert ledger.balances(MONTH) == {
        Account.FUND: -1000_00,
        Account.CLAIMED: 0,
        Account.DENIED: 100_00,
        Account.HELD: 50_00,
        Account.PAYABLE: 0,
        Account.RETAINED: 42_50,
        Account.PAID: 807_50,
    }
    assert ledger.closes(MONTH, DAY) == ()


def test_what_other_records_know_otherwise_does_not_close():
    wrong = ledger.closes(MONTH, DAY, {Account.DENIED: 100_01, Account.PAID: 807_50})
    assert wrong == ("“拒付”账户 10000 分，应为 10001 分",)


def test_an_account_that_gave_out_more_than_it_had_does_not_close():
    wrong = ledger.closes([*MONTH, *entered((Kind.PAY, 1))], DAY)
    assert wrong == ("“应付”账户为负，-1 分",)


@pytest.mark.parametrize("short", [Account.PAYABLE, Account.HELD, Account.RETAINED, Account.DENIED])
def test_an_account_gives_out_what_it_holds_and_not_one_fen_more(short):
    ledger.check({short: 0}, DAY)
    with pytest.raises(Refused, match=r"还差 0\.01 元"):
        ledger.check({short: -1}, DAY)


@pytest.mark.parametrize(
    "outer", [Account.FUND, Account.INSTITUTION, Account.ADVANCES, Account.ADJUSTMENTS]
)
def test_the_fund_the_institution_and_what_runs_both_ways_may_be_below_nothing(outer):
    ledger.check({outer: -1}, DAY)


@pytest.mark.parametrize("amount", [0, -1, 10**13])
def test_nothing_less_than_nothing_and_more_than_there_is_are_no_transfer(amount):
    with pytest.raises(Refused):
        ledger.entry(Transfer(Kind.PAY, amount), DAY)


def test_a_reversal_takes_an_entry_back():
    entry = MONTH[1]
    assert entry.reversed == Entry(
        Kind.DENY, Account.CLAIMED, Account.DENIED, 100_00, entry.article
    )
    assert ledger.balances([entry, entry.reversed]) == {Account.DENIED: 0, Account.CLAIMED: 0}


@pytest.mark.law("P3-13b")
def test_what_is_denied_retained_or_paid_as_damages_is_never_owed():
    owed = {
        Account.PAYABLE: 7, Account.DENIED: 100, Account.DISALLOWED: 100, Account.RETAINED: 100,
        Account.LIQUIDATED_DAMAGES: 100, Account.HELD: 100,
    }  # fmt: skip
    assert ledger.arrears(owed, DAY) == 7


@pytest.mark.law("P3-13b")
def test_no_transfer_leads_from_a_denial_a_disallowance_or_damages_back_to_what_is_payable():
    into = {row.extra["from"] for row in ledger.kinds(DAY).values() if row.extra["to"] == "payable"}
    assert into == {"claimed", "held", "adjustments"}


@pytest.mark.law("R-45")
def test_refunds_go_to_the_treasury_account_of_the_fund_and_fines_to_the_treasury_apart_from_damages():
    rows = ledger.accounts(DAY)
    where = {
        one: rows[one].extra["destination"]
        for one in (Account.REFUNDS, Account.FINES, Account.LIQUIDATED_DAMAGES)
    }
    assert list(where.values()) == ["基金财政专户", "国库", "协议约定的违约金账户"]
    assert "第四十五条" in rows[Account.REFUNDS].basis
    assert {rows[one].confidence for one in (Account.REFUNDS, Account.FINES)} == {"official"}


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # the rest to the first of equals
        (101, [1, 1, 1], [34, 34, 33]),
        (100, [1, 2], [33, 67]),  # 33⅓ and 66⅔: the larger remainder gets it
        (5, [95, 5], [5, 0]),  # 4.75 and 0.25
        (10, [95, 5], [10, 0]),  # 9.5 and 0.5: equal, by order
        (-100, [1, 2], [-33, -67]),
        (0, [1, 2], [0, 0]),
        (7, [0, 3], [0, 7]),
    ],
)
def test_an_amount_is_divided_by_the_largest_remainder_and_equals_by_their_order(
    total, weights, parts
):
    assert ledger.split(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 3]])
def test_weights_that_say_nothing_divide_nothing(weights):
    with pytest.raises(ValueError, match="weights"):
        ledger.split(100, weights)


def test_ten_thousand_random_divisions_add_up_to_the_fen():
    chance = random.Random(735)
    for _ in range(10_000):
        total = chance.randint(-(10**12), 10**12)
        weights = [chance.randint(0, 10**6) for _ in range(chance.randint(1, 12))]
        weights[chance.randrange(len(weights))] += 1
        parts = ledger.split(total, weights)
        assert sum(parts) == total
        off = [
            abs(part * sum(weights) - total * weight)
            for part, weight in zip(parts, weights, strict=True)
        ]
        assert max(off) < sum(weights), (
            total,
            weights,
        )  # nobody is a whole 分 away from the exact share


def test_every_row_of_the_tables_leads_from_an_account_to_another():
    rows = ledger.kinds(DAY).values()
    assert all(Account(row.extra["from"]) is not Account(row.extra["to"]) for row in rows)
    assert {row.extra["side"] for row in regulations.at(DAY).table("ledger_accounts")} == {
        "outer", "inner", "final", "open",
    }  # fmt: skip
