"""The shape of a rating scheme: what a YAML file under schemes/ may say. Meaning across parts: checks.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from rules.refusal import Refused
from scoring.operators import Operator, Part, Points, said

Confidence = Literal["official", "secondary", "local", "assumed"]
Name = Annotated[str, Field(min_length=1)]
Positive = Annotated[FiniteFloat, Field(gt=0)]


class Subject(Part):
    """Who is rated. `key` names the column that identifies one, `kind` the column that tells the families apart."""

    key: Name
    label: Name
    kind: Name | None = None
    kinds: dict[str, str] = Field(default_factory=dict)


class Peers(Part):
    """Ranks are given inside each value of this column."""

    column: Name
    label: Name


class Fact(Part):
    """A column the query must deliver. An empty cell takes `default`; without one it counts as missing."""

    column: Name
    label: Name
    type: Literal["number", "flag", "text"] = "number"
    unit: str = ""
    default: FiniteFloat | bool | str | None = None
    meaning: str = ""


class Step(Part):
    """A named column worked out from facts and earlier steps by an SQL expression."""

    name: Name
    label: Name
    sql: Name
    unit: str = ""


class Item(Part):
    """Something that earns or loses points: a value (fact or SQL), a curve, and the reason it may count."""

    key: Name
    label: Name
    fact: Name | None = None
    sql: Name | None = None
    kinds: tuple[str, ...] = ()
    rule: Operator
    basis: Name
    evidence: Name | None = None
    confidence: Confidence
    note: str = ""


class Indicator(Item):
    domain: Name
    weight: Positive | None = None
    missing: Literal["reweight", "zero", "neutral", "stated"] = "reweight"
    missing_points: Points | None = None

    @property
    def share(self) -> float:
        """Its weight inside the domain; unless stated, its full points."""
        return self.rule.full if self.weight is None else self.weight

    @property
    def points_when_missing(self) -> float | None:
        """None: the indicator steps out and the others carry its weight. Neutral is half of the full points."""
        stated = {"zero": 0.0, "neutral": self.rule.full / 2, "stated": self.missing_points}
        return stated.get(self.missing)


class Domain(Part):
    """Indicators of one kind. With fewer than `minimum` of them known, the domain itself is missing."""

    key: Name
    label: Name
    weight: Positive
    minimum: Annotated[int, Field(ge=1)] = 1


class Combine(Part):
    """weighted_mean: domains are percentages, weighted up to `scale`. sum: `base` plus all points."""

    method: Literal["weighted_mean", "sum"]
    scale: Positive = 100
    base: FiniteFloat = 0
    floor: FiniteFloat
    ceiling: FiniteFloat


class Adjustment(Part):
    """Points on top (bonus) or off (malus); all items together move the score by `cap` at most."""

    cap: Positive
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


class Veto(Part):
    """A fact that outranks the sum: `cap` holds the grade down, `grade` settles it.

    Taken in order; once a grade is settled, later ones no longer change it. A quotient to be compared
    belongs in a step, where it is freed of binary noise.
    """

    key: Name
    label: Name
    when: Name
    cap: Name | None = None
    grade: Name | None = None
    kinds: tuple[str, ...] = ()
    basis: Name
    evidence: Name | None = None
    confidence: Confidence
    note: str = ""


class Grade(Part):
    """Best first. `at_least` is compared with the rounded score; the last grade takes the rest and has none."""

    key: Name
    label: Name
    at_least: FiniteFloat | None = None
    meaning: str = ""


class Rounding(Part):
    mode: Literal["half_up", "half_even", "down"]
    digits: Annotated[int, Field(ge=0, le=6)]


class Tiebreak(Part):
    fact: Name
    first: Literal["low", "high"]


class Ranking(Part):
    """Better grade first, then higher score, then the tie-breaks. `ties`: 1-1-3 (min), 2-2-3 (max), 1-1-2 (dense)."""

    ties: Literal["min", "max", "dense"]
    then: tuple[Tiebreak, ...] = ()


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


class Scheme(Part):
    key: Name
    edition: Name
    label: Name
    status: Literal["editable_default", "draft", "published", "superseded"]
    confidence: Confidence
    note: Name
    basis: Name
    source: Name
    subject: Subject
    peers: Peers | None = None
    missing_marks: tuple[str, ...] = ()
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    steps: tuple[Step, ...] = ()
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    domains: Annotated[tuple[Domain, ...], Field(min_length=1)]
    combine: Combine
    bonus: Adjustment | None = None
    malus: Adjustment | None = None
    vetoes: tuple[Veto, ...] = ()
    grades: Annotated[tuple[Grade, ...], Field(min_length=2)]
    rounding: Rounding
    ranking: Ranking
    uses: dict[str, Use] = Field(default_factory=dict)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns that say who is rated: subject, family, peers."""
        peers = self.peers.column if self.peers else None
        named = (self.subject.key, self.subject.kind, peers)
        return tuple(dict.fromkeys(column for column in named if column))

    @property
    def fact_columns(self) -> tuple[str, ...]:
        """Every column the facts must have, in the order of the scheme."""
        return self.key_columns + tuple(fact.column for fact in self.facts)

    @property
    def extras(self) -> Sequence[tuple[str, Item]]:
        """Bonus and malus items, each with the part it belongs to."""
        parts = (("bonus", self.bonus), ("malus", self.malus))
        return [(name, item) for name, part in parts if part for item in part.items]

    def unit_of(self, item: Item) -> str:
        """The unit of the column the item reads; none for an expression."""
        units = {f.column: f.unit for f in self.facts} | {s.name: s.unit for s in self.steps}
        return units.get(item.fact or "", "")

    def in_domain(self, key: str) -> tuple[Indicator, ...]:
        return tuple(item for item in self.indicators if item.domain == key)

    def grade(self, key: str) -> Grade:
        """Refused for a key that is no grade of this scheme."""
        for grade in self.grades:
            if grade.key == key:
                return grade
        raise Refused(
            f"方案《{self.label}》没有等级“{key}”。", cure="请核对评价结果所用的方案版本。"
        )

    def use(self, key: str, grade: str, *, on: date) -> UseValue:
        """What the grade leads to on that day. Refused when the scheme says nothing for it."""
        use = self.uses.get(key)
        days = [day for day in use.values if day <= on] if use else []
        if use is None or not days:
            raise Refused(
                f"方案《{self.label}》在{on}没有“{key}”的规定。", cure="请在方案的 uses 部分补充。"
            )
        since = max(days)
        value = use.values[since][self.grade(grade).key]
        text = use.choices[value] if isinstance(value, str) else f"{said(value)}%"
        return UseValue(
            key, use.label, value, text, use.unit, since, use.basis, use.confidence, use.note
        )
