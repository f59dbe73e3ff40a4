"""信用异议: who may object until when, what it must say, and on which ground it is not taken in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import regulations
from rules.lifecycle import CycleState, RatingObjectionState
from rules.refusal import Refused
from rules.roles import Role

PORTAL, COUNTER, ONLINE = "portal", "counter", "online"
SOURCES = {PORTAL: "机构网上提出", COUNTER: "窗口登记", ONLINE: "公众网上提出"}
LONGEST = 2000
JUDGES = (Role.CHIEF, Role.REVIEWER)
LATE, NO_STANDING = "late", "no_standing"
ANSWER, ASSISTED = "credit.objection_answer", "credit.objection_answer_assisted"


@dataclass(frozen=True)
class Window:
    """When a rating may be objected to: by anybody while it is on notice, afterwards by the institution until a day.

    `told_on`: the day of the letter that told the grade; none before publication. `due_on`: the last day counted from
    its service; until it is served the period has not begun to run out. `days`: how long it is, in working days.
    """

    state: str
    announced_on: date | None
    notice_to: date | None
    told_on: date | None
    due_on: date | None
    basis: str
    days: int = 0

    @property
    def last(self) -> date | None:
        """The last day as things stand."""
        return self.notice_to if self.state == CycleState.ANNOUNCED else self.due_on

    @property
    def until(self) -> str:
        """The same in words; empty before anything is known outside."""
        if self.last is not None:
            return f"最迟 {self.last}"
        return f"自告知书送达之日起 {self.days} 个工作日内" if self.told_on else ""

    def on_notice(self, on: date) -> bool:
        if self.announced_on is None or self.notice_to is None:
            return False
        return self.announced_on <= on <= self.notice_to

    def told(self, on: date) -> bool:
        if self.told_on is None or on < self.told_on:
            return False
        return self.due_on is None or on <= self.due_on

    def open_on(self, on: date) -> bool:
        """May the institution itself object on the day?"""
        return self.on_notice(on) or self.told(on)


def between(window: Window, on: date) -> bool:
    """After the notice and before the letter: an objection then would only hold up the meeting."""
    return window.state == CycleState.ANNOUNCED and not window.on_notice(on)


def ground(window: Window, raised_on: date, *, own: bool) -> str:
    """Why an objection of that day is not taken in; empty where nothing stands against it.

    `own`: it comes from the institution itself. The public may object only while the grade is on notice.
    """
    if own:
        return "" if window.open_on(raised_on) else LATE
    return "" if window.on_notice(raised_on) else NO_STANDING


def require_text(raised_by: str, text: str, contact: str, source: str) -> None:
    """Refused without a name and facts; from the public site also without a way to be answered."""
    if not text.strip() or not raised_by.strip():
        raise Refused("异议须写明异议人和异议内容。", cure="请写明有异议的指标、事实和理由。")
    if len(text.strip()) > LONGEST:
        raise Refused(f"异议内容最多 {LONGEST} 字。", cure="请概括主要事实，材料可以到窗口提交。")
    if source == ONLINE and not contact.strip():
        raise Refused("网上提出异议须填写联系方式，以便送达答复。")


def require_shown(state: str) -> None:
    """Refused while nobody outside can know the grade."""
    if state not in (CycleState.ANNOUNCED, CycleState.PUBLISHED, CycleState.ARCHIVED):
        raise Refused("该等级还没有公示或者公布，不能提出异议。", cure="请在公示后提出。")


def grounds_on(day: date) -> tuple[regulations.Row, ...]:
    """Every ground on which an objection is not taken in."""
    return regulations.at(day).table("rating_objection_grounds")


def named(key: str, day: date) -> regulations.Row:
    found = next((row for row in grounds_on(day) if row.key == key), None)
    if found is None:
        raise Refused("不予受理的，须选择情形。")
    return found


def help_period(day: date) -> Any:
    """How long the answer may take when others have to check."""
    return regulations.at(day).credit.objection_answer_assisted


def check_help(state: str, asked: str, whom: str, matter: str, *, due: date, on: date) -> None:
    """Others may be asked once, while it is looked into and in time; whom and what has to be said."""
    basis = help_period(on).basis
    if state != RatingObjectionState.ACCEPTED:
        raise Refused(
            "异议没有受理或者已经答复。", basis=basis, cure="请先受理，核查中再请求协助。"
        )
    if asked:
        raise Refused(f"已经请{asked}协助核查，不能再次延长答复期限。", basis=basis)
    if on > due:
        why = f"答复期限 {due} 已过，不能再延长。"
        raise Refused(why, basis=basis, cure="请立即答复。")
    if not whom.strip() or not matter.strip():
        why = "请写明协助核查的单位和需要核查的事项。"
        raise Refused(why, basis=basis, cure="例如：示例县卫生健康局，核实机构执业登记日期。")
