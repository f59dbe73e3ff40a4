"""Entries of the list of serious dishonesty, and credit pledges, in every stage; made by their actions."""

from __future__ import annotations

from datetime import date

from actions import blacklistings, credit_pledges
from actions.blacklistings import Given, Sat
from database import session
from models import Blacklisting, CreditPledge, Institution, Office
from rules.blacklistings import BlacklistSubject as Who
from rules.collective import Ballot
from rules.permissions import Actor, Role
from tests import factories
from tests import factories_practitioner as people

GROUND = {Who.INSTITUTION: "fraud", Who.LEGAL_REPRESENTATIVE: "responsible", Who.PRACTITIONER: "part", Who.INSURED: "person"}  # fmt: skip
STAGES = ("proposed", "noticed", "decided", "listed", "removing", "removed")
DAY = date(2026, 6, 1)
ENDED = date(2025, 3, 31)
YEAR_BEFORE = date(
    2025, 6, 2
)  # for what is asked for later: the days of next year are not known yet
COUNCIL = (Role.CHIEF, Role.LEADER, Role.FINANCE)


def given(place: Institution, who: Who = Who.INSTITUTION, **changes) -> Given:
    said = {"subject": who, "ground": GROUND[who], "facts_text": "虚记服务 46 人次。", "act_ended_on": ENDED}  # fmt: skip
    if who is Who.LEGAL_REPRESENTATIVE:
        said["person"] = session.query(Office).filter_by(institution_id=place.id).first().id
    if who is Who.PRACTITIONER:
        person = people.person()
        people.registered(person, place)
        said["person"] = person.id
    if who is Who.INSURED:
        said |= {"name": "样例参保人", "id_number": factories.id_number(place.id + 5000)}
    return Given(**(said | changes))


def proposed(
    kind: str,
    staff: dict[Role, Actor],
    who: Who = Who.INSTITUTION,
    *,
    place=None,
    on=DAY,
    **changes,
) -> Blacklisting:
    place = place or factories.institution(kind)
    row = blacklistings.propose(
        place, given(place, who, **changes), actor=staff[Role.INSPECTOR], on=on
    )
    session.flush()
    return row


def seats(staff: dict[Role, Actor], ballot: Ballot = Ballot.FOR) -> list[Sat]:
    return [Sat(staff[role].id, staff[role].name, ballot) for role in COUNCIL]


def reached(
    kind: str, staff: dict[Role, Actor], stage: str, who: Who = Who.INSTITUTION, *, on=None, **more
) -> Blacklisting:
    """An entry on its way to the stage, all of it on one day but the request, which comes a year later."""
    on = on or (YEAR_BEFORE if stage in ("removing", "removed") else DAY)
    row = proposed(kind, staff, who, on=on, **more)
    if stage == "proposed":
        return row
    blacklistings.notify(row, actor=staff[Role.REVIEWER], on=on)
    if stage == "noticed":
        return row
    blacklistings.hear(row, text="系统操作失误。", actor=staff[Role.CLERK], on=on)
    chief = staff[Role.CHIEF]
    blacklistings.decide(row, seats(staff), minutes="事实清楚。", actor=chief, on=on)
    if stage == "decided":
        return row
    blacklistings.enlist(row, actor=staff[Role.LEADER], on=on)
    if stage == "listed":
        return row
    later = date(on.year + 1, on.month, on.day)
    said = {"correction": "已全额退款。", "corrected_on": on}
    blacklistings.request(row, **said, actor=staff[Role.CLERK], on=later)
    if stage == "removed":
        blacklistings.remove(row, actor=staff[Role.REVIEWER], on=later)
    return row


def signed(place: Institution, *, actor: Actor, on=DAY) -> CreditPledge:
    row = credit_pledges.sign(place, signer="样例代表人", signed_on=on, actor=actor, on=on)
    session.flush()
    return row


def alleged(place: Institution, staff: dict[Role, Actor], *, on=DAY) -> CreditPledge:
    row = signed(place, actor=staff[Role.CLERK], on=on)
    credit_pledges.allege(
        row, facts_text="没有按期整改。", found_on=on, evidence="ZG2026000001", actor=staff[Role.CLERK], on=on
    )  # fmt: skip
    return row


def breached(place: Institution, staff: dict[Role, Actor], *, on=DAY) -> CreditPledge:
    row = alleged(place, staff, on=on)
    credit_pledges.confirm(row, actor=staff[Role.REVIEWER], on=on)
    return row
