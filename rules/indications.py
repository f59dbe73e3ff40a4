"""疑似情形: what the machine can notice of the grounds of termination, and how it says so. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules import measures

SUSPENSIONS, LICENCE, PENALTY, PERSONS = "suspensions", "licence", "penalty", "persons"
SHARE = "share"


@dataclass(frozen=True)
class Fact:
    """Something on record that meets a ground. `reference` names it for ever."""

    trigger: str
    reference: str
    text: str
    found_on: date


def row(fact: Fact, day: date, family: str) -> regulations.Row | None:
    """The ground that this fact points to, where the kind has one."""
    if fact.trigger == SHARE:
        step = fact.reference.rpartition(":")[2]
        rows = regulations.at(day, family).table("share_steps")
        return next((one for one in rows if one.extra["step"] == step), None)
    return measures.by_trigger(fact.trigger, day, family)


def as_columns(ground: regulations.Row) -> dict[str, str]:
    """What an indication keeps: the ground, its words, and the measure that it would allow."""
    if "step" not in ground.extra:
        return measures.as_columns(ground)
    text = f"年度内被暂停、终止支付资格的人员占比达到规定比例：{ground.label}"
    return {
        "ground": ground.extra["ground"],
        "ground_text": text,
        "basis": ground.basis,
        "measure": ground.extra["measure"],
    }


def share_reached(step: str, percent: float, people: tuple[int, int], on: date) -> Fact:
    """So many of the people were suspended or revoked in the year that the share reaches a threshold."""
    hit, counted = people
    text = (
        f"{on.year} 年截至 {on}，本机构被暂停、终止医保支付资格的人员 {hit} 人，"
        f"占计入的 {counted} 人的 {percent}%。"
    )
    return Fact(SHARE, f"share:{on.year}:{step}", text, on)


def fewest_suspensions(day: date) -> int:
    """Below this number nobody has to be looked at, whatever the kind."""
    both = (regulations.at(day, family) for family in regulations.FAMILIES)
    return int(min(law.agreement.suspend_count_terminate.value for law in both))


def suspended_often(starts: list[date], day: date, family: str) -> Fact | None:
    """Suspended as often within the term as the law names, counted on the day (令3 Art 40 no. 1)."""
    law = regulations.at(day, family)
    begun = sorted(start for start in starts if start <= day)
    if len(begun) < law.agreement.suspend_count_terminate.value:
        return None
    days = "、".join(map(str, begun))
    text = f"本协议期内累计被中止 {len(begun)} 次，起始日期分别为 {days}。"
    return Fact(SUSPENSIONS, f"count:{len(begun)}", text, begun[-1])


def not_rectified(number: int, suspension_id: int, opinion: str, on: date) -> Fact:
    """The agency looked for the `number`th time, and what had been wrong still was."""
    text = f"中止期间的整改经核查不到位：{opinion}"
    return Fact(SUSPENSIONS, f"rectification:{suspension_id}:{number}", text, on)


def licence_gone(
    licence_id: int, kind: str, number: str, revoked_on: date, day: date, family: str
) -> Fact | None:
    """A licence that the ground names was revoked or cancelled."""
    if names_licence(kind, day, family) is None or revoked_on > day:
        return None
    text = f"{kind}（{number}）于 {revoked_on} 被吊销或者注销。"
    return Fact(LICENCE, f"licence:{licence_id}", text, revoked_on)


def names_licence(kind: str, day: date, family: str) -> regulations.Row | None:
    """The ground of termination that the loss of this licence meets, where the order names it."""
    ground = measures.by_trigger(LICENCE, day, family)
    return ground if ground is not None and kind in ground.extra["licences"] else None


def penalty_ignored(
    penalty_id: int, number: str, authority: str, due_on: date, day: date, family: str
) -> Fact | None:
    """A penalty of an authority that the ground names was not performed in time."""
    ground = measures.by_trigger(PENALTY, day, family)
    if ground is None or not any(word in authority for word in ground.extra["authorities"]):
        return None
    text = f"{authority}的行政处罚决定（{number}）应于 {due_on} 前履行，逾期未履行。"
    return Fact(PENALTY, f"penalty:{penalty_id}", text, due_on + timedelta(days=1))


def person_listed(entry_id: int, office: str, name: str, number: str, listed_on: date) -> Fact:
    """A legal representative, principal or controller is on the list of untrustworthy persons."""
    text = f"{office}{name}于 {listed_on} 被列入失信人名单（{number}）。"
    return Fact(PERSONS, f"person:{entry_id}", text, listed_on)


def person_blacklisted(entry_id: int, office: str, name: str, number: str, listed_on: date) -> Fact:
    """The same of the agency's own list of serious dishonesty."""
    text = f"{office}{name}于 {listed_on} 被列入医疗保障严重失信主体名单（{number}）。"
    return Fact(PERSONS, f"blacklisting:{entry_id}", text, listed_on)
