"""整改 and 移送 in the demo county: who answers for whom, what is put right and what is not, what goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from actions import letters, rectification_items, rectifications, referrals, responsible_inspectors
from commands.demo_agenda import Agenda
from commands.demo_paper import PAPER
from commands.demo_people import Cast
from database import session
from models import Institution, Rectification, Referral, User, Violation
from rules.lifecycle import RectificationState as S
from rules.lifecycle import ReferralState as R
from rules.permissions import Actor
from rules.rectifications import Item, ItemState, ProofStage
from rules.referrals import Paper

PROOF = "示例送达回证"
ANSWERS = {"medical": "inspector_a", "pharmacy": "inspector_b"}
PROBLEMS = {
    "medical": (
        Item("抽查十份住院病历，三份护理记录和收费清单不一致", "核对全部在院病历，退回多收费用"),
        Item("门诊收费处没有公示医保标识和举报电话", "公示并拍照留存", "收费处", "样某甲"),
    ),
    "pharmacy": (
        Item("抽查二十张处方，四张没有药师审核签名", "补正处方审核记录，建立双人复核"),
        Item("货架上非医保商品没有分区", "分区摆放并设置标识", "营业部", "样某乙"),
    ),
}
HEALTH = ("health", "示例县卫生健康局", "三名人员不在注册地点执业，建议依法处理。", 3)
MARKET = ("market", "示例县市场监督管理局", "进货票据来源不明，建议核查。", 0)
POLICE = ("police", "示例县公安局", "涉嫌伪造票据骗取医疗保障基金。", 1)
DISCIPLINE = ("discipline", "示例县纪检监察机关", "公职人员涉嫌收受好处。", 1)

# Days before the end on which each is begun: (institution's number, days, the state in which it is left).
ORDERS = (
    (0, 120, S.CLOSED),
    (1, 60, S.ORDERED),  # its thirty days are over
    (0, 25, S.RETURNED),
    (1, 18, S.SUBMITTED),
    (0, 12, S.CANCELLED),
    (0, 5, S.ORDERED),
)
REFERRALS = (
    (90, HEALTH, R.ANSWERED),
    (40, MARKET, R.DECLINED),
    (38, POLICE, R.RECEIVED),
    (30, DISCIPLINE, R.CANCELLED),
    (28, HEALTH, R.SENT),  # its receipt is overdue
    (2, POLICE, R.DRAFTED),
)


def write(agenda: Agenda, cast: Cast, code: Callable[[str, int], str | None]) -> None:
    """Both kinds, every state."""
    agenda.put(agenda.work(agenda.start, 1), partial(_assign, cast))
    for family in PROBLEMS:
        for number, before, until in ORDERS:
            if place := code(family, number):
                day = agenda.work(agenda.end - timedelta(days=before))
                agenda.put(day, Order(agenda, cast, place, family, until).order)
        if place := code(family, 0):
            for earlier, said, left in REFERRALS:
                day = agenda.work(agenda.end - timedelta(days=earlier))
                agenda.put(day, Sending(agenda, cast, place, said, left).draft)


def _assign(cast: Cast, on: date) -> None:
    """One inspector for the hospitals, one for the pharmacies."""
    for family, key in ANSWERS.items():
        user = session.get_one(User, cast[key].id)
        places = [cast.institution(code) for code in cast.ids]
        own = [place for place in places if place.kind.family == family]
        responsible_inspectors.assign(own, user, actor=cast["chief"], on=on)


@dataclass
class Order:
    """One order, step by step, until the state in which it is left."""

    agenda: Agenda
    cast: Cast
    code: str
    family: str
    until: str
    id: int = 0

    @property
    def row(self) -> Rectification:
        return session.get_one(Rectification, self.id)

    @property
    def inspector(self) -> Actor:
        return self.cast[ANSWERS[self.family]]

    def order(self, on: date) -> None:
        place: Institution = self.cast.institution(self.code)
        row = rectifications.order(
            place, source=("inspection", 0), source_text=f"检查意见书〔{on.year}〕{on:%m%d}号",
            items=PROBLEMS[self.family], due_on=on + timedelta(days=30), basis="服务协议第二十一条",
            actor=self.cast["clerk"], on=on,
        )  # fmt: skip
        session.flush()
        self.id = row.id
        for item in row.items:
            rectification_items.prove(
                item, PAPER, stage=ProofStage.BEFORE, actor=self.cast["clerk"], on=on
            )
        self.agenda.later(1, self.serve)
        if self.until == S.CANCELLED:
            self.agenda.later(3, self.cancel)
        elif self.until != S.ORDERED:
            self.agenda.later(6, self.submit)

    def serve(self, on: date) -> None:
        [letter] = letters.of(self.row, "rectification")
        letters.serve(letter, actor=self.cast["clerk"], on=on, method="直接送达", proof=PROOF)

    def cancel(self, on: date) -> None:
        reason = "经复核，检查记录有误，问题不成立。"
        rectifications.cancel(self.row, reason=reason, actor=self.cast["reviewer"], on=on)

    def submit(self, on: date) -> None:
        owner = self.cast.owners[self.code]
        for item in self.row.items:
            if item.state in (ItemState.OPEN, ItemState.RETURNED):
                text = "已经整改到位，制度和记录附后。"
                unit, person = item.unit or "医保办公室", item.person or "样某丙"
                rectification_items.answer(
                    item, text=text, unit=unit, person=person, actor=owner, on=on
                )
                rectification_items.prove(item, PAPER, stage=ProofStage.AFTER, actor=owner, on=on)
        rectifications.submit(self.row, actor=owner, on=on)
        if self.until != S.SUBMITTED:
            self.agenda.later(3, self.verify)

    def verify(self, on: date) -> None:
        """The first time the second item is sent back; the second time all is well."""
        row, again = self.row, self.row.verified_on is not None
        waiting = [item for item in row.items if item.state is ItemState.SUBMITTED]
        for item in waiting:
            if again or item.position == 1:
                remark = "现场核验属实"
                rectification_items.close_out(item, remark=remark, actor=self.inspector, on=on)
            else:
                reason = "照片看不出整改后的状态"
                rectification_items.send_back(item, reason=reason, actor=self.inspector, on=on)
        opinion = "全部整改到位。" if again else "第二项没有整改到位，继续整改。"
        due_on = None if again else on + timedelta(days=15)
        rectifications.conclude(row, opinion=opinion, due_on=due_on, actor=self.inspector, on=on)
        if not again and self.until == S.CLOSED:
            self.agenda.later(5, self.submit)


@dataclass
class Sending:
    """One referral from the latest case of an institution."""

    agenda: Agenda
    cast: Cast
    code: str
    said: tuple[str, str, str, int]
    until: str
    id: int = 0

    @property
    def row(self) -> Referral:
        return session.get_one(Referral, self.id)

    def draft(self, on: date) -> None:
        case = session.scalars(
            select(Violation)
            .where(Violation.institution_id == self.cast.ids[self.code])
            .order_by(Violation.id.desc())
        ).first()
        if case is None:
            return
        authority, name, text, persons = self.said
        papers = [Paper("现场检查记录"), Paper("询问笔录", max(persons, 1))]
        given = referrals.Draft(authority, name, text, papers, persons=persons)
        row = referrals.draft(case, given, actor=self.cast["inspector_a"], on=on)
        session.flush()
        self.id = row.id
        if self.until == R.CANCELLED:
            self.agenda.later(1, self.cancel)
        elif self.until != R.DRAFTED:
            self.agenda.later(1, self.approve)

    def cancel(self, on: date) -> None:
        reason = "现有材料不足，补充后再议。"
        referrals.cancel(self.row, reason=reason, actor=self.cast["leader"], on=on)

    def approve(self, on: date) -> None:
        referrals.approve(self.row, actor=self.cast["leader"], on=on)
        if self.until == R.SENT:
            self.agenda.later(11, self.chase)
        else:
            self.agenda.later(4, self.receive)

    def chase(self, on: date) -> None:
        text = "电话催办，对方答复正在登记。"
        referrals.chase(self.row, text=text, actor=self.cast["inspector_b"], on=on)

    def receive(self, on: date) -> None:
        inspector = self.cast["inspector_b"]
        if self.until == R.DECLINED:
            reason = "经核对，该事项由上级部门管辖。"
            referrals.decline(self.row, reason=reason, actor=inspector, on=on)
            return
        number = f"示收〔{on.year}〕{self.id}号"
        referrals.receive(self.row, receipt_on=on, number=number, actor=inspector, on=on)
        if self.until == R.ANSWERED:
            self.agenda.later(15, self.answer)

    def answer(self, on: date) -> None:
        number = f"示卫罚〔{on.year}〕{self.id}号"
        referrals.answer(
            self.row, result_on=on, number=number, text="已对三名人员作出处理。",
            actor=self.cast["inspector_b"], on=on,
        )  # fmt: skip
