"""Workings of one row: named operators from several columns to one. Each knows its formula and its Chinese words."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import Annotated, Literal

import polars as pl
from pydantic import Field, FiniteFloat, model_validator

from scoring.formula import columns_of, expression
from scoring.operators import PRECISION, Part, said, wrong

Column = Annotated[str, Field(min_length=1)]
Operand = Column | FiniteFloat
Named = Callable[[str], str]
HALF = 2
GRAINS = 10**PRECISION


def operand(value: Operand) -> pl.Expr:
    return pl.col(value) if isinstance(value, str) else pl.lit(float(value))


def spoken(value: Operand, name: Named) -> str:
    """A column by its label, a number as it is."""
    return f"“{name(value)}”" if isinstance(value, str) else said(value)


class Work(Part):
    """`operands`: what it reads; `conditions`: the SQL it asks; both are checked before anything is rated."""

    @property
    @abstractmethod
    def operands(self) -> tuple[Operand, ...]:
        """Columns by name and numbers, in the order in which they are worked on."""

    @property
    def conditions(self) -> tuple[str, ...]:
        return ()

    @property
    def groups(self) -> tuple[str, ...]:
        return ()

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column it needs, however it needs it."""
        plain = [one for one in self.operands if isinstance(one, str)]
        asked = [name for sql in self.conditions for name in columns_of(sql)]
        return tuple(dict.fromkeys([*plain, *asked, *self.groups]))

    @abstractmethod
    def column(self) -> pl.Expr:
        """The whole column of results."""

    @abstractmethod
    def words(self, name: Named) -> str:
        """What is done, as the page of the scheme says it."""


def gaps(later: Operand, sooner: Operand) -> pl.Expr:
    """A difference in whole grains: a decimal of up to nine digits becomes an integer and nothing is lost."""
    return _grains(later) - _grains(sooner)


def _grains(value: Operand) -> pl.Expr:
    return (operand(value) * GRAINS).round(0).cast(pl.Int128)


class Between(Work):
    """Points on the way from a threshold (or a baseline) to a benchmark, rounded half up, in exact integers.

    Missing the threshold gives `below`; reaching the benchmark gives `top`; in between
    round(times × (value − threshold) ÷ (benchmark − threshold) + plus), held between `least` and `most`.
    `must: exceed` counts standing exactly on the threshold as a miss: no improvement is none.
    """

    operator: Literal["between"]
    value: Operand
    threshold: Operand
    benchmark: Operand
    better: Literal["high", "low"]
    must: Literal["reach", "exceed"] = "reach"
    below: FiniteFloat
    top: FiniteFloat
    times: Annotated[int, Field(ge=1, le=1000)]
    plus: FiniteFloat = 0
    least: Annotated[int, Field(ge=0)]
    most: int

    @model_validator(mode="after")
    def _whole(self) -> Between:
        if self.plus * HALF != int(self.plus * HALF):
            raise wrong("plus 只能是 0.5 的整数倍", "改为 0、0.5、-0.5 之类")
        if self.least > self.most:
            raise wrong("least 大于 most", "对调两个界限")
        return self

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (self.value, self.threshold, self.benchmark)

    def column(self) -> pl.Expr:
        sign = 1 if self.better == "high" else -1
        done = gaps(self.value, self.threshold) * sign
        left = gaps(self.benchmark, self.value) * sign
        whole = gaps(self.benchmark, self.threshold) * sign
        missed = done < 0 if self.must == "reach" else done <= 0
        # twice the quotient plus one half is floored, so that the half goes up without ever leaving the integers
        double = 2 * self.times * done + int(HALF * self.plus) * whole
        points = ((double + whole) // (2 * whole)).clip(self.least, self.most)
        known = done.is_not_null() & whole.is_not_null()
        return (
            pl.when(~known).then(None)
            .when(missed).then(float(self.below))
            .when(left <= 0).then(float(self.top))
            .otherwise(points.cast(pl.Float64))
        )  # fmt: skip

    def words(self, name: Named) -> str:
        value, start, end = (spoken(one, name) for one in self.operands)
        miss, hit = ("劣于", "优于") if self.must == "reach" else ("未优于", "优于")
        plus = f"再加{said(self.plus)}" if self.plus >= 0 else f"再减{said(-self.plus)}"
        high = "数值高者为优" if self.better == "high" else "数值低者为优"
        return (
            f"{value}（{high}）{miss}{start}的得{said(self.below)}分；达到或{hit}{end}的得{said(self.top)}分；"
            f"其间按所达比例乘{self.times}{plus}，四舍五入取整，最低{self.least}分，最高{self.most}分"
        )


class Gather(Work):
    """Several columns in one. Empty ones step out; with fewer than `minimum` known the result is empty."""

    operator: Literal["sum", "mean", "weighted_mean", "smallest", "largest", "count"]
    of: Annotated[tuple[Operand, ...], Field(min_length=1)]
    weights: tuple[Annotated[FiniteFloat, Field(gt=0)], ...] = ()
    minimum: Annotated[int, Field(ge=0)] = 1
    times: FiniteFloat = 1

    @model_validator(mode="after")
    def _weighed(self) -> Gather:
        wanted = len(self.of) if self.operator == "weighted_mean" else 0
        if len(self.weights) != wanted:
            raise wrong(
                f"weights 应有{wanted}个，现有{len(self.weights)}个",
                "weighted_mean 每列一个权重，其他算法不写",
            )
        if self.minimum > len(self.of):
            raise wrong("minimum 多于 of 的列数", f"不超过{len(self.of)}")
        return self

    @property
    def operands(self) -> tuple[Operand, ...]:
        return self.of

    def column(self) -> pl.Expr:
        parts = [operand(one).cast(pl.Float64) for one in self.of]
        known = pl.sum_horizontal(part.is_not_null() for part in parts)
        return pl.when(known >= self.minimum).then(self._value(parts, known) * self.times)

    def _value(self, parts: list[pl.Expr], known: pl.Expr) -> pl.Expr:
        if self.operator == "weighted_mean":
            shares = zip(parts, self.weights, strict=True)
            carried = [
                pl.when(p.is_not_null()).then(float(w)).otherwise(0.0)
                for p, w in zip(parts, self.weights, strict=True)
            ]
            return pl.sum_horizontal(p * w for p, w in shares) / pl.sum_horizontal(carried)
        if self.operator == "count":
            return known.cast(pl.Float64)
        if self.operator == "smallest":
            return pl.min_horizontal(parts)
        if self.operator == "largest":
            return pl.max_horizontal(parts)
        total = pl.sum_horizontal(parts)
        return total / known if self.operator == "mean" else total

    def words(self, name: Named) -> str:
        how = {
            "sum": "之和", "mean": "的平均数", "weighted_mean": "的加权平均数", "smallest": "中最小的",
            "largest": "中最大的", "count": "中有数据的个数",
        }[self.operator]  # fmt: skip
        if self.weights:
            pairs = zip(self.of, self.weights, strict=True)
            listed = "、".join(f"{spoken(one, name)}（权重{said(w)}）" for one, w in pairs)
        else:
            listed = "、".join(spoken(one, name) for one in self.of)
        times = "" if self.times == 1 else f"，再乘{said(self.times)}"
        least = f"；没有数据的不计，至少要有{self.minimum}项" if len(self.of) > 1 else ""
        return f"{listed}{how}{times}{least}"


class Limit(Work):
    """The value, held between two bounds; either may be left out or stand in a column."""

    operator: Literal["limit"]
    value: Operand
    at_least: Operand | None = None
    at_most: Operand | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Limit:
        if self.at_least is None and self.at_most is None:
            raise wrong("没有写界限", "写 at_least 或 at_most")
        return self

    @property
    def operands(self) -> tuple[Operand, ...]:
        return tuple(x for x in (self.value, self.at_least, self.at_most) if x is not None)

    def column(self) -> pl.Expr:
        value = operand(self.value)
        lower = None if self.at_least is None else operand(self.at_least)
        upper = None if self.at_most is None else operand(self.at_most)
        return value.clip(lower, upper)

    def words(self, name: Named) -> str:
        bounds = [("不低于", self.at_least), ("不高于", self.at_most)]
        held = "，".join(f"{word}{spoken(x, name)}" for word, x in bounds if x is not None)
        return f"{spoken(self.value, name)}，{held}"


class Change(Part):
    """One conditional change. A condition over an unknown fact does not hold."""

    when: Column
    label: Column
    add: Operand | None = None
    at_least: Operand | None = None
    at_most: Operand | None = None
    becomes: Operand | None = None

    @model_validator(mode="after")
    def _one(self) -> Change:
        if sum(x is not None for x in (self.add, self.at_least, self.at_most, self.becomes)) != 1:
            raise wrong(
                "一项调整须且只须写 add、at_least、at_most、becomes 之一", "留一个，其余另写一项"
            )
        return self

    @property
    def operand(self) -> Operand:
        found = (self.add, self.at_least, self.at_most, self.becomes)
        return next(x for x in found if x is not None)

    def applied(self, value: pl.Expr) -> pl.Expr:
        number = operand(self.operand)
        if self.add is not None:
            changed = value + number
        elif self.becomes is not None:
            changed = pl.when(value.is_not_null()).then(number)
        else:
            least = None if self.at_least is None else number
            changed = value.clip(least, None if least is not None else number)
        holds = expression(self.when).fill_null(value=False)
        return pl.when(holds).then(changed).otherwise(value)

    def words(self, name: Named) -> str:
        number = spoken(self.operand, name)
        if self.add is not None:
            less = not isinstance(self.add, str) and self.add < 0
            return f"{self.label}的{'减' if less else '加'}{number.removeprefix('-')}"
        if self.becomes is not None:
            return f"{self.label}的定为{number}"
        return f"{self.label}的不{'低' if self.at_most is None else '高'}于{number}"


class Adjust(Work):
    """From a start, change after change in the order written; after each, held between `least` and `most`."""

    operator: Literal["adjust"]
    start: Operand
    changes: Annotated[tuple[Change, ...], Field(min_length=1)]
    least: FiniteFloat
    most: FiniteFloat

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (self.start, *(change.operand for change in self.changes))

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(change.when for change in self.changes)

    def column(self) -> pl.Expr:
        value = operand(self.start).cast(pl.Float64)
        for change in self.changes:
            value = change.applied(value).clip(self.least, self.most)
        return value

    def words(self, name: Named) -> str:
        steps = "；".join(_numbered(change.words(name) for change in self.changes))
        held = f"每次调整后不低于{said(self.least)}、不高于{said(self.most)}"
        return f"以{spoken(self.start, name)}为起点，依次：{steps}。{held}"


def _numbered(sentences: Iterable[str]) -> list[str]:
    return [f"（{n}）{sentence}" for n, sentence in enumerate(sentences, 1)]
