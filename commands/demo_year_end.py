"""The turn of the year, for agreements in force on its last day: December paid, the year settled, money given back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

import clock
from actions import (
    annual_budgets,
    annual_settlements,
    prepayments,
    retention_releases,
    settlements,
    statements,
)
from actions.annual_settlements import Figures
from commands import demo_people, demo_supervision
from commands.demo_agenda import Agenda
from commands.demo_people import Cast
from database import session
from models import Agreement, AnnualSettlement, Institution, Prepayment, Statement
from queries import agreements as standing
from queries import annual_settlements as settled
from queries import prepayments as asked
from queries import retention_releases as released
from rules.annual_settlement import Method, needs_group
from rules.insurance import InsuranceKind
from rules.permissions import Actor, Role
from rules.prepayment import Fund
from rules.retention import Way
from rules.standing import Word
from rules.statements import Declared, Line

EACH = 7  # institutions of each family
CLAIM = 100_000_00
TEN_THOUSAND = 10_000_00
BOTH_FUNDS = 1  # this one claims of both
BUDGET = 3 * EACH * CLAIM
SHARES = (2, 2, 3, 3, 8, 8, 1)  # points of the hospitals, in proportion
BACK = ("80", "76.5", "55", "90", "70")
E, R = InsuranceKind.EMPLOYEE, InsuranceKind.RESIDENT


@dataclass
class YearEnd:
    """`chosen`: agreements of each family, found when the year is over."""

    agenda: Agenda
    cast: Cast
    turn: date

    def __post_init__(self) -> None:
        self.chosen: dict[str, list[int]] = {"medical": [], "pharmacy": []}

    def write(self) -> None:
        """One stage a day, from the first working days of January to the spring."""
        day = self.agenda.work(self.turn)
        put = self.agenda.put
        put(day, self.choose)
        for number, stage in enumerate((self.ask, self.withdraw, self.examine)):
            put(self.agenda.work(day, number), stage)
        chain = (
            self.claim,
            self.audit,
            self.audit_again,
            self.tell,
            self.settle,
            self.approve,
            self.pay,
        )
        for number, stage in enumerate((*chain, self.advance, self.draft, self.send, self.answer)):
            put(self.agenda.work(day, 5 + number), stage)
        for number, stage in enumerate((self.decide, self.finish, self.give_back, self.transfer)):
            put(self.agenda.work(day, 20 + number), stage)

    def choose(self, on: date) -> None:
        """Agreements in force on the last day of the old year and today, of places where somebody served then."""
        last = date(on.year - 1, 12, 31)
        for row in session.scalars(select(Agreement).join(Institution).order_by(Agreement.id)):
            held = {standing.standing_of(row, on=day).word for day in (last, on)}
            own = self.chosen[row.institution.kind.family]
            served = demo_people.serving(row.institution_id, last)
            if row.parent_id is None and held == {Word.IN_FORCE} and served and len(own) < EACH:
                own.append(row.id)
        for kind in (E, R):
            fund = Fund(
                kind, 1800 * TEN_THOUSAND, 100 * TEN_THOUSAND, 30 * TEN_THOUSAND, 12 * TEN_THOUSAND
            )
            annual_budgets.record_balance(
                on.year, fund, source="示例基金收支表", actor=self.cast["finance"], on=on
            )

    def _each(self, number: int) -> list[Agreement]:
        """The agreement with this number of both families, where there is one."""
        keys = [own[number] for own in self.chosen.values() if number < len(own)]
        return [session.get_one(Agreement, key) for key in keys]

    def _owner(self, row: Agreement) -> Actor:
        return self.cast.owners[str(row.institution.code)]

    # prepayment

    def ask(self, on: date) -> None:
        for number in range(4):
            for row in self._each(number):
                for kind in (E, R):
                    given = prepayments.Request(
                        kind, "drugs", 5 * TEN_THOUSAND, "集中采购药品周转。"
                    )
                    prepayments.request(row, given, actor=self._owner(row), on=on)

    def _asked(self, number: int, kind: InsuranceKind) -> list[Prepayment]:
        rows = self._each(number)
        found = [asked.living(row.institution_id, self.turn.year, kind) for row in rows]
        today = self.agenda.today
        return [
            row
            for row in found
            if row and standing.standing_of(row.agreement, on=today).word is Word.IN_FORCE
        ]

    def withdraw(self, on: date) -> None:
        for row in self._asked(0, R):
            prepayments.withdraw(row, actor=self._owner(row.agreement), on=on)
        for row in self._asked(1, E):
            prepayments.decline(
                row, opinion="上年用于日常运行开支，尚未整改。", actor=self.cast["leader"], on=on
            )

    def examine(self, on: date) -> None:
        base = {E: [84 * TEN_THOUSAND], R: [60 * TEN_THOUSAND]}
        other = demo_people.newcomer(self.cast, "finance_b", Role.FINANCE, "示财务乙", on)
        for number, kind in ((1, R), (2, E), (2, R), (3, E)):
            for row in self._asked(number, kind):
                prepayments.examine(
                    row, years=base[kind], amount=5 * TEN_THOUSAND, opinion="基金和用途符合条件。",
                    actor=other, on=on,
                )  # fmt: skip

    def advance(self, on: date) -> None:
        """Granted to three, paid to two, and brought back by one; not while the agreement stands still."""
        for number, kind in ((2, E), (2, R), (3, E)):
            for row in self._asked(number, kind):
                prepayments.grant(row, opinion="同意，专款专用。", actor=self.cast["leader"], on=on)
        for number, kind in ((2, R), (3, E)):
            for row in self._asked(number, kind):
                voucher, finance = f"示付{row.number}", self.cast["finance"]
                prepayments.pay(row, voucher=voucher, actor=finance, on=on)
                if kind is E:
                    prepayments.repay(row, voucher=voucher, actor=finance, on=on)

    # the claims of December

    def claim(self, on: date) -> None:
        last = date(on.year - 1, 12, 31)
        for number in range(EACH):
            kinds = (E, R) if number == BOTH_FUNDS else (E,)
            for row, kind in itertools.product(self._each(number), kinds):
                who = demo_people.serving(row.institution_id, last)
                line = Line(1, f"{row.id:08d}{kind[0]}", last, CLAIM, practitioner_code=who)
                given = Declared(
                    kind, last.replace(day=1), on, CLAIM, 1, (line,), "示例十二月申报.csv"
                )
                statements.receive(row, given, actor=self.cast["registrar"], on=on)

    def _claims(self) -> list[Statement]:
        keys = [key for own in self.chosen.values() for key in own]
        query = select(Statement).where(
            Statement.agreement_id.in_(keys), Statement.month == date(self.turn.year - 1, 12, 1)
        )
        return list(session.scalars(query.order_by(Statement.id)))

    def _all(self, step: Callable[..., object], who: str, on: date, **given: object) -> None:
        for row in self._claims():
            step(row, actor=self.cast[who], on=on, **given)

    def audit(self, on: date) -> None:
        self._all(statements.first_audit, "first_auditor", on)

    def audit_again(self, on: date) -> None:
        self._all(statements.sample, "second_auditor", on, at=clock.now())
        self._all(statements.re_audit, "second_auditor", on, opinion="复审与初审一致。")

    def tell(self, on: date) -> None:
        self._all(statements.tell, "second_auditor", on)

    def settle(self, on: date) -> None:
        self._all(settlements.settle, "clerk", on)

    def approve(self, on: date) -> None:
        self._all(settlements.approve, "leader", on)

    def pay(self, on: date) -> None:
        for row in self._claims():
            settlements.pay(row, voucher=f"示拨{row.number}", actor=self.cast["finance"], on=on)

    # the year

    def draft(self, on: date) -> None:
        """Hospitals by points, from the second on; the first draft of each family is dropped and begun anew."""
        year, finance = self.turn.year - 1, self.cast["finance"]
        cap = Figures(Method.ITEMS, cap=CLAIM - TEN_THOUSAND)
        for number in range(EACH):
            for row in self._each(number):
                pharmacy = row.institution.kind.family == "pharmacy"
                by_points = Figures(Method.POINTS, points=SHARES[number] * 1_000_000)
                by_items = cap if number >= EACH - 2 else Figures(Method.ITEMS)
                figures = by_items if pharmacy or not number else by_points
                made = annual_settlements.draft(row, year, E, figures, actor=finance, on=on)
                if not number:
                    annual_settlements.drop(made, reason="清算方式选错。", actor=finance, on=on)
                    annual_settlements.draft(row, year, E, figures, actor=finance, on=on)
                if number == BOTH_FUNDS:
                    annual_settlements.draft(row, year, R, cap, actor=finance, on=on)
        self.budgets(year, on)

    def budgets(self, year: int, on: date) -> None:
        """Each fund its own; the value of a point is fixed where hospitals share the sum."""
        rows = [
            annual_budgets.draft(
                one,
                kind,
                total=BUDGET,
                source="示例总额预算通知",
                actor=self.cast["finance"],
                on=on,
            )
            for one, kind in ((year, E), (year, R), (year + 1, E))
        ]
        if len(self.chosen["medical"]) > 1:
            annual_budgets.fix(rows[0], actor=self.cast["leader"], on=on)

    def _settlements(self, *numbers: int) -> list[AnnualSettlement]:
        rows = itertools.product([row for number in numbers for row in self._each(number)], (E, R))
        found = [settled.living(row.id, self.turn.year - 1, kind) for row, kind in rows]
        return [row for row in found if row is not None]

    def send(self, on: date) -> None:
        for row in self._settlements(*range(1, EACH)):
            annual_settlements.send(row, actor=self.cast["finance"], on=on)

    def answer(self, on: date) -> None:
        """The second keeps silent, the third contests, the others confirm."""
        for row in self._settlements(2):
            words = "十二月拒付金额与本单位记录不符。"
            annual_settlements.dispute(row, text=words, actor=self._owner(row.agreement), on=on)
        for row in self._settlements(*range(3, EACH)):
            annual_settlements.confirm(row, actor=self._owner(row.agreement), on=on)

    def decide(self, on: date) -> None:
        """A group decides about the large ones first."""
        for row in self._settlements(*range(4, EACH)):
            if needs_group(row.difference, row.due, on):
                demo_supervision.agreed(row, self.cast, on)
            annual_settlements.decide(row, actor=self.cast["leader"], on=on)

    def finish(self, on: date) -> None:
        """One of those that get something is paid, one of those that owe brings it."""
        for row in self._settlements(5):
            step = {"decided": annual_settlements.pay, "carried": annual_settlements.repay}
            if row.state in step:
                step[row.state](row, voucher=f"示清{row.number}", actor=self.cast["finance"], on=on)

    def give_back(self, on: date) -> None:
        leader, finance = self.cast["leader"], self.cast["finance"]
        for number, score in enumerate(BACK):
            plan = retention_releases.Plan(Way.LADDER, "fujian", Decimal(score), "示例年度考核通报")
            for row in self._each(number):
                made = retention_releases.propose(
                    row, self.turn.year - 1, plan, actor=finance, on=on
                )
                if number == len(BACK) - 1:
                    retention_releases.drop(made, reason="得分有误。", actor=leader, on=on)
                elif number:
                    retention_releases.decide(made, actor=leader, on=on)

    def transfer(self, on: date) -> None:
        """The second gets its money; what the fourth is to get still waits."""
        for row in self._each(1):
            made = released.under_way(row.id, self.turn.year - 1)
            if made is not None:
                retention_releases.pay(
                    made, voucher=f"示返{made.number}", actor=self.cast["finance"], on=on
                )


def write(agenda: Agenda, cast: Cast) -> None:
    """The turn of the year that lies in the year played."""
    turn = date(agenda.start.year + 1, 1, 1)
    if agenda.start + timedelta(days=30) < turn <= agenda.end:
        YearEnd(agenda, cast, turn).write()
