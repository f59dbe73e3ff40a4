"""严重失信主体名单: proposed by one, reviewed and told by another, decided by a group, taken off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import regulations
from actions import blacklist_letters as told
from actions import events, letters, lifecycle, numbering, statutory_clocks
from database import session
from models import Blacklisting, Institution, Office, Practitioner
from models.sealed import blind_index
from queries import blacklistings as ask
from queries import calendar_days
from rules import blacklistings as rule
from rules import clocks, codes, collective, names, views
from rules.blacklistings import BlacklistSubject, RemovalCause
from rules.collective import Ballot, Seat
from rules.lifecycle import BlacklistingState as S
from rules.permissions import SYSTEM, Actor, Permission, require
from rules.refusal import Refused
from rules.timetable import Outcome
from rules.views import ViewsFacts


@dataclass(frozen=True)
class Given:
    """What is proposed. `person`: key of the practitioner or of the office; an insured person is named by hand."""

    subject: BlacklistSubject
    ground: str
    facts_text: str
    act_ended_on: date
    evidence: str = ""
    person: int | None = None
    name: str = ""
    id_number: str = ""


@dataclass(frozen=True)
class Sat:
    """One member of the group as the minutes say it; stepped aside or absent without a ballot."""

    user_id: int
    name: str
    ballot: Ballot | None = None
    recused: bool = False


def propose(place: Institution, given: Given, *, actor: Actor, on: date) -> Blacklisting:
    """Propose a subject; nothing is public and nobody is told yet.

    Refused for a ground that is not about such a subject, without facts, for an act too long ago, and twice.
    """
    require(actor, Permission.PROPOSE_BLACKLISTING, place)
    ground = rule.ground(given.ground, given.subject, on, place.kind.family)
    rule.check(given.facts_text, given.act_ended_on, on)
    whom = _whom(place, given, on)
    if ask.standing(whom["subject_index"]) is not None:
        raise Refused("该对象已在名单内，或者正在办理列入。", cure="请在原有的记录上办理。")
    row = Blacklisting(
        number=numbering.case_number("SX", on.year), place=place, subject=given.subject,
        state=S.PROPOSED, ground=ground.key, ground_label=ground.label, basis=ground.basis,
        facts_text=given.facts_text.strip(), evidence=given.evidence.strip()[:300],
        act_ended_on=given.act_ended_on, proposed_on=on, recorded_by_id=actor.id, **whom,
    )  # fmt: skip
    lifecycle.begin(
        row, "propose", "拟列入严重失信名单", actor=actor, on=on, basis=ground.basis, ground=ground.key
    )  # fmt: skip
    return row


def _whom(place: Institution, given: Given, on: date) -> dict[str, Any]:
    """The columns that say who it is. People are found by the index of their ID number, whatever institution."""
    if given.subject is BlacklistSubject.INSTITUTION:
        return {"subject_index": f"institution:{place.id}"}
    if given.subject is BlacklistSubject.INSURED:
        return _insured(given, on)
    licensed = given.subject is BlacklistSubject.PRACTITIONER
    find = ask.practitioner if licensed else ask.office
    person: Practitioner | Office | None = find(place.id, given.person)
    if person is None:
        raise Refused("没有选择人员，或者该人员不属于本机构。", cure="请从名单中选择。")
    who = {"subject_index": person.id_index, "person_name": person.name}
    number = {"masked_id": _hidden(person.id_number or "")}
    return who | number | ({"practitioner_id": person.id} if licensed else {})


def _insured(given: Given, on: date) -> dict[str, Any]:
    number, name = codes.tidy(given.id_number), names.clean_name(given.name)[:64]
    if not name or codes.resident_id_fault(number, regulations.at(on)) is not None:
        raise Refused("参保人员的姓名或者证件号码不正确。", cure="请核对后重新填写。")
    return {
        "subject_index": blind_index(number),
        "person_name": name,
        "masked_id": _hidden(number),
    }


def _hidden(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}" if number else ""


def notify(row: Blacklisting, *, actor: Actor, on: date) -> None:
    """Agree to the proposal as the second person, and tell the subject what is intended and until when it may speak."""
    until = clocks.due("views.due", on, row.place.kind.family, workdays=calendar_days.workdays())
    lifecycle.move(
        row, "notify", actor=actor, on=on, basis=views.BASIS, reviewed_by_id=actor.id, views_due_on=until.due
    )  # fmt: skip
    statutory_clocks.start(row, "views.due", on=on)
    told.notice(row, actor=actor, on=on)


def hear(row: Blacklisting, *, text: str, actor: Actor, on: date) -> None:
    """Take down what the subject states. Refused before the notice and after the group has decided."""
    require(actor, Permission.RECORD_VIEWS, row)
    if row.state != S.NOTICED:
        raise Refused("现在不是听取陈述申辩的阶段。", basis=views.BASIS)
    if not text.strip():
        raise Refused("请写明陈述申辩的内容。")
    row.statement = "\n".join(filter(None, [row.statement, text.strip()]))
    row.heard_on = on
    events.record(row, "record_views", "记录陈述申辩", actor=actor, on=on, basis=views.BASIS)


def decide(
    row: Blacklisting, seats: Sequence[Sat], *, minutes: str, actor: Actor, on: date
) -> bool:
    """Write down how the group decided. Refused unheard, without quorum or minutes, and where the proposer voted."""
    if not minutes.strip():
        raise Refused("请写明讨论记录。", cure="写明讨论的主要意见和结论。")
    views.check_heard(_views(row), on, calendar_days.workdays())
    voters = {seat.user_id for seat in seats if seat.ballot is not None}
    family = row.place.kind.family
    collective.check_convened(voters, row.recorded_by_id, on, family)
    counted = collective.outcome([Seat(s.name, s.recused, s.ballot) for s in seats], on, family)
    facts: dict[str, Any] = {"held_on": on, "minutes": minutes.strip(), "result": counted.why}
    if not counted.passed:
        facts["reason"] = f"集体讨论不通过：{counted.why}"[:500]
    facts["ballots"] = [_ballot(seat) for seat in seats]
    verb = "decide" if counted.passed else "turn_down"
    statutory_clocks.finish(row, statutory_clocks.running(row, "views.due"), on=on)
    lifecycle.move(row, verb, actor=actor, on=on, basis=counted.basis, **facts)
    return counted.passed


def _ballot(seat: Sat) -> dict[str, Any]:
    ballot = str(seat.ballot) if seat.ballot and not seat.recused else ""
    return {"user_id": seat.user_id, "name": seat.name, "ballot": ballot, "recused": seat.recused}


def _views(row: Blacklisting) -> ViewsFacts:
    notice = next(iter(letters.of(row, "blacklist_notice")), None)
    return ViewsFacts(
        family=row.place.kind.family,
        due_on=row.views_due_on,
        served_on=notice.served_on if notice else None,
        heard_on=row.heard_on,
    )


def enlist(row: Blacklisting, *, actor: Actor, on: date) -> None:
    """Put the subject on the list as the third person, for the term of the day, with its letter."""
    term = rule.term(on, row.act_ended_on)
    lifecycle.move(
        row, "list", actor=actor, on=on, basis=row.basis, approved_by_id=actor.id, listed_on=on,
        until=term.until, public_until=term.public_until,
    )  # fmt: skip
    told.listing(row, actor=actor, on=on)


def drop(row: Blacklisting, *, reason: str, actor: Actor, on: date) -> None:
    """Not listed after all, with the reason."""
    statutory_clocks.finish(row, statutory_clocks.running(row, "views.due"), on=on)
    lifecycle.move(row, "drop", actor=actor, on=on, reason=_said(reason, "不予列入"))


def request(
    row: Blacklisting, *, correction: str, corrected_on: date, actor: Actor, on: date
) -> None:
    """Ask to be taken off on a correction; the answer has its clock. Refused before the shortest time is over."""
    if row.state == S.LISTED and row.listed_on is not None:
        rule.check_request(row.listed_on, correction, corrected_on, on)
    lifecycle.move(
        row, "request", actor=actor, on=on, basis=rule.BASIS, correction=correction.strip(),
        corrected_on=corrected_on, requested_on=on, requested_by_id=actor.id,
    )  # fmt: skip
    statutory_clocks.start(row, rule.REMOVAL, on=on)


def remove(row: Blacklisting, *, actor: Actor, on: date) -> None:
    """Take the subject off on its correction: never whoever asked for it."""
    _off(row, "remove", RemovalCause.CORRECTED, actor=actor, on=on)


def revoke(row: Blacklisting, *, reason: str, actor: Actor, on: date) -> None:
    """Take the subject off because it should not have been listed."""
    said = _said(reason, "撤销列入")
    _off(row, "revoke", RemovalCause.REVOKED, actor=actor, on=on, reason=said)


def keep(row: Blacklisting, *, reason: str, actor: Actor, on: date) -> None:
    """Not taken off: the reason goes out in a letter, and it may be asked again."""
    said = _said(reason, "不予移出")
    statutory_clocks.finish(row, statutory_clocks.running(row, rule.REMOVAL), on=on)
    lifecycle.move(row, "keep", actor=actor, on=on, basis=rule.BASIS, reason=said)
    told.removal(row, granted=False, actor=actor, on=on)


def expire(key: int, day: date) -> Outcome:
    """The nightly removal at the end of the term; asked again under the lock."""
    row = session.get(Blacklisting, key, with_for_update=True, populate_existing=True)
    if (
        row is None
        or row.state not in ask.ON_LIST
        or not row.until
        or not rule.is_over(row.until, day)
    ):
        return Outcome()
    _off(row, "expire", RemovalCause.TERM, actor=SYSTEM, on=day)
    return Outcome(done=True)


def _off(
    row: Blacklisting, verb: str, cause: RemovalCause, *, actor: Actor, on: date, reason: str = ""
) -> None:
    statutory_clocks.finish(row, statutory_clocks.running(row, rule.REMOVAL), on=on)
    lifecycle.move(
        row, verb, actor=actor, on=on, basis=rule.BASIS, removed_on=on, cause=cause, reason=reason
    )
    told.removal(row, granted=True, actor=actor, on=on)


def _said(reason: str, what: str) -> str:
    if not reason.strip():
        raise Refused(f"{what}须写明理由。")
    return reason.strip()[:500]
