"""费用结算 in the demo county: a month from the claim to the transfer, a statement left in every state, both kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import clock
from actions import letters, service, settlements, statement_appeals, statement_findings, statements
from commands import demo_people
from commands.demo_agenda import Agenda
from commands.demo_people import Cast
from database import session
from models import AuditFinding, Statement
from queries import statements as ask
from rules.insurance import InsuranceKind
from rules.lifecycle import StatementState as S
from rules.permissions import Actor
from rules.statements import Declared, Line

NAMELESS = 7
LINES = {"medical": 24, "pharmacy": 16}
BEFORE = (
    27  # working days before the end the claims of the month come in: all of it is played by then
)
PATH = (
    S.FIRST_AUDITED, S.SAMPLED, S.RE_AUDITED, S.NOTIFIED, S.APPEALED, S.JUDGED, S.SETTLED, S.APPROVED, S.PAID,
)  # fmt: skip
FOUND = ((3, "excess_service", 20_00, "与处方记录不符"), (5, "outside_scope", 15_50, ""))
STORIES: tuple[tuple[int, int, InsuranceKind, S], ...] = (
    # number of the institution, months before the last whole one, insurance, the state in which it is left
    (0, 0, InsuranceKind.EMPLOYEE, S.PAID),
    (0, 0, InsuranceKind.RESIDENT, S.SETTLED),
    (0, 1, InsuranceKind.EMPLOYEE, S.PAID),
    (1, 0, InsuranceKind.EMPLOYEE, S.APPROVED),
    (1, 0, InsuranceKind.RESIDENT, S.APPEALED),
    (1, 1, InsuranceKind.EMPLOYEE, S.NOTIFIED),
    (1, 1, InsuranceKind.RESIDENT, S.RETURNED),
    (0, 1, InsuranceKind.RESIDENT, S.RE_AUDITED),
    (0, 2, InsuranceKind.EMPLOYEE, S.JUDGED),
    (0, 2, InsuranceKind.RESIDENT, S.WITHDRAWN),
    (1, 2, InsuranceKind.EMPLOYEE, S.SAMPLED),
    (1, 2, InsuranceKind.RESIDENT, S.FIRST_AUDITED),
    (1, 3, InsuranceKind.EMPLOYEE, S.RECEIVED),
)


def write(agenda: Agenda, cast: Cast, code: Callable[[str, int], str | None]) -> None:
    for family in LINES:
        for number, months, insurance, until in STORIES:
            if place := code(family, number):
                month = _month(agenda.end, months + 1)
                story = Month(agenda, cast, place, family, month, insurance, until)
                agenda.put(agenda.work(agenda.end, -BEFORE), story.claim)


def _month(end: date, back: int) -> date:
    """The first day of the month so many months before the one that holds the day."""
    months = end.year * 12 + end.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


@dataclass
class Month:
    """One statement, step by step, until the state in which it is left."""

    agenda: Agenda
    cast: Cast
    code: str
    family: str
    month: date
    insurance: InsuranceKind
    until: S
    id: int = 0

    @property
    def row(self) -> Statement:
        return session.get_one(Statement, self.id)

    def claim(self, on: date) -> None:
        place = self.cast.institution(self.code)
        agreement = ask.agreement_of(place.id, self.month)
        if agreement is None:
            return
        lines = tuple(self._lines(place.id, on))
        given = Declared(
            self.insurance, self.month, on, sum(line.amount for line in lines), len(lines), lines,
            f"{place.name}{self.month:%Y-%m}.xlsx",
        )  # fmt: skip
        row = statements.receive(agreement, given, actor=self.cast["registrar"], on=on)
        session.flush()
        self.id = row.id
        if self.until is S.RETURNED:
            self.agenda.later(1, self.send_back)
        elif self.until is S.WITHDRAWN:
            self.agenda.later(1, self.withdraw)
        elif self.until is not S.RECEIVED:
            self.agenda.later(2, self.first_audit)

    def _lines(self, place_id: int, on: date) -> list[Line]:
        """Plain services of the month up to the day of the claim; at a hospital every fourth is a stay.

        The seventh names nobody in statements of residents.
        """
        found, nameless = [], self.insurance is InsuranceKind.RESIDENT
        for number in range(1, LINES[self.family] + 1):
            day = min(self.month + timedelta(days=(number * 5) % 27), on)
            who = demo_people.serving(place_id, day)
            stay = self.family == "medical" and number % 4 == 0
            found.append(
                Line(
                    line=number,
                    voucher=f"{self.month:%Y%m}{str(self.insurance)[:1].upper()}{number:05d}",
                    service_date=day,
                    practitioner_code="" if nameless and number == NAMELESS else who,
                    amount=(3_200_00 if stay else 86_50) + number * 1_35,
                    department="内科" if self.family == "medical" else "",
                    inpatient=stay,
                    admission_date=day - timedelta(days=6) if stay else None,
                    drg_group="ES15" if stay else "",
                    points=85_5000 if stay else None,
                )
            )
        return found

    def reaches(self, state: S) -> bool:
        return self.until in PATH and PATH.index(state) <= PATH.index(self.until)

    def send_back(self, on: date) -> None:
        reason = "申报汇总表没有加盖印章，请补充后重新申报。"
        statements.send_back(self.row, reason=reason, actor=self.cast["first_auditor"], on=on)

    def withdraw(self, on: date) -> None:
        statements.withdraw(self.row, actor=self._institution, on=on)

    @property
    def _institution(self) -> Actor:
        return self.cast.owners[self.code]

    def first_audit(self, on: date) -> None:
        auditor, row = self.cast["first_auditor"], self.row
        for number, code, amount, remark in FOUND:
            statement_findings.find(
                row, number, reason=code, amount=amount, remark=remark, actor=auditor, on=on
            )
        statements.first_audit(row, actor=auditor, on=on)
        if self.reaches(S.SAMPLED):
            self.agenda.later(1, self.sample)

    def sample(self, on: date) -> None:
        statements.sample(self.row, actor=self.cast["second_auditor"], on=on, at=clock.now())
        if self.reaches(S.RE_AUDITED):
            self.agenda.later(1, self.re_audit)

    def re_audit(self, on: date) -> None:
        opinion = "复审样本与初审结论一致，没有新的问题。"
        statements.re_audit(self.row, opinion=opinion, actor=self.cast["second_auditor"], on=on)
        if self.reaches(S.NOTIFIED):
            self.agenda.later(1, self.tell)

    def tell(self, on: date) -> None:
        statements.tell(self.row, actor=self.cast["second_auditor"], on=on)
        if self.until is not S.NOTIFIED:
            self.agenda.later(1, self.serve)

    def serve(self, on: date) -> None:
        for letter in letters.of(self.row, "denial_detail"):
            service.serve(
                letter, actor=self.cast["clerk"], on=on, method="直接送达", proof="示例送达回证"
            )
        if self.until is S.APPEALED or (
            self.insurance is InsuranceKind.RESIDENT and self.reaches(S.JUDGED)
        ):
            self.agenda.later(2, self.appeal)
        elif self.reaches(S.JUDGED):
            self.agenda.later(6, self.accept)

    def appeal(self, on: date) -> None:
        row = self.row
        contested = {
            one.id: "漏填编码，现予补报。" if one.curable else "医师已经注明原因，处方量符合规定。"
            for one in self._contested
        }
        named = {
            one.id: demo_people.serving(row.institution_id, one.claim.service_date)
            for one in self._contested
            if one.curable
        }
        statement_appeals.appeal(
            row, contested, text="随附病历复印件。", supplied=named, actor=self._institution, on=on
        )
        if self.reaches(S.JUDGED):
            self.agenda.later(2, self.judge)

    @property
    def _contested(self) -> list[AuditFinding]:
        """The first that an auditor made, and what the code of a person cures."""
        found = [one for one in self.row.findings if one.recorded_by_id]
        return [*found[:1], *(one for one in self.row.findings if one.curable)]

    def judge(self, on: date) -> None:
        row = self.row
        answers = {one.id: (False, "有记载可查，理由成立。") for one in self._contested}
        statement_appeals.judge(row, answers, actor=self.cast["reviewer"], on=on)
        self._then(S.SETTLED, 1, self.settle)

    def accept(self, on: date) -> None:
        if self.row.state is S.NOTIFIED:  # else the night has found the time for objecting over
            statement_appeals.accept(self.row, actor=self.cast["clerk"], on=on)
        self._then(S.SETTLED, 1, self.settle)

    def settle(self, on: date) -> None:
        settlements.settle(self.row, actor=self.cast["clerk"], on=on)
        self._then(S.APPROVED, 1, self.approve)

    def approve(self, on: date) -> None:
        settlements.approve(self.row, actor=self.cast["leader"], on=on)
        self._then(S.PAID, 1, self.pay)

    def pay(self, on: date) -> None:
        voucher = f"SL{on:%Y%m%d}{self.id:04d}"
        settlements.pay(self.row, voucher=voucher, actor=self.cast["finance"], on=on)

    def _then(self, state: S, days: int, step: Callable[[date], None]) -> None:
        if self.reaches(state):
            self.agenda.later(days, partial(step))
