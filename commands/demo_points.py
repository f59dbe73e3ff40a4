"""记分 played: recorded by one person, confirmed by another, the letters served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from actions import deductions, letters, penalties, service
from commands.demo_agenda import Agenda
from commands.demo_people import Cast
from database import session
from models import (
    Deduction,
    Document,
    Institution,
    Penalty,
    QualificationMeasure,
    Registration,
)
from rules import negative_list
from rules.lifecycle import DeductionState


@dataclass(frozen=True)
class Fault:
    """What one person did. `nth`: the person among those registered at the institution. `until`: as with a case."""

    nth: int
    item: str
    responsibility: str
    points: int
    facts: str
    until: str = "confirmed"


class Points:
    """One deduction from the record to the proof of service."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, fault: Fault) -> None:
        self.agenda, self.cast, self.code, self.fault = agenda, cast, code, fault
        self.id = 0

    @property
    def deduction(self) -> Deduction:
        return session.get_one(Deduction, self.id)

    def record(self, on: date) -> None:
        fault, institution = self.fault, self.cast.institution(self.code)
        decided = self.agenda.work(on, -3)
        query = select(Registration).where(Registration.institution_id == institution.id)
        person = session.scalars(query.order_by(Registration.id)).all()[fault.nth].practitioner
        deduction = deductions.record(
            person,
            institution,
            fault.item,
            fault.responsibility,
            fault.points,
            conduct_on=self.agenda.work(decided, -12),
            basis=self._penalty(institution, decided, on),
            facts_text=fault.facts,
            actor=self.cast["inspector_a"],
            on=on,
        )
        session.flush()
        self.id = deduction.id
        if fault.until == DeductionState.REJECTED:
            self.agenda.later(2, self.reject)
        elif fault.until == DeductionState.CONFIRMED:
            self.agenda.later(2, self.confirm)

    def _penalty(self, institution: Institution, decided: date, on: date) -> Penalty:
        """The decision the points rest on, on the articles that the item presupposes."""
        item = negative_list.item(self.fault.item, decided)
        number = f"示医保罚〔{decided.year}〕{institution.id}-{self.fault.nth}-{decided:%m%d}号"
        article = (
            f"《医疗保障基金使用监督管理条例》{(item.after or '第三十八条').removeprefix('条例')}"
        )
        decision = penalties.Decision(number, "示例县医疗保障局", article, 0, decided, decided)
        row = penalties.register(
            decision, institution=institution, actor=self.cast["bureau"], on=on
        )
        penalties.perform(
            row, performed_on=decided, proof="警告，无罚款", actor=self.cast["bureau"], on=on
        )
        return row

    def reject(self, on: date) -> None:
        reason = "处罚决定书没有认定该人员的责任。"
        deductions.reject(self.deduction, actor=self.cast["reviewer"], on=on, reason=reason)

    def confirm(self, on: date) -> None:
        deductions.confirm(self.deduction, actor=self.cast["reviewer"], on=on)
        self.agenda.later(2, self.deliver)

    def deliver(self, on: date) -> None:
        for document in self._letters():
            service.serve(
                document,
                actor=self.cast["inspector_a"],
                on=on,
                method="直接送达",
                proof=f"本人签收（{document.number}）",
            )

    def _letters(self) -> list[Document]:
        query = select(QualificationMeasure).where(QualificationMeasure.deduction_id == self.id)
        written = [*session.scalars(query), self.deduction]
        return [one for row in written for one in letters.of(row) if one.served_on is None]
