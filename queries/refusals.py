"""Everything on record that refuses an application, and the check of all grounds one by one."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select

from database import session
from models import Application, Institution, Office, Penalty, Untrustworthy
from queries import bans, conditions, offices, penalties
from rules import grounds
from rules.grounds import Ground, Hit
from rules.words import cn


def check(application: Application, day: date) -> list[Ground]:
    """Every ground with its result: facts on record, and what a person found."""
    institution = application.institution
    return grounds.check(
        hits(institution, day),
        conditions.said(application.id),
        family=institution.kind.family,
        on=day,
    )


def hits(institution: Institution, day: date) -> tuple[Hit, ...]:
    """Standing bans (longest first), unperformed penalties, persons on the list of the untrustworthy."""
    found = bans.against(institution, day)
    return (*found, *_penalties(institution, day), *_untrustworthy(institution, day))


class Holder(NamedTuple):
    """A present office holder, with what the check of the person came to and where else the person was in office."""

    name: str
    roles: str
    hits: tuple[Hit, ...]
    elsewhere: tuple[str, ...]


def holders(institution: Institution, day: date) -> list[Holder]:
    """Person by person: role here, hits, and every office ever held in another institution."""
    found = hits(institution, day)
    people: dict[str, list[Office]] = {}
    for office in offices.in_office(institution.id, day):
        people.setdefault(office.id_index, []).append(office)
    past = _elsewhere(institution, list(people))
    return [
        Holder(
            name=held[0].name,
            roles=bans.roles(held),
            hits=tuple(h for h in found if h.person_index == key),
            elsewhere=tuple(past.get(key, ())),
        )
        for key, held in people.items()
    ]


def _elsewhere(institution: Institution, keys: list[str]) -> dict[str, list[str]]:
    query = select(Office).where(Office.id_index.in_(keys), Office.institution_id != institution.id)
    past: dict[str, list[str]] = {}
    for row in session.scalars(query.order_by(Office.from_on, Office.id)):
        until = row.to_on or "至今"
        words = f"{row.institution.name} {row.role.label}（{row.from_on} 至 {until}）"
        past.setdefault(row.id_index, []).append(words)
    return past


def _penalties(institution: Institution, day: date) -> list[Hit]:
    article = grounds.basis("penalty", family=institution.kind.family, on=day)
    return [_unperformed(row, article) for row in penalties.unperformed(institution.id, day)]


def _unperformed(row: Penalty, basis: str) -> Hit:
    return Hit(
        fact="penalty",
        text=f"{row.authority}{cn(row.decided_on)}作出的行政处罚（{row.number}）"
        f"应于{cn(row.due_on)}前履行，至今没有履行。",
        basis=basis,
        cure="履行完毕并提交凭证。",
        since=row.decided_on,
        owed=row.number,
    )


def _untrustworthy(institution: Institution, day: date) -> list[Hit]:
    article = grounds.basis("untrustworthy", family=institution.kind.family, on=day)
    holders: dict[str, list[Office]] = {}
    for office in offices.in_office(institution.id, day):
        holders.setdefault(office.id_index, []).append(office)
    query = select(Untrustworthy).where(
        Untrustworthy.person_index.in_(list(holders)),
        Untrustworthy.listed_on <= day,
        or_(Untrustworthy.removed_on.is_(None), Untrustworthy.removed_on > day),
    )
    return [
        _listed(row, holders[row.person_index], article)
        for row in session.scalars(query.order_by(Untrustworthy.id))
    ]


def _listed(row: Untrustworthy, held: list[Office], basis: str) -> Hit:
    here = bans.roles(held)
    return Hit(
        fact="untrustworthy",
        text=f"{here}{held[0].name}自{cn(row.listed_on)}起被列入失信人名单（{row.number}）。",
        basis=basis,
        cure="移出名单后再行申请，或者依法更换任职人员。",
        since=row.listed_on,
        person=held[0].name,
        person_index=row.person_index,
        role_here=here,
        there=row.authority,
    )
