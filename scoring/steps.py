"""A step of a scheme: one named column, worked out by SQL, by a curve over one value, or by a working."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from scoring.formula import columns_of
from scoring.groups import Rank, Statistic, ZScore
from scoring.operators import AsIs, Award, Deduct, Flag, Ladder, Linear, Part, Piecewise
from scoring.sources import Name
from scoring.works import Adjust, Between, Gather, Limit, Work

Rule = Annotated[
    Deduct | Award | Ladder | Linear | Flag | AsIs | Piecewise
    | Between | Gather | Limit | Adjust | Rank | Statistic | ZScore,
    Field(discriminator="operator"),
]  # fmt: skip


class Rounding(Part):
    mode: Literal["half_up", "half_even", "down"]
    digits: Annotated[int, Field(ge=0, le=12)]


class Step(Part):
    """A named column worked out from facts and earlier steps: an SQL expression, a curve over one value, or a working.

    `says` turns its numbers into the words a published table uses; they are kept as numbers while rating.
    """

    name: Name
    label: Name
    fact: Name | None = None
    sql: Name | None = None
    rule: Rule | None = None
    unit: str = ""
    rounding: Rounding | None = None
    says: dict[FiniteFloat, str] = Field(default_factory=dict)
    basis: str = ""
    note: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it is worked out from."""
        if isinstance(self.rule, Work):
            return self.rule.reads
        return columns_of(self.sql) if self.sql else (self.fact or "",)

    @property
    def whole(self) -> bool:
        return self.rounding is not None and self.rounding.digits == 0
