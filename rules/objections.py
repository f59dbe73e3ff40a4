"""公示异议: when one may be raised, what it must say, what a founded one leads to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused
from rules.states import ApplicationState as S

COUNTER, ONLINE = "counter", "online"
SOURCES = {COUNTER: "窗口登记", ONLINE: "网上提出"}
LONGEST = 2000


@dataclass(frozen=True)
class NoticeFacts:
    state: str
    from_on: date | None
    to_on: date | None


def is_open(notice: NoticeFacts, on: date) -> bool:
    """While the list is posted; while it stands still for another objection, its last day has not come."""
    if notice.from_on is None or notice.to_on is None or on < notice.from_on:
        return False
    return notice.state == S.OBJECTED or (notice.state == S.ON_NOTICE and on <= notice.to_on)


def require_open(notice: NoticeFacts, on: date) -> None:
    if not is_open(notice, on):
        raise Refused("公示期已经结束，异议不再停止办理。", cure="可以作为线索另行反映。")


def require_text(raised_by: str, text: str, contact: str, *, online: bool) -> None:
    """Refused without a name and facts; online also without a way to be answered."""
    if not text.strip() or not raised_by.strip():
        raise Refused("异议须写明异议人和异议内容。", cure="请填写姓名（单位名称）和具体事实。")
    if len(text.strip()) > LONGEST:
        raise Refused(f"异议内容最多 {LONGEST} 字。", cure="请概括主要事实，材料可以到窗口提交。")
    if online and not contact.strip():
        raise Refused("网上提出异议须填写联系方式，以便送达答复。")


def require_not_flooded(received: int, law: regulations.Law) -> None:
    """The counter never closes; the form on the public site takes only so many a day for one notice."""
    if received >= law.objection.daily_most.value:
        raise Refused(
            "今天网上收到的对该公示的异议已经较多。", cure="请明天再提交，或者到经办窗口提出。"
        )


def outcomes(law: regulations.Law) -> tuple[regulations.Row, ...]:
    """What a founded objection may lead to, the gravest first."""
    return law.table("objection_outcomes")


def outcomes_on(day: date) -> tuple[regulations.Row, ...]:
    """The same for a page of the day."""
    return outcomes(regulations.at(day))


def outcome(key: str, law: regulations.Law) -> regulations.Row:
    found = next((row for row in outcomes(law) if row.key == key), None)
    if found is None:
        raise Refused("认定异议成立的，须选择处理方式。")
    return found


def gravest(keys: Iterable[str], law: regulations.Law) -> regulations.Row:
    """Of several founded objections the gravest outcome holds."""
    given = set(keys)
    return next(row for row in outcomes(law) if row.key in given)
