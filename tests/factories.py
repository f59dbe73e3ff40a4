"""Rows for tests, made the shortest honest way; names are obviously invented."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from argon2 import PasswordHasher

from actions import sessions
from database import session
from models import Employment, Institution, Licence, Office, User
from models.sealed import blind_index
from rules.kinds import InstitutionKind
from rules.permissions import Actor, Role
from rules.persons import EmploymentRole, OfficeRole

REGION = "990123"
PASSWORD = "Sample-Pass-2026"
_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # signs in at once
_serial = itertools.count(1)

STAFF = [role for role in Role if role not in (Role.INSTITUTION, Role.SYSTEM)]


def user(
    role: Role, *, region: str = REGION, institution: Institution | None = None, name: str = ""
) -> User:
    row = _user(role, region, institution, name)
    session.add(row)
    session.flush()
    return row


def _user(
    role: Role, region: str = REGION, institution: Institution | None = None, name: str = ""
) -> User:
    number = next(_serial)
    return User(
        username=f"{role}{number}",
        name=name or f"示例{role.label}{number}",
        role=role,
        pooling_region=region,
        institution_id=institution.id if institution else None,
        password_hash=_hash,
        password_changed_on=date(2026, 1, 1),
    )


def actor(role: Role, **options) -> Actor:
    return sessions.actor_of(user(role, **options))


def staff() -> dict[Role, Actor]:
    rows = {role: _user(role) for role in STAFF}
    session.add_all(rows.values())
    session.flush()
    return {role: sessions.actor_of(row) for role, row in rows.items()}


def id_number(serial: int) -> str:
    """A valid number of somebody born from 1900 on: nobody living has it. A thousand to a day, never one twice."""
    born = date(1900, 1, 1) + timedelta(days=serial // 1000)
    body = f"110101{born:%Y%m%d}{serial % 1000:03d}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def uscc(serial: int) -> str:
    """A valid code with the division of nowhere and a running organisation number."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    organisation = f"{serial:08d}"
    check = (
        11
        - sum(int(d) * w for d, w in zip(organisation, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    )
    body = f"91990123{organisation}" + {10: "X", 11: "0"}.get(check, str(check))
    total = sum(signs.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + signs[(31 - total % 31) % 31]


def institution(
    kind: str = "pharmacy", *, nature: str = "民营", region: str = REGION, **values
) -> Institution:
    """A hospital or pharmacy that has operated since 2024, with its three office holders."""
    number = next(_serial)
    medical = kind != "pharmacy"
    given = {
        "code": f"{'H' if medical else 'P'}{region}{number:05d}",
        "uscc": uscc(number),
        "name": f"示例{number}号{'医院' if medical else '大药房'}",
        "kind": InstitutionKind.GENERAL_HOSPITAL if medical else InstitutionKind.RETAIL_PHARMACY,
        "nature": nature,
        "level": "二级" if medical else "",
        "pooling_region": region,
        "address": f"示例县样例路{number}号",
        "operating_since": date(2024, 1, 1),
        "beds": 80 if medical else None,
        **values,
    }
    given.setdefault("name_key", given["name"])
    given.setdefault("match_key", f"code:{given['code']}")
    row = Institution(**given)
    session.add(row)
    session.flush()
    for offset, role in enumerate(OfficeRole):
        office(row, role, id_number(number * 3 + offset))
    _fit(row, number)
    return row


def _fit(row: Institution, number: int) -> None:
    """Licence and people with whom the conditions of an application are met."""
    licence, first = (
        ("药品经营许可证", EmploymentRole.PHARMACIST)
        if row.kind.family == "pharmacy"
        else ("医疗机构执业许可证", EmploymentRole.PHYSICIAN)
    )
    session.add(
        Licence(
            institution=row,
            kind=licence,
            number=f"示许{number}",
            valid_from=date(2024, 1, 1),
            valid_to=date(2030, 12, 31),
        )
    )
    manager = EmploymentRole.INSURANCE_MANAGER
    for place, role in enumerate((first, manager, manager)):
        employed(row, role, number=number * 3 + place)
    session.flush()


def employed(
    row: Institution, role: EmploymentRole, *, number: int | None = None, **values
) -> Employment:
    """Somebody under contract since 2024, for three years unless said, registered here."""
    serial = next(_serial) if number is None else number
    person = Employment(
        **{
            "institution": row,
            "role": role,
            "name": f"样例职工{serial}",
            "id_index": blind_index(f"employed-{serial}"),
            "certificate_number": f"示证{serial}",
            "registered_here": True,
            "full_time": True,
            "contract_from": date(2024, 1, 1),
            "contract_to": date(2029, 12, 31),
            "recorded_on": date(2024, 1, 1),
            **values,
        }
    )
    session.add(person)
    return person


def office(
    row: Institution, role: OfficeRole, number: str, *, from_on: date = date(2024, 1, 1)
) -> Office:
    holder = Office(
        institution=row,
        role=role,
        name="样某某",
        id_number=number,
        id_index=blind_index(number),
        from_on=from_on,
    )
    session.add(holder)
    session.flush()
    return holder
