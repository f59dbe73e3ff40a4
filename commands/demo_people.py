"""Who works in the demo county: accounts, the evaluation pool, the registry's people and practitioners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select

from actions import (
    employments,
    evaluators,
    imports,
    licences,
    practitioners,
    sessions,
    users,
)
from commands import demo_county
from commands.demo_county import REGION, Person, Place
from database import session
from models import Hold, Institution, Practitioner, Registration, User
from rules import passwords
from rules.permissions import Actor, Role
from rules.persons import EmploymentRole, PractitionerRole

OPENER = Actor(None, "系统", Role.SYSTEM, REGION)  # the command line opens the first accounts
STAFF = {
    "clerk": (Role.CLERK, "示经办"),
    "registrar": (Role.CLERK, "示收件"),
    "reviewer": (Role.REVIEWER, "示复核"),
    "chief": (Role.CHIEF, "示科长"),
    "leader": (Role.LEADER, "示分管"),
    "bureau": (Role.BUREAU, "示行政"),
    "first_auditor": (Role.FIRST_AUDITOR, "示初审"),
    "second_auditor": (Role.SECOND_AUDITOR, "示复审"),
    "finance": (Role.FINANCE, "示财务"),
    "inspector_a": (Role.INSPECTOR, "示稽核甲"),
    "inspector_b": (Role.INSPECTOR, "示稽核乙"),
    "sysadmin": (Role.SYSADMIN, "示系统"),
    "secadmin": (Role.SECADMIN, "示安全"),
    "logadmin": (Role.LOGADMIN, "示日志"),
}
POOL = {
    "first_auditor": "insurance",
    "inspector_a": "medicine",
    "finance": "finance",
    "inspector_b": "information",
    "second_auditor": "insurance",
}
R = PractitionerRole
PREFIX = {R.PHYSICIAN: "D", R.NURSE: "N", R.TECHNICIAN: "HJ", R.PHARMACY_PRINCIPAL: "Z"}
LARGE = [R.PHYSICIAN] * 15 + [R.NURSE] * 7 + [R.PHARMACIST] * 2 + [R.TECHNICIAN]
SMALL = [R.PHYSICIAN] * 4 + [R.NURSE] * 2 + [R.PHARMACIST]
PRIVATE = [R.PHYSICIAN] * 5 + [R.NURSE] * 2 + [R.PHARMACIST]
FIRST_PERSON = 400  # office holders come before
FIRST_EMPLOYEE, EMPLOYEES = 5000, 3  # of each institution, after everybody else
_PAPERS = {
    "medical": ("医疗机构执业许可证", "营业执照"),
    "pharmacy": ("药品经营许可证", "营业执照"),
}


def serving(institution_id: int, day: date) -> str:
    """The code of somebody registered there on the day whom no measure ever stopped."""
    here = (
        Registration.institution_id == institution_id,
        Registration.from_on <= day,
        or_(Registration.to_on.is_(None), Registration.to_on >= day),
    )
    stopped = select(Hold.practitioner_id).where(Hold.practitioner_id.is_not(None))
    query = (
        select(Practitioner.code).join(Registration).where(*here, Practitioner.id.not_in(stopped))
    )
    return session.scalar(query.order_by(Practitioner.id).limit(1)) or ""


@dataclass
class Cast:
    """Everybody who acts. `accounts`: role key → (username, password), for the printed list."""

    staff: dict[str, Actor] = field(default_factory=dict)
    owners: dict[str, Actor] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Actor:
        return self.staff[key]

    def institution(self, code: str) -> Institution:
        return session.get_one(Institution, self.ids[code])

    def team(self, *, substitute: bool) -> set[int | None]:
        """The four who make up a team; the fifth of the pool can sit in for the first of the same specialty."""
        absent = "first_auditor" if substitute else "second_auditor"
        return {self.staff[key].id for key in POOL if key != absent}


def hire(cast: Cast, on: date) -> None:
    """Open the accounts of the agency and form the pool."""
    for key, (role, name) in STAFF.items():
        cast.staff[key] = _account(cast, key, key, name, role, None, on)
    for key, specialty in POOL.items():
        user = session.get_one(User, cast[key].id)
        evaluators.join(
            user, specialty, organisation="示例县医疗保障事业中心", actor=cast["chief"], on=on
        )


def newcomer(cast: Cast, username: str, role: Role, name: str, on: date) -> Actor:
    """One more person of the agency, who is not on the printed list."""
    return _account(cast, "", username, name, role, None, on)


def enter(cast: Cast, places: list[Place], filename: str, on: date) -> None:
    """The clerk imports the list. A row that is sent back or doubted would be a fault of the demo."""
    report = imports.institutions(
        demo_county.sheet(places), filename, actor=cast["clerk"], region=REGION, on=on
    )
    if report.created != len(places) or report.warned:
        raise RuntimeError(f"{filename}: {report.counts} {report.reasons()} {report.doubts()}")
    codes = [place.code for place in places]
    found = session.execute(
        select(Institution.code, Institution.id).where(Institution.code.in_(codes))
    )
    cast.ids |= {str(code): key for code, key in found}


def license_(cast: Cast, place: Place, on: date) -> None:
    """Two papers each, running beyond the played year."""
    since = place.operating_since
    for number, kind in enumerate(_PAPERS[place.family], start=1):
        licences.add(
            cast.institution(place.code),
            kind=kind,
            number=f"示{place.code}{number}",
            valid_from=since,
            valid_to=None if kind == "营业执照" else on.replace(year=on.year + 5, day=1),
            actor=cast["clerk"],
            on=on,
        )


def employ(cast: Cast, place: Place, on: date) -> None:
    """The people on whom the conditions of an application rest, under contract since the place opened."""
    institution, since = cast.institution(place.code), place.operating_since
    fresh = demo_county.people(FIRST_EMPLOYEE + place.serial * EMPLOYEES)
    first = EmploymentRole.PHARMACIST if place.family == "pharmacy" else EmploymentRole.PHYSICIAN
    manager = EmploymentRole.INSURANCE_MANAGER
    for role in (first, manager, manager):
        who = next(fresh)
        employments.employ(
            institution,
            employments.Contract(
                role=role,
                name=who.name,
                id_number=who.id_number,
                certificate="执业证书" if role is first else "",
                certificate_number=f"示{who.id_number[-7:]}" if role is first else "",
                registered_here=role is first,
                full_time=True,
                contract_from=since,
                contract_to=None if role is manager else on.replace(year=on.year + 3, day=1),
            ),
            actor=cast["clerk"],
            on=on,
        )
    if place.family == "medical":
        employments.name_department(institution, "医保科", actor=cast["clerk"], on=on)


def let_in(cast: Cast, place: Place, on: date, key: str = "") -> None:
    """An account for the institution, in the name of whoever signs for it. `key`: it is printed under this key."""
    owner = _account(
        cast,
        key,
        key or place.code.lower(),
        place.owner.name,
        Role.INSTITUTION,
        cast.institution(place.code),
        on,
    )
    cast.owners[place.code] = owner


def roster(places: list[Place]) -> dict[str, list[practitioners.Person]]:
    """Who is to be registered where, by the institution's code."""
    fresh = demo_county.people(FIRST_PERSON)
    numbers = iter(range(1, 10**6))
    return {place.code: list(_team(place, fresh, numbers)) for place in places}


def _team(
    place: Place, fresh: Iterator[Person], numbers: Iterator[int]
) -> Iterator[practitioners.Person]:
    if place.family == "pharmacy":
        yield _practitioner(place.principal, R.PHARMACY_PRINCIPAL, place, next(numbers))
        number = int(place.code[-5:])
        roles = [] if number > 1 and number % 7 == 0 else [R.PHARMACIST]
    elif place.nature == "民营":
        roles = PRIVATE
    else:
        roles = LARGE if place.level.startswith("二级") else SMALL
    for role in roles:
        yield _practitioner(next(fresh), role, place, next(numbers))


def _practitioner(
    who: Person, role: PractitionerRole, place: Place, number: int
) -> practitioners.Person:
    prefix = PREFIX.get(role) or ("YS" if place.family == "pharmacy" else "HY")
    code = f"{prefix}{REGION}{number:06d}"
    return practitioners.Person(
        code, who.name, role, who.id_number, licence_number=f"示{number:06d}"
    )


def _account(
    cast: Cast,
    key: str,
    username: str,
    name: str,
    role: Role,
    institution: Institution | None,
    on: date,
) -> Actor:
    """Opened by the command line. One that is printed gets its own password, so that it works at once."""
    user, initial = users.create(
        username=username, name=name, role=role, institution=institution, actor=OPENER, on=on
    )
    who = sessions.actor_of(user)
    if key:
        password = next(p for p in iter(passwords.initial, "") if not passwords.faults(p, username))
        users.change_password(user, old=initial, new=password, actor=who, on=on)
        cast.accounts[key] = (username, password)
    return who
