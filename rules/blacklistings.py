"""严重失信主体名单: for what, how long, how much of it is public, and when somebody comes off it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regulations
from rules.clocks import add_months
from rules.refusal import Refused
from rules.words import Labelled

REMOVAL = "blacklist.removal"  # the clock of a request to be taken off
BASIS = "《医疗保障基金使用监督管理条例》第三十三条"


class BlacklistSubject(Labelled):
    INSTITUTION = "institution", "机构"
    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人、负责人或者实际控制人"
    PRACTITIONER = "practitioner", "相关人员"
    INSURED = "insured", "参保人员"


class RemovalCause(Labelled):
    TERM = "term", "期满移出"
    CORRECTED = "corrected", "纠正移出"
    REVOKED = "revoked", "撤销列入"


class Shown(Labelled):
    """How much of an entry the public sees."""

    FULL = "full", "公开"
    MASKED = "masked", "遮盖姓名后公开"
    NOTHING = "nothing", "不公开"


@dataclass(frozen=True)
class Term:
    """Both last days count. `public_until` is never later than `until`, and may be over before it begins."""

    until: date
    public_until: date
    basis: str
    confidence: str


def grounds(subject: str, day: date, family: str) -> list[regulations.Row]:
    """For what this kind of subject may be proposed."""
    rows = regulations.at(day, family).table("blacklist_grounds")
    return [row for row in rows if row.extra["subject"] == subject]


def ground(key: str, subject: str, day: date, family: str) -> regulations.Row:
    found = next((row for row in grounds(subject, day, family) if row.key == key), None)
    if found is None:
        raise Refused("所选情形不适用于该对象。", cure="请重新选择列入名单的情形。")
    return found


def check(facts_text: str, act_ended_on: date, on: date) -> None:
    """Refused without the facts, and for an act that is not over or so old that nobody may be shown it any more."""
    if not facts_text.strip():
        raise Refused("请写明失信行为的事实和证据。")
    if act_ended_on > on:
        raise Refused("失信行为的终止日期晚于今天。", cure="请核对日期。")
    longest = regulations.at(on).blacklist.publicity
    if add_months(act_ended_on, longest.value) < on:
        raise Refused(
            f"失信行为已于 {act_ended_on} 终止，超过 {longest.value} 个月，不再列入。",
            basis=longest.basis,
            cure="请核对失信行为终止的日期。",
        )


def term(listed_on: date, act_ended_on: date) -> Term:
    """How long an entry of this day lasts, and until when it is public (at most five years from the end of the act)."""
    law = regulations.at(listed_on)
    months, longest = law.blacklist.term, law.blacklist.publicity
    until = add_months(listed_on, months.value)
    shown = min(until, add_months(act_ended_on, longest.value))
    return Term(until, shown, months.basis, months.confidence)


def shown_since(day: date) -> date:
    """What came about before this day may no longer be shown."""
    return add_months(day, -regulations.at(day).blacklist.publicity.value)


def earliest(listed_on: date) -> regulations.Value:
    months: regulations.Value = regulations.at(listed_on).blacklist.earliest_removal
    return months


def check_request(listed_on: date, correction: str, corrected_on: date, on: date) -> None:
    """Refused before the shortest time on the list is over, and without the correction and its day."""
    months = earliest(listed_on)
    first = add_months(listed_on, months.value)
    if on < first:
        raise Refused(
            f"列入名单未满 {months.value} 个月，{first} 起可以申请移出。",
            basis=months.basis,
            cure=f"请在 {first} 以后申请，并附纠正证明。",
        )
    if not correction.strip():
        raise Refused("请写明怎样纠正了失信行为，并列出证明。")
    if corrected_on > on:
        raise Refused("纠正日期晚于今天。", cure="请在纠正以后申请。")


def is_over(until: date, day: date) -> bool:
    """The last day counts: the entry ends on the day after it."""
    return day > until


def consequences(subject: str, day: date) -> list[str]:
    """What being listed leads to, one sentence each."""
    rows = regulations.at(day).table("blacklist_effects")
    return [row.label for row in rows if row.extra["subject"] == subject]


def shown(subject: str, day: date) -> Shown:
    rows = regulations.at(day).table("blacklist_subjects")
    return Shown(next(row.extra["shown"] for row in rows if row.key == subject))


def masked(name: str) -> str:
    """The family name alone: 样某某."""
    return name[:1] + "某" * max(len(name) - 1, 1)
