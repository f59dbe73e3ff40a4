"""登记备案: what is on record about a person and a place, as the rules of registration ask for it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select

from database import session
from models import Institution, Licence, Office, Practitioner, Registration, WorkItem
from models.sealed import blind_index
from queries import commitments, offices, practitioners
from rules import licences as licence_rule
from rules.persons import OfficeRole, PractitionerRole
from rules.registrations import LICENCE, Filed, Known, Person, Place

PRINCIPAL = PractitionerRole.PHARMACY_PRINCIPAL


def hold(institution_id: int) -> None:
    """Hold the institution until the transaction ends, so that two registrations there queue."""
    session.get(Institution, institution_id, with_for_update=True, populate_existing=True)


def known(person: Person, kept: Practitioner | None, institution_id: int, first: date) -> Known:
    """What is on record of a person about to be registered. `kept`: the file of the same ID number."""
    if kept is None:
        return Known(code_of_another=practitioners.by_code(person.code) is not None)
    query = select(Registration.from_on, Registration.to_on).where(
        Registration.practitioner_id == kept.id, Registration.institution_id == institution_id
    )
    return Known(
        filed=Filed(kept.code, kept.name, kept.licence_valid_to),
        standing=practitioners.status(kept, first),
        periods=[(row.from_on, row.to_on) for row in session.execute(query)],
    )


def place(institution: Institution, person: Person, first: date) -> Place:
    """The institution as the rules ask for it; who its principal is only where that matters."""
    kind = institution.kind
    if person.role is not PRINCIPAL:
        return Place(institution.name, kind.label, kind.family)
    return Place(
        name=institution.name,
        kind_label=kind.label,
        family=kind.family,
        principal=is_principal(institution.id, blind_index(person.id_number), first),
        rival=_rival(institution.id, blind_index(person.id_number), first),
    )


def is_principal(institution_id: int, id_index: str, day: date) -> bool | None:
    """Is this the principal on record that day? None where nobody with an ID number is."""
    query = select(Office.id_index).where(
        Office.institution_id == institution_id,
        Office.role == OfficeRole.PRINCIPAL,
        Office.id_index != "",
        offices.on_day(day),
    )
    found = list(session.scalars(query))
    return id_index in found if found else None


def _rival(institution_id: int, id_index: str, day: date) -> str:
    query = (
        select(Practitioner.name)
        .join(Registration, Registration.practitioner_id == Practitioner.id)
        .where(
            Registration.institution_id == institution_id,
            acting_as(PRINCIPAL),
            or_(Registration.to_on.is_(None), Registration.to_on >= day),
            Practitioner.id_index != id_index,
        )
    )
    return session.scalar(query.limit(1)) or ""


def acting_as(role: PractitionerRole) -> ColumnElement[bool]:
    """Registrations with this role at the site; needs `Practitioner` in the query."""
    own = Registration.role.is_(None) & (Practitioner.role == role)
    return or_(Registration.role == role, own)


def licence_of(institution: Institution, role: PractitionerRole, day: date) -> Licence | None:
    """The 药品经营许可证 valid on the day that names the principal; nothing for other roles."""
    if role is not PRINCIPAL:
        return None
    query = select(Licence).where(
        Licence.institution_id == institution.id,
        Licence.kind == LICENCE,
        Licence.valid_from <= day,
        or_(Licence.valid_to.is_(None), Licence.valid_to >= day),
        or_(Licence.revoked_on.is_(None), Licence.revoked_on > day),
    )
    return session.scalar(query.order_by(Licence.valid_from.desc(), Licence.id.desc()).limit(1))


def places_of(practitioner_id: int) -> list[Institution]:
    """Every institution the person is registered at and has not left."""
    query = (
        select(Institution)
        .join(Registration, Registration.institution_id == Institution.id)
        .where(Registration.practitioner_id == practitioner_id, Registration.to_on.is_(None))
        .distinct()
    )
    return list(session.scalars(query.order_by(Institution.id)))


def of_institution(institution_id: int, *, on: date | None = None) -> list[Registration]:
    """Registrations of an institution, those still there first; with `on` only those of that day."""
    query = select(Registration).join(Practitioner)
    query = query.where(Registration.institution_id == institution_id)
    if on is not None:
        query = query.where(practitioners.registered_on(on))
    order = (Registration.to_on.is_not(None), Practitioner.code, Registration.from_on.desc())
    return list(session.scalars(query.order_by(*order)))


def doubts(registration: Registration, *, on: date) -> list[str]:
    """What no longer fits although the registration stands; said, never acted on."""
    person, said = registration.practitioner, []
    if person.licence_valid_to and person.licence_valid_to < on:
        said.append(f"执业证书已于 {person.licence_valid_to} 到期")
    if registration.acts_as is PRINCIPAL:
        holder = is_principal(registration.institution_id, person.id_index, on)
        said += ["不是现任主要负责人"] if holder is False else []
        if licence_of(registration.institution, PRINCIPAL, on) is None:
            said.append(f"机构没有登记有效的{LICENCE}")
    return said


def ending(day: date) -> list[int]:
    """Registrations of today whose person's certificate ends within the first step of the warning."""
    last = day + timedelta(days=licence_rule.steps(day)[0])
    query = (
        select(Registration.id)
        .join(Practitioner)
        .where(Practitioner.licence_valid_to.between(day, last), practitioners.registered_on(day))
    )
    return list(session.scalars(query.order_by(Registration.id)))


def uncommitted(institution_id: int, day: date) -> list[Registration]:
    """Registrations of today for which nobody handed in a commitment, oldest first."""
    query = select(Registration).where(
        Registration.institution_id == institution_id,
        practitioners.registered_on(day),
        commitments.missing(),
    )
    return list(session.scalars(query.order_by(Registration.from_on, Registration.id)))


def waits(registration_id: int) -> bool:
    """Is a clerk asked to remind the institution of the certificate?"""
    query = select(WorkItem.id).where(
        WorkItem.subject == "registration",
        WorkItem.subject_id == registration_id,
        WorkItem.done.is_(False),
    )
    return session.scalar(query.limit(1)) is not None


def held_person(registration: Registration) -> Practitioner:
    """The person's file, held until the transaction ends."""
    return session.get_one(
        Practitioner, registration.practitioner_id, with_for_update=True, populate_existing=True
    )


def here(practitioner_ids: list[int], institution_id: int, day: date) -> dict[int, Registration]:
    """Each person's registration of the day at the institution."""
    query = select(Registration).where(
        Registration.practitioner_id.in_(practitioner_ids),
        Registration.institution_id == institution_id,
        practitioners.registered_on(day),
    )
    return {row.practitioner_id: row for row in session.scalars(query)}
