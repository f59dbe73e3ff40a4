"""信用信息 and cycles about persons in the demo county: entered papers in every state, three small cycles, one told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from actions import credit_information as act
from actions import cycles, letters, rating_objection_clocks, rating_objections
from actions.credit_files import FactFile
from actions.rating_objections import Said
from commands.demo_agenda import Agenda
from commands.demo_county import person
from commands.demo_credit_objections import decide
from commands.demo_paper import PAPER
from commands.demo_people import Cast
from models import CreditInformation, Cycle
from models.sealed import blind_index
from queries import cycle_acts
from rules.credit_subjects import CreditSubject
from rules.rating_objections import COUNTER

INSURED = (910, 911, 912)  # nobody else of the county
SURVEYED = 6  # of each family, so many have a survey and an assessment
BEFORE = timedelta(days=40)  # before the last day, the papers come in
PERIOD = timedelta(days=90)
APPROVED = "insured_person@2026"
BOOKS = ("practitioner", "legal_representative", "insured_person")


def write(agenda: Agenda, cast: Cast, code: Callable[[str, int], str | None]) -> None:
    """Papers about institutions of each family and about a person, and one cycle for each kind of person."""
    day = agenda.work(agenda.end - BEFORE)
    for family in ("medical", "pharmacy"):
        for number in range(SURVEYED):
            if place := code(family, number):
                agenda.put(day, Papers(cast, place, number).enter)
    agenda.put(day, partial(note_insured, cast))
    agenda.put(agenda.work(agenda.end, -2), partial(rate, cast, agenda.end))


@dataclass(frozen=True)
class Papers:
    """What came in about one institution; by its number one more paper waits, was sent back or was revoked."""

    cast: Cast
    code: str
    number: int

    def enter(self, on: date) -> None:
        satisfied = {"satisfied": str(52 - 3 * self.number), "answers": "60"}
        self._confirm("satisfaction_survey", "年度满意度调查，随机抽取。", satisfied, on)
        assessed = {"assessment_score": str(96 - 4 * self.number), "assessment_passed": "1"}
        self._confirm("annual_assessment", "年度考核，集体评定。", assessed, on)
        last = ("wait", "reject", "revoke")[self.number % 3]
        row = self._record("slight", "报送数据有误，已经改正。", {}, on)
        if last == "wait":
            return
        reviewer = self.cast["reviewer"]
        if last == "reject":
            act.reject(row, reason="文件没有盖章，补正后重新登记。", actor=reviewer, on=on)
            return
        act.confirm(row, actor=reviewer, on=on)
        act.revoke(row, reason="认定单位已经撤销原通报。", actor=reviewer, on=on)

    def _record(self, kind: str, text: str, figures: dict[str, str], on: date) -> CreditInformation:
        source = f"示例县医疗保障局 示通〔{on.year}〕{self.code[-4:]}号"
        content = act.Content(kind, on, text, source, figures)
        place = self.cast.institution(self.code)
        return act.record(content, PAPER, about=place, actor=self.cast["clerk"], on=on)

    def _confirm(self, kind: str, text: str, figures: dict[str, str], on: date) -> None:
        row = self._record(kind, text, figures, on)
        act.confirm(row, actor=self.cast["reviewer"], on=on)


def note_insured(cast: Cast, on: date) -> None:
    """One record about an insured person, of whom only an index and masked words are kept."""
    who = person(INSURED[0])
    about = act.Person(CreditSubject.INSURED_PERSON, who.name, who.id_number)
    content = act.Content("slight", on, "出借凭证，已经批评教育。", "示例县医疗保障局 示通2号")
    row = act.record(content, PAPER, about=about, actor=cast["clerk"], on=on)
    act.confirm(row, actor=cast["reviewer"], on=on)


def rate(cast: Cast, end: date, on: date) -> None:
    """Rated and waiting for review; insured persons, whose facts come from a file, are told."""
    days = (end - PERIOD, on - timedelta(days=1))
    for scheme in BOOKS:
        name = f"{on.year}年{CreditSubject(scheme).label}信用评价"
        if scheme == CreditSubject.INSURED_PERSON:
            tell(
                cast,
                cycles.start(name, *days, APPROVED, actor=cast["clerk"], on=on, given=_file()),
                on,
            )
        else:
            cycles.start(name, *days, scheme, actor=cast["clerk"], on=on)


def tell(cast: Cast, cycle: Cycle, on: date) -> None:
    """Decided on without a public notice; one letter handed over, one posted, one waits; one objects."""
    cycles.review(cycle, actor=cast["reviewer"], on=on, opinion="抽查原件，计算无误。")
    decide(cycle, cast, on)
    cycles.publish(cycle, actor=cast["leader"], on=on, opinion="同意，逐人告知。")
    for letter, method in zip(cycle_acts.letters(cycle.id), ("直接送达", "邮寄送达"), strict=False):
        letters.serve(letter, actor=cast["clerk"], on=on, method=method, proof="示例凭证")
    who = person(INSURED[1])
    rating = next(row for row in cycle.ratings if row.person_index == blind_index(who.id_number))
    said = Said(
        rating.name, "凭证当时已经挂失。", source=COUNTER, uploads=[PAPER], id_number=who.id_number
    )
    row = rating_objections.raise_objection(rating, said, actor=cast["clerk"], on=on)
    rating_objections.accept(row, actor=cast["chief"], on=on)
    rating_objection_clocks.ask_others(
        row, whom="示例县公安局", matter="核实凭证挂失的时间。", actor=cast["chief"], on=on
    )


def _file() -> FactFile:
    head = "姓名,居民身份证号码,违规使用凭证,违规使用凭证认定文号,逾期未退回基金,退回通知文号"
    lines = [f"{head},认定骗保,认定骗保文号"]
    for n, serial in enumerate(INSURED):
        who = person(serial)
        paper, fraud = (f"示医保认〔2026〕{n}号" if n else "", n > 1)
        found = [n, paper, n * 600, paper, "是" if fraud else "否", paper if fraud else ""]
        lines.append(",".join(map(str, [who.name, who.id_number, *found])))
    return FactFile("\n".join(lines).encode(), "示例参保人员事实.csv")
