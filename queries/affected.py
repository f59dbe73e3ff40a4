"""Who else is hit when an institution is suspended or terminated: looked at before the decision is taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from database import session
from models import Agreement, Institution, Office
from queries import offices
from rules import measures
from rules.lifecycle import AgreementState

LIVE = (AgreementState.CONCLUDED, AgreementState.SUSPENDED)
CHAIN_TRIGGER = "chain"


@dataclass(frozen=True)
class Hit:
    """`subject` is the institution's code. `agreement_id`: ended here with it; None: another agency has to act."""

    subject: str
    relation: str
    article: str
    effect: str
    name: str = ""
    institution_id: int = 0
    agreement_id: int | None = None
    chain: bool = False


def affected(
    institution: Institution, action: str, day: date, *, responsible_on: date | None = None
) -> list[Hit]:
    """Who else is hit. `responsible_on`: the day whose office holders answer for it, before `day` when they changed.

    A termination for violations reaches the other pharmacies of the same persons (令3 Art 40 no. 14); both measures
    reach the same institution's agreements in other pooling regions (令3 Art 41, 令2 Art 44).
    """
    hits = _elsewhere(institution, action, day)
    if action == measures.TERMINATE:
        hits += _chain(institution, day, responsible_on or day)
    return hits


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
    """Other designated pharmacies in which one of the responsible persons holds one of the three offices now."""
    rule = measures.by_trigger(CHAIN_TRIGGER, day, institution.kind.family)
    if rule is None:
        return []
    responsible = {row.id_index: row for row in offices.in_office(institution.id, responsible_on)}
    found: dict[int, list[Office]] = {}
    for office in offices.held_by(responsible, day):
        if office.institution_id != institution.id:
            found.setdefault(office.institution_id, []).append(office)
    living = _living(found)
    rows = session.scalars(
        select(Institution).where(Institution.id.in_(living)).order_by(Institution.id)
    )
    return [
        hit
        for row in rows
        if row.kind == institution.kind
        for hit in _branch(row, found[row.id], responsible, rule.basis, living[row.id], institution)
    ]


def _branch(
    row: Institution,
    held: list[Office],
    responsible: dict[str, Office],
    article: str,
    agreements: list[Agreement],
    origin: Institution,
) -> list[Hit]:
    relation = "；".join(dict.fromkeys(_relation(office, responsible) for office in held))
    if row.pooling_region != origin.pooling_region:
        return [replace(_hit(row, relation, article, "发函通报，由所在统筹区同时解除"), chain=True)]
    return [
        replace(
            _hit(row, relation, article, f"同时解除协议 {agreement.number}"),
            agreement_id=agreement.id,
            chain=True,
        )
        for agreement in agreements
    ]


def _relation(office: Office, responsible: dict[str, Office]) -> str:
    there, here = responsible[office.id_index].role, office.role
    if there == here:
        return f"{here.label}同为{office.name}"
    return f"{there.label}{office.name}兼任该店{here.label}"


def _living(institution_ids: Iterable[int]) -> dict[int, list[Agreement]]:
    rows = session.scalars(
        select(Agreement)
        .where(Agreement.institution_id.in_(list(institution_ids)), Agreement.state.in_(LIVE))
        .order_by(Agreement.id)
    )
    living: dict[int, list[Agreement]] = {}
    for row in rows:
        living.setdefault(row.institution_id, []).append(row)
    return living


def _hit(row: Institution, relation: str, article: str, effect: str) -> Hit:
    return Hit(row.code or row.name, relation, article, effect, row.name, row.id)
