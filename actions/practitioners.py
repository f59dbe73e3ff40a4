"""登记备案: people registered at institutions by period. One file for life, whatever sites come and go."""

from __future__ import annotations

from datetime import date

import regulations
from actions import commitments, events, personal_files, qualification_measures, work_items
from database import session
from models import Institution, Practitioner, Registration
from models.sealed import blind_index
from queries import practitioners, registrations
from rules import registrations as rule
from rules.permissions import Actor, Permission, Role, require
from rules.persons import PractitionerRole
from rules.refusal import Refused
from rules.registrations import Person as Person


def register(
    institution: Institution, person: Person, *, actor: Actor, on: date, from_on: date | None = None
) -> Registration:
    """Register a person at an institution from a day (today unless said), making the file on the first time.

    Refused for a wrong code or ID number, for somebody whose file says otherwise, while barred, with a certificate
    that is over, when already registered there, for a principal who is not the one on record; and for an institution
    that goes further back than it may. After the bar it lifts the revocation.
    """
    require(actor, Permission.REGISTER_PRACTITIONER, institution)
    first, person = from_on or on, rule.tidy(person)
    kept = practitioners.by_id_index(blind_index(person.id_number), lock=True)
    if person.role is PractitionerRole.PHARMACY_PRINCIPAL:
        registrations.hold(
            institution.id
        )  # one principal at a time, also when two are entered at once
    _check(institution, person, kept, actor, first, on)
    row = kept or personal_files.open_file(person, institution.pooling_region)
    if kept is not None:
        personal_files.complete(kept, person, actor=actor, on=on)
    registration = Registration(
        practitioner=row,
        institution=institution,
        role=person.role,
        department=person.department,
        licence=registrations.licence_of(institution, person.role, first),
        first_place=not practitioners.sites(row.id, first),
        from_on=first,
    )
    session.add(registration)
    session.flush()
    qualification_measures.release(row.id, on=first)
    text = f"{row.name} {row.code}，{person.role.label}，{first} 起"
    events.record(
        registration, "register", "登记备案", actor=actor, on=on, text=text, practitioner=row.id, from_on=first
    )  # fmt: skip
    if person.committed_on:
        commitments.record(registration, signed_on=person.committed_on, actor=actor, on=on)
    return registration


def leave(registration: Registration, *, to_on: date, actor: Actor, on: date) -> None:
    """End a registration with its last day. Refused when over already, before it began, or for a day to come."""
    require(actor, Permission.REGISTER_PRACTITIONER, registration.institution)
    if registration.to_on is not None:
        raise Refused(f"该登记备案已于 {registration.to_on} 终止。")
    if not registration.from_on <= to_on <= on:
        raise Refused(
            "注销日期应在登记之后、今天之前（含当日）。", cure="请填写该人员在本机构的最后一日。"
        )
    registration.to_on = to_on
    work_items.settle("registration", registration.id, actor=actor, on=on)
    person = registration.practitioner
    events.record(
        registration, "leave", "注销登记备案", actor=actor, on=on,
        text=f"{person.name} {person.code}，最后一日 {to_on}", practitioner=person.id, to_on=to_on,
    )  # fmt: skip


def _check(
    institution: Institution,
    person: Person,
    kept: Practitioner | None,
    actor: Actor,
    first: date,
    on: date,
) -> None:
    law = regulations.at(on)
    if actor.role is Role.INSTITUTION and first < rule.earliest(on, law):
        back = law.staff.register_back
        raise Refused(
            f"机构自行登记备案最多追溯 {back.value} 日。",
            basis=back.basis,
            cure=f"起始日期请填写 {rule.earliest(on, law)} 或者以后；更早到岗的，请持劳动合同到经办机构登记。",
        )
    place = registrations.place(institution, person, first)
    known = registrations.known(person, kept, institution.id, first)
    against = rule.objection(person, place, known, first=first, on=on, law=law)
    if against is not None:
        raise against
