"""Everything on record that refuses an application, and the check of all grounds one by one."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select

from database import session
from models import Application, Blacklisting, Institution, Office, Penalty, Untrustworthy
from queries import bans, blacklistings, conditions, offices, penalties
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
    listed = (*_untrustworthy(institution, day), *_blacklisted(institution, day))
    return (*found, *_penalties(institution, day), *listed)


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


def _blacklisted(institution: Institution, day: date) -> list[Hit]:
    """On the agency's own list: the institution itself (another case of the law), or a person in office."""
    own = blacklistings.of_institution(institution.id, day)
    held: dict[str, list[Office]] = {}
    for office in offices.in_office(institution.id, day):
        held.setdefault(office.id_index, []).append(office)
    people = blacklistings.of_people(list(held), day)
    article = grounds.basis("untrustworthy", family=institution.kind.family, on=day)
    found = [] if own is None else [_entry(own, "", own.basis, "blacklisted")]
    return found + [
        _entry(row, bans.roles(held[row.subject_index]), article, "untrustworthy") for row in people
    ]


def _entry(row: Blacklisting, role: str, basis: str, fact: str) -> Hit:
    who = f"{role}{row.person_name}" if role else "本机构"
    until = f"，期限至{cn(row.until)}" if row.until else ""
    return Hit(
        fact=fact,
        text=f"{who}被列入医疗保障严重失信主体名单（{row.number}）{until}。",
        basis=basis,
        cure="移出名单后再行申请" + ("，或者依法更换任职人员。" if role else "。"),
        since=row.listed_on,
        until=row.until,
        person=row.person_name if role else "",
        person_index=row.subject_index if role else "",
        role_here=role,
    )


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
