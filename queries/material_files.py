"""The files of one item of the checklist: which is looked at, and which it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models import Application, Material, MaterialFile
from models.material import MaterialState


class Compared(NamedTuple):
    """`old` is the file that was returned, `new` the one handed in for it; with one file only `new`."""

    old: MaterialFile | None
    new: MaterialFile | None


def first(rows: Sequence[Material]) -> Material:
    """What waits for a check comes first, else the first of the list."""
    return next((row for row in rows if row.state is MaterialState.GIVEN), rows[0])


def following(rows: Sequence[Material], chosen: Material) -> Material | None:
    """The next item that waits for a check, after the chosen one and from the top again."""
    place = list(rows).index(chosen)
    waiting = [*rows[place + 1 :], *rows[:place]]
    return next((row for row in waiting if row.state is MaterialState.GIVEN), None)


def compared(row: Material) -> Compared:
    """The newest file, and the one before it where that was returned."""
    new = row.files[-1] if row.files else None
    returned = [one for one in row.files[:-1] if one.passed is False]
    return Compared(returned[-1] if returned else None, new)


def of(application: Application, key: int) -> MaterialFile | None:
    """One file of this application, whichever item and edition it is."""
    found = (one for row in application.materials for one in row.files)
    return next((one for one in found if one.id == key), None)
