"""主动退出 played: asked for by the institution, answered by the reviewer, taken back, or carried out by the night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from actions import indications, region_receipts, violations, withdrawals
from commands.demo_agenda import ONE_DAY, Agenda
from commands.demo_people import Cast
from commands.demo_supervision import running_agreement
from database import session
from models import Indication, RegionNotice, Withdrawal
from rules import measures
from rules.lifecycle import WithdrawalState as W

REASONS = {
    "suspend": "营业场所装修，期间不能提供服务。",
    "terminate": "经营方向调整，不再提供医疗保障服务。",
    "not_renew": "经营期限届满，不再续签。",
}


@dataclass(frozen=True)
class Leave:
    """One request: so many days ahead, a suspension of so many days, left in the state `until`."""

    act: str
    ahead: int = 95
    days: int = 0
    until: str = W.DONE


class Leaving:
    """One institution's request, step by step."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, leave: Leave) -> None:
        self.agenda, self.cast, self.code, self.leave = agenda, cast, code, leave
        self.id = 0

    @property
    def row(self) -> Withdrawal:
        return session.get_one(Withdrawal, self.id)

    def begin(self, on: date) -> None:
        leave = self.leave
        first = on + timedelta(days=leave.ahead)
        row = withdrawals.request(
            running_agreement(self.cast.ids[self.code]),
            act=leave.act,
            reason=REASONS[leave.act],
            from_on=None if leave.act == "not_renew" else first,
            to_on=first + timedelta(days=leave.days) - ONE_DAY if leave.days else None,
            actor=self.cast.owners[self.code],
            on=on,
        )
        session.flush()
        self.id = row.id
        if leave.until != W.REQUESTED:
            self.agenda.later(4, self.answer)

    def answer(self, on: date) -> None:
        reviewer = self.cast["reviewer"]
        if self.leave.until == W.DECLINED:
            opinion = "辖区内没有其他定点机构，群众就近用药不便，请与我中心商定后再申请。"
            withdrawals.decline(self.row, opinion=opinion, actor=reviewer, on=on)
            return
        withdrawals.agree(self.row, opinion="同意，请提前公告。", actor=reviewer, on=on)
        if self.leave.until in (W.RECALLED, W.VOID):
            self.agenda.later(8, self.turn_back)

    def turn_back(self, on: date) -> None:
        if self.leave.until == W.RECALLED:
            withdrawals.recall(self.row, actor=self.cast.owners[self.code], on=on)
        else:
            reason = "机构已由他人接手，继续履行协议。"
            withdrawals.give_up(self.row, reason=reason, actor=self.cast["reviewer"], on=on)


@dataclass(frozen=True)
class Hint:
    """A fact noted by hand: number of the ground in its article; set aside, made a case, or left on the desk."""

    ground: int
    facts: str
    aside: bool = False
    case: bool = False


class Noting:
    """A clerk notes what the machine cannot see; another person sets it aside, or it waits."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, hint: Hint) -> None:
        self.agenda, self.cast, self.code, self.hint = agenda, cast, code, hint
        self.id = 0

    def begin(self, on: date) -> None:
        agreement = running_agreement(self.cast.ids[self.code])
        grounds = measures.grounds(measures.TERMINATE, on, agreement.institution.kind.family)
        row = indications.note(
            agreement,
            ground=next(one.key for one in grounds if one.extra["number"] == self.hint.ground),
            facts_text=self.hint.facts,
            found_on=on,
            actor=self.cast["clerk"],
            on=on,
        )
        session.flush()
        self.id = row.id
        if self.hint.aside:
            self.agenda.later(3, self.set_aside)
        if self.hint.case:
            self.agenda.later(1, self.take_up)

    def take_up(self, on: date) -> None:
        row, inspector = session.get_one(Indication, self.id), self.cast["inspector_a"]
        case = violations.register(
            row.agreement, measure=measures.TERMINATE, ground=row.ground, facts_text=row.facts_text,
            found_on=row.found_on, actor=inspector, on=on,
        )  # fmt: skip
        session.flush()
        indications.take_up(row, case, actor=inspector, on=on)

    def set_aside(self, on: date) -> None:
        row = session.get_one(Indication, self.id)
        reason = "现场核实，机构照常营业，情形不成立。"
        indications.set_aside(row, reason=reason, actor=self.cast["reviewer"], on=on)


class FromElsewhere:
    """A letter of another region: followed by a case, set aside, or left on the desk."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, outcome: str) -> None:
        self.agenda, self.cast, self.code, self.outcome = agenda, cast, code, outcome
        self.id = 0

    def begin(self, on: date) -> None:
        letter = region_receipts.Received(
            letter_number=f"邻医保函〔{on.year}〕{on.month}号",
            agency="示例邻县医疗保障事业中心",
            measure=measures.SUSPEND,
            ground_text="抽查结算数据，存在较大基金安全风险。",
            decided_on=self.agenda.work(on, -4),
            received_on=on,
        )
        agreement = running_agreement(self.cast.ids[self.code])
        row = region_receipts.receive(agreement, letter, actor=self.cast["clerk"], on=on)
        session.flush()
        self.id = row.id
        if self.outcome != "received":
            self.agenda.later(1, self.answer)

    def answer(self, on: date) -> None:
        row = session.get_one(RegionNotice, self.id)
        if self.outcome == "followed":
            region_receipts.follow(row, actor=self.cast["inspector_a"], on=on)
        else:
            reason = "来函所列机构与本统筹区机构仅名称相同，不是同一机构。"
            region_receipts.set_aside(row, reason=reason, actor=self.cast["reviewer"], on=on)


M, P = "medical", "pharmacy"
_CLOSED = "群众反映机构停止营业，没有向经办机构报告。"
# Family, running number, days after the start or before the end where negative, what happens and how.
EXITS: tuple[tuple[str, int, int, Any, Any], ...] = (
    (M, 23, 100, Leaving, Leave("suspend", days=60)),
    (M, 24, 100, Leaving, Leave("terminate", until=W.RECALLED)),
    (M, 24, 250, Leaving, Leave("not_renew", until=W.AGREED)),
    (P, 50, 100, Leaving, Leave("terminate")),
    (P, 51, 100, Leaving, Leave("suspend", days=45)),
    (P, 52, 120, Leaving, Leave("terminate", until=W.DECLINED)),
    (P, 53, 250, Leaving, Leave("not_renew", until=W.AGREED)),
    (P, 54, 130, Leaving, Leave("terminate", until=W.VOID)),
    (P, 1, -3, Leaving, Leave("terminate", until=W.REQUESTED)),
    (M, 10, -2, Noting, Hint(7, _CLOSED)),
    (M, 24, 200, Noting, Hint(7, _CLOSED, aside=True)),
    (M, 16, -3, Noting, Hint(7, _CLOSED, case=True)),
    (P, 55, -2, Noting, Hint(16, _CLOSED)),
    (P, 59, -3, Noting, Hint(16, _CLOSED, case=True)),
    (P, 56, 200, Noting, Hint(16, _CLOSED, aside=True)),
    (M, 24, -2, FromElsewhere, "followed"),
    (M, 24, 215, FromElsewhere, "set_aside"),
    (P, 57, -2, FromElsewhere, "followed"),
    (P, 58, -1, FromElsewhere, "received"),
)
