"""A statement from the claim to the transfer: who may, what is refused, where every 分 is."""

from datetime import date

import pytest

from actions import letters, settlements
from queries import ledger as balances
from queries import statements as ask
from rules import ledger as rule
from rules.ledger import Account
from rules.permissions import Role
from tests import factories
from tests import factories_agreement as made
from tests import factories_money as money
from tests.factories_money import line

INPATIENT = {"inpatient": True, "admission_date": date(2026, 5, 2)}


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


def sums(row):
    return {
        account: amount
        for account, amount in balances.balances(statement_id=row.id).items()
        if amount
    }


def test_a_month_goes_from_the_claim_to_the_transfer(agreement, staff):
    row = money.received(agreement, staff, lines=[line(1, 1000_00), line(2, 234_56)])
    money.deny(row, staff, 2, 34_56)
    money.told(money.audited(row, staff), staff)
    later = date(2026, 6, 11)  # five working days after 3 June are over on 10 June
    settlements.accept(row, actor=staff[Role.CLERK], on=later)
    money.paid(money.settled(row, staff, on=later), staff, on=later)
    # 1,234.56 claimed, 34.56 denied, 1,200.00 payable of which 5 % = 60.00 are retained
    assert sums(row) == {
        Account.FUND: -1234_56,
        Account.DENIED: 34_56,
        Account.RETAINED: 60_00,
        Account.PAID: 1140_00,
    }
    assert rule.closes(balances.entries(statement_id=row.id), later, ask.expected(row)) == ()
    assert [one.amount for one in row.disbursements] == [1140_00]
    kinds = {letter.kind for letter in letters.of(row)}
    assert kinds == {"denial_detail", "settlement_sheet", "disbursement_notice"}
