"""登记备案: who may be registered where, and what stands against it. Pure; counter, portal and import ask the same.

Registering is no permission (医保发〔2024〕23号): the qualification comes with the institution's agreement. What is
checked is who the person is, that the certificate is valid, and that nobody barred comes in by another door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import regulations
from regulations import Law
from rules import codes, names
from rules.persons import PractitionerRole, is_kept_at
from rules.qualification import Standing, Status
from rules.refusal import Refused

CURE = "请核对证件和编码后重新填写。"
LICENCE = "药品经营许可证"


@dataclass(frozen=True)
class Person:
    """Who is to be registered, as typed in. `committed_on`: the day the commitment was signed, if it was."""

    code: str
    name: str
    role: PractitionerRole
    id_number: str
    licence_number: str = ""
    licence_valid_to: date | None = None
    licence_scope: str = ""
    title: str = ""
    department: str = ""
    committed_on: date | None = None


@dataclass(frozen=True)
class Place:
    """The institution as far as it matters. The last two only for a pharmacy's principal.

    `principal`: is the person the principal on record; None: nobody is. `rival`: who is registered as principal.
    """

    name: str
    kind_label: str
    family: str
    principal: bool | None = None
    rival: str = ""


@dataclass(frozen=True)
class Filed:
    """The file there is of the same ID number."""

    code: str
    name: str
    licence_valid_to: date | None


@dataclass(frozen=True)
class Known:
    """What is on record: the file, whose code it else is, the standing on the first day, periods at this place."""

    filed: Filed | None = None
    code_of_another: bool = False
    standing: Standing = field(default_factory=lambda: Standing(Status.NORMAL))
    periods: Sequence[tuple[date, date | None]] = ()


def tidy(person: Person) -> Person:
    """As it is kept: codes without spaces, names in one spelling."""
    return Person(
        code=codes.tidy(person.code),
        name=names.clean_name(person.name),
        role=person.role,
        id_number=codes.tidy(person.id_number),
        licence_number=codes.tidy(person.licence_number),
        licence_valid_to=person.licence_valid_to,
        licence_scope=names.clean(person.licence_scope),
        title=names.clean(person.title),
        department=names.clean(person.department),
        committed_on=person.committed_on,
    )


def objection(
    person: Person, place: Place, known: Known, *, first: date, on: date, law: Law
) -> Refused | None:
    """The first thing that stands against registering this (tidied) person from a day on; None when nothing does."""
    if first > on:
        return Refused("登记备案的起始日期晚于今天。", cure="请在到岗以后登记。")
    return (
        _role(person, place)
        or _typed(person, known, law)
        or _same_person(person, known)
        or _commitment(person, on, law)
        or _standing(person, known, first)
        or _period(person, place, known, first)
        or _principal(person, place)
    )


def earliest(on: date, law: Law) -> date:
    """From which day on an institution may register by itself; what lies before is registered by the agency."""
    return on - timedelta(days=law.staff.register_back.value)


def _role(person: Person, place: Place) -> Refused | None:
    if is_kept_at(person.role, place.family):
        return None
    return Refused(
        f"{place.kind_label}不登记备案“{person.role.label}”。",
        cure="定点医疗机构登记医师、护士、药学、技术和费用审核人员，定点零售药店登记主要负责人和药学人员。",
    )


def _typed(person: Person, known: Known, law: Law) -> Refused | None:
    fault = codes.resident_id_fault(person.id_number, law)
    fault = fault or codes.practitioner_code_fault(person.code, law, person.role)
    if fault or not person.name:
        return Refused(fault or "没有填写姓名。", cure=CURE)
    ends = person.licence_valid_to or (known.filed.licence_valid_to if known.filed else None)
    if ends and ends < law.day:
        return Refused(f"执业证书已于 {ends} 到期。", cure="请先延续执业证书，再登记新的有效期。")
    return None


def _same_person(person: Person, known: Known) -> Refused | None:
    if known.filed is None:
        if known.code_of_another:
            return Refused(
                f"人员编码“{person.code}”已属于他人。", cure="请核对人员编码和证件号码。"
            )
        return None
    if (known.filed.code, known.filed.name) != (person.code, person.name):
        return Refused(
            "该证件号码已有档案，姓名或者编码与所填不一致。",
            cure="请核对姓名和人员编码；档案有误或者已经改名的，请经办机构更正档案。",
        )
    return None


def _commitment(person: Person, on: date, law: Law) -> Refused | None:
    if person.committed_on and person.committed_on > on:
        return Refused("服务承诺书的签署日期晚于今天。", cure="请在签署以后登记。")
    rule = law.staff.commitment_within
    if person.committed_on is None and not rule.value:
        return Refused(
            "登记备案时应当同时登记已签署的服务承诺书。",
            basis=rule.basis,
            cure="请本人签署服务承诺书后填写签署日期。",
        )
    return None


def _standing(person: Person, known: Known, first: date) -> Refused | None:
    standing = known.standing
    if standing.status is Status.REVOKED and standing.until and first <= standing.until:
        return Refused(
            f"{person.name}的医保支付资格已终止，{standing.until} 以前（含当日）不得再次登记备案。",
            basis=standing.basis,
            cure=f"请在 {standing.until} 之后再申请登记备案。",
        )
    if standing.status is Status.REVOKED and standing.awaits:
        return Refused(
            f"{person.name}的登记备案限制已经期满，恢复支付资格的申请还没有同意。",
            basis=standing.basis,
            cure="请先由原登记机构在机构端、或者由拟聘用的机构到经办机构申请恢复支付资格，同意之日起可以登记备案。",
        )
    return None


def _period(person: Person, place: Place, known: Known, first: date) -> Refused | None:
    if any(to_on is None or to_on >= first for _from_on, to_on in known.periods):
        return Refused(
            f"{person.name}在{place.name}的登记备案期间重叠。", cure="请核对登记的起止日期。"
        )
    return None


def _principal(person: Person, place: Place) -> Refused | None:
    """The principal is who stands on the 药品经营许可证, and there is one at a time."""
    if person.role is not PractitionerRole.PHARMACY_PRINCIPAL:
        return None
    if place.principal is False:
        return Refused(
            f"{person.name}不是{place.name}登记的主要负责人。",
            cure=f"药店主要负责人以{LICENCE}载明的为准；已经变更的，请先申请变更主要负责人。",
        )
    if place.rival:
        return Refused(
            f"{place.name}已登记备案主要负责人{place.rival}。",
            cure="请先注销原主要负责人的登记备案。",
        )
    return None


def code_warning(code: str, region: str, day: date) -> str | None:
    """The division inside a person's code should lie in the region of the file; people move, so this only warns."""
    return codes.person_region_warning(code, region, regulations.at(day))
