"""A cycle before its grades hold: the self-assessment of the institutions, and the public notice of the grades."""

from __future__ import annotations

from datetime import date

from actions import letters, lifecycle
from models import Cycle
from queries import calendar_days, rating_notices, schemes
from queries import cycles as ask
from rules import clocks
from rules.cycle_decisions import FAMILY
from rules.permissions import Actor
from rules.refusal import Refused

BASIS = "《医疗保障基金使用监督管理条例》第三十三条"


def invite(cycle: Cycle, *, actor: Actor, on: date) -> None:
    """Let every institution look at its own frozen facts and say what it holds against them, until a day."""
    if cycle.of_persons:
        raise Refused("只有机构的评价可以开放自评。", cure="请直接测算。")
    period = clocks.due(
        rule="credit.self_assessment", start=on, kind=FAMILY, workdays=calendar_days.workdays()
    )
    lifecycle.move(cycle, "invite", actor=actor, on=on, basis=period.basis, assess_until=period.due)


def announce(cycle: Cycle, *, channel: str, actor: Actor, on: date) -> None:
    """Put the intended grades on public notice, with everybody rated; its facts are frozen with it.

    Refused where the channel is not named, and for a scheme that the bureau has not approved.
    """
    if cycle.of_persons:
        raise Refused(
            "人员的信用等级属于个人信息，不向社会公示。",
            cure="复核后直接提请集体审定，公布时逐人告知。",
        )
    if cycle.replaces and cycle.replaces.published_on:
        raise Refused(
            "更正已公布结果的测算不再公示。",
            cure="复核后直接提请集体审定，公布时告知有变动的机构。",
        )
    require_approved(cycle, on)
    if not channel.strip():
        raise Refused("请写明在哪里公示。", cure="例如：示例县医疗保障局门户网站。")
    period = clocks.due(
        rule="credit.publicity", start=on, kind=FAMILY, workdays=calendar_days.workdays()
    )
    scheme = ask.scheme_of(cycle)
    frozen = letters.posted(
        "credit_notice",
        actor=actor,
        on=on,
        cycle=cycle.name.removesuffix("信用评价"),
        scheme=f"{scheme.label}（{scheme.edition}版）",
        from_on=on,
        to_on=period.due,
        channel=channel.strip()[:100],
        rows=rating_notices.rows(cycle),
        basis=period.basis,
    )
    lifecycle.move(
        cycle, "announce", actor=actor, on=on, basis=BASIS, announced_on=on, notice_to=period.due
    )
    cycle.notice = frozen


def require_approved(cycle: Cycle, on: date) -> None:
    """Nobody is graded by a scheme that the bureau has not approved: a default is only a proposal."""
    if why := schemes.unapproved(cycle, on):
        raise Refused(
            why,
            basis=BASIS,
            cure="请在“信用方案”中打开该方案，提请按原文批准；或者修改后另存草案，批准后重新评价。",
        )
