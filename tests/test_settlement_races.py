"""A suspension and a payment at the same instant: real threads, real commits; never paid once the suspension stands.

1,000 rounds of each isolation: `DINGDIAN_RACES=1000 pytest -m slow tests/test_settlement_races.py`. On SQLite there is
one kind of isolation; on PostgreSQL the house runs on READ COMMITTED, and SERIALIZABLE must be no worse.
"""

import os
from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

import clock
from actions import ledger, settlements, suspensions
from database import session
from models import Agreement, Event, Statement
from rules.lifecycle import StatementState as S
from rules.permissions import Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made
from tests import factories_money as money
from tests.conftest import KIND

DAY = date(2026, 6, 15)
ROUNDS = int(os.environ.get("DINGDIAN_RACES", "20"))
OVERTAKEN = (
    "40001"  # a transaction that PostgreSQL could not order: the person presses the button again
)


@pytest.fixture(params=["READ COMMITTED", "SERIALIZABLE"] if KIND == "postgresql" else [None])
def isolation(request):
    return request.param


def approved(kind, staff):
    """A statement of today's service, approved today; returns its key and that of its agreement."""
    agreement = made.concluded(factories.institution(kind))
    line = money.line(1, 100_00, service_date=DAY)
    row = money.received(agreement, staff, lines=[line], month=date(2026, 6, 1), on=DAY)
    money.settled(money.told(money.audited(row, staff, on=DAY), staff, on=DAY), staff, on=DAY)
    settlements.approve(row, actor=staff[Role.LEADER], on=DAY)
    session.commit()
    keys = row.id, agreement.id
    session.remove()
    return keys


def at_once(isolation, *acts):
    """Each in its own session at the same instant; being refused or overtaken is an answer, all else an error."""
    barrier, wrong = Barrier(len(acts)), []

    def carry_out(act):
        try:
            with clock.at(DAY):
                barrier.wait(30)
                while not committed(act, isolation):
                    pass
        except (Refused, StaleDataError):  # both are answered with 409
            session.rollback()
        except Exception as error:  # noqa: BLE001  # handed to the test, which fails on it
            wrong.append(error)
        finally:
            session.remove()

    threads = [Thread(target=carry_out, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def committed(act, isolation):
    """Carried out in a transaction of this isolation; False where it has to be tried again."""
    if isolation:
        session.connection(execution_options={"isolation_level": isolation})
    try:
        act()
        session.commit()
    except OperationalError as error:
        session.rollback()
        if getattr(error.orig, "sqlstate", "") != OVERTAKEN:
            raise
        return False
    return True


@pytest.mark.slow
def test_nothing_is_paid_once_the_suspension_stands(staff, kind, isolation):
    ended = set()
    for _ in range(ROUNDS // 2):
        key, agreement_key = approved(kind, staff)

        def pay(key=key, agreement_key=agreement_key):
            known = session.get_one(Statement, key)
            ledger.lock(known.institution_id, agreement_id=agreement_key, statement_id=key)
            settlements.pay(known, voucher="BK-1", actor=staff[Role.FINANCE], on=DAY)

        def suspend(agreement_key=agreement_key):
            agreement = session.get_one(Agreement, agreement_key)
            ground = made.ground(agreement.institution, "suspend", 1)
            suspensions.suspend(
                agreement,
                ground=ground,
                facts_text="示例。",
                from_on=DAY,
                actor=staff[Role.LEADER],
                on=DAY,
            )

        assert at_once(isolation, pay, suspend) == []
        paid = session.get_one(Statement, key).state == S.PAID
        ended.add(paid)
        order = {
            verb: session.scalar(
                select(Event.seq).where(
                    Event.verb == verb, Event.subject == noun, Event.subject_id == of
                )
            )
            for verb, noun, of in (
                ("pay", "statement", key),
                ("suspend", "agreement", agreement_key),
            )
        }
        assert order["suspend"] is not None
        assert not paid or order["pay"] < order["suspend"], "paid although the suspension stood"
        session.remove()
    assert ended <= {True, False}


@pytest.mark.slow
def test_two_who_pay_at_once_pay_once(staff, kind, isolation):
    for number in range(max(2, ROUNDS // 10)):
        key, agreement_key = approved(kind, staff)

        def pay(voucher, key=key, agreement_key=agreement_key):
            known = session.get_one(Statement, key)
            ledger.lock(known.institution_id, agreement_id=agreement_key, statement_id=key)
            settlements.pay(known, voucher=voucher, actor=staff[Role.FINANCE], on=DAY)

        assert at_once(isolation, lambda: pay("A"), lambda: pay("B")) == [], number
        assert len(session.get_one(Statement, key).disbursements) == 1
        session.remove()
