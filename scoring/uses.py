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
