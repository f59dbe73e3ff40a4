"""统筹区条款: which wordings are in force on a day, which wait for approval, how one changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from database import session
from models import LocalClause
from models.local_clause import LocalState
from rules.clauses import Added
from rules.permissions import Actor


def in_force(pooling_region: str, family: str, day: date) -> list[Added]:
    """The approved wordings of the region for this family, one per key: the latest begun."""
    query = select(LocalClause).where(
        LocalClause.pooling_region == pooling_region,
        LocalClause.family.in_(["", family]),
        LocalClause.state == LocalState.APPROVED,
        LocalClause.since <= day,
        or_(LocalClause.until.is_(None), LocalClause.until >= day),
    )
    latest = {
        row.key: row for row in session.scalars(query.order_by(LocalClause.since, LocalClause.id))
    }
    return [Added(row.key, row.text, row.basis, row.chapter) for row in latest.values()]


def begun_since(pooling_region: str, family: str, text_on: date, day: date) -> list[str]:
    """Keys of the region's clauses whose wording began after a text was drawn up."""
    query = select(LocalClause.key).where(
        LocalClause.pooling_region == pooling_region,
        LocalClause.family.in_(["", family]),
        LocalClause.state == LocalState.APPROVED,
        LocalClause.since > text_on,
        LocalClause.since <= day,
    )
    return list(session.scalars(query.order_by(LocalClause.key).distinct()))


def all_of(actor: Actor) -> list[LocalClause]:
    """Every wording of the actor's region, newest first."""
    query = select(LocalClause).where(LocalClause.pooling_region == actor.pooling_region)
    return list(session.scalars(query.order_by(LocalClause.id.desc())))


def keys_of(pooling_region: str) -> set[str]:
    """The keys of the region's own clauses, those in the place of a shipped one not among them."""
    query = select(LocalClause.key).where(
        LocalClause.pooling_region == pooling_region, LocalClause.key.like("L%")
    )
    return set(session.scalars(query))


def of_key(pooling_region: str, key: str) -> list[LocalClause]:
    """Every wording of one clause in the region, oldest first."""
    query = select(LocalClause).where(
        LocalClause.pooling_region == pooling_region, LocalClause.key == key
    )
    return list(session.scalars(query.order_by(LocalClause.since, LocalClause.id)))
