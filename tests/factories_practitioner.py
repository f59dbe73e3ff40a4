"""Practitioners, registrations and recorded deductions for tests; names are obviously invented."""

from __future__ import annotations

import itertools
from datetime import date

from sqlalchemy import select

from actions import deductions
from database import session
from models import Deduction, Institution, Office, Penalty, Practitioner, Registration
from models.sealed import blind_index
from rules.permissions import Actor
from rules.persons import OfficeRole, PractitionerRole
from tests import factories

_serial = itertools.count(1)
SERVING = "示服务"
JUNE = date(2026, 6, 1)
ITEM_OF = {1: "light_other", 4: "heavier_other", 7: "serious_other", 10: "worst_other"}


def person(role: PractitionerRole = PractitionerRole.PHYSICIAN, **values) -> Practitioner:
    number = next(_serial)
    row = Practitioner(
        **{
            "code": f"D{factories.REGION}{number:06d}",
            "name": f"样例{number}",
            "role": role,
            "id_index": blind_index(f"sample-{number}"),
            "pooling_region": factories.REGION,
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row


def headed_by(institution: Institution, number: str) -> Institution:
    """The institution, with the holder of this ID number as its principal on record."""
    query = select(Office).where(
        Office.institution_id == institution.id, Office.role == OfficeRole.PRINCIPAL
    )
    session.scalars(query).one().id_index = blind_index(number)
    session.flush()
    return institution


def registered(
    practitioner: Practitioner, institution: Institution, *, from_on=date(2024, 1, 1), to_on=None
):
    row = Registration(
        practitioner=practitioner, institution=institution, from_on=from_on, to_on=to_on
    )
    session.add(row)
    session.flush()
    return row


def practitioner(
    kind: str = "hospital", institution: Institution | None = None
) -> tuple[Practitioner, Institution]:
    """A physician registered at a hospital, or the principal of a pharmacy."""
    role = PractitionerRole.PHARMACY_PRINCIPAL if kind == "pharmacy" else PractitionerRole.PHYSICIAN
    place = institution or factories.institution(kind)
    row = person(role)
    registered(row, place)
    return row, place


def serving(place: Institution) -> Practitioner:
    """Somebody registered there since 2019, the same for the whole test."""
    query = (
        select(Practitioner)
        .join(Registration)
        .where(Registration.institution_id == place.id, Practitioner.name == SERVING)
    )
    found = session.scalar(query)
    if found is None:
        role = PractitionerRole.PHYSICIAN
        if place.kind.family == "pharmacy":
            role = PractitionerRole.PHARMACY_PRINCIPAL
        found = person(role, name=SERVING)
        registered(found, place, from_on=date(2019, 1, 1))
    return found


def penalty(place: Institution, decided_on: date = JUNE, **values) -> Penalty:
    """A registered penalty of the institution, performed in time, on every article that an item presupposes."""
    row = Penalty(
        **{
            "institution_id": place.id,
            "pooling_region": place.pooling_region,
            "number": f"示罚〔{decided_on.year}〕{next(_serial)}号",
            "authority": "示例局",
            "article": "《医疗保障基金使用监督管理条例》第三十八条、第三十九条、第四十条",
            "decided_on": decided_on,
            "due_on": decided_on,
            "performed_on": decided_on,
            "performed_proof": "示例缴款凭证",
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row


def item_of(points: int) -> str:
    """The item of the band that so many points lie in."""
    return ITEM_OF[max((first for first in ITEM_OF if first <= points), default=1)]


def recorded(
    row: Practitioner,
    place: Institution,
    points: int,
    recorder: Actor,
    *,
    decided_on: date = JUNE,
    on: date | None = None,
    **values,
) -> Deduction:
    """A deduction waiting for confirmation, of the band its points lie in, on a penalty of its own."""
    given = {
        "item": item_of(points),
        "responsibility": "main",
        "conduct_on": decided_on,
        "basis": values.get("basis") or penalty(place, decided_on),
        "facts_text": "示例事实",
        **values,
    }
    return deductions.record(
        row, place, points=points, actor=recorder, on=on or decided_on, **given
    )
