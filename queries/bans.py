"""Which bans refuse an application: of the institution, of what it was before, of its office holders anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select

from database import session
from models import Ban, Institution, Office
from queries import offices
from rules import bans
from rules.bans import BanFacts


@dataclass(frozen=True)
class BanHit:
    """`until` may lie in the past: then an obligation is what keeps the ban standing."""

    text: str
    basis: str
    until: date
    cure: str


def against(institution: Institution, day: date) -> tuple[BanHit, ...]:
    """Every standing ban that refuses an application of this institution on this day, the longest first.

    Found by the institution itself, by a closed one it re-registers (same 统一社会信用代码, or same name at the same
    address), and by the ID numbers of its present office holders in all three roles across all institutions.
    """
    found = {ban.id: _facts(ban, whose) for ban, whose in _concerning(institution, day)}
    standing = [facts for facts in found.values() if bans.stands(facts, day)]
    return tuple(_hit(facts, day) for facts in sorted(standing, key=_longest))


def against_persons(persons: Mapping[str, str], day: date) -> dict[int, BanHit]:
    """Standing bans of these persons anywhere, by the number of the ban. `persons`: blind index → who it is."""
    rows = session.scalars(select(Ban).where(Ban.person_index.in_(list(persons))).order_by(Ban.id))
    facts = {
        ban.id: _facts(ban, f"{persons[str(ban.person_index)]}{bans.ground_label(ban.ground)}")
        for ban in rows
    }
    return {key: _hit(one, day) for key, one in facts.items() if bans.stands(one, day)}


def open_bans(day: date) -> list[Ban]:
    """Every ban that stands on the day, for lists and the job of a later day."""
    rows = session.scalars(select(Ban).where(Ban.from_on <= day).order_by(Ban.until, Ban.id))
    return [ban for ban in rows if bans.stands(_facts(ban, ""), day)]


def resembling(institution: Institution, day: date) -> list[tuple[Institution, str]]:
    """Barred institutions that look alike without being the same for sure: same name or same address. A warning."""
    own_address, own_ids = (
        address_key(institution.address),
        {row.id for row in _former(institution)},
    )
    hits = []
    for other in _barred(institution.pooling_region, day):
        if other.id == institution.id or other.id in own_ids:
            continue
        if other.name_key == institution.name_key:
            hits.append((other, "同名"))
        elif own_address and address_key(other.address) == own_address:
            hits.append((other, "同一地址"))
    return hits


def address_key(address: str) -> str:
    """What equal addresses share: width, spaces and punctuation do not matter."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", address)).lower()


def _concerning(institution: Institution, day: date) -> list[tuple[Ban, str]]:
    former = {row.id: row for row in _former(institution)}
    holders = {row.id_index: row for row in offices.in_office(institution.id, day)}
    rows = session.scalars(
        select(Ban)
        .where(
            or_(
                Ban.institution_id.in_([institution.id, *former]),
                Ban.person_index.in_(list(holders)),
            )
        )
        .order_by(Ban.id)
    )
    return [(ban, _whose(ban, institution, former, holders)) for ban in rows]


def _whose(
    ban: Ban, institution: Institution, former: dict[int, Institution], holders: dict[str, Office]
) -> str:
    why = bans.ground_label(ban.ground)
    if ban.person_index is not None:
        holder = holders[ban.person_index]
        return f"{holder.role.label}{holder.name}{why}"
    if ban.institution_id == institution.id:
        return f"本机构{why}"
    return f"申请机构与原“{former[int(ban.institution_id or 0)].name}”为同一机构，后者{why}"


def _former(institution: Institution) -> list[Institution]:
    """Other rows that are this institution again: same code of the enterprise, or same name at the same address."""
    same_name = and_(
        Institution.name_key == institution.name_key,
        Institution.pooling_region == institution.pooling_region,
    )
    same = [same_name, Institution.uscc == institution.uscc] if institution.uscc else [same_name]
    rows = session.scalars(select(Institution).where(Institution.id != institution.id, or_(*same)))
    return [row for row in rows if _is_again(row, institution)]


def _is_again(row: Institution, institution: Institution) -> bool:
    if institution.uscc and row.uscc == institution.uscc:
        return True
    place = address_key(institution.address)
    return bool(place) and address_key(row.address) == place


def _barred(region: str, day: date) -> list[Institution]:
    ids = {ban.institution_id for ban in open_bans(day) if ban.institution_id}
    rows = session.scalars(
        select(Institution).where(Institution.id.in_(ids), Institution.pooling_region == region)
    )
    return list(rows)


def _facts(ban: Ban, whose: str) -> BanFacts:
    return BanFacts(
        ban.ground, ban.basis, ban.from_on, ban.until, whose, ban.obligation, ban.obligation_met_on
    )


def _hit(facts: BanFacts, day: date) -> BanHit:
    text, cure = bans.words(facts, day)
    return BanHit(text, facts.basis, facts.until, cure)


def _longest(facts: BanFacts) -> tuple[int, str]:
    return (-facts.until.toordinal(), facts.ground)
