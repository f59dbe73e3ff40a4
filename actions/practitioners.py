"""登记备案: people registered at institutions by period. One file for life, whatever sites come and go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

import regulations
from actions import events, qualification_measures
from database import session
from models import Institution, Practitioner, Registration
from models.sealed import blind_index
from queries import practitioners
from rules import codes, names
from rules.permissions import Actor, Permission, require
from rules.persons import PractitionerRole, is_kept_at
from rules.qualification import Status
from rules.refusal import Refused


@dataclass(frozen=True)
class Person:
    """Who is to be registered, as typed in."""

    code: str
    name: str
    role: PractitionerRole
    id_number: str
    licence_number: str = ""
    licence_valid_to: date | None = None


def register(
    institution: Institution, person: Person, *, actor: Actor, on: date, from_on: date | None = None
) -> Registration:
    """Register a person at an institution from a day (today unless said), making the file on the first time.

    Refused for a wrong code or ID number, for somebody whose file says otherwise, while barred, with a licence that
    is over, and when already registered there. After the bar it lifts the revocation.
    """
    require(actor, Permission.REGISTER_PRACTITIONER, institution)
    first = from_on or on
    if first > on:
        raise Refused("登记备案的起始日期晚于今天。", cure="请在到岗以后登记。")
    _check_role(person.role, institution)
    row = _file_of(person, institution, on)
    _check_standing(row, first)
    _check_free(row, institution, first)
    registration = Registration(
        practitioner=row,
        institution=institution,
        first_place=not practitioners.sites(row.id, first),
        from_on=first,
    )
    session.add(registration)
    session.flush()
    qualification_measures.release(row.id, on=first)
    title = f"{institution.name}登记备案"
    events.record(
        row, "register", title, actor=actor, on=on, institution=institution.id, from_on=first
    )
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
    title = f"{registration.institution.name}注销登记备案"
    events.record(
        registration.practitioner, "leave", title, actor=actor, on=on, institution=registration.institution_id,
        to_on=to_on,
    )  # fmt: skip


def _check_role(role: PractitionerRole, institution: Institution) -> None:
    if not is_kept_at(role, institution.kind.family):
        raise Refused(
            f"{institution.kind.label}不登记备案“{role.label}”。",
            cure="定点医疗机构登记医师、护士、药学、技术和费用审核人员，定点零售药店登记主要负责人和药学人员。",
        )


def _file_of(person: Person, institution: Institution, on: date) -> Practitioner:
    """The person's one file, found by ID number; made when there is none."""
    code, number = codes.tidy(person.code), codes.tidy(person.id_number)
    law = regulations.at(on)
    fault = codes.resident_id_fault(number, law) or codes.practitioner_code_fault(
        code, law, person.role
    )
    if fault or not person.name.strip():
        raise Refused(fault or "没有填写姓名。", cure="请核对证件和编码后重新填写。")
    if person.licence_valid_to and person.licence_valid_to < on:
        raise Refused(f"执业证书已于 {person.licence_valid_to} 到期。", cure="请先延续执业证书。")
    kept = practitioners.by_id_index(blind_index(number), lock=True)
    if kept is None:
        return _new_file(person, code, number, institution)
    if (kept.code, kept.name) != (code, names.clean_name(person.name)):
        raise Refused(
            "该证件号码已有档案，姓名或者编码与所填不一致。", cure="请核对姓名和人员编码。"
        )
    return kept


def _new_file(person: Person, code: str, number: str, institution: Institution) -> Practitioner:
    if practitioners.by_code(code) is not None:
        raise Refused(f"人员编码“{code}”已属于他人。", cure="请核对人员编码和证件号码。")
    name = names.clean_name(person.name)
    row = Practitioner(
        code=code,
        name=name,
        pinyin=names.initials(name)[:64],
        role=person.role,
        id_number=number,
        id_index=blind_index(number),
        licence_number=person.licence_number.strip(),
        licence_valid_to=person.licence_valid_to,
        pooling_region=institution.pooling_region,
    )
    session.add(row)
    session.flush()
    return row


def _check_standing(row: Practitioner, first: date) -> None:
    standing = practitioners.status(row, first)
    if standing.status is Status.REVOKED and standing.until and first <= standing.until:
        raise Refused(
            f"{row.name}的医保支付资格已终止，{standing.until} 以前（含当日）不得再次登记备案。",
            basis=standing.basis,
            cure=f"请在 {standing.until} 之后再申请登记备案。",
        )


def _check_free(row: Practitioner, institution: Institution, first: date) -> None:
    query = select(Registration.id).where(
        Registration.practitioner_id == row.id,
        Registration.institution_id == institution.id,
        Registration.to_on.is_(None) | (Registration.to_on >= first),
    )
    if session.scalar(query.limit(1)) is not None:
        raise Refused(
            f"{row.name}在{institution.name}的登记备案期间重叠。", cure="请核对登记的起止日期。"
        )
