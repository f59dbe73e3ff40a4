"""Workings across rows: a subject seen against the others of its group. The order of rows never matters."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
from pydantic import Field, FiniteFloat, model_validator

from scoring.formula import expression, number
from scoring.operators import Part, said, wrong
from scoring.works import Column, Named, Operand, Work, operand, spoken

Fraction = Annotated[FiniteFloat, Field(ge=0, le=100)]
Interpolation = Literal["linear", "lower", "higher", "nearest", "midpoint"]
WHOLE = 100
TIES = {
    "min": "并列者取较前的名次",
    "max": "并列者取较后的名次",
    "average": "并列者取名次的平均",
    "dense": "并列者同名次，其后不空",
}
BETWEEN = {
    "linear": "按线性插值",
    "lower": "取较低一值",
    "higher": "取较高一值",
    "nearest": "取最近一值",
    "midpoint": "取相邻两值的中点",
}


class GroupWork(Work):
    """`within`: the columns that make a group (none: everybody together); `where`: who belongs to the comparison."""

    value: Operand
    within: tuple[Column, ...] = ()
    where: Column | None = None

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (self.value,)

    @property
    def conditions(self) -> tuple[str, ...]:
        return (self.where,) if self.where else ()

    @property
    def groups(self) -> tuple[str, ...]:
        return self.within

    def compared(self) -> pl.Expr:
        """The value where the subject belongs to the comparison, freed of noise so that equals are equal."""
        value = number(operand(self.value))
        return pl.when(expression(self.where)).then(value) if self.where else value

    def over(self, value: pl.Expr) -> pl.Expr:
        return value.over(list(self.within)) if self.within else value

    def place(self, name: Named) -> str:
        names = "、".join(name(column) for column in self.within)
        who = f"符合“{self.where}”的" if self.where else ""
        return f"在同一{names}的{who}对象中" if names else f"在全部{who}对象中"


class Rank(GroupWork):
    """The place inside the group, the best being 1, or the percentage of the group up to and including it.

    `less` is taken off the place before the percentage: 0.5 puts each subject in the middle of its own share.
    """

    operator: Literal["rank"]
    better: Literal["high", "low"]
    ties: Literal["min", "max", "average", "dense"]
    gives: Literal["place", "percent"]
    less: Annotated[FiniteFloat, Field(ge=0, le=1)] = 0

    @model_validator(mode="after")
    def _said(self) -> Rank:
        if self.gives == "place" and self.less:
            raise wrong("less 只用于百分比", "删去 less，或改为 gives: percent")
        if self.gives == "percent" and self.ties == "dense":
            raise wrong("dense 的名次不连着人数，不能换算百分比", "改用 min、max 或 average")
        return self

    def column(self) -> pl.Expr:
        value = self.compared()
        place = value.rank(self.ties, descending=self.better == "high").cast(pl.Float64)
        if self.gives == "place":
            return self.over(place)
        return self.over((place - self.less) * WHOLE / value.count())

    def words(self, name: Named) -> str:
        order = "由高到低" if self.better == "high" else "由低到高"
        base = f"{self.place(name)}按{spoken(self.value, name)}{order}排名（第1名最好），{TIES[self.ties]}"
        if self.gives == "place":
            return base
        less = f"减{said(self.less)}" if self.less else ""
        return f"{base}；名次{less}除以有数据的对象数，乘100"


class Statistic(GroupWork):
    """One number for the whole group, the same on each of its rows. `percent` is for a percentile."""

    operator: Literal["statistic"]
    gives: Literal["mean", "median", "min", "max", "deviation", "count", "sum", "percentile"]
    percent: Fraction | None = None
    interpolation: Interpolation = "linear"

    @model_validator(mode="after")
    def _which(self) -> Statistic:
        if (self.gives == "percentile") != (self.percent is not None):
            raise wrong("percentile 与 percent 要一起写", "补上 percent，如 percent: 75")
        return self

    def column(self) -> pl.Expr:
        value = self.compared()
        if self.percent is not None:
            return self.over(value.quantile(self.percent / WHOLE, self.interpolation))
        plain = {
            "mean": value.mean, "median": value.median, "min": value.min, "max": value.max,
            "deviation": value.std, "count": value.count, "sum": value.sum,
        }[self.gives]  # fmt: skip
        return self.over(plain().cast(pl.Float64))

    def words(self, name: Named) -> str:
        what = {
            "mean": "平均数", "median": "中位数", "min": "最小值", "max": "最大值", "deviation": "标准差",
            "count": "有数据的个数", "sum": "合计",
            "percentile": f"第{said(self.percent or 0)}百分位数（{BETWEEN[self.interpolation]}）",
        }[self.gives]  # fmt: skip
        return f"{self.place(name)}，{spoken(self.value, name)}的{what}"


class Winsorise(Part):
    """Values beyond these percentiles are drawn in to them, so that a few cannot stretch the scale."""

    low: Fraction
    high: Fraction
    interpolation: Interpolation = "linear"

    @model_validator(mode="after")
    def _ordered(self) -> Winsorise:
        if self.low >= self.high:
            raise wrong("low 不低于 high", "low 写较小的百分位")
        return self


class ZScore(GroupWork):
    """How many standard deviations from the group's mean, both taken after the extremes were drawn in.

    `deviation`: sample divides by n − 1, population by n. A group without spread has no z-score.
    """

    operator: Literal["z_score"]
    winsorise: Winsorise | None = None
    deviation: Literal["sample", "population"] = "sample"

    def column(self) -> pl.Expr:
        value = self.compared()
        if self.winsorise:
            ends = [
                self.over(value.quantile(end / WHOLE, self.winsorise.interpolation))
                for end in (self.winsorise.low, self.winsorise.high)
            ]
            value = value.clip(*ends)
        spread = self.over(value.std(ddof=1 if self.deviation == "sample" else 0))
        return pl.when(spread > 0).then((value - self.over(value.mean())) / spread)

    def words(self, name: Named) -> str:
        ends = self.winsorise
        drawn = (
            f"先把超出第{said(ends.low)}、第{said(ends.high)}百分位数（{BETWEEN[ends.interpolation]}）的收到该处，"
            if ends
            else ""
        )
        kind = "样本标准差" if self.deviation == "sample" else "总体标准差"
        return f"{self.place(name)}，{drawn}{spoken(self.value, name)}减平均数，除以{kind}"
