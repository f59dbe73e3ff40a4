"""信用方案 played: defaults approved as written, drafts left in every state, and a whole scheme handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from actions import scheme_drafts
from commands.demo_people import Cast
from database import session
from models import Cycle, SchemeDraft
from rules.lifecycle import CycleState, SchemeDraftState
from scoring import catalogue

S = SchemeDraftState
MONTH = timedelta(days=30)
OLD, NEW = "履约良好，日常监管从简", "履约良好，日常监管从简，每年至少检查一次"
USED, EDITION = ("county_four_grades", "insured_person"), "2026"


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


def adopt_defaults(cast: Cast, on: date) -> None:
    """What a county does before it grades anybody: the bureau approves the schemes, checked line by line."""
    for key in USED:
        row = scheme_drafts.ask_as_written(
            key, "各指标、权重和分数线已经逐项核对，适用于本县。", actor=cast["clerk"], on=on
        )
        scheme_drafts.adopt(
            row,
            edition=EDITION,
            in_force_on=on,
            minutes="经局党组会议集体审议，七人参加，一致同意按原文施行。",
            actor=cast["bureau"],
            on=on,
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
        self._whole(on)

    def _whole(self, on: date) -> None:
        """The default, written up for the county in a text editor, waits for approval."""
        text = catalogue.text("county_four_grades").replace(OLD, NEW)
        words = ("示例.yaml", "县级信用评价办法（整份）", "按县级文件征求意见稿整份改写，示例。")
        row = scheme_drafts.upload(text, *words, actor=self.cast["clerk"], on=on)
        share = {"uses.inspection_ratio.values.2021-05-01.good": "25"}
        scheme_drafts.revise(row, share, actor=self.cast["clerk"], on=on)
        scheme_drafts.submit(row, actor=self.cast["clerk"], on=on)

    def _carry(self, row: SchemeDraft, wish: Wish, on: date) -> None:
        clerk, bureau = self.cast["clerk"], self.cast["bureau"]
        if wish.until == S.DROPPED:
            scheme_drafts.drop(row, actor=clerk, on=on, reason="先完善中止事由的分类。")
        if wish.until in (S.SUBMITTED, S.ADOPTED, S.REFUSED):
            scheme_drafts.submit(row, actor=clerk, on=on)
        if wish.until == S.REFUSED:
            scheme_drafts.refuse(row, actor=bureau, on=on, reason="影响面大，请先征求机构意见。")
        if wish.until == S.ADOPTED:
            scheme_drafts.adopt(
                row,
                edition=f"{on.year + 1}",
                in_force_on=on + MONTH,
                minutes="经局党组会议集体审议，五人参加，一致同意自下一周期起施行。",
                actor=bureau,
                on=on,
            )
