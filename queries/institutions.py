"""The registry: institutions in scope with their standing on a day, and everything one file holds about one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from database import session
from models import (
    Agreement,
    Institution,
    Licence,
    Office,
    Suspension,
    Termination,
)
from queries import agreement_terms, former_facts, published_ratings, scope
from queries.paging import Asked, Page, count, cut, like
from rules import names, standing
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind
from rules.permissions import Actor
from rules.standing import LIVING, AgreementFacts, Interval, Standing, Word

SORTS = {"name": Institution.name, "code": Institution.code, "kind": Institution.kind}
WORDS = {str(word): word for word in Word}
CHUNK = 5000
SHOWN = (
    Institution.id,
    Institution.code,
    Institution.uscc,
    Institution.name,
    Institution.kind,
    Institution.nature,
    Institution.level,
    Institution.division,
    Institution.address,
)


@dataclass(frozen=True)
class InstitutionRow:
    id: int
    code: str
    uscc: str
    name: str
    kind_label: str
    nature: str
    level: str
    division: str
    address: str
    standing: Standing
    grade: str
    former_names: str = ""


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[InstitutionRow], Page]:
    """The registry in the actor's scope by text, kind and standing: six questions, however long the page."""
    query = _filtered(actor, ask, on)
    total = count(query)
    found = session.execute(
        cut(_sorted(query, ask.word("sort")), ask).with_only_columns(*SHOWN)
    ).all()
    ids = [row.id for row in found]
    stand, grades, former = standings(ids, on), _grades(ids, on), _former_names(ids)
    rows = [_row(row, stand[row.id], grades.get(row.id, ""), former) for row in found]
    return rows, Page(ask.page, ask.size, total)


def standings(ids: Collection[int], day: date) -> dict[int, Standing]:
    """How each institution's agreements stand on the day; every id has an answer."""
    facts = agreement_facts(ids)
    return {key: standing.of_institution(facts.get(key, ()), day) for key in ids}


def agreement_facts(ids: Collection[int]) -> dict[int, list[AgreementFacts]]:
    """The dated facts of every agreement of these institutions, newest first, in three questions per chunk."""
    facts: dict[int, list[AgreementFacts]] = defaultdict(list)
    for chunk in _chunks(sorted(ids)):
        pauses, ends = _pauses(chunk), _ends(chunk)
        for row in session.execute(_agreements(chunk)):
            facts[row.institution_id].append(
                AgreementFacts(
                    row.term_from, row.term_to, row.institution_signed_on, row.agency_signed_on,
                    tuple(pauses[row.id]), ends.get(row.id), row.lapsed_on,
                )
            )  # fmt: skip
    return facts


def find(key: int, actor: Actor) -> Institution | None:
    found: Institution | None = scope.find("institution", key, actor)
    return found


def by_code(code: str) -> Institution | None:
    return session.scalar(select(Institution).where(Institution.code == code.strip().upper()))


def licences(institution_id: int) -> list[Licence]:
    query = select(Licence).where(Licence.institution_id == institution_id)
    return list(session.scalars(query.order_by(Licence.kind, Licence.valid_from.desc())))


def offices(institution_id: int) -> list[Office]:
    """Everybody who ever held an office there, those in office first."""
    query = select(Office).where(Office.institution_id == institution_id)
    order = (Office.to_on.is_not(None), Office.role, Office.from_on.desc(), Office.id.desc())
    return list(session.scalars(query.order_by(*order)))


def agreement_stands(word: Word, day: date, agreement: Any = Agreement) -> ColumnElement[bool]:
    """The condition under which `rules.standing` would give this word to an agreement; tested to agree with it."""
    a = agreement
    signed = and_(a.institution_signed_on.is_not(None), a.agency_signed_on.is_not(None))
    begun = and_(
        signed, a.institution_signed_on <= day, a.agency_signed_on <= day, a.term_from <= day
    )
    terminated = exists().where(Termination.agreement_id == a.id, Termination.effective_on <= day)
    lapsed = and_(a.lapsed_on.is_not(None), a.lapsed_on <= day, a.lapsed_on <= a.term_to)
    over = and_(signed, a.term_to < day)
    open_then = or_(Suspension.ended_on.is_(None), Suspension.ended_on > day)
    not_over = or_(Suspension.to_on.is_(None), Suspension.to_on >= day)
    paused = exists().where(
        Suspension.agreement_id == a.id, Suspension.from_on <= day, open_then, not_over
    )
    living = and_(~terminated, ~lapsed, ~over)
    found = {
        Word.TERMINATED: terminated,
        Word.LAPSED: and_(~terminated, lapsed),
        Word.EXPIRED: and_(~terminated, ~lapsed, over),
        Word.PENDING: and_(living, ~begun),
        Word.SUSPENDED: and_(living, begun, paused),
        Word.IN_FORCE: and_(living, begun, ~paused),
    }
    return and_(agreement_terms.designating(a), found[word])


def stands(word: Word, day: date) -> ColumnElement[bool]:
    """The condition on an institution: its most telling agreement stands so."""
    if word is Word.NONE:
        return ~exists().where(
            Agreement.institution_id == Institution.id, agreement_terms.designating()
        )
    if word in LIVING:
        better = [~_has(one, day) for one in LIVING[: LIVING.index(word)]]
        return and_(*better, _has(word, day))
    later = aliased(Agreement)
    newer = or_(
        later.term_from > Agreement.term_from,
        and_(later.term_from == Agreement.term_from, later.id > Agreement.id),
    )
    same = later.institution_id == Agreement.institution_id
    last = ~exists().where(same, agreement_terms.designating(later), newer).correlate(Agreement)
    of_it = Agreement.institution_id == Institution.id
    ended = exists().where(of_it, agreement_stands(word, day), last).correlate(Institution)
    return and_(*(~_has(one, day) for one in LIVING), ended)


def _has(word: Word, day: date) -> ColumnElement[bool]:
    of_it = Agreement.institution_id == Institution.id
    return exists().where(of_it, agreement_stands(word, day)).correlate(Institution)


def _filtered(actor: Actor, ask: Asked, on: date) -> Select[Any]:
    query = scope.visible(select(Institution), actor, Institution.pooling_region, Institution.id)
    if ask.q:
        query = query.where(_matches(ask.q))
    kind, word = ask.word("kind"), ask.word("status")
    if kind == PHARMACY:
        query = query.where(Institution.kind == InstitutionKind.RETAIL_PHARMACY)
    elif kind == MEDICAL:
        query = query.where(Institution.kind != InstitutionKind.RETAIL_PHARMACY)
    elif kind in set(InstitutionKind):
        query = query.where(Institution.kind == InstitutionKind(kind))
    return query.where(stands(WORDS[word], on)) if word in WORDS else query


def _matches(text: str) -> ColumnElement[bool]:
    """Name of today or before in any spelling, part of either code, or pinyin initials."""
    code = like(text.strip().upper())
    found = [Institution.code.like(code, escape="\\"), Institution.uscc.like(code, escape="\\")]
    found.append(Institution.pinyin.like(like(text.strip().casefold()), escape="\\"))
    if key := names.name_key(text):
        found.append(Institution.name_key.like(like(key), escape="\\"))
    before = former_facts.named_before(text)
    return or_(Institution.name.like(like(text.strip()), escape="\\"), before, *found)


def _sorted(query: Select[Any], sort: str) -> Select[Any]:
    column = SORTS.get(sort.removeprefix("-"), Institution.name)
    order = column.desc() if sort.startswith("-") else column.asc()
    return query.order_by(order.nulls_last(), Institution.id)


def _row(found: Any, stand: Standing, grade: str, former: dict[int, list[str]]) -> InstitutionRow:
    return InstitutionRow(
        found.id, found.code or "", found.uscc or "", found.name, found.kind.label, found.nature, found.level,
        found.division, found.address, stand, grade, "、".join(former.get(found.id, [])),
    )  # fmt: skip


def _former_names(ids: Sequence[int]) -> dict[int, list[str]]:
    known: dict[int, list[str]] = {}
    for chunk in _chunks(ids):
        known |= former_facts.names_of(chunk)
    return known


def _grades(ids: Sequence[int], on: date) -> dict[int, str]:
    grades: dict[int, str] = {}
    for chunk in _chunks(ids):
        grades |= published_ratings.latest(chunk, on=on)
    return grades


def _agreements(ids: Sequence[int]) -> Any:
    query = select(
        Agreement.id, Agreement.institution_id, Agreement.term_from, Agreement.term_to, Agreement.lapsed_on,
        Agreement.institution_signed_on, Agreement.agency_signed_on,
    )  # fmt: skip
    query = query.where(Agreement.institution_id.in_(ids), agreement_terms.designating())
    return query.order_by(Agreement.id.desc())


def _pauses(ids: Sequence[int]) -> dict[int, list[Interval]]:
    pauses: dict[int, list[Interval]] = defaultdict(list)
    query = select(
        Suspension.agreement_id, Suspension.from_on, Suspension.ended_on, Suspension.to_on
    )
    for row in session.execute(
        query.where(Suspension.institution_id.in_(ids)).order_by(Suspension.id)
    ):
        pauses[row.agreement_id].append(Interval(row.from_on, row.ended_on, row.to_on))
    return pauses


def _ends(ids: Sequence[int]) -> dict[int, date]:
    query = select(Termination.agreement_id, Termination.effective_on)
    found = session.execute(query.where(Termination.institution_id.in_(ids)))
    return {row.agreement_id: row.effective_on for row in found}


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
