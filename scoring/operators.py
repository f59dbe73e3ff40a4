"""The curves a scheme may use: from a raw number to points. Each knows its formula and how to say it in Chinese."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator
from pydantic_core import PydanticCustomError

PRECISION = 9  # decimals kept before a comparison or a rounding, so that binary noise never decides
Points = Annotated[FiniteFloat, Field(ge=0)]
Step = Annotated[FiniteFloat, Field(gt=0)]


def said(number: float) -> str:
    """12.0 as 12, 0.5 as 0.5, 10000000.0 without an exponent."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def wrong(why: str, cure: str) -> PydanticCustomError:
    """An error of a scheme part that already knows its cure."""
    return PydanticCustomError("scheme", "{why}", {"why": why, "cure": cure})


class Part(BaseModel):
    """A piece of a scheme: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Deduct(Part):
    """Full points, less so many for each; never more than `cap` is taken (default: all of them)."""

    operator: Literal["deduct"]
    full: Points
    per: Step
    cap: Points | None = None

    def points(self, raw: pl.Expr) -> pl.Expr:
        cap = self.full if self.cap is None else self.cap
        return self.full - (raw.clip(lower_bound=0) * self.per).clip(upper_bound=cap)

    def words(self, unit: str = "") -> str:
        cap = self.full if self.cap is None else self.cap
        start = f"满分{said(self.full)}分，" if self.full else ""
        return f"{start}每{unit or '单位'}扣{said(self.per)}分，最多扣{said(cap)}分"


class Award(Part):
    """So many points for each, up to `cap`."""

    operator: Literal["award"]
    per: Step
    cap: Step

    @property
    def full(self) -> float:
        return self.cap

    def points(self, raw: pl.Expr) -> pl.Expr:
        return (raw.clip(lower_bound=0) * self.per).clip(upper_bound=self.cap)

    def words(self, unit: str = "") -> str:
        return f"每{unit or '单位'}计{said(self.per)}分，最多{said(self.cap)}分"


class Rung(Part):
    at_least: FiniteFloat | None = None
    at_most: FiniteFloat | None = None
    points: Points

    @model_validator(mode="after")
    def _one_bound(self) -> Rung:
        if (self.at_least is None) == (self.at_most is None):
            raise wrong("阶梯的每一档须且只须写 at_least、at_most 之一", "保留一个界限，另一个删去")
        return self


class Ladder(Part):
    """The first rung that holds gives the points; `otherwise` when none does."""

    operator: Literal["ladder"]
    steps: Annotated[tuple[Rung, ...], Field(min_length=1)]
    otherwise: Points = 0

    @property
    def full(self) -> float:
        return max(self.otherwise, *(rung.points for rung in self.steps))

    def points(self, raw: pl.Expr) -> pl.Expr:
        result = pl.lit(float(self.otherwise))
        for rung in reversed(self.steps):
            holds = raw <= rung.at_most if rung.at_least is None else raw >= rung.at_least
            result = pl.when(holds).then(float(rung.points)).otherwise(result)
        return result

    def words(self, unit: str = "") -> str:
        rungs = [
            f"不高于{said(r.at_most)}{unit}得{said(r.points)}分" if r.at_most is not None
            else f"不低于{said(r.at_least or 0)}{unit}得{said(r.points)}分"
            for r in self.steps
        ]  # fmt: skip
        return "，".join([*rungs, f"其余得{said(self.otherwise)}分"])


class Linear(Part):
    """Nothing at `threshold`, full points at `target`, a straight line between. Either may be the larger."""

    operator: Literal["linear"]
    threshold: FiniteFloat
    target: FiniteFloat
    full: Step

    @model_validator(mode="after")
    def _not_flat(self) -> Linear:
        if self.threshold == self.target:
            raise wrong("threshold 与 target 相同，无法连线", "改其中一个；只有一个界限时用 ladder")
        return self

    def points(self, raw: pl.Expr) -> pl.Expr:
        share = (raw - self.threshold) / (self.target - self.threshold)
        return share.clip(0, 1) * self.full

    def words(self, unit: str = "") -> str:
        ends = f"{said(self.threshold)}{unit}得0分，{said(self.target)}{unit}得{said(self.full)}分"
        return f"{ends}，其间按比例计分"


class Flag(Part):
    """Yes or no; the raw value is 1 or 0."""

    operator: Literal["flag"]
    when_true: Points
    when_false: Points

    @property
    def full(self) -> float:
        return max(self.when_true, self.when_false)

    def points(self, raw: pl.Expr) -> pl.Expr:
        return pl.when(raw != 0).then(float(self.when_true)).otherwise(float(self.when_false))

    def words(self, unit: str = "") -> str:
        return f"是得{said(self.when_true)}分，否得{said(self.when_false)}分"


class AsIs(Part):
    """The raw value is already points; held between nothing and full."""

    operator: Literal["as_is"]
    full: Step

    def points(self, raw: pl.Expr) -> pl.Expr:
        return raw.clip(0, self.full)

    def words(self, unit: str = "") -> str:
        return f"按原得分计，最低0分，最高{said(self.full)}分"


class Piecewise(Part):
    """Straight lines from corner to corner, `[value, points]`; level before the first and after the last."""

    operator: Literal["piecewise"]
    corners: Annotated[tuple[tuple[FiniteFloat, Points], ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _rising(self) -> Piecewise:
        values = [value for value, _ in self.corners]
        if values != sorted(set(values)):
            raise wrong("折线各点没有按数值由小到大写", "各点第一个数逐点增大，不得重复")
        return self

    @property
    def full(self) -> float:
        return max(points for _, points in self.corners)

    def points(self, raw: pl.Expr) -> pl.Expr:
        (_, level), *_ = self.corners
        result = pl.lit(float(level))
        for (left, low), (right, high) in pairwise(self.corners):
            line = low + (raw - left) * (high - low) / (right - left)
            result = (
                pl.when(raw > left)
                .then(pl.when(raw < right).then(line).otherwise(high))
                .otherwise(result)
            )
        return result

    def words(self, unit: str = "") -> str:
        corners = "，".join(f"{said(x)}{unit}得{said(y)}分" for x, y in self.corners)
        return f"{corners}，其间按直线计分，两端之外不再变化"


class Shown(Part):
    """Earns nothing: the number is shown among the reasons because the score was worked out from it."""

    operator: Literal["shown"]

    @property
    def full(self) -> float:
        return 0.0

    def points(self, raw: pl.Expr) -> pl.Expr:
        return raw * 0.0

    def words(self, unit: str = "") -> str:
        return f"列出数值{f'（{unit}）' if unit else ''}，由计算步骤使用"


class Earned(Part):
    """The raw value is shown, the points were worked out for it in a step."""

    operator: Literal["earned"]
    step: Annotated[str, Field(min_length=1)]
    full: Step

    def points(self, raw: pl.Expr) -> pl.Expr:
        return pl.when(raw.is_not_null()).then(pl.col(self.step).clip(0, self.full))

    def words(self, unit: str = "") -> str:
        return f"按步骤“{self.step}”的结果计，最高{said(self.full)}分"


def taken(rule: object) -> float:
    """How far below nought a curve can go: what an item that only deducts may take at most."""
    if not isinstance(rule, Deduct) or rule.cap is None:
        return 0.0
    return max(0.0, rule.cap - rule.full)


Operator = Annotated[
    Deduct | Award | Ladder | Linear | Flag | AsIs | Piecewise | Shown | Earned,
    Field(discriminator="operator"),
]
