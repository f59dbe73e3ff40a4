"""Row scope: which rows a person may see at all. Used by every list, detail, count, download and export."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, false

import models
from database import session
from rules.permissions import Actor, Role

_MODELS = {getattr(models, name).__tablename__: getattr(models, name) for name in models.__all__}
LARGEST_ID = 2**31 - 1  # of an integer column
ADMINISTRATORS = {Role.SYSADMIN, Role.SECADMIN, Role.LOGADMIN}


def visible(query: Select[Any], actor: Actor, region: Any, owner: Any) -> Select[Any]:
    """Narrow a query to the actor's pooling region, or to the actor's own institution."""
    if actor.role in ADMINISTRATORS:
        return query.where(false())
    if actor.role is Role.INSTITUTION:
        return query.where(
            owner == (actor.institution_id or 0)
        )  # what belongs to none is nobody's here
    return query.where(region == actor.pooling_region)


def find(noun: Any, key: int, actor: Actor, *, lock: bool = False) -> Any | None:
    """One row of a noun (its table's name); None when it is missing or out of scope, and nobody learns which.

    `lock` holds the row until the end of the transaction and reads it anew.
    """
    if not may_exist(key):
        return None
    model = _MODELS[noun] if isinstance(noun, str) else noun
    row = session.get(model, key, with_for_update=lock or None, populate_existing=lock)
    if row is None or not _in_scope(row, actor):
        return None
    return row


def may_exist(key: int) -> bool:
    """Whether a row can have this number at all: the databases take offence at much larger and smaller ones."""
    return 0 < key <= LARGEST_ID


def locked(noun: str, key: int) -> Any:
    """A row held for a writer that has no scope of its own: the caller has found it by what is public."""
    return session.get_one(_MODELS[noun], key, with_for_update=True, populate_existing=True)


def _in_scope(row: Any, actor: Actor) -> bool:
    if actor.role in ADMINISTRATORS:
        return False
    if actor.role is Role.INSTITUTION:
        owner = getattr(row, "institution_id", None)
        return owner is not None and bool(owner == actor.institution_id)
    return bool(row.pooling_region == actor.pooling_region)
