"""线索 and the ladder in the demo county: in each family one case in every state of its measures and money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from actions import case_measures, clues, findings, offsets, remittances, service, violations
from commands.demo_agenda import Agenda
from commands.demo_people import Cast
from commands.demo_supervision import PROOF, running_agreement
from database import session
from models import CaseMeasure, Document, Statement, Violation
from queries import violations as ask
from queries.offsets import sources
from rules.findings import Found
from rules.ladder import CaseSource, Plan, Step

PLACES = (("medical", 0, "S13"), ("pharmacy", 0, "S15"))
DAYS_BACK = 22  # working days before the end on which the clue comes in
OVERDUE = 13  # working days from the first money to the day after the last for paying
CLUE = "费用审核发现部分结算项目与实际提供的不一致。"


def write(agenda: Agenda, cast: Cast, code: Callable[[str, int], str | None]) -> None:
    """Per family: a clue that waits, one set aside, and a case whose money is coming in."""
    for family, number, item in PLACES:
        if place := code(family, number):
            Ladder(agenda, cast, place, item).start()


class Ladder:
    """One case from its clue to the money; every step puts the next one on the agenda."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, item: str) -> None:
        self.agenda, self.cast, self.code, self.item = agenda, cast, code, item
        self.id = 0

    def start(self) -> None:
        end = self.agenda.end
        self.agenda.put(self.agenda.work(end, -DAYS_BACK), self.note)
        self.agenda.put(self.agenda.work(end, -4), self.unfounded)
        self.agenda.put(self.agenda.work(end, -3), self.waiting)

    @property
    def violation(self) -> Violation:
        return session.get_one(Violation, self.id)

    def _clue(self, on: date, source: CaseSource = CaseSource.AUDIT) -> Violation:
        row = clues.note(
            running_agreement(self.cast.ids[self.code]), source=source, clue_text=CLUE,
            found_on=on, actor=self.cast["inspector_a"], on=on,
        )  # fmt: skip
        session.flush()
        return row

    def waiting(self, on: date) -> None:
        self._clue(on, CaseSource.LEAD)

    def unfounded(self, on: date) -> None:
        row = self._clue(on)
        clues.set_aside(row, reason="凭证齐全，线索不实。", actor=self.cast["reviewer"], on=on)

    def note(self, on: date) -> None:
        self.id = self._clue(on).id
        self.agenda.later(2, self.plan)

    def plan(self, on: date) -> None:
        row, inspector = self.violation, self.cast["inspector_a"]
        clues.take_up(row, facts_text="核查属实，涉及三笔结算。", actor=inspector, on=on)
        found = Found(self.item, amount=1_860_000, records=3, department="示例部门")
        findings.add(row, found, actor=inspector, on=on)
        paid = on - timedelta(days=20)
        for given in (
            Plan(Step.DENY, amount=360_000),
            Plan(Step.RECOVER, amount=1_500_000, paid_on=paid),
            Plan(Step.DAMAGES, amount=500_000, clause="第三十二条", formula="违规费用的百分之三十"),
        ):
            case_measures.plan(row, given, actor=inspector, on=on)
        violations.give_notice(row, actor=inspector, on=on)
        self._serve(on)
        self.agenda.later(2, self.listen)

    def listen(self, on: date) -> None:
        owner, row = self.cast.owners[self.code], self.violation
        violations.record_views(row, text="已经退回，请求免收违约金。", actor=owner, on=on)
        damages = self._measure(Step.DAMAGES)
        inspector = self.cast["inspector_a"]
        case_measures.strike(damages, reason="主动退回，采纳申辩。", actor=inspector, on=on)
        violations.propose(row, opinion="采纳部分申辩。", actor=inspector, on=on)
        self.agenda.later(1, self.decide)

    def decide(self, on: date) -> None:
        row = self.violation
        violations.review(row, opinion="同意。", actor=self.cast["reviewer"], on=on)
        violations.approve(row, opinion="同意。", actor=self.cast["leader"], on=on)
        self._serve(on)
        self.agenda.later(3, self.receive)

    def receive(self, on: date) -> None:
        denied, recovered = self._measure(Step.DENY), self._measure(Step.RECOVER)
        self._pay(denied, 360_000, "示扣1号", on, "confirm")
        self._pay(recovered, 900_000, "示缴1号", on, "reject")
        self._pay(recovered, 800_000, "示缴2号", on, "confirm")
        self._pay(recovered, 100_000, "示缴3号", on)
        self.agenda.later(OVERDUE, self.offset)
        self.again(on)

    def offset(self, on: date) -> None:
        """What was not brought in time is to be taken out of the next payment."""
        row = self._measure(Step.RECOVER)
        statement = session.get_one(Statement, sources(row)[0].id)
        offsets.plan(row, statement, amount=100_000, actor=self.cast["clerk"], on=on)

    def again(self, on: date) -> None:
        """Another case, planned and not told yet."""
        row = self._clue(on)
        clues.take_up(row, facts_text="核查属实。", actor=self.cast["inspector_a"], on=on)
        given = Plan(Step.TALK, subject_text="主要负责人")
        case_measures.plan(row, given, actor=self.cast["inspector_a"], on=on)

    def _pay(self, row: CaseMeasure, amount: int, voucher: str, on: date, then: str = "") -> None:
        made = remittances.record(
            row, amount=amount, received_on=on, voucher=voucher, actor=self.cast["clerk"], on=on
        )
        session.flush()
        if then == "confirm":
            remittances.confirm(made, actor=self.cast["reviewer"], on=on)
        elif then == "reject":
            remittances.reject(made, reason="金额与凭证不符。", actor=self.cast["reviewer"], on=on)

    def _measure(self, step: Step) -> CaseMeasure:
        return next(row for row in self.violation.measures if row.step is step)

    def _serve(self, on: date) -> None:
        waiting: list[Document] = [row for row in ask.letters(self.violation) if not row.served_on]
        for document in waiting:
            service.serve(
                document, actor=self.cast["inspector_a"], on=on, method="直接送达",
                proof=f"{PROOF}（{document.number}）",
            )  # fmt: skip
