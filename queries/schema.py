"""Is the database there, and is it the one this version of the product was written for?"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from database import session

INI = Path(__file__).resolve().parent.parent / "alembic.ini"


def trouble() -> str:
    """Why the product cannot work now, in a few words; empty when it can."""
    try:
        found = set(session.scalars(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError as error:
        session.rollback()
        return f"database: {type(error).__name__}"
    return "" if found == heads() else f"schema: {sorted(found)} instead of {sorted(heads())}"


@lru_cache(maxsize=1)
def heads() -> frozenset[str]:
    """The revisions the migrations of this version end with."""
    return frozenset(ScriptDirectory.from_config(Config(INI)).get_heads())
