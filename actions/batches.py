"""办理批次: prepared, confirmed by the same person, then carried out row by row by the clockwork in that person's name.

Every row is one transaction that holds the batch: the effect and the row's outcome are kept together or not at all.
Whatever ends a worker in between, the next one goes on with the first row that has no outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

import clock
from actions import batch_kinds, letters, lifecycle, numbering, sessions
from database import session
from documents import RenderFailed
from models import Batch, BatchRow, User
from queries import batches as ask
from rules import permissions
from rules.batches import RowOutcome
from rules.lifecycle import BatchState
from rules.permissions import SYSTEM, Actor, Denied, Permission
from rules.refusal import Refused
from rules.timetable import Outcome

LONGEST = 600


@dataclass(frozen=True)
class Item:
    """A subject on which the act is to be carried out, and what will happen to it in one sentence."""

    subject: str
    subject_id: int
    label: str
    preview: str = ""


@dataclass(frozen=True)
class Made:
    """What the long work of a row came to, or why it failed."""

    content: Any = None
    why: str = ""


NOTHING = Made()


def prepare(
    kind: str, items: Iterable[Item], *, actor: Actor, on: date, **parameters: Any
) -> Batch:
    """Write down what is going to be done; nothing is done yet. Refused without subjects."""
    plan = batch_kinds.KINDS[kind]
    permissions.require(actor, plan.permission)
    rows = list(items)
    if not rows:
        raise Refused(f"没有可以{plan.label}的事项。", cure="请先勾选，或者放宽筛选条件。")
    batch = Batch(
        number=numbering.case_number("PC", on.year),
        kind=kind,
        title=plan.label,
        parameters=parameters,
        pooling_region=actor.pooling_region,
        state=BatchState.PREPARED,
        created_on=on,
        started_by_id=actor.id,
    )
    lifecycle.begin(batch, "prepare", f"准备批次：{plan.label}", actor=actor, on=on, rows=len(rows))
    session.flush()
    session.execute(insert(BatchRow), [_columns(batch, item) for item in rows])
    return batch


def _columns(batch: Batch, item: Item) -> dict[str, Any]:
    return {
        "batch_id": batch.id,
        "subject": item.subject,
        "subject_id": item.subject_id,
        "label": item.label,
        "preview": item.preview[:300],
        "outcome": RowOutcome.WAITING,
        "sentence": "",
    }


def start(batch: Batch, *, actor: Actor, on: date) -> None:
    """Confirm a prepared batch. Denied to everybody but the person in whose name it will act."""
    permissions.require(actor, batch_kinds.KINDS[batch.kind].permission)
    lifecycle.move(batch, "start", actor=actor, on=on)


def cancel(batch: Batch, *, actor: Actor, on: date, reason: str = "") -> None:
    """Carry out no further row; what was done stays done."""
    lifecycle.move(batch, "cancel", actor=actor, on=on, reason=reason.strip()[:300])


def make_row(row_id: int) -> Made:
    """The long work of a row, done before its transaction while others may write."""
    row = session.get_one(BatchRow, row_id, populate_existing=True)
    make = batch_kinds.KINDS[session.get_one(Batch, row.batch_id).kind].make
    if make is None or row.outcome is not RowOutcome.WAITING:
        return Made()
    try:
        return Made(make(row.subject_id))
    except OperationalError:
        raise
    except RenderFailed as failed:
        return Made(why=str(failed))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others have a right to theirs
        return Made(why=_broken(error))


def run_row(row_id: int, day: date, made: Made = NOTHING) -> Outcome:
    """Carry out one row if it still waits and its batch still runs."""
    row = session.get_one(BatchRow, row_id)
    batch = session.get_one(Batch, row.batch_id, with_for_update=True, populate_existing=True)
    row = session.get_one(BatchRow, row_id, populate_existing=True)
    if batch.state != BatchState.RUNNING or row.outcome is not RowOutcome.WAITING:
        return Outcome()
    person = session.get_one(User, batch.started_by_id, populate_existing=True)
    if why := _unable(person, batch):
        lifecycle.move(batch, "stop", actor=SYSTEM, on=day, reason=why)
        return Outcome(done=True)
    if made.why:
        _settle(row, RowOutcome.FAILED, made.why)
    else:
        _carry_out(row, batch, made.content, actor=sessions.actor_of(person), on=day)
    session.flush()
    if not ask.is_waiting(batch.id):
        lifecycle.move(batch, "finish", actor=SYSTEM, on=day)
    return Outcome(done=True)


def draft(batch: Batch, row: BatchRow, *, actor: Actor, on: date) -> tuple[str, dict[str, Any]]:
    """Kind and facts of the letter that this row is going to issue, marked as a preview. Refused as the row would be.

    The row is carried out for it: the caller takes everything back.
    """
    permissions.require(actor, Permission.START_BATCH, batch)
    plan = batch_kinds.KINDS[batch.kind]
    if batch.state != BatchState.PREPARED or not plan.letter:
        raise Refused("本批次没有可以预览的文书。", cure="请在清单中打开已经印发的文书。")
    plan.act(row.subject_id, batch.parameters, actor=actor, on=on)
    session.flush()
    letter = ask.issued(row, plan.letter)
    return letter.kind, letters.as_preview(letter)


def _unable(person: User, batch: Batch) -> str:
    """Why nothing more is done in this person's name; empty when all is well."""
    if person.disabled_on is not None:
        return (
            f"发起人{person.name}的账号已于 {person.disabled_on} 停用，批次停止，其余各件没有办理。"
        )
    plan = batch_kinds.KINDS[batch.kind]
    actor = sessions.actor_of(person)
    moved = actor.pooling_region != batch.pooling_region
    if moved or not permissions.may(actor, plan.permission):
        return f"发起人{person.name}已调离岗位，没有“{plan.permission.label}”的权限，批次停止，其余各件没有办理。"
    return ""


def _carry_out(row: BatchRow, batch: Batch, content: Any, *, actor: Actor, on: date) -> None:
    """The effect inside a savepoint, so that what is refused half way leaves nothing but its sentence."""
    plan = batch_kinds.KINDS[batch.kind]
    given = {**batch.parameters, batch_kinds.MADE: content}
    try:
        with session.begin_nested():
            sentence = plan.act(row.subject_id, given, actor=actor, on=on)
            session.flush()
    except (Refused, Denied) as refused:
        _settle(row, RowOutcome.REFUSED, str(refused))
    except OperationalError:
        raise  # the database was busy or away: the row waits for the next round
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others have a right to theirs
        _settle(row, RowOutcome.FAILED, _broken(error))
    else:
        _settle(row, RowOutcome.DONE, sentence)


def _broken(error: Exception) -> str:
    return f"程序出错，没有办理：{type(error).__name__}"


def _settle(row: BatchRow, outcome: RowOutcome, sentence: str) -> None:
    row.outcome, row.sentence, row.done_at = outcome, sentence[:LONGEST], clock.now()
