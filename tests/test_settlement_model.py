"""Any course of claims, denials, holds, payments and year ends: every balance closes, and nothing is paid inside a hold.

All 500 courses: `pytest -m slow tests/test_settlement_model.py`.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from actions import ledger, letters, settlements, statement_appeals, statement_findings, statements
from database import session
from models import Claim, Disbursement, Hold, Statement
from queries import ledger as balances
from queries import statements as ask
from rules import ledger as rule
from rules.insurance import InsuranceKind
from rules.ledger import Account, Kind, Transfer
from rules.lifecycle import StatementState as S
from rules.permissions import Role
from rules.refusal import Refused
from rules.statements import Fate
from tests import factories
from tests import factories_agreement as made
from tests import factories_money as money

FIRST = date(2025, 2, 3)
ONE = timedelta(days=1)
WORDS = (
    *("claim",) * 4, *("go_on",) * 12, *("deny",) * 2, *("hold",) * 2, "suspend", *("lift",) * 2, *("release",) * 2,
    *("tell_more",) * 2, "back", "year_end", "recover",
)  # fmt: skip
STEP = st.tuples(
    st.sampled_from(WORDS), st.integers(1, 300_000_00), st.integers(0, 25), st.integers(0, 30)
)
COURSES = st.lists(STEP, min_size=30, max_size=60)


NEXT = {
    S.RECEIVED: "audit", S.NOTIFIED: "answer", S.APPEALED: "answer", S.JUDGED: "settle", S.SETTLED: "approve",
    S.APPROVED: "pay",
}  # fmt: skip


class Course:
    """Plays steps through the actions over two years and two agreements; knows holds only as days in a list."""

    def __init__(self, staff, kind):
        self.staff, place = staff, factories.institution(kind)
        years = [(date(year, 1, 1), date(year, 12, 31)) for year in (2025, 2026)]
        self.agreements = [
            made.concluded(place, on=date(2024, 12, 20), term_from=first, term_to=last)
            for first, last in years
        ]
        self.place, self.day, self.seen, self.month = place, FIRST, Counter(), date(2025, 1, 1)
        self.recovered = 0
        session.commit()

    def play(self, step):
        word, amount, gap, which = step
        self.day = min(self.day + timedelta(days=gap), date(2026, 12, 30))
        self.seen["steps"] += 1
        try:
            getattr(self, word)(amount, which)
            session.commit()
            self.seen[word] += 1
        except Refused:
            session.rollback()
            self.seen["refused"] += 1
        self.check()

    def in_state(self, which, *states):
        rows = self.rows().filter(Statement.state.in_(states)).all()
        return rows[which % len(rows)] if rows else None

    def rows(self):
        """The statements of this course: an earlier one had an institution of its own."""
        return (
            session.query(Statement).filter_by(institution_id=self.place.id).order_by(Statement.id)
        )

    def holds(self):
        return session.query(Hold).filter_by(institution_id=self.place.id).order_by(Hold.id)

    def claim(self, amount, which):
        month = self.month
        if month > self.day:
            return
        days = [month + timedelta(days=(which * 7 + number) % 27) for number in range(3)]
        stay = {"inpatient": True, "admission_date": days[2] - 5 * ONE}
        lines = [
            money.line(1, amount, service_date=days[0]),
            money.line(2, amount // 3 + 1, service_date=days[1], emergency=bool(which % 2)),
            money.line(3, amount // 7 + 1, service_date=days[2], **(stay if which % 3 else {})),
        ]
        agreement = self.agreements[month.year - 2025]
        kind = InsuranceKind.RESIDENT if which % 2 else InsuranceKind.EMPLOYEE
        given = money.declared(
            money.named(agreement, lines), month=month, claimed_on=self.day, insurance=kind
        )
        statements.receive(
            agreement, given, actor=money.another(Role.CLERK, self.staff), on=self.day
        )
        self.month = date(month.year + month.month // 12, month.month % 12 + 1, 1)

    def deny(self, amount, which):
        row = self.in_state(which, S.RECEIVED)
        if row:
            statement_findings.find(
                row, which % 3 + 1, reason="excess_charge", amount=amount // 9 + 1, remark="",
                actor=self.staff[Role.FIRST_AUDITOR], on=self.day,
            )  # fmt: skip

    def go_on(self, amount, which):
        """The next step of one of the statements that wait for one."""
        row = self.in_state(which, *NEXT)
        if row:
            self.seen[NEXT[row.state]] += 1
            getattr(self, NEXT[row.state])(row, which)

    def audit(self, row, _which):
        money.told(money.audited(row, self.staff, on=self.day), self.staff, on=self.day)

    def answer(self, row, which):
        found = next(one for one in ask.standing(row.id) if one.open)
        if row.state == S.APPEALED:
            answers = {found.id: (bool(which % 2), "核对完毕。")}
            statement_appeals.judge(row, answers, actor=self.staff[Role.REVIEWER], on=self.day)
        elif which % 3:
            statement_appeals.accept(row, actor=self.staff[Role.CLERK], on=self.day)
        else:
            statement_appeals.appeal(
                row, {found.id: "理由。"}, text="", actor=self.staff[Role.CLERK], on=self.day
            )

    def settle(self, row, _which):
        settlements.settle(row, actor=self.staff[Role.CLERK], on=self.day)

    def approve(self, row, _which):
        settlements.approve(row, actor=self.staff[Role.LEADER], on=self.day)

    def pay(self, row, _which):
        voucher = f"BK{session.query(Disbursement).count()}"
        settlements.pay(row, voucher=voucher, actor=self.staff[Role.FINANCE], on=self.day)
        session.flush()
        for claim in session.query(Claim).filter_by(statement_id=row.id, fate=Fate.PAY):
            if row.disbursements and claim.disbursement_id == row.disbursements[-1].id:
                assert not self.stopped(claim), (claim.service_date, self.day)

    def stopped(self, claim):
        """By brute force: a day inside a measure that still runs, or inside a suspension whenever that ended."""
        for one in self.holds():
            inside = one.from_on <= claim.service_date <= (one.to_on or date.max)
            before = claim.inpatient and claim.admission_date < one.from_on
            over = one.source == "case_measure" and one.to_on is not None and one.to_on < self.day
            if inside and not before and not over:
                return True
        return False

    def hold(self, _amount, which, source="case_measure"):
        """A measure dated back by some weeks, so that it meets what was claimed, audited or approved already."""
        from_on = self.day - timedelta(days=which * 2)
        session.add(
            Hold(
                institution_id=self.place.id,
                source=source,
                source_id=1,
                from_on=from_on,
                basis="示例依据",
            )
        )

    def suspend(self, amount, which):
        self.hold(amount, which, "suspension")

    def lift(self, _amount, which):
        rows = self.holds().filter(Hold.to_on.is_(None)).all()
        if rows:
            one = rows[which % len(rows)]
            one.to_on = max(self.day - ONE, one.from_on)

    def release(self, _amount, which):
        if row := self.in_state(which, S.PAID, S.SETTLED, S.APPROVED):
            settlements.release_held(row.id, self.day)

    def tell_more(self, _amount, which):
        """A further notice, served the same day."""
        if row := self.in_state(which, S.JUDGED, S.PAID):
            statements.tell_more(row, actor=self.staff[Role.SECOND_AUDITOR], on=self.day)
            money.serve(letters.of(row, "denial_detail")[0], self.staff, on=self.day)

    def back(self, _amount, which):
        if row := self.in_state(which, S.SETTLED, S.APPROVED):
            settlements.send_back(row, reason="核对。", actor=self.staff[Role.LEADER], on=self.day)

    def year_end(self, amount, which):
        """What a fund retained under an agreement is paid out and forfeited; never more than there is."""
        agreement, fund = self.agreements[which % 2], list(InsuranceKind)[which // 2 % 2]
        held = balances.balances(agreement_id=agreement.id, insurance=fund)
        kept = held.get(Account.RETAINED, 0)
        out, rest = rule.split(kept, [which % 5 + 1, 2])
        more = amount if which == 30 else 0  # now and then too much: refused whole
        transfers = [Transfer(Kind.PAY_RETENTION, out + more), Transfer(Kind.FORFEIT, rest)]
        ledger.post(
            transfers, institution=self.place, agreement=agreement, cause=agreement,
            year=agreement.term_from.year, insurance=fund, actor=self.staff[Role.FINANCE], on=self.day,
        )  # fmt: skip

    def recover(self, amount, _which):
        ledger.post(
            [Transfer(Kind.RECOVER, amount), Transfer(Kind.REFUND, amount)], institution=self.place, cause=self.place,
            actor=self.staff[Role.FINANCE], on=self.day,
        )  # fmt: skip
        self.recovered += amount

    def check(self):
        for row in self.rows():
            entries = balances.entries(statement_id=row.id)
            assert rule.closes(entries, self.day, ask.expected(row)) == (), (row.number, row.state)
            brought = sum(
                one.amount
                for one in entries
                if one.kind is Kind.CLAIM and one.debit is Account.CLAIMED
            )
            gone = row.state in (S.RETURNED, S.WITHDRAWN)
            assert gone or brought == row.total
        for agreement in self.agreements:
            for fund in (None, *InsuranceKind):
                entries = balances.entries(agreement_id=agreement.id, insurance=fund)
                assert rule.closes(entries, self.day) == ()
        for year in (2025, 2026):
            assert (
                rule.closes(balances.entries(year=year, institution_id=self.place.id), self.day)
                == ()
            )
        assert (
            balances.balances(institution_id=self.place.id).get(Account.REFUNDS, 0)
            == self.recovered
        )


def played(staff, kind, steps):
    course = Course(staff, kind)
    for step in steps:
        course.play(step)
    for word in ("pay", "release", "refused"):
        event(f"{word}: {course.seen[word]}")
    return course


TEMPO = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
    "database": None,
}


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("hospital", marks=pytest.mark.once),
        pytest.param("pharmacy", marks=pytest.mark.elsewhere),
    ],
)
@settings(max_examples=3, **TEMPO)
@given(steps=COURSES)
def test_some_courses_close(staff, kind, steps):
    played(staff, kind, steps)


@pytest.mark.slow
@settings(max_examples=250, **TEMPO)
@given(steps=COURSES)
def test_five_hundred_courses_close(staff, kind, steps):
    played(staff, kind, steps)
