"""集体讨论: which measures a group decides, who may sit in it, and when it has decided. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused
from rules.roles import Role
from rules.words import Labelled

COUNCIL = (
    Role.LEADER,
    Role.CHIEF,
    Role.REVIEWER,
    Role.CLERK,
    Role.INSPECTOR,
    Role.FINANCE,
    Role.FIRST_AUDITOR,
    Role.SECOND_AUDITOR,
)
WHOLE = 100


class Ballot(Labelled):
    FOR = "for", "同意"
    AGAINST = "against", "不同意"
    ABSTAIN = "abstain", "弃权"


@dataclass(frozen=True)
class Seat:
    """One member: recused members neither vote nor count; without a ballot the member was absent."""

    name: str
    recused: bool = False
    ballot: Ballot | None = None


@dataclass(frozen=True)
class Outcome:
    passed: bool
    present: int
    in_favour: int
    against: int
    abstaining: int
    why: str
    basis: str


def major(measure: str, day: date, family: str) -> regulations.Row | None:
    """The row that says that a group decides about this measure, else None."""
    rows = regulations.at(day, family).table("major_measures")
    return next(
        (row for row in rows if row.extra["measure"] == measure and row.extra["major"]), None
    )


def quorum(day: date, family: str) -> regulations.Value:
    law = regulations.at(day, family)
    number: regulations.Value = law.meeting.quorum
    return number


def majority(day: date, family: str) -> regulations.Value:
    """The share of those present that has to be exceeded, in percent."""
    law = regulations.at(day, family)
    share: regulations.Value = law.meeting.majority
    return share


def check_convened(members: Collection[int], proposer: int | None, day: date, family: str) -> None:
    """Refused for a group that could never reach the quorum, or in which the proposer would vote."""
    needed = quorum(day, family)
    if proposer in members:
        raise Refused(
            "提出处理建议的人员不参加表决。",
            basis=needed.basis,
            cure="请从参会人员中去掉案件承办人。",
        )
    if len(members) < needed.value:
        raise Refused(
            f"参会人员 {len(members)} 人，不足法定人数 {needed.value} 人。",
            basis=needed.basis,
            cure="请增加参会人员。",
        )


def outcome(seats: Iterable[Seat], day: date, family: str) -> Outcome:
    """Count. Refused while fewer than the quorum have voted: nobody present is not everybody agreed."""
    ballots = [seat.ballot for seat in seats if not seat.recused and seat.ballot is not None]
    needed, share = quorum(day, family), majority(day, family)
    if len(ballots) < needed.value:
        raise Refused(
            f"到会表决 {len(ballots)} 人，不足法定人数 {needed.value} 人，不能形成决定。",
            basis=needed.basis,
            cure="请参会人员表决；有人回避的，增加参会人员后重新讨论。",
        )
    in_favour = ballots.count(Ballot.FOR)
    passed = in_favour * WHOLE > len(ballots) * share.value
    against, abstaining = ballots.count(Ballot.AGAINST), ballots.count(Ballot.ABSTAIN)
    said = f"到会表决 {len(ballots)} 人，同意 {in_favour}，不同意 {against}，弃权 {abstaining}"
    asked = f"到会不少于 {needed.value} 人、同意超过到会人数的 {share.value}%"
    why = f"{said}；须{asked}，{'通过' if passed else '不通过'}"
    basis = "；".join(dict.fromkeys((needed.basis, share.basis)))
    return Outcome(passed, len(ballots), in_favour, against, abstaining, why, basis)
