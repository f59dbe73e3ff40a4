"""Bans on applying: started by a termination, ended by time and by what is owed being done."""

from __future__ import annotations

from datetime import date

import regulations
from actions import events
from database import session
from models import Ban, Termination
from queries import offices
from rules import bans as rule
from rules.bans import Bar
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def start(
    termination: Termination, ground: regulations.Row, found_on: date, obligation: str
) -> list[dict[str, object]]:
    """Write the bans of a termination. Returns them as its letter says them.

    Persons are barred who held one of the three offices on the day the facts were found, also if they left since.
    """
    session.flush()
    bars = rule.started_by(
        ground,
        termination.ban_class,
        effective_on=termination.effective_on,
        found_on=found_on,
        obligation=obligation.strip(),
        family=termination.institution.kind.family,
    )
    said = [_write(termination, bar, found_on) for bar in bars]
    return [line for line in said if line]


def _write(termination: Termination, bar: Bar, found_on: date) -> dict[str, object]:
    if bar.person:
        return _of_persons(termination, bar, found_on)
    return _of_institution(termination, bar)


def _of_institution(termination: Termination, bar: Bar) -> dict[str, object]:
    session.add(_ban(termination, bar, institution_id=termination.institution_id))
    owed = f"，且尚待履行：{bar.obligation}" if bar.obligation else ""
    return _line(f"申请定点不予受理（{bar.label}{owed}）", bar)


def _of_persons(termination: Termination, bar: Bar, found_on: date) -> dict[str, object]:
    holders = {row.id_index: row for row in offices.in_office(termination.institution_id, found_on)}
    for key, office in holders.items():
        session.add(_ban(termination, bar, person_index=key, person_name=office.name))
    names = "、".join(f"{office.role.label}{office.name}" for office in holders.values())
    if not names:
        return {}
    return _line(f"{names}担任法定代表人、主要负责人或者实际控制人的机构申请定点，不予受理", bar)


def _ban(termination: Termination, bar: Bar, **whose: object) -> Ban:
    return Ban(
        ground=bar.ground,
        basis=bar.basis,
        from_on=bar.from_on,
        until=bar.until,
        obligation=bar.obligation[:200],
        termination_id=termination.id,
        **whose,
    )


def _line(text: str, bar: Bar) -> dict[str, object]:
    return {"text": text, "until": bar.until, "basis": bar.basis}


def meet_obligation(ban: Ban, *, proof: str, actor: Actor, on: date) -> None:
    """Record that what was owed is done; the period runs on. Refused without proof or where nothing is owed."""
    termination = session.get_one(Termination, ban.termination_id)
    require(actor, Permission.RECORD_SERVICE, termination)
    if not ban.obligation or ban.obligation_met_on is not None:
        raise Refused("该限制没有待履行的责任。")
    if not proof.strip():
        raise Refused("登记履行完毕须写明凭证。")
    ban.obligation_met_on = on
    events.record(
        termination, "meet_obligation", "责任履行完毕", actor=actor, on=on, text=proof.strip()
    )
