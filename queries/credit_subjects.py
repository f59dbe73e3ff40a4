"""信用主体: under which key and which name a subject stands in the results of a cycle."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from database import session
from models import Cycle, Institution, Office, Practitioner, Rating, Registration
from models.sealed import blind_index
from rules.credit_subjects import CreditSubject
from rules.refusal import Refused
from scoring.scheme import Scheme

NAMED = "subject_name"  # beside the facts of those whom no register of the product knows
OTHER = aliased(Institution)
COLUMNS: dict[str, Any] = {
    CreditSubject.INSTITUTION: Rating.institution_id,
    CreditSubject.PRACTITIONER: Rating.practitioner_id,
    CreditSubject.LEGAL_REPRESENTATIVE: Rating.person_index,
    CreditSubject.INSURED_PERSON: Rating.person_index,
}


def column(cycle: Cycle) -> Any:
    """The column of `Rating` that says who is rated in this cycle."""
    return COLUMNS[cycle.subject]


def identified(
    cycle: Cycle, scheme: Scheme, facts: Sequence[Mapping[str, Any]]
) -> dict[Any, dict[str, Any]]:
    """Key of the subject → the columns of its rating that say who it is and among whom it stands."""
    keyed, peers = column(cycle).key, scheme.peers.column if scheme.peers else ""
    given = {row[scheme.subject.key]: row for row in facts}
    names = _names(cycle.subject, list(given))
    empty = {"institution_id": None, "practitioner_id": None, "person_index": None}
    return {
        key: empty
        | {
            keyed: key,
            "subject_name": str(row.get(NAMED) or names.get(key, "")),
            "peer_group": str(row.get(peers) or ""),
        }
        for key, row in given.items()
    }


def _names(subject: str, keys: Collection[Any]) -> dict[Any, str]:
    """In chunks no statement is too long for."""
    found: dict[Any, str] = {}
    every = list(keys)
    for start in range(0, len(every), 500):
        found |= _asked(subject, every[start : start + 500])
    return found


def _asked(subject: str, keys: list[Any]) -> dict[Any, str]:
    query: Any
    if subject == CreditSubject.INSTITUTION:
        query = select(Institution.id, Institution.name).where(Institution.id.in_(keys))
    elif subject == CreditSubject.PRACTITIONER:
        query = select(Practitioner.id, Practitioner.name).where(Practitioner.id.in_(keys))
    elif subject == CreditSubject.LEGAL_REPRESENTATIVE:
        query = select(Office.id_index, Office.name).where(Office.id_index.in_(keys))
        query = query.order_by(Office.from_on)  # the name borne last
    else:
        return {}
    return {row[0]: row[1] for row in session.execute(query)}


def asked_as(institution_ids: Collection[int]) -> dict[int, list[int]]:
    """Every place that shares a 统一社会信用代码 with one of these → which of these it answers for, itself included."""
    found: dict[int, list[int]] = {key: [key] for key in institution_ids}
    same = and_(
        OTHER.uscc == Institution.uscc,
        OTHER.pooling_region == Institution.pooling_region,
        OTHER.id != Institution.id,
    )
    query = select(Institution.id, OTHER.id).join(OTHER, same)
    query = query.where(Institution.id.in_(list(institution_ids)), Institution.uscc != "")
    for key, other in session.execute(query):
        found.setdefault(other, []).append(key)
    return found


def require_same(rating: Rating, id_number: str) -> None:
    """Refused unless the number is that of the person rated: here only its index is known, and nothing more is kept."""
    if blind_index(id_number) != rating.person_index:
        raise Refused(
            "身份证号码与被评价人不符。",
            cure="请核对证件；由他人代办的，填写被评价人本人的号码并留存授权委托书。",
        )


def addressee(rating: Rating) -> Institution | None:
    """The institution through which a letter reaches the subject; none for whom no institution answers."""
    if rating.institution is not None:
        return rating.institution
    if rating.practitioner_id is not None:
        place: Any = Registration
        mine = Registration.practitioner_id == rating.practitioner_id
    elif rating.cycle.subject == CreditSubject.LEGAL_REPRESENTATIVE:
        place, mine = Office, Office.id_index == rating.person_index
    else:
        return None
    query = select(Institution).join(place, place.institution_id == Institution.id).where(mine)
    order = (place.to_on.is_not(None), place.from_on.desc(), place.id)  # where the person is now
    return session.scalars(query.order_by(*order).limit(1)).first()
