"""The registry by hand: a new institution, corrected facts, people by period. Old values stay in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

import regulations
from actions import events, former_facts, work_items
from actions.import_matching import name_match_key
from database import session
from models import Institution, Office
from models.sealed import blind_index
from queries import agreements, registered
from regulations import Law
from rules import amendments as rule
from rules import codes, names
from rules.kinds import InstitutionKind
from rules.permissions import Actor, Permission, require
from rules.persons import OfficeRole
from rules.refusal import Refused

LABELS = {
    "code": "医保编码", "uscc": "统一社会信用代码", "name": "名称", "kind": "类型", "nature": "性质", "level": "等级",
    "beds": "床位", "scope": "经营范围", "division": "行政区划", "address": "地址", "phone": "电话",
    "operating_since": "开业日期", "address_since": "现地址启用日期", "bank_account": "银行账号",
}  # fmt: skip
TEXTS = {"nature", "level", "scope", "division", "address", "phone"}
SECRET = {"bank_account"}
FIXED = {"code": "医保编码"}  # once validated and stored it is never overwritten
CURE = "请核对证照原件后重新填写。"


def register(
    *, name: str, kind: InstitutionKind, pooling_region: str, actor: Actor, on: date, **facts: Any
) -> Institution:
    """Put a new institution on record in the actor's region.

    Refused with a bad code, a code that is on record, or the name of an uncoded one in the same division.
    """
    values = _clean({"name": name, "kind": kind, **facts}, on, kind.family)
    row = Institution(pooling_region=pooling_region, source="手工登记", **values)
    row.match_key = _match_key(row)
    require(actor, Permission.REGISTER_INSTITUTION, row)
    _check_free(row)
    session.add(row)
    session.flush()
    given = {
        key: value for key, value in values.items() if value and key in LABELS and key not in SECRET
    }
    events.record(
        row, "register", "登记机构", actor=actor, on=on, text=row.name, values=_plain(given)
    )
    return row


def amend(row: Institution, *, actor: Actor, on: date, reason: str, **facts: Any) -> list[str]:
    """Correct or update registered facts by hand; returns the labels of what changed.

    Refused for what a designated institution must file: there a second person approves.
    """
    require(actor, Permission.REGISTER_INSTITUTION, row)
    changed = [key for key, value in facts.items() if _differs(row, key, value)]
    _not_filed(row, changed, on)
    return change(row, facts, actor=actor, on=on, reason=reason)


def change(
    row: Institution,
    facts: Mapping[str, Any],
    *,
    actor: Actor,
    on: date,
    reason: str,
    since: Mapping[str, date] | None = None,
) -> list[str]:
    """The change itself; the caller has asked for the permission. `since`: first day of a new value, by its field.

    The old values stay in the event and by period. Refused without a reason, with a bad code, or when a stored
    national code would be overwritten.
    """
    family = InstitutionKind(facts.get("kind") or row.kind).family
    values = _clean(facts, on, family)
    _begin_address(row, values, (since or {}).get("address", on))
    changed = {key: value for key, value in values.items() if getattr(row, key) != value}
    for key, label in FIXED.items():
        if key in changed and getattr(row, key):
            raise Refused(f"{label}已经登记，不能改写。", cure="确需更换编码的，应作为新机构登记。")
    shown = [LABELS[key] for key in changed if key in LABELS]
    if not shown:
        return []
    if not reason.strip():
        raise Refused("请写明变更依据。", cure="例如批准文件的名称和文号。")
    old = {key: getattr(row, key) for key in changed}
    for key, value in changed.items():
        setattr(row, key, value)
    row.match_key = _match_key(row)
    _check_free(row)
    session.flush()
    former_facts.keep(row, old, reason=reason.strip(), on=on, since=since or {})
    if "name" in changed:
        work_items.rename(row)
    _record_change(row, old, changed, reason.strip(), actor=actor, on=on)
    return shown


def appoint(
    row: Institution,
    role: OfficeRole,
    *,
    name: str,
    id_number: str,
    from_on: date,
    actor: Actor,
    on: date,
) -> Office:
    """A new holder of an office, registered by hand. Refused where the change must be filed."""
    require(actor, Permission.REGISTER_INSTITUTION, row)
    _not_filed(row, [str(role)], on)
    return succeed(row, role, name=name, id_number=id_number, from_on=from_on, actor=actor, on=on)


def succeed(
    row: Institution,
    role: OfficeRole,
    *,
    name: str,
    id_number: str,
    from_on: date,
    actor: Actor,
    on: date,
) -> Office:
    """A new holder of an office from a day: the former one's period ends that day and stays on record.

    The caller has asked for the permission. Refused with a bad ID number, for the person already in office, or
    before the present holder's first day.
    """
    number, holder_name = _person(id_number, name, on)
    former = _leave(row, role, number, from_on)
    office = Office(
        institution=row, role=role, name=holder_name, id_number=number, id_index=blind_index(number), from_on=from_on
    )  # fmt: skip
    session.add(office)
    session.flush()
    events.record(
        row, "appoint", f"变更{role.label}", actor=actor, on=on, text=f"{former or '无'} → {holder_name}",
        role=role, old=former, new=holder_name, from_on=from_on,
    )  # fmt: skip
    return office


def _differs(row: Institution, key: str, value: Any) -> bool:
    """Typed otherwise than on record; what was never on record is completed, not changed."""
    old = getattr(row, key, None)
    return old not in (None, "") and (value or None) != old


def _not_filed(row: Institution, fields: list[str], on: date) -> None:
    if not agreements.living(row.id):
        return
    listed = [one for one in rule.listed(on, row.kind.family) if one.field in fields]
    told = [one for one in listed if registered.present(row, one.field).text]
    if told:
        raise Refused(
            f"该机构签有服务协议，{'、'.join(one.label for one in told)}须申请变更，不能直接改写档案。",
            basis=told[0].basis,
            cure="请由机构在门户申请，或者在“信息变更”中代为填报；登记有误的同样办理，批准文件填写更正依据。",
        )


def reveal(row: Institution, office: Office, *, reason: str, actor: Actor, on: date) -> str:
    """The whole ID number of an office holder, for a written reason that goes into the log with the person's name."""
    require(actor, Permission.REVEAL_ID, row)
    if not reason.strip():
        raise Refused("请填写查看完整证件号码的理由。")
    events.record(
        row, "reveal_id", "查看完整证件号码", actor=actor, on=on,
        reason=reason.strip(), office=office.id, role=office.role,
    )  # fmt: skip
    return office.id_number or ""


def _clean(facts: Mapping[str, Any], on: date, family: str) -> dict[str, Any]:
    law = regulations.at(on)
    values = {
        key: names.clean(value or "") if key in TEXTS else value for key, value in facts.items()
    }
    if "name" in values:
        values["name"] = names.clean_name(facts["name"])
        values["name_key"] = names.name_key(values["name"])
        values["pinyin"] = names.initials(values["name"])[:200]
        if not values["name_key"]:
            raise Refused("机构名称为空。", cure=CURE)
    for key in ("code", "uscc", "bank_account"):
        if key in values:
            values[key] = codes.tidy(values[key] or "") or None
    if fault := _fault(values, law, family):
        raise Refused(fault, cure=CURE)
    return values


def _begin_address(row: Institution, values: dict[str, Any], since: date) -> None:
    """A move begins the time at the address anew, unless its first day is told with it. Another spelling is no move."""
    new = values.get("address", row.address)
    moved = bool(row.address) and names.address_key(new) != names.address_key(row.address)
    if moved and values.get("address_since") in (None, row.address_since):
        values["address_since"] = since


def _fault(values: Mapping[str, Any], law: Law, family: str) -> str | None:
    if code := values.get("code"):
        return codes.institution_code_fault(code, law, family) or _credit_fault(values, law)
    return _credit_fault(values, law)


def _credit_fault(values: Mapping[str, Any], law: Law) -> str | None:
    return codes.uscc_fault(values["uscc"], law) if values.get("uscc") else None


def _match_key(row: Institution) -> str:
    if row.code:
        return f"code:{row.code}"
    if row.match_key and row.match_key.startswith("local:"):
        return row.match_key
    return name_match_key(row.pooling_region, row.division or "", row.name_key)


def _check_free(row: Institution) -> None:
    with session.no_autoflush:
        query = select(Institution.name).where(Institution.match_key == row.match_key)
        taken = session.scalar(query.where(Institution.id != row.id) if row.id else query)
    if taken:
        what = "该医保编码" if row.code else "同一区划内的同名机构"
        raise Refused(f"{what}已经登记（{taken}）。", cure="请在机构档案中查找后办理。")


def _person(id_number: str, name: str, on: date) -> tuple[str, str]:
    number, holder_name = codes.tidy(id_number), names.clean_name(name)
    if fault := codes.resident_id_fault(number, regulations.at(on)):
        raise Refused(fault, cure=CURE)
    if not holder_name:
        raise Refused("姓名为空。", cure=CURE)
    return number, holder_name


def _leave(row: Institution, role: OfficeRole, number: str, from_on: date) -> str:
    """End the present holder's period; returns the name, an empty text when nobody held the office."""
    query = select(Office).where(Office.institution_id == row.id, Office.role == role)
    present = session.scalar(query.where(Office.to_on.is_(None)))
    if present is None:
        return ""
    if present.id_index == blind_index(number):
        raise Refused(f"该人员现任{role.label}，不需要变更。")
    if present.from_on > from_on:
        raise Refused("变更日期早于现任人员的任职日期。", cure="请核对任职日期。")
    present.to_on = from_on
    return present.name


def _record_change(
    row: Institution,
    old: dict[str, Any],
    new: dict[str, Any],
    reason: str,
    *,
    actor: Actor,
    on: date,
) -> None:
    open_keys = [key for key in new if key in LABELS and key not in SECRET]
    parts = [f"{LABELS[key]}：{_word(old[key])} → {_word(new[key])}" for key in open_keys]
    parts += [f"{LABELS[key]}已变更" for key in new if key in SECRET]
    events.record(
        row, "amend", "变更机构信息", actor=actor, on=on, text="；".join(parts), reason=reason,
        old=_plain({key: old[key] for key in open_keys}), new=_plain({key: new[key] for key in open_keys}),
    )  # fmt: skip


def _word(value: Any) -> str:
    return getattr(value, "label", None) or ("空" if value in (None, "") else str(value))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, int) else str(value or "") for key, value in values.items()
    }
