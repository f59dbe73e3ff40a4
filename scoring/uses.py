"""What a grade leads to: dated proposals that a person applies or refuses with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from scoring.operators import Part
from scoring.sources import Name

Confidence = Literal["official", "secondary", "local", "assumed"]


class Use(Part):
    """What a grade leads to, as dated data: from each day on, one value for every grade."""

    label: Name
    unit: Literal["percent", "choice"]
    choices: dict[str, str] = Field(default_factory=dict)
    basis: Name
    confidence: Confidence
    note: Name
    values: Annotated[dict[date, dict[str, FiniteFloat | str]], Field(min_length=1)]


class Elimination(Part):
    """末位: so many percent of those graded in each group, cut to a whole number; only simulated, no grade follows.

    `within`: the columns whose equal values make a group; unless stated, the peers. `ties`: equals across the line
    are all spared or all taken. `effect`: what a person may then propose.
    """

    percent: Annotated[FiniteFloat, Field(ge=0, le=50)] = 0
    ties: Literal["spare", "take"] = "spare"
    within: tuple[Name, ...] = ()
    effect: Name = "列出名单研究"
    basis: Name = "本地参数"
    confidence: Confidence = "assumed"
    note: str = "请按本地文件核对"


@dataclass(frozen=True)
class UseValue:
    """A proposal read from a grade; a person applies it or refuses it with a reason."""

    key: str
    label: str
    value: float | str
    text: str
    unit: str
    since: date
    basis: str
    confidence: str
    note: str
