"""信用方案 a cycle may be started with: those on file, and the editions approved in the region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Cycle, SchemeDraft
from rules.credit_subjects import CreditSubject
from rules.lifecycle import SchemeDraftState
from rules.refusal import Refused
from scoring import catalogue
from scoring import changes as change
from scoring.scheme import Scheme

MARK = "@"  # between the key of a scheme and an approved edition of it
STAMP = ("status", "edition", "note", "label")  # what an approval writes into the text
PROPOSED = (
    "（默认方案）",
    "，默认方案",
)  # how the label of a default says that it is only a proposal


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


def in_force(key: str, region: str, *, on: date) -> str:
    """The text of the newest approved edition of a scheme, else as it is on file; empty for a key nobody knows."""
    query = select(SchemeDraft.scheme_text).where(
        SchemeDraft.pooling_region == region,
        SchemeDraft.scheme == key,
        SchemeDraft.state == SchemeDraftState.ADOPTED,
        SchemeDraft.in_force_on <= on,
    )
    order = (SchemeDraft.in_force_on.desc(), SchemeDraft.id.desc())
    return session.scalar(query.order_by(*order).limit(1)) or catalogue.on_file(key)


def offered(region: str, on: date) -> list[tuple[str, str]]:
    """Key and label of every scheme for a new cycle: approved editions in force first, those of institutions before."""
    approved = [(one.key, one.scheme) for one in editions(region) if one.in_force_on <= on]
    approved.sort(key=lambda one: one[1].subject.key != CreditSubject.INSTITUTION)
    known = {(one.key, one.edition) for _, one in approved}
    on_file = [one for one in catalogue.startable() if (one.key, one.edition) not in known]
    return [
        *((key, f"{one.label}（{one.edition}版）") for key, one in approved),
        *((one.key, f"{one.label}（{one.edition}版，尚未批准）") for one in on_file),
    ]


def as_written(key: str, region: str) -> list[SchemeDraft]:
    """Every time a scheme on file was to be approved as it is written, newest first."""
    query = select(SchemeDraft).where(
        SchemeDraft.pooling_region == region,
        SchemeDraft.scheme == key,
        SchemeDraft.cycle_id.is_(None),
        SchemeDraft.file == "",
    )
    return list(session.scalars(query.order_by(SchemeDraft.id.desc())))


def approval(key: str, text: str, region: str) -> SchemeDraft | None:
    """The first approval of this very text in the region; what an approval writes into it does not count."""
    query = select(SchemeDraft).where(
        SchemeDraft.pooling_region == region,
        SchemeDraft.scheme == key,
        SchemeDraft.state == SchemeDraftState.ADOPTED,
    )
    rows = session.scalars(query.order_by(SchemeDraft.in_force_on, SchemeDraft.id)).all()
    own = _unstamped(text) if rows else {}
    return next((row for row in rows if _unstamped(row.scheme_text) == own), None)


def approved_label(label: str) -> str:
    """What letters call it once it was approved: no default any more."""
    for mark in PROPOSED:
        label = label.replace(mark, "")
    return label


def _unstamped(text: str) -> dict[str, Any]:
    return {name: value for name, value in change.loaded(text).items() if name not in STAMP}


def unapproved(cycle: Cycle, on: date) -> str:
    """Why nobody may be graded by the scheme of this cycle yet; empty once the bureau approved it."""
    row = approval(cycle.scheme, cycle.scheme_text, cycle.pooling_region)
    label = catalogue.parsed(cycle.scheme_text).label
    if row is None:
        return f"方案《{label}》没有经医疗保障行政部门批准，不能据以评定等级。"
    if row.in_force_on and row.in_force_on > on:
        return (
            f"方案《{label}》{row.edition}版自 {row.in_force_on} 起施行，在此以前不能据以评定等级。"
        )
    return ""


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
