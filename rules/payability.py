"""The answer to «may this be paid» cut into periods, so that it is looked up and not worked out for every service.

Between two days on which one of the facts changes the answer is the same: `rules.eligibility` is asked once for each
such period. Of an institution, a department or a person the periods lie side by side from the first day to the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules import eligibility, qualification
from rules.eligibility import NOT_REGISTERED, Facts, Reason, Stop
from rules.qualification import Measure, Status
from rules.standing import AgreementFacts

ONE_DAY = timedelta(days=1)
TERM = "agreement.term"  # the parameter whose article a missing agreement quotes
Reasons = tuple[Reason, ...]


@dataclass(frozen=True)
class Period:
    """First and last day, with what stands against payment then, and what stands against it in an emergency too."""

    from_on: date
    to_on: date
    reasons: Reasons
    in_emergency: Reasons

    @property
    def free(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class Filing:
    """A registration of the person at the institution asked about; both days belong to it."""

    id: int
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Ended:
    """A measure with the registrations that it ended."""

    measure: Measure
    registrations: frozenset[int]


def of_institution(facts: Facts) -> list[Period]:
    """By its agreements and the stops of the whole institution."""

    def against(day: date, emergency: bool) -> Reasons:
        return eligibility.judge(facts, day, emergency=emergency).reasons

    days = [day for one in facts.agreements for day in _turns_of_agreement(one)]
    editions = [edition.since for edition in regulations.book().parameters[TERM].editions]
    return _cut([*days, *editions, *_turns(facts.stops)], against)


def of_stops(stops: Sequence[Stop]) -> list[Period]:
    """By stops alone: of a department, or of a person wherever he works."""

    def against(day: date, emergency: bool) -> Reasons:
        return tuple(eligibility.stopped(stops, day, emergency=emergency))

    return _cut(_turns(stops), against)


def of_filing(
    here: Sequence[Filing],
    stops: Sequence[Stop],
    measures: Sequence[Ended],
    begun: Sequence[date],
) -> list[Period]:
    """Of a person at one institution, by the registrations and stops there.

    `measures` and `begun` (the first days of all registrations) say whether a registration was ended by a revocation
    that still speaks: that leaves emergency and rescue payable (医保发〔2024〕23号).
    """

    def against(day: date, emergency: bool) -> Reasons:
        found = eligibility.stopped(stops, day, emergency=emergency)
        filed = any(one.from_on <= day <= (one.to_on or date.max) for one in here)
        if not filed and not (emergency and revoked_here(here, measures, begun, day)):
            found.append(NOT_REGISTERED)
        return tuple(found)

    days = [day for one in here for day in _both(one.from_on, one.to_on)]
    days += [day for one in measures for day in _turns_of_measure(one.measure)]
    return _cut([*days, *begun, *_turns(stops)], against)


def revoked_here(
    here: Iterable[Filing], measures: Sequence[Ended], begun: Iterable[date], day: date
) -> bool:
    """Was a registration here ended by a revocation that still speaks on the day?"""
    keys = {one.id for one in here}
    ended = any(
        one.measure.bar_until
        and one.measure.from_on <= day
        and (one.measure.superseded_on is None or one.measure.superseded_on > day)
        and keys & one.registrations
        for one in measures
    )
    said = [one.measure for one in measures]
    return ended and qualification.standing(said, begun, day).status is Status.REVOKED


def _cut(turns: Iterable[date], against: Callable[[date, bool], Reasons]) -> list[Period]:
    starts = sorted({date.min, *turns})
    found: list[Period] = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = following - ONE_DAY if following else date.max
        answer = against(start, False), against(start, True)
        if found and (found[-1].reasons, found[-1].in_emergency) == answer:
            found[-1] = Period(found[-1].from_on, end, *answer)
        else:
            found.append(Period(start, end, *answer))
    return found


def _both(first: date, last: date | None) -> Iterable[date]:
    """The day something begins, and the first day after it."""
    return [first] if last is None or last == date.max else [first, last + ONE_DAY]


def _turns(stops: Iterable[Stop]) -> list[date]:
    return [day for stop in stops for day in _both(stop.from_on, stop.to_on)]


def _turns_of_agreement(one: AgreementFacts) -> list[date]:
    days = [
        one.term_from, one.term_to + ONE_DAY, one.institution_signed_on, one.agency_signed_on, one.terminated_on,
        one.lapsed_on,
    ]  # fmt: skip
    for pause in one.suspensions:
        days += [*_both(pause.from_on, pause.planned_to), pause.ended_on]
    return [day for day in days if day]


def _turns_of_measure(one: Measure) -> list[date]:
    days = [one.from_on, one.superseded_on, one.reinstated_on]
    days += [last + ONE_DAY for last in (one.until, one.bar_until) if last]
    return [day for day in days if day]
