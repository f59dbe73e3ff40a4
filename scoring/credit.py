"""Rating: facts and a scheme in, scores, grades, ranks and their reasons out. Vectorised and without memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from scoring import arithmetic, grading, lines
from scoring.events import Events, carried, with_tallies
from scoring.facts import prepared
from scoring.reading import SchemeError, load
from scoring.scheme import Scheme
from scoring.steps import Step

__all__ = ["Rated", "Scheme", "SchemeError", "load", "pointed", "rate", "scored"]


@dataclass(frozen=True)
class Rated:
    """`results`: one row per subject in the order of the facts. `lines`: why, worked out when first asked for."""

    scheme: Scheme
    working: pl.DataFrame

    @cached_property
    def results(self) -> pl.DataFrame:
        """Subject, named steps, domains, bonus, malus, score_grade (before vetoes), vetoes, score, grade, rank."""
        named = [_said(step) for step in self.scheme.steps]
        domains = [domain.key for domain in self.scheme.domains]
        fixed = ["bonus", "malus", "score_grade", "vetoes", "score", "grade", "grade_label", "rank"]
        return self.working.select(self.scheme.subject.key, *named, *domains, *fixed)

    @cached_property
    def lines(self) -> pl.DataFrame:
        """One row per subject and indicator that applies; the `gain` column adds up to the unrounded score."""
        return lines.explained(self.working, self.scheme)

    def of(self, subject: object) -> Rated:
        """The same rating with one subject alone: its place among the others stays what it was."""
        key = self.scheme.subject.key
        return Rated(self.scheme, self.working.filter(pl.col(key) == subject))


def rate(facts: pl.DataFrame, scheme: Scheme, events: Events | None = None) -> Rated:
    """Rate every row. Refused when the facts do not fit the scheme; nothing is guessed.

    `events`: the lists of the scheme's sources by name, where it counts events.
    A subject about which no indicator is known has neither score nor grade, unless a veto settles its grade.
    """
    return scored(pointed(facts, scheme, events), scheme)


def pointed(facts: pl.DataFrame, scheme: Scheme, events: Events | None = None) -> pl.DataFrame:
    """The first half: facts to the points of every item. Weights, grades and vetoes play no part in it yet."""
    given = events or carried(facts, scheme)
    frame = with_tallies(prepared(facts, scheme), scheme, given)
    frame = frame.with_columns(pl.lit(one.value).alias(one.name) for one in scheme.parameters)
    return arithmetic.with_points(arithmetic.with_steps(frame, scheme), scheme)


def scored(frame: pl.DataFrame, scheme: Scheme) -> Rated:
    """The second half: points to scores, grades and ranks."""
    frame = arithmetic.with_domains(frame, scheme)
    frame = arithmetic.with_score(frame, scheme)
    return Rated(scheme, grading.with_grades(frame, scheme))


def _said(step: Step) -> pl.Expr:
    """The step's number, or the word it stands for."""
    if not step.says:
        return pl.col(step.name)
    return pl.col(step.name).replace_strict(step.says, default=None, return_dtype=pl.String)
