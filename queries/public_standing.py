"""How designated institutions stand in public: from signed agreements and their dates, in Python and in SQL.

An agreement the agency has not signed is not published: it neither makes an institution appear nor moves its standing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import selectinload

from database import session
from models import Agreement, Institution, Suspension, Termination
from queries import agreement_terms
from queries.agreements import facts_of
from rules import standing as rule
from rules.standing import AgreementFacts, Standing, Word

ONE_DAY = timedelta(days=1)


def standings(institution_ids: Collection[int], day: date) -> dict[int, Standing]:
    """The public standing of these institutions on a day."""
    rows = session.scalars(
        select(Agreement)
        .where(Agreement.institution_id.in_(institution_ids), published(day))
        .options(selectinload(Agreement.suspensions), selectinload(Agreement.terminations))
        .order_by(Agreement.term_from.desc(), Agreement.id.desc())
    )
    facts: dict[int, list[AgreementFacts]] = defaultdict(list)
    for row in rows:
        facts[row.institution_id].append(facts_of(row))
    return {key: rule.of_institution(facts[key], day) for key in institution_ids}


def published(day: date) -> ColumnElement[bool]:
    """Agreements that both sides had signed by the day and that designate an institution."""
    return and_(
        Agreement.agency_signed_on <= day,
        Agreement.institution_signed_on <= day,
        agreement_terms.designating(),
    )


def designated(day: date) -> ColumnElement[bool]:
    """Institutions that have, or once had, a signed agreement: the only ones the public may see."""
    return exists().where(Agreement.institution_id == Institution.id, published(day))


def words(day: date, among: Any = None) -> Subquery:
    """`rules.standing.of_institution` for all at once, as columns `institution_id` and `word`.

    One pass over the agreements: each gets a text that sorts by precedence, living ones by their rank, ended ones by
    their first day, with the word behind it. The greatest text of an institution ends in its word.
    `among`: a query for the ids that matter, all otherwise.
    """
    word = _word(day)
    ranks = {str(one): f"{9 - place}living----" for place, one in enumerate(rule.LIVING)}
    ended = literal("1").concat(cast(Agreement.term_from, String))
    text = case(ranks, value=word, else_=ended).concat(word)
    told = func.substr(func.max(text), len("1") + len("2026-01-31") + 1)
    query = select(Agreement.institution_id, told.label("word")).where(published(day))
    if among is not None:
        query = query.where(Agreement.institution_id.in_(among))
    return query.group_by(Agreement.institution_id).subquery()


def _word(day: date) -> ColumnElement[str]:
    terminated = select(Termination.agreement_id).where(Termination.effective_on <= day)
    paused = select(Suspension.agreement_id).where(
        Suspension.from_on <= day,
        or_(Suspension.ended_on.is_(None), Suspension.ended_on > day),
        or_(Suspension.to_on.is_(None), Suspension.to_on >= day),
    )
    lapsed = and_(Agreement.lapsed_on <= day, Agreement.lapsed_on <= Agreement.term_to)
    return case(
        (Agreement.id.in_(terminated), str(Word.TERMINATED)),
        (lapsed, str(Word.LAPSED)),
        (Agreement.term_from > day, str(Word.PENDING)),
        (Agreement.term_to < day, str(Word.EXPIRED)),
        (Agreement.id.in_(paused), str(Word.SUSPENDED)),
        else_=str(Word.IN_FORCE),
    )


def until(standing: Standing) -> str:
    """The standing's day as a sentence for everybody."""
    first, last = standing.since, standing.until
    sentences = {
        Word.IN_FORCE: f"有效期至 {last}",
        Word.SUSPENDED: f"自 {first} 起中止" + (f"，至 {last}" if last else ""),
        Word.PENDING: f"双方已签署，尚未生效，期限至 {last}",
        Word.TERMINATED: f"{first} 解除",
        Word.LAPSED: f"{first} 终止",
        Word.EXPIRED: f"{first - ONE_DAY} 到期" if first else "",
    }
    return sentences.get(standing.word, "")
