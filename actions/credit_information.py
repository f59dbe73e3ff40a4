"""信用信息: recorded by one person with its paper, confirmed by another, revocable. It counts while it is valid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import regulations
from actions import letters, lifecycle, numbering
from actions.materials import Upload
from database import session
from models import CreditInformation, Institution, Practitioner
from models.sealed import blind_index
from queries import credit_information as ask
from rules import codes
from rules import credit_information as rule
from rules.credit_subjects import CreditSubject, masked
from rules.lifecycle import CreditInformationState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

BASIS = "《医疗保障基金使用监督管理条例》第三十三条"


@dataclass(frozen=True)
class Person:
    """A person as typed: turned into an index and masked words before anything is kept."""

    subject: CreditSubject
    name: str
    id_number: str


@dataclass(frozen=True)
class Content:
    """What the paper says. `figures`: numbers as typed, by column of facts."""

    kind: str
    happened_on: date
    text: str
    source: str
    figures: Mapping[str, str] = field(default_factory=dict)


def record(
    content: Content,
    upload: Upload,
    *,
    about: Institution | Practitioner | Person,
    actor: Actor,
    on: date,
) -> CreditInformation:
    """Put it on record with its paper; it counts once another person has confirmed it.

    Refused for a day to come, without a source or a paper, for a kind that does not fit the subject, and the same
    kind, day and subject a second time.
    """
    row = CreditInformation(**_who(about, on), pooling_region=_region(about, actor))
    require(actor, Permission.RECORD_CREDIT_INFORMATION, row)
    _fill(row, content, about, on)
    row.number = numbering.case_number("XX", on.year)  # two who type at once queue here
    _check_new(row)
    row.file_name = upload.name
    row.sha256 = letters.keep(upload.content, upload.media_type)
    row.recorded_by_id = actor.id
    facts = {"kind": row.kind, "happened_on": row.happened_on, "figures": row.figures}
    lifecycle.begin(row, "record", "登记信用信息", actor=actor, on=on, basis=row.basis, **facts)
    session.flush()
    return row


def _region(about: Institution | Practitioner | Person, actor: Actor) -> str:
    return actor.pooling_region if isinstance(about, Person) else about.pooling_region


def _who(about: Institution | Practitioner | Person, on: date) -> dict[str, Any]:
    if isinstance(about, Institution):
        return {
            "subject": CreditSubject.INSTITUTION,
            "institution": about,
            "institution_id": about.id,
        }
    if isinstance(about, Practitioner):
        return {
            "subject": CreditSubject.PRACTITIONER,
            "practitioner": about,
            "practitioner_id": about.id,
        }
    return _person(about, on)


def _person(person: Person, on: date) -> dict[str, Any]:
    number = codes.tidy(person.id_number)
    fault = codes.resident_id_fault(number, regulations.at(on))
    if fault or not person.name.strip():
        raise Refused(fault or "没有填写姓名。", cure="请核对姓名和居民身份证号码。")
    index, (name, shown) = blind_index(number), masked(person.name.strip(), number)
    if person.subject == CreditSubject.LEGAL_REPRESENTATIVE and not ask.holds_office(index):
        raise Refused(
            "该人员不是本系统登记的任何机构的法定代表人。",
            cure="请核对证件号码，或者先登记机构负责人。",
        )
    return {
        "subject": person.subject,
        "person_index": index,
        "person_name": name,
        "masked_id": shown,
    }


def _fill(
    row: CreditInformation,
    content: Content,
    about: Institution | Practitioner | Person,
    on: date,
) -> None:
    if content.happened_on > on:
        raise Refused("认定日期晚于今天。", cure="请核对认定日期。")
    if not content.source.strip() or not content.text.strip():
        raise Refused("没有写明内容或者来源。", cure="请写明内容、作出认定的单位和文号。")
    kind = rule.kind(content.kind, row.subject, content.happened_on)
    family = about.kind.family if isinstance(about, Institution) else ""
    row.state = CreditInformationState.RECORDED
    row.kind, row.happened_on = kind.key, content.happened_on
    row.valid_to = rule.valid_to(kind, content.happened_on)
    row.text, row.source = content.text.strip(), content.source.strip()
    row.basis = f"{BASIS}；{kind.basis}"
    row.figures = rule.numbers(kind, family, content.figures, content.happened_on)


def _check_new(row: CreditInformation) -> None:
    """The same is on record once."""
    same = ask.same(row)
    if same is not None:
        raise Refused(
            f"同一主体同日同种类的信用信息已经登记（{same.number}）。",
            cure="同日确有两件的，请在一条中写明；登记有误的先撤销。",
        )


def confirm(row: CreditInformation, *, actor: Actor, on: date) -> None:
    """Agree as the second person. Denied to whoever recorded it."""
    decided: dict[str, Any] = {"confirmed_by_id": actor.id, "confirmed_on": on}
    lifecycle.move(row, "confirm", actor=actor, on=on, basis=row.basis, **decided)


def reject(row: CreditInformation, *, reason: str, actor: Actor, on: date) -> None:
    lifecycle.move(row, "reject", actor=actor, on=on, reason=_why(reason))


def revoke(row: CreditInformation, *, reason: str, actor: Actor, on: date) -> None:
    """It no longer counts in any cycle started from now on; cycles it is frozen in stay what they are."""
    lifecycle.move(row, "revoke", actor=actor, on=on, reason=_why(reason))


def _why(reason: str) -> str:
    if not reason.strip():
        raise Refused("没有写明理由。", cure="请填写理由。")
    return reason.strip()
