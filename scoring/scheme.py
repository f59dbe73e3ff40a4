"""The shape of a rating scheme: what a YAML file under schemes/ may say. Meaning across parts: checks.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from rules.refusal import Refused
from scoring.operators import Operator, Part, Points, said
from scoring.sources import Fact as Fact
from scoring.sources import Name, Parameter, Source, Tally
from scoring.steps import Rounding, Step
from scoring.uses import Confidence, Elimination, Use
from scoring.uses import UseValue as UseValue

Positive = Annotated[FiniteFloat, Field(gt=0)]


class Subject(Part):
    """Who is rated. `key` names the column that identifies one, `kind` the column that tells the families apart.

    `one_per`: places under one 统一社会信用代码 are gathered into one subject before anything is rated.
    """

    key: Name
    label: Name
    kind: Name | None = None
    one_per: Literal["uscc"] | None = None
    kinds: dict[str, str] = Field(default_factory=dict)


class Peers(Part):
    """Ranks are given inside each value of this column."""

    column: Name
    label: Name


class Remark(Part):
    """Words for the explanation of those subjects for which the condition holds."""

    when: Name
    says: Name


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
    footnote: Name | None = None
    confidence: Confidence
    note: str = ""
    remarks: tuple[Remark, ...] = ()


class Indicator(Item):
    """`unknown`: where its value exists but cannot be worked out, its domain and the score are left empty.

    That is another thing than a missing value, whose weight the others would carry.
    """

    domain: Name
    unknown: Remark | None = None
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
    """How the score comes about; with fewer than `minimum` domains known there is none.

    weighted_mean: domains are percentages, weighted up to `scale`. sum: `base` plus all points.
    step: a named step is the score, and the indicators show what it was worked out from.
    """

    method: Literal["weighted_mean", "sum", "step"]
    scale: Positive = 100
    base: FiniteFloat = 0
    step: Name | None = None
    minimum: Annotated[int, Field(ge=1)] = 1
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
    """Best first. `at_least` is compared with the rounded score, or with the step `graded_by` names.

    The last grade takes the rest and has none.
    """

    key: Name
    label: Name
    at_least: FiniteFloat | None = None
    meaning: str = ""


class Tiebreak(Part):
    fact: Name
    first: Literal["low", "high"]


class Ranking(Part):
    """Better grade first, then better score, then the tie-breaks. `ties`: 1-1-3 (min), 2-2-3 (max), 1-1-2 (dense)."""

    ties: Literal["min", "max", "dense"]
    better: Literal["high", "low"] = "high"
    then: tuple[Tiebreak, ...] = ()


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
    footnotes: dict[str, str] = Field(default_factory=dict)
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    sources: tuple[Source, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    steps: tuple[Step, ...] = ()
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    domains: Annotated[tuple[Domain, ...], Field(min_length=1)]
    combine: Combine
    bonus: Adjustment | None = None
    malus: Adjustment | None = None
    vetoes: tuple[Veto, ...] = ()
    grades: tuple[Grade, ...] = ()
    graded_by: Name | None = None
    rounding: Rounding
    ranking: Ranking
    elimination: Elimination | None = None
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
        return self.units.get(item.fact or "", "")

    @property
    def units(self) -> dict[str, str]:
        counted = {tally.column: tally.unit for tally in self.tallies}
        worked = {step.name: step.unit for step in self.steps}
        return {fact.column: fact.unit for fact in self.facts} | counted | worked

    @property
    def labels(self) -> dict[str, str]:
        """Every column by the name people know it by."""
        keys = {self.subject.key: self.subject.label}
        if self.subject.kind:
            keys[self.subject.kind] = f"{self.subject.label}类别"
        if self.peers:
            keys[self.peers.column] = self.peers.label
        counted = {tally.column: tally.label for tally in self.tallies}
        worked = {step.name: step.label for step in self.steps}
        named = {one.name: f"{one.label}（{one.said}）" for one in self.parameters}
        return keys | {f.column: f.label for f in self.facts} | counted | named | worked

    @property
    def bottom_within(self) -> tuple[str, ...]:
        """The columns whose equal values make a group of 末位; none: all together."""
        own = self.elimination.within if self.elimination else ()
        return own or ((self.peers.column,) if self.peers else ())

    @property
    def tallies(self) -> tuple[Tally, ...]:
        return tuple(tally for source in self.sources for tally in source.tallies)

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

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
