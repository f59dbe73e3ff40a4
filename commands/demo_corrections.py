"""What becomes of points in the demo county: appeals, corrections and restorations, each in every state it has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions import appeals, restorations, reversals
from actions.appeals import Finding, Statement
from actions.restorations import Activity
from commands.demo_agenda import Agenda
from commands.demo_paper import PAPER
from commands.demo_people import Cast
from commands.demo_points import Fault, Points
from models import Appeal, Deduction, Reversal
from rules.points_basis import Instead

BEFORE = 24  # working days before the end on which the points are recorded
FOUR = ("heavier_other", "general", 4, "收费项目与服务记录不符。")
FEWER = Instead("light_other", "general", 2)
M, P = "medical", "pharmacy"
# family, number of the institution, which of its people, what happens
PLACES = (
    (M, 4, 3, "appeal_again"), (M, 4, 4, "examined"), (M, 4, 5, "upheld"), (M, 4, 6, "corrected"),
    (P, 2, 0, "appeal_again"), (P, 3, 0, "examined"), (P, 4, 0, "upheld"), (P, 7, 0, "corrected"),
)  # fmt: skip


def write(agenda: Agenda, cast: Cast, code: Callable[[str, int], str | None]) -> None:
    """Four courses for each family, shortly before the end."""
    for family, number, nth, course in PLACES:
        if place := code(family, number):
            story = Aftermath(agenda, cast, place, Fault(nth, *FOUR))
            agenda.put(agenda.work(agenda.end, -BEFORE), story.record)
            agenda.put(agenda.work(agenda.end, 6 - BEFORE), getattr(story, course))


class Aftermath(Points):
    """Points that are confirmed and served, and what is said against them."""

    def appeal_again(self, on: date) -> None:
        """Lodged, withdrawn, and lodged once more in time: it waits to be examined."""
        row = self._lodge(on)
        appeals.withdraw(row, actor=self.cast["clerk"], on=on)
        self.agenda.later(1, self._lodge)

    def examined(self, on: date) -> None:
        """Waits for the leader; meanwhile the person takes part in study."""
        self._examine(self._lodge(on), "uphold", None, on)
        self.agenda.later(1, self._restore)

    def upheld(self, on: date) -> None:
        """Upheld; a correction was sent back, and another one waits."""
        row = self._lodge(on)
        self._examine(row, "uphold", None, on)
        appeals.decide(row, actor=self.cast["leader"], on=on)
        first = self._correct(on)
        reason = "申诉已经维持，理由不足。"
        reversals.reject(first, reason=reason, actor=self.cast["reviewer"], on=on)
        self._correct(on)

    def corrected(self, on: date) -> None:
        """Corrected to fewer points by the appeal."""
        row = self._lodge(on)
        self._examine(row, "correct", FEWER, on)
        appeals.decide(row, actor=self.cast["leader"], on=on)

    def _lodge(self, on: date) -> Appeal:
        said = Statement("当日服务记录完整，请求核减分值。", True, True, PAPER)
        return appeals.lodge(self.deduction, said, actor=self.cast["clerk"], on=on)

    def _examine(self, row: Appeal, proposal: str, instead: Instead | None, on: date) -> None:
        finding = Finding(on, "核对了服务记录和收费清单。", proposal, instead)
        appeals.examine(row, finding, actor=self.cast["chief"], on=on)

    def _correct(self, on: date) -> Reversal:
        return reversals.record(
            self.deduction, cause="error", reason="责任程度登记有误。", instead=FEWER,
            actor=self.cast["inspector_a"], on=on,
        )  # fmt: skip

    def _restore(self, on: date) -> None:
        """Three times: one is confirmed, one sent back, one waits."""
        deduction: Deduction = self.deduction
        for course in ("confirm", "reject", ""):
            row = restorations.request(
                deduction.practitioner, deduction.institution,
                Activity("study", "示例县医疗保障局", on), upload=PAPER, actor=self.cast["clerk"], on=on,
            )  # fmt: skip
            if course == "confirm":
                restorations.confirm(row, actor=self.cast["reviewer"], on=on)
            elif course:
                reason = "证明没有组织单位盖章。"
                restorations.reject(row, reason=reason, actor=self.cast["reviewer"], on=on)
