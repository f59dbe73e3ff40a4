"""What every source of facts is given and gives: a period, the agreements that lived in it, values by institution."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from models import Institution
from scoring.scheme import Scheme

ONE_DAY = timedelta(days=1)
Values = dict[Any, dict[str, Any]]


@dataclass(frozen=True)
class Period:
    """Both days count. `scheme`: for facts that are carried over from its earlier cycles."""

    region: str
    from_on: date
    to_on: date
    scheme: Scheme

    @property
    def year_from(self) -> date:
        """The first day of the calendar year points are counted in."""
        return date(self.to_on.year, 1, 1)

    def holds(self, day: date | None) -> bool:
        return day is not None and self.from_on <= day <= self.to_on


class Life(NamedTuple):
    """An agreement from its first to its last day, as far as known."""

    institution_id: int
    agreement_id: int
    signed_on: date
    first: date
    last: date
    number: str


def added(values: list[Any]) -> Any:
    """Of several places of one subject: numbers are added, a flag holds for all, papers stand side by side."""
    known = [value for value in values if value is not None and value != ""]
    if not known:
        return values[0]
    if all(isinstance(value, bool) for value in known):
        return any(known)
    if isinstance(known[0], str):
        return "、".join(dict.fromkeys(known))
    return sum(known, start=type(known[0])())


def largest(values: list[Any]) -> Any:
    return max((value for value in values if value is not None), default=None)


def first(values: list[Any]) -> Any:
    """The first that is known."""
    return next((value for value in values if value is not None and value != ""), values[0])


class Source(NamedTuple):
    """Where some columns come from. `nothing`: what no record means, for an institution we know.

    `merge`: what several places of one credit subject make together.
    """

    nothing: dict[str, Any]
    read: Callable[[Period, list[Life]], Values]
    merge: Callable[[list[Any]], Any] = added


def living(lives: list[Life], period: Period) -> set[int]:
    """Institutions with an agreement living on a day of the period."""
    return {one.institution_id for one in lives if one.last >= max(period.from_on, one.first)}


def full_years(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def regional(query: Any, model: Any, period: Period) -> Any:
    """Only rows of institutions of the region."""
    joined = query.join(Institution, Institution.id == model.institution_id)
    return joined.where(Institution.pooling_region == period.region)


def counted(*names: str) -> Values:
    return defaultdict(lambda: dict.fromkeys(names, 0))


def note(values: dict[str, Any], column: str, number: str | None) -> None:
    """One more number in a column of evidence; each once."""
    if number and number not in values.get(column, "").split("、"):
        values[column] = f"{values[column]}、{number}" if values.get(column) else number
