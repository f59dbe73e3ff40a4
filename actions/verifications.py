"""What a clerk found on conditions and grounds of refusal that no machine decides: stated with fact, kept with name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

import regulations
from actions import events
from database import session
from models import Application, Verification
from queries import conditions
from rules.checks import CONDITION_WORDS, GROUND_WORDS, PERSON, Result
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.states import ApplicationState

TABLES = {"application_conditions": CONDITION_WORDS, "refusal_grounds": GROUND_WORDS}


@dataclass(frozen=True)
class Found:
    """One line as the clerk states it. `fact`: what was seen; `remark`: what else should be known."""

    item: str
    result: Result
    fact: str
    remark: str = ""


def state(application: Application, found: list[Found], *, actor: Actor, on: date) -> int:
    """Put findings on record; an unchanged one is left as it was. Returns how many were new.

    Refused outside the intake, for a line that registered facts decide, and without the fact.
    """
    require(actor, Permission.CHECK_MATERIAL, application)
    if application.state is not ApplicationState.SUBMITTED:
        raise Refused("申请条件和不予受理情形只在待受理时核验。")
    rows = _rows(application, on)
    said = conditions.said(application.id)
    number = 0
    for one in found:
        row, words = rows.get(one.item) or _unknown()
        before = said.get(one.item)
        if before and (before.result, before.fact, before.remark) == _plain(one):
            continue
        _state(application, one, row, words[one.result], actor=actor, on=on)
        number += 1
    return number


def _rows(
    application: Application, on: date
) -> dict[str, tuple[regulations.Row, dict[Result, str]]]:
    law = regulations.at(on, application.institution.kind.family)
    return {
        row.key: (row, words)
        for name, words in TABLES.items()
        for row in law.table(name)
        if row.extra["check"] == PERSON
    }


def _unknown() -> tuple[regulations.Row, dict[Result, str]]:
    raise Refused(
        "该项由登记的事实核对，不能由人员填写。", cure="登记的事实有误的，请在机构档案中更正。"
    )


def _plain(one: Found) -> tuple[Result, str, str]:
    return one.result, one.fact.strip(), one.remark.strip()


def _check(one: Found, row: regulations.Row) -> None:
    if one.result is Result.OPEN:
        raise Refused(f"“{row.label}”没有给出核验结果。", cure="请选择结果；尚未核验的，先不填写。")
    if not one.fact.strip():
        cure = "请写明看到了什么、在哪里看到。"
        raise Refused(f"“{row.label}”没有写明核验的事实。", basis=row.basis, cure=cure)


def _state(
    application: Application,
    one: Found,
    row: regulations.Row,
    word: str,
    *,
    actor: Actor,
    on: date,
) -> None:
    _check(one, row)
    result, fact, remark = _plain(one)
    kept = _kept(application, one.item)
    kept.result, kept.fact, kept.remark = result, fact, remark[:500]
    kept.by_id, kept.by_name, kept.verified_on = actor.id, actor.name, on
    session.flush()
    text = f"{row.label}：{word}，{fact}" + (f"（{remark}）" if remark else "")
    events.record(
        application,
        "verify",
        "核验申请条件",
        actor=actor,
        on=on,
        basis=row.basis,
        text=text,
        item=one.item,
    )


def _kept(application: Application, item: str) -> Verification:
    """The row of this line, a new one where nothing was said yet."""
    kept = session.scalar(
        select(Verification).where(
            Verification.application_id == application.id, Verification.item == item
        )
    )
    if kept is None:
        kept = Verification(application_id=application.id, item=item)
        session.add(kept)
    return kept
