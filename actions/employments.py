"""人员与劳动合同: the people on whom the conditions of an application rest, entered by the institution or a clerk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

import regulations
from actions import events
from database import session
from models import Employment, Institution
from models.sealed import blind_index
from rules import codes, names
from rules.permissions import Actor, Permission, require
from rules.persons import EmploymentRole, employment_roles
from rules.refusal import Refused

CURE = "请核对证件和劳动合同后重新填写。"


@dataclass(frozen=True)
class Contract:
    """What is stated about one person. `contract_to` empty: a contract without an end."""

    role: EmploymentRole
    name: str
    id_number: str
    certificate: str = ""
    certificate_number: str = ""
    registered_here: bool = False
    full_time: bool = False
    contract_from: date | None = None
    contract_to: date | None = None


def employ(institution: Institution, given: Contract, *, actor: Actor, on: date) -> Employment:
    """Put a person with contract on record.

    Refused for a role this kind of institution has not, a wrong ID number, days that cannot be, and for somebody who
    is on record in the same role.
    """
    require(actor, Permission.STATE_EMPLOYMENT, institution)
    number, name = _checked(institution, given, on)
    index = blind_index(number)
    _check_free(institution, given.role, index)
    row = Employment(
        institution=institution,
        role=given.role,
        name=name,
        id_number=number,
        id_index=index,
        certificate=names.clean(given.certificate),
        certificate_number=codes.tidy(given.certificate_number),
        registered_here=given.registered_here,
        full_time=given.full_time,
        contract_from=given.contract_from,
        contract_to=given.contract_to,
        recorded_on=on,
        recorded_by_id=actor.id,
    )
    session.add(row)
    session.flush()
    until = given.contract_to or "无固定期限"
    text = f"{given.role.label}{name}，劳动合同 {given.contract_from} 至 {until}"
    events.record(row, "employ", "登记人员与劳动合同", actor=actor, on=on, text=text)
    return row


def renew(row: Employment, *, contract_to: date | None, actor: Actor, on: date) -> None:
    """The same contract goes on until another day (empty: without an end). Refused when it would become shorter."""
    require(actor, Permission.STATE_EMPLOYMENT, row)
    _check_present(row)
    if row.contract_to is None or (contract_to is not None and contract_to <= row.contract_to):
        raise Refused(
            "续签后的截止日期应当晚于原合同。",
            cure="合同提前终止的，请登记离职；换签新合同的，登记离职后重新登记。",
        )
    before, row.contract_to = row.contract_to, contract_to
    text = f"{row.name}：{before} → {contract_to or '无固定期限'}"
    events.record(row, "renew", "续签劳动合同", actor=actor, on=on, text=text)


def leave(row: Employment, *, left_on: date, actor: Actor, on: date) -> None:
    """The person's last day here. Refused twice, before the contract began, and for a day to come."""
    require(actor, Permission.STATE_EMPLOYMENT, row)
    _check_present(row)
    if not row.contract_from <= left_on <= on:
        raise Refused("离职日期应在合同起始之后、今天之前（含当日）。", cure=CURE)
    row.left_on = left_on
    text = f"{row.role.label}{row.name}，最后一日 {left_on}"
    events.record(row, "leave", "登记离职", actor=actor, on=on, text=text)


def name_department(institution: Institution, name: str, *, actor: Actor, on: date) -> None:
    """The institution's own department for medical security; an empty name says there is none."""
    require(actor, Permission.STATE_EMPLOYMENT, institution)
    before, institution.insurance_department = institution.insurance_department, names.clean(name)
    if before != institution.insurance_department:
        text = f"{before or '无'} → {institution.insurance_department or '无'}"
        events.record(
            institution, "name_department", "登记医保管理部门", actor=actor, on=on, text=text
        )


def _checked(institution: Institution, given: Contract, on: date) -> tuple[str, str]:
    """Number and name as they are kept."""
    roles = employment_roles(institution.kind.family)
    if given.role not in roles:
        raise Refused(
            f"{institution.kind.label}不登记“{given.role.label}”。",
            cure=f"可以登记：{'、'.join(role.label for role in roles)}。",
        )
    number, name = codes.tidy(given.id_number), names.clean_name(given.name)
    if fault := codes.resident_id_fault(number, regulations.at(on)):
        raise Refused(fault, cure=CURE)
    if not name:
        raise Refused("姓名为空。", cure=CURE)
    if given.contract_from is None:
        raise Refused("没有填写劳动合同起始日期。", cure=CURE)
    if given.contract_to is not None and given.contract_to < given.contract_from:
        raise Refused("劳动合同的截止日期早于起始日期。", cure=CURE)
    if given.registered_here and not given.certificate_number.strip():
        raise Refused("填写注册地为本机构的，须同时填写证书编号。", cure=CURE)
    return number, name


def _check_free(institution: Institution, role: EmploymentRole, index: str) -> None:
    known = session.scalar(
        select(Employment).where(
            Employment.institution_id == institution.id,
            Employment.role == role,
            Employment.id_index == index,
            Employment.left_on.is_(None),
        )
    )
    if known:
        raise Refused(
            f"{known.name}已经登记为本机构的{role.label}。",
            cure="续签合同的，请在原登记上续签；离职后重新入职的，先登记离职。",
        )


def _check_present(row: Employment) -> None:
    if row.left_on is not None:
        raise Refused(f"{row.name}已于 {row.left_on} 离职。", cure="重新入职的，请重新登记。")
