"""Bans on applying: started by a termination, ended by time and by what is owed being done."""

from __future__ import annotations

from datetime import date

import regulations
from actions import events
from database import session
from models import Ban, Institution, Penalty, Termination
from queries import bans as ask
from queries import offices
from rules import bans as rule
from rules.bans import Bar
from rules.permissions import SYSTEM, Actor, Permission, require
from rules.refusal import Refused
from rules.timetable import Outcome


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
    _note_end(ban, actor=actor, on=on)


def end(key: int, day: date) -> Outcome:
    """The nightly rule: note once that a ban stands no longer. What the dates say holds without this."""
    ban = session.get_one(Ban, key, with_for_update=True, populate_existing=True)
    return Outcome(done=_note_end(ban, actor=SYSTEM, on=day))


def _note_end(ban: Ban, *, actor: Actor, on: date) -> bool:
    """Refuses nothing: False while the ban stands or when it was noted before."""
    ended = rule.ended_on(ask.facts(ban), on)
    if ban.ended_on is not None or ended is None:
        return False
    ban.ended_on = ended
    whose = ban.person_name or "本机构"
    text = f"{whose}（{rule.ground_label(ban.ground)}）：限制期至 {ban.until}，{ended} 起不再限制申请定点。"
    events.record(
        _origin(ban), "end_ban", "限制期结束", actor=actor, on=on, basis=ban.basis, text=text
    )
    return True


def _origin(ban: Ban) -> Termination | Institution | Penalty:
    """Where people look for it: with the termination or penalty that started it, else with the institution."""
    if ban.penalty_id is not None:
        return session.get_one(Penalty, ban.penalty_id)
    if ban.termination_id is not None:
        return session.get_one(Termination, ban.termination_id)
    return session.get_one(Institution, ban.institution_id)
