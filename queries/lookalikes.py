"""换壳 warning: an applicant that shares address, telephone, name or a person with one that was ended or refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select

from database import session
from models import Application, Institution, Office, Termination
from queries import bans
from rules import lookalikes, names
from rules.states import ApplicationState


def resembling(institution: Institution, day: date) -> list[tuple[Institution, str]]:
    """Institutions barred now, or ended or refused within the years of the parameter, that look alike; and in what.

    A warning, no ground: whatever is surely the same institution is found by its bans instead.
    """
    barred = {ban.institution_id for ban in bans.open_bans(day) if ban.institution_id}
    own_people = _people([institution.id])
    others = _suspects(institution, barred, day)
    people = _people([other.id for other in others])
    hits = []
    for other in others:
        if bans.is_again(other, institution) and other.id in barred:
            continue
        whys = _alike(institution, other)
        shared = own_people.keys() & people.keys()
        who = [own_people[key][0] for key in sorted(shared) if other.id in people[key][1]]
        whys += [f"同一人员（{name}）" for name in who]
        if whys:
            hits.append((other, "、".join(whys)))
    return hits


def _alike(one: Institution, other: Institution) -> list[str]:
    keys = (
        ("同名", names.bare_key(one.name), names.bare_key(other.name)),
        ("同一地址", names.address_key(one.address), names.address_key(other.address)),
        ("同一电话", names.phone_key(one.phone), names.phone_key(other.phone)),
    )
    return [word for word, mine, theirs in keys if mine and mine == theirs]


def _suspects(institution: Institution, barred: set[int], day: date) -> list[Institution]:
    since = lookalikes.looked_back_to(day)
    ended = select(Termination.institution_id).where(
        Termination.effective_on >= since, Termination.effective_on <= day
    )
    refused = select(Application.institution_id).where(
        Application.state == ApplicationState.DECLINED, Application.state_since >= since
    )
    near = Institution.pooling_region == institution.pooling_region
    query = select(Institution).where(
        Institution.id != institution.id,
        near,
        or_(
            Institution.id.in_(barred),
            Institution.id.in_(ended),
            Institution.id.in_(refused),
        ),
    )
    return list(session.scalars(query.order_by(Institution.id)))


def _people(ids: Iterable[int]) -> dict[str, tuple[str, set[int]]]:
    """ID index → (name, institutions) of everybody who ever held an office there."""
    found: dict[str, tuple[str, set[int]]] = {}
    for office in session.scalars(select(Office).where(Office.institution_id.in_(list(ids)))):
        _, places = found.setdefault(office.id_index, (office.name, set()))
        places.add(office.institution_id)
    return found
