"""一人一档: the file of a person, made once, completed and corrected with the old value kept in the log."""

from __future__ import annotations

from datetime import date

import regulations
from actions import events, work_items
from database import session
from models import Practitioner
from models.sealed import blind_index
from queries import practitioners, registrations
from rules import codes, names
from rules.permissions import Actor, Denied, Permission, may, require
from rules.refusal import Refused
from rules.registrations import Person

LABELS = {
    "licence_number": "执业证书编号",
    "licence_valid_to": "执业证书有效期至",
    "licence_scope": "执业范围",
    "title": "专业技术职务",
}
NAME_LENGTH = 64


def open_file(person: Person, region: str) -> Practitioner:
    """The first registration makes the file. The caller has checked everything."""
    row = Practitioner(
        code=person.code,
        name=person.name,
        pinyin=names.initials(person.name)[:NAME_LENGTH],
        role=person.role,
        id_number=person.id_number,
        id_index=blind_index(person.id_number),
        licence_number=person.licence_number,
        licence_valid_to=person.licence_valid_to,
        licence_scope=person.licence_scope,
        title=person.title,
        pooling_region=region,
    )
    session.add(row)
    session.flush()
    return row


def complete(row: Practitioner, person: Person, *, actor: Actor, on: date) -> list[str]:
    """Take over what a later registration says about certificate and title; returns what changed.

    An empty field says nothing, and a certificate is never made to end earlier by it.
    """
    changed = []
    for field, label in LABELS.items():
        old, new = getattr(row, field), getattr(person, field)
        if not new or new == old or (field == "licence_valid_to" and old and new < old):
            continue
        setattr(row, field, new)
        changed.append(f"{label}：{old or '空'} → {new}")
    if changed:
        _renewed(row, actor=actor, on=on)
        text = "；".join(changed)
        events.record(row, "amend", "补充个人档案", actor=actor, on=on, text=text)
    return changed


def renew_licence(
    row: Practitioner, *, number: str, valid_to: date, actor: Actor, on: date
) -> None:
    """The certificate was renewed: its new last day, and its number where that changed too.

    Refused for a day that is past or not later than the one on record.
    """
    _require(actor, row)
    number = codes.tidy(number) or row.licence_number
    if valid_to < on or (row.licence_valid_to and valid_to <= row.licence_valid_to):
        raise Refused(
            "新的有效期应当晚于原有效期和今天。",
            cure="请核对延续后的执业证书；原有效期登记有误的，请经办机构更正档案。",
        )
    before = row.licence_valid_to
    row.licence_number, row.licence_valid_to = number, valid_to
    _renewed(row, actor=actor, on=on)
    text = f"执业证书 {number or '编号未登记'}，有效期 {before or '未登记'} → {valid_to}"
    events.record(row, "renew_licence", "登记执业证书延续", actor=actor, on=on, text=text)


def correct(
    row: Practitioner, *, name: str, code: str, reason: str, actor: Actor, on: date
) -> None:
    """A clerk corrects name or code of a file for a written reason. The ID number, which it hangs on, stays."""
    require(actor, Permission.CORRECT_PERSON, row)
    name, code = names.clean_name(name)[:NAME_LENGTH], codes.tidy(code)
    if not reason.strip():
        raise Refused("请写明更正依据。", cure="例如户口簿更名记载、编码管理部门的通知。")
    fault = codes.practitioner_code_fault(code, regulations.at(on), row.role)
    if fault or not name:
        raise Refused(fault or "没有填写姓名。", cure="请核对证件和编码后重新填写。")
    if (name, code) == (row.name, row.code):
        raise Refused("没有需要更正的内容。")
    other = practitioners.by_code(code)
    if other is not None and other.id != row.id:
        raise Refused(f"人员编码“{code}”已属于他人。", cure="请核对人员编码。")
    text = f"{row.name} {row.code} → {name} {code}"
    row.name, row.code, row.pinyin = name, code, names.initials(name)[:NAME_LENGTH]
    events.record(
        row, "correct", "更正个人档案", actor=actor, on=on, text=text, reason=reason.strip()
    )


def reveal(row: Practitioner, *, reason: str, actor: Actor, on: date) -> str:
    """The whole ID number, for a written reason that goes into the log with the person's name."""
    require(actor, Permission.REVEAL_ID, row)
    if not reason.strip():
        raise Refused("请填写查看完整证件号码的理由。")
    text = f"{row.name} {row.code}"
    events.record(
        row, "reveal_id", "查看完整证件号码", actor=actor, on=on, text=text, reason=reason.strip()
    )
    return row.id_number or ""


def _require(actor: Actor, row: Practitioner) -> None:
    """Whoever may register people at one of the person's sites keeps the certificate; else the agency of the file."""
    permission = Permission.REGISTER_PRACTITIONER
    if any(may(actor, permission, site) for site in registrations.places_of(row.id)):
        return
    if actor.institution_id is not None:
        raise Denied(permission)
    require(actor, permission, row)


def _renewed(row: Practitioner, *, actor: Actor, on: date) -> None:
    """Nobody needs to be reminded any more; the warning begins anew before the next end."""
    for registration in practitioners.registrations(row.id):
        registration.warned_days = None
        work_items.settle("registration", registration.id, actor=actor, on=on)
