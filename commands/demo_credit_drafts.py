"""权重试算 played: five drafts of a scheme tried on one cycle, one left in every state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from actions import scheme_drafts
from commands.demo_people import Cast
from database import session
from models import Cycle, SchemeDraft
from rules.lifecycle import CycleState, SchemeDraftState

S = SchemeDraftState
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Wish:
    """What somebody would have otherwise, and how far it gets."""

    name: str
    purpose: str
    changes: dict[str, str]
    until: str


WISHES = (
    Wish(
        "提高基金使用维度权重",
        "近年案件多集中在基金使用，拟加大该维度的权重，相应减少定点条件。",
        {"domains.fund_use.weight": "45", "domains.conditions.weight": "10"},
        S.ADOPTED,
    ),
    Wish(
        "提高良好分数线",
        "良好等级家数偏多，拟提高分数线，拉开差距。",
        {"grades.good.at_least": "83"},
        S.SUBMITTED,
    ),
    Wish(
        "加重已认定违规扣分",
        "每件扣分偏轻，拟由5分改为8分。",
        {"indicators.confirmed_cases.rule.per": "8"},
        S.REFUSED,
    ),
    Wish(
        "中止不再封顶",
        "主动申请的中止也被封顶，拟不再执行这一项，另行细化。",
        {"vetoes.suspended": "off"},
        S.DROPPED,
    ),
    Wish(
        "试看末位百分之十",
        "供研究末位管理时参考，暂不提交。",
        {"elimination.percent": "10"},
        S.DRAFT,
    ),
)


class Drafts:
    """All of them in one morning; `cycle`: the name of the cycle they were tried on."""

    def __init__(self, cast: Cast, cycle: str) -> None:
        self.cast, self.cycle = cast, cycle

    def play(self, on: date) -> None:
        query = select(Cycle).where(Cycle.name == self.cycle, Cycle.state != CycleState.SUPERSEDED)
        cycle = session.scalars(query).one()
        for wish in WISHES:
            row = scheme_drafts.draft(
                cycle, wish.name, wish.changes, wish.purpose, actor=self.cast["clerk"], on=on
            )
            self._carry(row, wish, on)

    def _carry(self, row: SchemeDraft, wish: Wish, on: date) -> None:
        clerk, leader = self.cast["clerk"], self.cast["leader"]
        if wish.until == S.DROPPED:
            scheme_drafts.drop(row, actor=clerk, on=on, reason="先完善中止事由的分类。")
        if wish.until in (S.SUBMITTED, S.ADOPTED, S.REFUSED):
            scheme_drafts.submit(row, actor=clerk, on=on)
        if wish.until == S.REFUSED:
            scheme_drafts.refuse(row, actor=leader, on=on, reason="影响面大，请先征求机构意见。")
        if wish.until == S.ADOPTED:
            scheme_drafts.adopt(
                row,
                edition=f"{on.year + 1}",
                in_force_on=on + MONTH,
                minutes="经主任办公会集体审议，五人参加，一致同意自下一周期起施行。",
                actor=leader,
                on=on,
            )
