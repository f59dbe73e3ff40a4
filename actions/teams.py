"""评估组 before it begins: recusals declared, members drawn from the pool or chosen with a reason (令3 Art 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import regulations
from actions import draws, events
from database import session
from models import Application, Draw, Evaluator, Recusal
from queries import teams as ask
from rules import evaluation as rule
from rules.drawing import Entry
from rules.lifecycle import ApplicationState as S
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


@dataclass(frozen=True)
class Plan:
    """How the team works: the form, the day of the visit, a commissioned third party, why these members."""

    form: str
    visit_on: date | None = None
    third_party: str = ""
    reason: str = ""
    draw: Draw | None = None


def declare_recusal(
    application: Application, evaluator: Evaluator, *, reason: str, actor: Actor, on: date
) -> Recusal:
    """Somebody says why this expert must not sit in this case. Refused without a reason and once the team has begun."""
    require(actor, Permission.FORM_TEAM, application)
    _still_forming(application)
    if not reason.strip():
        raise Refused("登记回避须写明理由。")
    if evaluator.pooling_region != application.pooling_region:
        raise Refused("该人员不在本统筹区的评估人员库中。")
    row = Recusal(
        application_id=application.id,
        evaluator_id=evaluator.id,
        reason=reason.strip()[:500],
        declared_by_id=actor.id,
        declared_on=on,
    )
    session.add(row)
    session.flush()
    events.record(
        application, "recuse", "登记评估人员回避", actor=actor, on=on, evaluator=evaluator.id
    )
    return row


def _still_forming(application: Application) -> None:
    if application.state != S.ACCEPTED:
        raise Refused("评估组只在受理后、评估开始前组建。")


def draw_team(
    application: Application,
    wanted: Mapping[str, int],
    *,
    reason: str = "",
    actor: Actor,
    on: date,
    at: datetime,
) -> Draw:
    """Draw members of each specialty from those who need not step aside. Refused when a specialty is left out.

    Every specialty that must sit in the team is drawn at least once.
    """
    require(actor, Permission.FORM_TEAM, application)
    _still_forming(application)
    law = regulations.at(on, application.institution.kind.family)
    rule.require_specialties((key for key, number in wanted.items() if number > 0), law)
    labels = {row.key: row.label for row in law.table("evaluation_specialties")}
    found = ask.candidates(application)
    _require_enough(found, wanted, labels)
    return draws.draw(
        application,
        [_entry(one.evaluator) for one in found if one.free],
        {key: number for key, number in wanted.items() if key in labels},
        excluded=[
            {"key": _key(one.evaluator), "why": "；".join(one.reasons)}
            for one in found
            if not one.free
        ],
        of_round=len(application.evaluations) + 1,
        reason=reason,
        actor=actor,
        on=on,
        at=at,
    )


def _require_enough(
    found: Sequence[ask.Candidate], wanted: Mapping[str, int], labels: Mapping[str, str]
) -> None:
    """Said with the name of the specialty, before a seed is spent."""
    for key, number in wanted.items():
        free = sum(one.free and one.evaluator.specialty == key for one in found)
        if key in labels and free < number:
            raise Refused(
                f"{labels[key]}方面可抽取的人员不足：需要 {number} 名，回避后只有 {free} 名。",
                cure="请补充评估人员库，或者减少抽取人数。",
            )


def _key(evaluator: Evaluator) -> str:
    return f"{evaluator.id:06d}"


def _entry(evaluator: Evaluator) -> Entry:
    return Entry(_key(evaluator), evaluator.specialty)


def drawn(row: Draw, found: Sequence[Evaluator]) -> list[Evaluator]:
    """The members a draw named, among these."""
    keys = set(row.drawn)
    return [one for one in found if _key(one) in keys]


def require_sound(
    application: Application, members: Sequence[Evaluator], plan: Plan, *, on: date
) -> None:
    """The team may begin: all specialties, nobody who must step aside, drawn or chosen with a reason.

    A draw is taken whole: whoever leaves one out or adds one has chosen, and must say why or draw again.
    """
    law = regulations.at(on, application.institution.kind.family)
    rule.require_specialties((member.specialty for member in members), law)
    aside = {one.evaluator.id: one for one in ask.candidates(application) if one.reasons}
    for member in members:
        if member.id in aside:
            raise Refused(
                f"{member.user.name}应当回避：{'；'.join(aside[member.id].reasons)}。",
                cure="请更换评估组成员，或者重新抽取。",
            )
    if plan.draw is None:
        if not plan.reason.strip():
            raise Refused(
                "评估组成员不是抽取产生的，须写明选定的理由。",
                cure="请写明理由，或者从评估人员库中抽取。",
            )
        return
    _require_whole_draw(application, members, plan.draw)


def _require_whole_draw(application: Application, members: Sequence[Evaluator], draw: Draw) -> None:
    latest = ask.draws("application", application.id)[:1]
    if [draw.id] != [one.id for one in latest] or draw.round != len(application.evaluations) + 1:
        raise Refused("该抽取记录不是本轮最新的抽取。", cure="请刷新页面后按最新的抽取结果办理。")
    if sorted(draw.drawn) != sorted(_key(member) for member in members):
        raise Refused(
            "评估组成员与抽取结果不一致。",
            cure="请按抽取结果组建；确需更换的，登记回避后重新抽取。",
        )
