"""办理批次: the list, the rows of one, how far each has come, and what the clockwork has to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from database import session
from models import Batch, BatchRow, Document
from queries import documents, scope
from queries.paging import Asked, Page, count, cut, like
from rules import batches as rule
from rules.batches import Progress, RowOutcome
from rules.lifecycle import BATCH, BatchState
from rules.permissions import Actor

OUTCOMES = [(str(word), word.label) for word in RowOutcome]
STATES = [(word, state.label) for word, state in BATCH.states.items()]


@dataclass(frozen=True)
class BatchLine:
    batch: Batch
    state_label: str
    light: str
    progress: Progress


def page(actor: Actor, ask: Asked) -> tuple[list[BatchLine], Page]:
    """The batches of the actor's region, newest first."""
    query = scope.visible(select(Batch), actor, Batch.pooling_region, None)
    if ask.word("state") in BATCH.states:
        query = query.where(Batch.state == ask.word("state"))
    if ask.q:
        query = query.where(Batch.number.like(like(ask.q), escape="\\"))
    total = count(query)
    query = query.options(joinedload(Batch.started_by)).order_by(Batch.id.desc())
    found = list(session.scalars(cut(query, ask)))
    known = progresses([row.id for row in found])
    return [_line(row, known[row.id]) for row in found], Page(ask.page, ask.size, total)


def _line(batch: Batch, progress: Progress) -> BatchLine:
    state = BATCH.states[batch.state]
    return BatchLine(batch, state.label, state.light, progress)


def progresses(ids: Collection[int]) -> dict[int, Progress]:
    """How far each of these has come, in one query."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    query = select(BatchRow.batch_id, BatchRow.outcome, func.count())
    query = query.where(BatchRow.batch_id.in_(ids)).group_by(BatchRow.batch_id, BatchRow.outcome)
    for batch_id, outcome, number in session.execute(query):
        counts[batch_id][str(outcome)] = number
    return {key: rule.progress(counts[key]) for key in ids}


def line(batch: Batch) -> BatchLine:
    return _line(batch, progresses([batch.id])[batch.id])


def rows(batch: Batch, ask: Asked) -> tuple[list[BatchRow], Page]:
    """One page of a batch's rows: what went wrong first, then what was done, then what waits."""
    query: Any = select(BatchRow).where(BatchRow.batch_id == batch.id)
    if ask.word("outcome") in list(RowOutcome):
        query = query.where(BatchRow.outcome == RowOutcome(ask.word("outcome")))
    if ask.q:
        query = query.where(BatchRow.label.like(like(ask.q), escape="\\"))
    total = count(query)
    wrong = BatchRow.outcome.in_([RowOutcome.FAILED, RowOutcome.REFUSED])
    query = query.order_by(wrong.desc(), BatchRow.id)
    return list(session.scalars(cut(query, ask))), Page(ask.page, ask.size, total)


def to_run(day: date) -> list[int]:
    """Rows that wait in batches begun by the day, in their order."""
    query = (
        select(BatchRow.id)
        .join(Batch, Batch.id == BatchRow.batch_id)
        .where(
            Batch.state == BatchState.RUNNING,
            Batch.state_since <= day,
            BatchRow.outcome == RowOutcome.WAITING,
        )
    )
    return list(session.scalars(query.order_by(BatchRow.batch_id, BatchRow.id)))


def is_waiting(batch_id: int) -> bool:
    """Has the batch a row left to do?"""
    query = select(BatchRow.id).where(
        BatchRow.batch_id == batch_id, BatchRow.outcome == RowOutcome.WAITING
    )
    return session.scalar(query.limit(1)) is not None


PART = 100  # letters of one print file


@dataclass(frozen=True)
class Part:
    """A print file: its number, the first and the last letter in it, and how many there are."""

    number: int
    first: str
    last: str
    letters: int


@dataclass(frozen=True)
class Letters:
    """What a batch issued or had printed, as far as the person may read it. `printed`: how many have their bytes."""

    total: int
    printed: int
    parts: list[Part]


def letters(batch: Batch, actor: Actor, kind: str) -> Letters:
    """`kind`: of the letters that its rows issue, if they issue any."""
    query = _letters(batch, actor, kind).with_only_columns(Document.number, Document.sha256)
    found = list(session.execute(query))
    cuts = range(0, len(found), PART)
    parts = [
        _part(n, [row.number for row in found[cut : cut + PART]]) for n, cut in enumerate(cuts)
    ]
    return Letters(len(found), sum(1 for row in found if row.sha256), parts)


def _part(place: int, numbers: list[str]) -> Part:
    return Part(place + 1, numbers[0], numbers[-1], len(numbers))


def letters_of_part(batch: Batch, actor: Actor, kind: str, part: int) -> list[Document]:
    """The letters of one print file, in order of their numbers; none for a part that is not there."""
    if not 1 <= part <= scope.LARGEST_ID // PART:
        return []
    query = _letters(batch, actor, kind).offset((part - 1) * PART).limit(PART)
    return list(session.scalars(query))


def _letters(batch: Batch, actor: Actor, kind: str) -> Select[Any]:
    """Printed letters are the subjects of their rows; issued ones have the subject of their row."""
    same = and_(
        Document.subject == BatchRow.subject,
        Document.subject_id == BatchRow.subject_id,
        Document.kind == kind,
    )
    itself = and_(BatchRow.subject == Document.__tablename__, BatchRow.subject_id == Document.id)
    query = select(Document).join(BatchRow, same if kind else itself)
    query = query.where(BatchRow.batch_id == batch.id, BatchRow.outcome == RowOutcome.DONE)
    return query.where(documents.open_to(actor)).order_by(Document.id)


def row(batch: Batch, key: int) -> BatchRow | None:
    """One of its rows."""
    found = session.get(BatchRow, key) if scope.may_exist(key) else None
    return found if found is not None and found.batch_id == batch.id else None


def issued(row: BatchRow, kind: str) -> Document:
    """The newest letter of this kind on the subject of a row."""
    query = select(Document).where(
        Document.subject == row.subject,
        Document.subject_id == row.subject_id,
        Document.kind == kind,
    )
    return session.scalars(query.order_by(Document.id.desc()).limit(1)).one()
