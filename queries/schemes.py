"""信用方案 a cycle may be started with: those on file, and the editions approved in the region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import SchemeDraft
from rules.lifecycle import SchemeDraftState
from rules.refusal import Refused
from scoring import catalogue
from scoring.scheme import Scheme

MARK = "@"  # between the key of a scheme and an approved edition of it


@dataclass(frozen=True)
class Edition:
    """An approved edition. `key`: how a cycle is started with it."""

    key: str
    scheme: Scheme
    in_force_on: date
    draft_id: int


def editions(region: str) -> list[Edition]:
    """Newest first."""
    query = select(SchemeDraft).where(
        SchemeDraft.pooling_region == region, SchemeDraft.state == SchemeDraftState.ADOPTED
    )
    order = (SchemeDraft.in_force_on.desc(), SchemeDraft.id.desc())
    return [_edition(row) for row in session.scalars(query.order_by(*order))]


def _edition(row: SchemeDraft) -> Edition:
    key = f"{row.scheme}{MARK}{row.edition}"
    return Edition(
        key, catalogue.parsed(row.scheme_text), row.in_force_on or row.state_since, row.id
    )


def offered(region: str, on: date) -> list[tuple[str, str]]:
    """Key and label of every scheme for a new cycle: approved editions in force first, then those on file."""
    approved = [(one.key, one.scheme) for one in editions(region) if one.in_force_on <= on]
    on_file = [(one.key, one) for one in catalogue.startable()]
    return [(key, f"{one.label}（{one.edition}版）") for key, one in (*approved, *on_file)]


def text(key: str, region: str, *, on: date) -> str:
    """The scheme as it is written. Refused for one that is unknown, or not in force yet."""
    if MARK not in key:
        return catalogue.text(key)
    scheme, _, edition = key.partition(MARK)
    query = select(SchemeDraft).where(
        SchemeDraft.pooling_region == region,
        SchemeDraft.scheme == scheme,
        SchemeDraft.edition == edition,
        SchemeDraft.state == SchemeDraftState.ADOPTED,
    )
    found = session.scalar(query)
    if found is None:
        raise Refused(f"没有名为“{key}”的信用评价方案。", cure="请在方案列表中选择。")
    if found.in_force_on and found.in_force_on > on:
        raise Refused(
            f"方案《{found.name}》{found.edition}版自 {found.in_force_on} 起施行，现在还不能用。",
            cure="请选用现行版本，或者在施行之日以后开展评价。",
        )
    return found.scheme_text
