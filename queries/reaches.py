"""怎样达到上一等级: the smallest changes of a rating, worked out from the cycle it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models import Rating
from queries import grade_standing, what_ifs
from rules import credit_actions
from scoring import reach as rule
from scoring.reach import Reach


@dataclass(frozen=True)
class Advice:
    """`to_on`: the last day of the facts it was worked out from. `actions`: column of a fact → what to do about it.

    `now`: the grade in force since `since`, where it is another than the published one; `enough`: it is the better of
    the two. `merged`: worked out for all places under one 统一社会信用代码 together.
    """

    reach: Reach
    grade: str
    to_on: date
    actions: Mapping[str, str]
    now: str = ""
    since: date | None = None
    enough: bool = False
    merged: bool = False

    @property
    def target(self) -> str:
        return self.reach.target.label if self.reach.target else ""


def of_rating(rating: Rating, *, on: date, seen_from: int | None = None) -> Advice | None:
    """None for a rating whose frozen facts give no grade. `seen_from`: the place that asks, rated itself or not."""
    cycle = rating.cycle
    begun = what_ifs.start(cycle)
    found = rule.reach(begun, rating.subject)
    if found is None:
        return None
    order = [grade.key for grade in begun.scheme.grades]
    change = grade_standing.effective([rating.id], on).get(rating.id)
    now = change.to_grade if change else rating.grade
    return Advice(
        reach=found,
        grade=begun.scheme.grade(rating.grade).label,
        to_on=cycle.to_on,
        actions=credit_actions.actions(on),
        now=begun.scheme.grade(now).label if now != rating.grade else "",
        since=change.effective_on if change else None,
        enough=order.index(now) < order.index(rating.grade),
        merged=seen_from not in (None, rating.institution_id),
    )


def of_institution(institution_id: int, *, on: date) -> Advice | None:
    """Of the rating that gives the grade in force; nothing of one that is not published may be known."""
    standing = grade_standing.of(institution_id, on=on)
    return of_rating(standing.rating, on=on, seen_from=institution_id) if standing else None
