"""The evaluation pool: who may be called into a team, and for which specialty."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

import regulations
from actions import events
from database import session
from models import Evaluator, Institution, Tie, User
from models.sealed import blind_index
from rules import codes
from rules.permissions import Actor, Permission, may, require
from rules.recusal import TieNature
from rules.refusal import Refused


def join(
    user: User,
    specialty: str,
    *,
    organisation: str = "",
    id_number: str = "",
    actor: Actor,
    on: date,
) -> Evaluator:
    """Put a person into the pool for one specialty; whoever left before comes back on the same row.

    Refused for a specialty the law does not ask for, for users of institutions and the bureau, and for somebody
    already in the pool. With an ID number the machine finds the person among the office holders of applicants.
    """
    require(actor, Permission.FORM_TEAM, user)
    labels = {row.key: row.label for row in regulations.at(on).table("evaluation_specialties")}
    if specialty not in labels:
        raise Refused("评估专业不在规定的范围内。", cure=f"请选择：{'、'.join(labels.values())}。")
    if not _may_evaluate(user):
        raise Refused(
            "机构用户、行政部门和停用的用户不能进入评估人员库。",
            cure="外聘专家请先由系统管理员开立可以参加评估的经办账号。",
        )
    evaluator = session.scalar(select(Evaluator).where(Evaluator.user_id == user.id))
    if evaluator is not None and evaluator.active:
        raise Refused(f"{user.name}已在评估人员库中。")
    evaluator = evaluator or Evaluator(user=user)
    evaluator.specialty, evaluator.organisation = specialty, organisation.strip()[:100]
    evaluator.active, evaluator.joined_on, evaluator.left_on = True, on, None
    _identify(evaluator, id_number, on)
    session.add(evaluator)
    session.flush()
    title = f"{user.name}进入评估人员库（{labels[specialty]}）"
    events.record(user, "join_pool", title, actor=actor, on=on, specialty=specialty)
    return evaluator


def _may_evaluate(user: User) -> bool:
    person = Actor(user.id, user.name, user.role, user.pooling_region)
    return user.disabled_on is None and may(person, Permission.EVALUATE)


def _identify(evaluator: Evaluator, id_number: str, on: date) -> None:
    number = codes.tidy(id_number)
    if not number:
        return
    fault = codes.resident_id_fault(number, regulations.at(on))
    if fault:
        raise Refused(fault, cure="请核对 18 位公民身份号码。")
    evaluator.id_number, evaluator.id_index = number, blind_index(number)


def leave(evaluator: Evaluator, *, actor: Actor, on: date) -> None:
    """Take a person out of the pool; teams already formed are not touched. Refused for somebody who left."""
    require(actor, Permission.FORM_TEAM, evaluator.user)
    if not evaluator.active:
        raise Refused(f"{evaluator.user.name}不在评估人员库中。")
    evaluator.active, evaluator.left_on = False, on
    title = f"{evaluator.user.name}退出评估人员库"
    events.record(evaluator.user, "leave_pool", title, actor=actor, on=on)


def tie(
    evaluator: Evaluator,
    institution: Institution,
    nature: TieNature,
    *,
    note: str = "",
    actor: Actor,
    on: date,
) -> Tie:
    """Put down what ties an expert to an institution: from now on the machine keeps the two apart.

    Refused for an institution elsewhere, and the same tie twice.
    """
    require(actor, Permission.FORM_TEAM, evaluator.user)
    require(actor, Permission.FORM_TEAM, institution)
    if any((one.institution_id, one.nature) == (institution.id, nature) for one in evaluator.ties):
        raise Refused("该利害关系已经登记。")
    row = Tie(evaluator=evaluator, institution=institution, nature=nature, note=note.strip()[:200])
    session.add(row)
    session.flush()
    title = f"{evaluator.user.name}与{institution.name}：{nature.label}"
    events.record(evaluator.user, "tie", title, actor=actor, on=on, institution=institution.id)
    return row
