"""Which bans refuse an application: of the institution, of what it was before, of its office holders anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from database import session
from models import Ban, Institution, Office, Termination
from queries import offices
from rules import bans, names
from rules.bans import BanFacts
from rules.evaluation import SECOND_FAIL
from rules.grounds import Hit


def against(institution: Institution, day: date) -> tuple[Hit, ...]:
    """Every standing ban that refuses an application of this institution on this day, the longest first.

    Found by the institution itself, by a closed one it re-registers (same 统一社会信用代码, or same name at the same
    address, however they are written), and by the ID numbers of its present office holders in all three roles across
    all institutions.
    """
    found = _of_institution(institution, day) + _of_persons(institution, day)
    standing = [one for one in found if bans.stands(one.facts, day)]
    return tuple(_hit(one, day) for one in sorted(standing, key=_longest))


def against_persons(persons: Mapping[str, str], day: date) -> dict[int, Hit]:
    """Standing bans of these persons anywhere, by the number of the ban. `persons`: blind index → who it is."""
    rows = session.scalars(select(Ban).where(Ban.person_index.in_(list(persons))).order_by(Ban.id))
    found = [
        _Found(ban, _facts(ban, f"{persons[str(ban.person_index)]}{bans.ground_label(ban.ground)}"))
        for ban in rows
    ]
    return {one.ban.id: _hit(one, day) for one in found if bans.stands(one.facts, day)}


def second_fail(institution_id: int, day: date) -> Ban | None:
    """The ban after a second failed evaluation that stands on the day: nobody may apply under it at all."""
    query = select(Ban).where(
        Ban.institution_id == institution_id, Ban.ground == SECOND_FAIL, Ban.until >= day
    )
    return session.scalar(query.order_by(Ban.until.desc()))


def open_bans(day: date) -> list[Ban]:
    """Every ban that stands on the day, for lists."""
    rows = session.scalars(select(Ban).where(Ban.from_on <= day).order_by(Ban.until, Ban.id))
    return [ban for ban in rows if bans.stands(_facts(ban, ""), day)]


def ending(day: date) -> list[int]:
    """Bans that stand no longer on the day and were not noted yet."""
    met = or_(Ban.obligation == "", Ban.obligation_met_on <= day)
    query = select(Ban.id).where(Ban.ended_on.is_(None), Ban.until < day, met)
    return list(session.scalars(query.order_by(Ban.until, Ban.id)))


def facts(ban: Ban) -> BanFacts:
    """What the rules judge, whoever the ban concerns."""
    return _facts(ban, "")


def is_again(row: Institution, institution: Institution) -> bool:
    """Is this row the same institution under another number: same enterprise, or same name at the same address?"""
    if (
        row.uscc
        and institution.uscc
        and names.name_key(row.uscc) == names.name_key(institution.uscc)
    ):
        return True
    place = names.address_key(institution.address)
    same_name = names.bare_key(row.name) == names.bare_key(institution.name)
    return bool(place) and same_name and names.address_key(row.address) == place


@dataclass(frozen=True)
class _Found:
    """A ban with whom it concerns here, and where it comes from."""

    ban: Ban
    facts: BanFacts
    holders: tuple[Office, ...] = ()


def _of_institution(institution: Institution, day: date) -> list[_Found]:
    """Bans of the region's institutions, and of the same enterprise anywhere; which is the same is told by the keys."""
    query = select(Ban, Institution).join(Institution, Ban.institution_id == Institution.id)
    near = Institution.pooling_region == institution.pooling_region
    same = or_(near, Institution.uscc == institution.uscc) if institution.uscc else near
    rows = session.execute(query.where(Ban.from_on <= day, same).order_by(Ban.id))
    found = []
    for ban, other in rows:
        why = bans.ground_label(ban.ground)
        if other.id == institution.id:
            found.append(_Found(ban, _facts(ban, f"本机构{why}")))
        elif is_again(other, institution):
            whose = f"申请机构与原“{other.name}”为同一机构，后者{why}"
            found.append(_Found(ban, _facts(ban, whose)))
    return found


def _of_persons(institution: Institution, day: date) -> list[_Found]:
    holders = defaultdict(list)
    for office in offices.in_office(institution.id, day):
        holders[office.id_index].append(office)
    query = select(Ban).where(Ban.person_index.in_(list(holders))).order_by(Ban.id)
    found = []
    for ban in session.scalars(query):
        here = tuple(holders[str(ban.person_index)])
        whose = f"{roles(here)}{here[0].name}{bans.ground_label(ban.ground)}"
        found.append(_Found(ban, _facts(ban, whose), here))
    return found


def roles(held: tuple[Office, ...] | list[Office]) -> str:
    """The roles a person holds, each once."""
    return "、".join(dict.fromkeys(office.role.label for office in held))


def _facts(ban: Ban, whose: str) -> BanFacts:
    return BanFacts(
        ban.ground, ban.basis, ban.from_on, ban.until, whose, ban.obligation, ban.obligation_met_on
    )


def _hit(found: _Found, day: date) -> Hit:
    text, cure = bans.words(found.facts, day)
    there, role_there = _there(found.ban)
    return Hit(
        fact=found.ban.ground,
        text=text,
        basis=found.facts.basis,
        cure=cure,
        since=found.facts.from_on,
        until=found.facts.until,
        owed=bans.owed(found.facts, day),
        person=found.holders[0].name if found.holders else "",
        person_index=found.ban.person_index or "",
        role_here=roles(found.holders),
        there=there.name if there else "",
        there_id=there.id if there else None,
        role_there=role_there,
    )


def _there(ban: Ban) -> tuple[Institution | None, str]:
    """The institution whose agreement was ended, and what the person was there."""
    ended = session.get(Termination, ban.termination_id) if ban.termination_id else None
    if ended is None:
        own = session.get(Institution, ban.institution_id) if ban.institution_id else None
        return own, ""
    place: Institution = ended.institution
    query = select(Office).where(
        Office.institution_id == place.id, Office.id_index == (ban.person_index or "")
    )
    return place, roles(list(session.scalars(query.order_by(Office.id))))


def _longest(found: _Found) -> tuple[int, str]:
    return (-found.facts.until.toordinal(), found.facts.ground)
