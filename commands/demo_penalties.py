"""What other authorities decided in the demo county: penalties, and a list of the untrustworthy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from actions import penalties, untrustworthy
from commands import (
    demo_case,
    demo_corrections,
    demo_credit_honesty,
    demo_credit_subjects,
    demo_talks,
)
from commands.demo_agenda import Agenda
from commands.demo_county import person
from commands.demo_people import Cast
from commands.demo_stories import PENALTIES

DAYS = 15  # for performing it
STRANGER = 900  # nobody of the county


def write(agenda: Agenda, cast: Cast, code: Callable[[str, int], str | None]) -> None:
    """Decisions of the administrative side, one performed and one not, what followed from others, and a list."""
    demo_corrections.write(agenda, cast, code)
    for family, number, before, yuan, performed in PENALTIES:
        if place := code(family, number):
            day = agenda.work(agenda.end - timedelta(days=before))
            agenda.put(day, Fine(cast, place, yuan, performed=performed).register)
    agenda.put(agenda.work(agenda.end, -30), partial(list_untrustworthy, cast))
    demo_case.write(agenda, cast, code)
    demo_talks.write(agenda, cast, code)
    demo_credit_honesty.write(agenda, cast, code)
    demo_credit_subjects.write(agenda, cast, code)
    agenda.put(agenda.work(agenda.end, -20), partial(bar_manager, cast))


@dataclass(frozen=True)
class Fine:
    """A penalty of one institution, entered from its paper; performed on the same day or not at all."""

    cast: Cast
    code: str
    yuan: int
    performed: bool

    def register(self, on: date) -> None:
        decision = penalties.Decision(
            number=f"示医保罚〔{on.year}〕{self.code[-3:]}号",
            authority="示例县医疗保障局",
            article="《医疗保障基金使用监督管理条例》第三十八条",
            amount=self.yuan * 100,
            decided_on=on,
            due_on=on + timedelta(days=DAYS),
            more=penalties.More(
                act="art38", loss=self.yuan * 100, filed_on=on - timedelta(days=60), served_on=on
            ),
        )
        row = penalties.register(
            decision, institution=self.cast.institution(self.code), actor=self.cast["bureau"], on=on
        )
        if self.performed:
            penalties.perform(
                row, performed_on=on, proof="示例缴款凭证", actor=self.cast["clerk"], on=on
            )


def list_untrustworthy(cast: Cast, on: date) -> None:
    """A list with one person whom nobody here knows."""
    who = person(STRANGER)
    text = f"姓名,身份证号码,案号,列入机关,列入日期\n{who.name},{who.id_number},示执1号,示例法院,{on}\n"
    untrustworthy.take_in(text.encode(), "示例失信人名单.csv", actor=cast["clerk"], on=on)


def bar_manager(cast: Cast, on: date) -> None:
    """A person who holds no office here is barred from managing designated institutions."""
    who = person(STRANGER + 1)
    decision = penalties.Decision(
        number=f"示医保罚〔{on.year}〕个1号",
        authority="示例县医疗保障局",
        article="《医疗保障基金使用监督管理条例》第四十三条",
        amount=0,
        decided_on=on,
        due_on=on + timedelta(days=DAYS),
        more=penalties.More(act="art43", served_on=on),
    )
    penalties.register(
        decision, person_name=who.name, id_number=who.id_number, actor=cast["bureau"], on=on
    )
