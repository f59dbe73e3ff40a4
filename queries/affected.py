"""Who else is hit when an institution is suspended or terminated: looked at before the decision is taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from database import session
from models import Agreement, Institution, Office, Practitioner, Registration
from queries import offices
from rules import measures
from rules.agreement_forms import DESIGNATING
from rules.lifecycle import AgreementState

LIVE = (AgreementState.CONCLUDED, AgreementState.SUSPENDED)
CHAIN_TRIGGER = "chain"
NAMED = 3  # practitioners of another site who are named; the others are counted


@dataclass(frozen=True)
class Hit:
    """`subject` is the institution's code. `agreement_id`: ended here with it; None: another agency has to act.

    `information`: no consequence of the law, only worth knowing. `region` is the pooling region of the subject,
    `addressee` the agency that is written to.
    """

    subject: str
    relation: str
    article: str
    effect: str
    name: str = ""
    institution_id: int = 0
    agreement_id: int | None = None
    chain: bool = False
    information: bool = False
    region: str = ""
    addressee: str = ""


def affected(
    institution: Institution, action: str, day: date, *, responsible_on: date | None = None
) -> list[Hit]:
    """Who else is hit. `responsible_on`: the day whose office holders answer for it, before `day` when they changed.

    A termination for violations reaches the other pharmacies of the same persons (令3 Art 40 no. 14); both measures
    reach the same institution's agreements in other pooling regions (令3 Art 41, 令2 Art 44). Other sites of its
    practitioners come last, as information.
    """
    hits = _elsewhere(institution, action, day)
    if action == measures.TERMINATE:
        hits += _chain(institution, day, responsible_on or day)
    return hits + _sites(institution, day)


def _elsewhere(institution: Institution, action: str, day: date) -> list[Hit]:
    """The same enterprise, designated in other pooling regions."""
    if not institution.uscc:
        return []
    rows = session.scalars(
        select(Institution)
        .where(
            Institution.uscc == institution.uscc,
            Institution.pooling_region != institution.pooling_region,
        )
        .order_by(Institution.id)
    ).all()
    living = _living(row.id for row in rows)
    word = "解除" if action == measures.TERMINATE else "中止"
    article = measures.cross_region_basis(day, institution.kind.family)
    effect = f"发函通报，由所在统筹区同时{word}"
    return [_hit(row, "同一机构在其他统筹区", article, effect) for row in rows if row.id in living]


def _chain(institution: Institution, day: date, responsible_on: date) -> list[Hit]:
    """Other designated pharmacies in which a responsible person holds one of the three offices.

    Now, or on the day of the facts: handing a branch over afterwards does not wash the link, it is looked at.
    """
    rule = measures.by_trigger(CHAIN_TRIGGER, day, institution.kind.family)
    if rule is None:
        return []
    responsible = {row.id_index: row for row in offices.in_office(institution.id, responsible_on)}
    found = _held(responsible, institution.id, day, responsible_on)
    living = _living(found)
    rows = session.scalars(
        select(Institution).where(Institution.id.in_(living)).order_by(Institution.id)
    )
    return [
        hit
        for row in rows
        if row.kind == institution.kind
        for hit in _branch(
            row, _told(found[row.id], responsible, day), rule.basis, living[row.id], institution
        )
    ]


def _held(
    responsible: dict[str, Office], own_id: int, day: date, responsible_on: date
) -> dict[int, list[Office]]:
    """Offices of these persons elsewhere, by institution: what is held on the day before what was held earlier."""
    rows = {row.id: row for row in offices.held_by(responsible, day)}
    rows |= {row.id: row for row in offices.held_by(responsible, responsible_on)}
    found: dict[int, list[Office]] = {}
    for office in rows.values():
        if office.institution_id != own_id:
            found.setdefault(office.institution_id, []).append(office)
    return found


def _told(held: list[Office], responsible: dict[str, Office], day: date) -> str:
    """The relations in words. Only where nobody answers for both any more, what was counts."""
    now = [row for row in held if row.from_on <= day and (row.to_on is None or row.to_on >= day)]
    words = [_relation(office, responsible) for office in now]
    words = words or [
        f"{_relation(office, responsible)}（事实发生时，{office.to_on}已卸任）" for office in held
    ]
    return "；".join(dict.fromkeys(words))


def _branch(
    row: Institution,
    relation: str,
    article: str,
    agreements: list[Agreement],
    origin: Institution,
) -> list[Hit]:
    if row.pooling_region != origin.pooling_region:
        return [replace(_hit(row, relation, article, "发函通报，由所在统筹区同时解除"), chain=True)]
    return [
        replace(
            _hit(row, relation, article, _ending(agreement)),
            agreement_id=agreement.id,
            chain=True,
        )
        for agreement in agreements
    ]


def _ending(agreement: Agreement) -> str:
    paused = "（正在中止）" if agreement.state == AgreementState.SUSPENDED else ""
    return f"同时解除协议 {agreement.number}{paused}"


def _relation(office: Office, responsible: dict[str, Office]) -> str:
    there, here = responsible[office.id_index].role, office.role
    if there == here:
        return f"{here.label}同为{office.name}"
    return f"{there.label}{office.name}兼任该店{here.label}"


def _living(institution_ids: Iterable[int]) -> dict[int, list[Agreement]]:
    rows = session.scalars(
        select(Agreement)
        .where(
            Agreement.institution_id.in_(list(institution_ids)),
            Agreement.state.in_(LIVE),
            Agreement.form.in_(DESIGNATING),  # a supplementary agreement ends with its main one
        )
        .order_by(Agreement.id)
    )
    living: dict[int, list[Agreement]] = {}
    for row in rows:
        living.setdefault(row.institution_id, []).append(row)
    return living


def _hit(row: Institution, relation: str, article: str, effect: str) -> Hit:
    subject = row.code or row.name
    return Hit(subject, relation, article, effect, row.name, row.id, region=row.pooling_region)


def _sites(institution: Institution, day: date) -> list[Hit]:
    """Where else the practitioners registered here are registered: their qualification there stays as it is."""
    here, there = aliased(Registration), aliased(Registration)
    query = (
        select(Institution, Practitioner.name)
        .join(there, there.institution_id == Institution.id)
        .join(here, here.practitioner_id == there.practitioner_id)
        .join(Practitioner, Practitioner.id == there.practitioner_id)
        .where(here.institution_id == institution.id, there.institution_id != institution.id)
        .where(_registered(here, day), _registered(there, day))
        .order_by(Institution.id, Practitioner.id)
    )
    people: dict[Institution, list[str]] = {}
    for row, name in session.execute(query):
        people.setdefault(row, []).append(name)
    return [replace(_site(row, names), information=True) for row, names in people.items()]


def _site(row: Institution, names: list[str]) -> Hit:
    more = f"等 {len(names)} 人" if len(names) > NAMED else ""
    relation = f"{'、'.join(names[:NAMED])}{more}也在该机构登记备案"
    return _hit(row, relation, measures.NO_CONSEQUENCE, "人员在该机构的支付资格不变，供关注")


def _registered(registration: Any, day: date) -> ColumnElement[bool]:
    ended = or_(registration.to_on.is_(None), registration.to_on >= day)
    return and_(registration.from_on <= day, ended)
