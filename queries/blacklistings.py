"""严重失信主体名单: who is on it on a day, who may be proposed, and the list as pages show it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from database import session
from models import Blacklisting, Institution, Office, Practitioner, Registration, User
from queries import offices, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules.blacklistings import BlacklistSubject, RemovalCause
from rules.clocks import Light
from rules.collective import COUNCIL
from rules.lifecycle import BLACKLISTING
from rules.lifecycle import BlacklistingState as S
from rules.permissions import Actor, Role

ON_LIST = (S.LISTED, S.REMOVING)
WAS_LISTED = (*ON_LIST, S.REMOVED)
STATES = [(word, state.label) for word, state in BLACKLISTING.states.items()]
SUBJECTS = [(str(one), one.label) for one in BlacklistSubject]


def on_list(day: date) -> ColumnElement[bool]:
    """Listed on the day, by the dates alone: from `listed_on` to `until`, or to the day before the removal.

    An entry that was revoked because it was wrong counts on no day.
    """
    return and_(
        Blacklisting.state.in_(WAS_LISTED),
        Blacklisting.listed_on <= day,
        Blacklisting.until >= day,
        or_(Blacklisting.removed_on.is_(None), Blacklisting.removed_on > day),
        or_(Blacklisting.cause.is_(None), Blacklisting.cause != RemovalCause.REVOKED),
    )


def of_institution(institution_id: int, day: date) -> Blacklisting | None:
    """The entry of the institution itself."""
    query = select(Blacklisting).where(
        Blacklisting.place_id == institution_id,
        Blacklisting.subject == BlacklistSubject.INSTITUTION,
        on_list(day),
    )
    return session.scalar(query)


def of_people(indexes: Collection[str], day: date) -> list[Blacklisting]:
    """Entries of these people, whatever they were listed as and wherever."""
    query = select(Blacklisting).where(
        Blacklisting.subject_index.in_(indexes),
        Blacklisting.subject != BlacklistSubject.INSTITUTION,
        on_list(day),
    )
    return list(session.scalars(query.order_by(Blacklisting.id)))


def standing(subject_index: str) -> Blacklisting | None:
    """The entry of a subject that is on the list or on its way to it."""
    query = select(Blacklisting).where(
        Blacklisting.subject_index == subject_index,
        Blacklisting.state.not_in((S.REMOVED, S.DROPPED)),
    )
    return session.scalar(query)


def ending(day: date) -> list[int]:
    """Entries whose term is over by the day and which nobody has taken off."""
    query = select(Blacklisting.id).where(Blacklisting.state.in_(ON_LIST), Blacklisting.until < day)
    return list(session.scalars(query.order_by(Blacklisting.id)))


def office(institution_id: int, key: int | None) -> Office | None:
    return session.scalar(
        select(Office).where(Office.id == key, Office.institution_id == institution_id)
    )


def practitioner(institution_id: int, key: int | None) -> Practitioner | None:
    """Somebody who is or was registered at the institution."""
    query = select(Practitioner).join(Registration)
    query = query.where(Practitioner.id == key, Registration.institution_id == institution_id)
    return session.scalars(query.limit(1)).first()


def people(institution_id: int, day: date) -> dict[str, list[tuple[int, str]]]:
    """Who of an institution may be proposed: office holders, and people registered there."""
    holders = [
        (row.id, f"{row.name}（{row.role.label}）")
        for row in offices.in_office(institution_id, day)
    ]
    query = select(Practitioner.id, Practitioner.name, Practitioner.code).join(Registration)
    query = query.where(Registration.institution_id == institution_id).distinct()
    rows = session.execute(query.order_by(Practitioner.code))
    registered = [(key, f"{name}（{code}）") for key, name, code in rows]
    return {
        str(BlacklistSubject.LEGAL_REPRESENTATIVE): holders,
        str(BlacklistSubject.PRACTITIONER): registered,
    }


def council(row: Blacklisting) -> list[User]:
    """Who may sit in the group about it: the agency's staff of the region without whoever proposed it."""
    query = select(User).where(
        User.role.in_(COUNCIL),
        User.pooling_region == row.pooling_region,
        User.disabled_on.is_(None),
        User.id != row.recorded_by_id,
    )
    return list(session.scalars(query.order_by(User.id)))


def page(actor: Actor, ask: Asked) -> tuple[list[Blacklisting], Page]:
    """Entries in the actor's scope, newest first."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Blacklisting.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = select(Blacklisting).join(Institution, Institution.id == Blacklisting.place_id)
    query = scope.visible(query, actor, Institution.pooling_region, Blacklisting.place_id)
    query = query.where(*named(ask, Blacklisting.number, Blacklisting.person_name), *of_family(ask))
    if actor.role is Role.INSTITUTION:
        query = query.where(Blacklisting.subject == BlacklistSubject.INSTITUTION)
    if ask.word("state") in BLACKLISTING.states:
        query = query.where(Blacklisting.state == ask.word("state"))
    if ask.word("subject"):
        query = query.where(Blacklisting.subject == ask.word("subject"))
    return query


def of_place(institution_id: int) -> list[Blacklisting]:
    """Every entry of the institution itself, newest first, once it has been told."""
    query = select(Blacklisting).where(
        Blacklisting.place_id == institution_id,
        Blacklisting.subject == BlacklistSubject.INSTITUTION,
        Blacklisting.views_due_on.is_not(None),
    )
    return list(session.scalars(query.order_by(Blacklisting.id.desc())))


def badge(row: Blacklisting) -> Light:
    shown = BLACKLISTING.states[row.state]
    return Light(shown.light, shown.label)
