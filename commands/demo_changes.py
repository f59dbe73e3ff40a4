"""信息变更 of the year: requests left in every state, changes found unfiled, written notices — for each family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from actions import amendment_items, amendments, change_notices, unfiled_changes
from actions.amendment_items import Change
from commands.demo_agenda import Agenda
from commands.demo_county import Person
from commands.demo_paper import PAPER
from commands.demo_people import Cast
from database import session
from models import Amendment, ChangeNotice, UnfiledChange
from rules.lifecycle import AmendmentState as S
from rules.lifecycle import UnfiledChangeState as U
from rules.persons import OfficeRole

AUTHORITY = {"medical": "示例县卫生健康局", "pharmacy": "示例县市场监督管理局"}
PERSONS = {str(role) for role in OfficeRole}
WAYS = {  # what the agency does after the request was handed in, step by step
    S.RETURNED: ("send_back",),
    S.CHECKED: ("check",),
    S.ESCALATED: ("check", "escalate"),
    S.APPROVED: ("check", "approve"),
    S.REFUSED: ("check", "refuse"),
    S.WITHDRAWN: ("withdraw",),
}


@dataclass(frozen=True)
class Wanted:
    """A request: what changes to what, working days before the end on which it is begun and was approved before."""

    until: str
    field: str
    new: str
    before: int
    approved: int = 8


@dataclass(frozen=True)
class Unfiled:
    """A finding, and the day its change was approved, in working days before it was found; none: not verified."""

    until: str
    field: str
    before: int
    approved: int | None


# One line for each of eight institutions of a family.
CHANGES = (
    Wanted(S.DRAFT, "address", "示例县样例新路101号", 5),
    Wanted(S.SUBMITTED, "scope", "示例范围、新增示例项目", 4),
    Wanted(S.RETURNED, "address", "示例县样例新路102号", 8),
    Wanted(S.CHECKED, "principal", "示新丙", 6),
    Wanted(S.ESCALATED, "controller", "", 7),
    Wanted(S.APPROVED, "legal_representative", "示新丁", 60, approved=45),
    Wanted(S.REFUSED, "scope", "示例范围、未经许可的示例项目", 40),
    Wanted(S.WITHDRAWN, "principal", "示新戊", 30),
)
FINDINGS = (
    Unfiled(U.FOUND, "scope", 3, None),
    Unfiled(U.NOTED, "address", 6, 4),
    Unfiled(U.OVERDUE, "scope", 20, 35),
    Unfiled(U.CHARGED, "address", 25, 60),
    Unfiled(U.DISMISSED, "scope", 15, 20),
    Unfiled(U.SETTLED, "address", 50, 33),
)


class Changing:
    """One institution's changes, step by step. `barred`: a person against whom a ban stands, if the county has one."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, family: str) -> None:
        self.agenda, self.cast, self.code, self.family = agenda, cast, code, family

    def request(self, wanted: Wanted, person: Person, on: date) -> None:
        owner, place = self.cast.owners[self.code], self.cast.institution(self.code)
        row = amendments.open_draft(place, actor=owner, on=on)
        session.flush()
        amendment_items.put(row, self._change(wanted, person, on), PAPER, actor=owner, on=on)
        if wanted.until == S.DRAFT:
            return
        amendments.submit(row, actor=owner, on=on)
        for number, verb in enumerate(WAYS.get(S(wanted.until), ()), start=1):
            self.agenda.later(number, self._step(verb, row.id))

    def _change(self, wanted: Wanted, person: Person, on: date) -> Change:
        return Change(
            field=wanted.field, new=wanted.new or person.name, authority=AUTHORITY[self.family],
            document_number=f"示准〔{on.year}〕{self.cast.ids[self.code]}号",
            approved_on=self.agenda.work(on, -wanted.approved),
            id_number=person.id_number if wanted.field in PERSONS else "",
        )  # fmt: skip

    def _step(self, verb: str, key: int) -> Callable[[date], object]:
        clerk, reviewer = self.cast["clerk"], self.cast["reviewer"]
        owner = self.cast.owners[self.code]
        act = amendments
        steps: dict[str, Callable[[Amendment, date], object]] = {
            "send_back": lambda row, on: act.send_back(row, reason="批准文件缺少盖章页，请补正。", actor=clerk, on=on),
            "check": lambda row, on: act.check(row, opinion="与批准文件一致。", actor=clerk, on=on),
            "escalate": lambda row, on: act.escalate(row, reason="拟任人员在限制期内，请决定。", actor=reviewer, on=on),
            "approve": lambda row, on: act.approve(row, opinion="同意变更。", actor=reviewer, on=on),
            "refuse": lambda row, on: act.refuse(row, reason="批准文件不含所列项目。", actor=reviewer, on=on),
            "withdraw": lambda row, on: act.withdraw(row, actor=owner, on=on),
        }  # fmt: skip
        return lambda on: steps[verb](session.get_one(Amendment, key), on)

    def find(self, found: Unfiled, on: date) -> None:
        """An inspector finds it; the night proposes the ground when the limit is over."""
        approved = None if found.approved is None else self.agenda.work(on, -found.approved)
        row = unfiled_changes.note(
            self.cast.institution(self.code), field=found.field, source="现场检查",
            text="现场情况与登记不一致，机构称已经批准变更。", approved_on=approved,
            authority=AUTHORITY[self.family] if approved else "", actor=self.cast["inspector_a"], on=on,
        )  # fmt: skip
        session.flush()
        after = {U.CHARGED: self.charge, U.DISMISSED: self.dismiss, U.SETTLED: self.settle}
        if step := after.get(U(found.until)):
            key = row.id
            self.agenda.later(3, lambda day: step(session.get_one(UnfiledChange, key), day))

    def charge(self, row: UnfiledChange, on: date) -> None:
        unfiled_changes.charge(
            row, facts_text="经催告仍未申请变更，已超过规定期限。", actor=self.cast["inspector_a"], on=on
        )  # fmt: skip

    def dismiss(self, row: UnfiledChange, on: date) -> None:
        unfiled_changes.dismiss(
            row, reason="经核实，批准文件尚未生效。", actor=self.cast["reviewer"], on=on
        )

    def settle(self, row: UnfiledChange, on: date) -> None:
        """Filed late, after the ground was proposed."""
        wanted = Wanted(S.APPROVED, row.field, "示例县样例新路103号", 0, approved=36)
        self.request(wanted, Person("", ""), on)

    def tell(self, on: date) -> None:
        change_notices.tell(
            self.cast.institution(self.code), matter="联系电话", text="联系电话变更为示例号码。",
            changed_on=on, actor=self.cast.owners[self.code], on=on,
        )  # fmt: skip

    def acknowledge(self, on: date) -> None:
        query = select(ChangeNotice).where(
            ChangeNotice.institution_id == self.cast.ids[self.code],
            ChangeNotice.acknowledged_on.is_(None),
        )
        row = session.scalars(query).one()
        change_notices.acknowledge(row, remark="档案已更新。", actor=self.cast["clerk"], on=on)
