"""What a scheme reads: columns of facts, and lists of events that become columns by counting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, model_validator

from scoring.operators import Part, said, wrong

Name = Annotated[str, Field(min_length=1)]


class Fact(Part):
    """A column the query or the file must deliver. An empty cell takes `default`; without one it counts as missing.

    `header`: the heading in the file where it is not the name used in the scheme, so that a published
    result may be read under another name than the step that reproduces it. An `optional` column may be absent.
    `fixed`: nothing the subject could do otherwise (years, head counts), so no advice is built on it.
    `up_to`: a number, or the column that holds it, above which the fact cannot go.
    """

    column: Name
    label: Name
    header: Name | None = None
    type: Literal["number", "flag", "text", "date"] = "number"
    unit: str = ""
    default: FiniteFloat | bool | str | None = None
    optional: bool = False
    fixed: bool = False
    up_to: Name | FiniteFloat | None = None
    meaning: str = ""

    @property
    def heading(self) -> str:
        return self.header or self.column


class Parameter(Part):
    """A number that stands in expressions by its name, so that it can be read, checked and tried like any other."""

    name: Name
    label: Name
    value: FiniteFloat
    unit: str = ""
    basis: str = ""
    confidence: Literal["official", "secondary", "local", "assumed"]
    note: str = ""

    @property
    def said(self) -> str:
        return f"{said(self.value)}{self.unit}"


class Fading(Part):
    """From so many months on an event counts only with this share."""

    from_month: Annotated[int, Field(ge=0)]
    share: Annotated[FiniteFloat, Field(ge=0, le=1)]


class Tally(Part):
    """A column counted from events: how many, or the sum of one of their columns, while they are valid.

    An event is valid from its day `dated` for `months` months up to `as_of` (a day, or a column with one). `fading`
    lowers its weight with age. A subject without any event has nought.
    """

    column: Name
    label: Name
    unit: str = ""
    sum: Name | None = None
    where: Name | None = None
    dated: Name | None = None
    as_of: date | Name | None = None
    months: Annotated[int, Field(ge=1)] | None = None
    fading: tuple[Fading, ...] = ()
    meaning: str = ""

    @model_validator(mode="after")
    def _dated_as_a_whole(self) -> Tally:
        if (self.dated is None) != (self.as_of is None):
            raise wrong("dated 与 as_of 要一起写", "写明事件的日期列和评价日")
        if self.dated is None and (self.months or self.fading):
            raise wrong("没有日期列，无法计算有效期", "补上 dated 和 as_of")
        months = [step.from_month for step in self.fading]
        if months != sorted(set(months)):
            raise wrong("fading 各档没有按月数由小到大写", "from_month 逐档增大，不得重复")
        return self

    def words(self, labels: Mapping[str, str], where: str) -> str:
        """`labels`: the columns of the list as people call them; `where`: its condition in words."""
        what = f"“{labels[self.sum]}”之和" if self.sum else "件数"
        who = f"，只计{where}的" if where else ""
        valid = f"，自{labels[self.dated or '']}起{self.months}个月内有效" if self.months else ""
        aged = "、".join(f"满{f.from_month}个月的按{said(f.share * 100)}%" for f in self.fading)
        return f"{what}{who}{valid}{f'，{aged}计' if aged else ''}；没有事件的为0"


class Source(Part):
    """A list of events, many per subject, in a file of its own: recognised by its headings."""

    name: Name
    label: Name
    key: Name
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    tallies: Annotated[tuple[Tally, ...], Field(min_length=1)]

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.key, *(fact.heading for fact in self.facts if not fact.optional))
