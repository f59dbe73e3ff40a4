"""Columns that several tables share."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class Word(TypeDecorator[StrEnum]):
    """A StrEnum member stored as its word; an unknown word in the table raises when read."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum], length: int = 32) -> None:
        super().__init__(length)
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Numbered:
    id: Mapped[int] = mapped_column(primary_key=True)


class Versioned:
    """Optimistic locking: a stale save raises StaleDataError, and a stale form is refused before."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class OfInstitution:
    """A row that belongs to one institution and so to its pooling region."""

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)

    @declared_attr
    def institution(cls) -> Mapped[Any]:
        return relationship("Institution")

    @property
    def pooling_region(self) -> str:
        return str(self.institution.pooling_region)


class OfInstitutionOrPerson:
    """A row that belongs to one institution, or to a person for whom none answers (then `region` says where)."""

    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    region: Mapped[str] = mapped_column(String(12), default="", server_default=text("''"))

    @declared_attr
    def institution(cls) -> Mapped[Any]:
        return relationship("Institution")

    @property
    def pooling_region(self) -> str:
        return str(self.institution.pooling_region) if self.institution else self.region


class Discussed:
    """A payment that a group may have to decide about; whoever stepped aside in one of its meetings stays out."""

    discussions: Any

    @property
    def recused_user_ids(self) -> set[int]:
        return {vote.user_id for one in self.discussions for vote in one.votes if vote.recusal}


class Moving:
    """A row with a lifecycle: the state only changes through `actions.lifecycle.move`."""

    state_since: Mapped[date]
