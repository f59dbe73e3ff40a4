"""How an agreement stands on a day, from its dates alone: signed, in its term, not suspended.

`state` of the agreement is only what was last recorded; pages, eligibility and the public lookup ask here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.words import Labelled


class Word(Labelled):
    """The order is the order of precedence among several agreements of one institution."""

    SUSPENDED = "suspended", "中止", "over"
    IN_FORCE = "in_force", "有效", "ok"
    PENDING = "pending", "待生效", "review"
    TERMINATED = "terminated", "已解除", "na"
    LAPSED = "lapsed", "已终止", "na"
    EXPIRED = "expired", "已到期", "na"
    NONE = "none", "未签约", "na"


LIVING = (Word.SUSPENDED, Word.IN_FORCE, Word.PENDING)


@dataclass(frozen=True)
class Interval:
    """A suspension: from its first day until the day before it was ended, at the latest its decided last day."""

    from_on: date
    ended_on: date | None = None
    planned_to: date | None = None

    def covers(self, day: date) -> bool:
        begun = self.from_on <= day
        running = self.ended_on is None or day < self.ended_on
        return begun and running and (self.planned_to is None or day <= self.planned_to)

    @property
    def free_from(self) -> date | None:
        """The first day after it, as far as that is known."""
        over = self.planned_to + timedelta(days=1) if self.planned_to else None
        return min((day for day in (self.ended_on, over) if day is not None), default=None)


@dataclass(frozen=True)
class AgreementFacts:
    """`terminated_on`, `lapsed_on`: the first day on which it no longer holds. The last day of the term counts."""

    term_from: date
    term_to: date
    institution_signed_on: date | None = None
    agency_signed_on: date | None = None
    suspensions: tuple[Interval, ...] = ()
    terminated_on: date | None = None
    lapsed_on: date | None = None
    failed_on: date | None = None

    @property
    def in_force_from(self) -> date | None:
        """Both have signed and the term has begun: the later of the two."""
        if self.institution_signed_on is None or self.agency_signed_on is None:
            return None
        return max(self.term_from, self.institution_signed_on, self.agency_signed_on)


@dataclass(frozen=True)
class Standing:
    """`until`: the last day as far as is known today; None where nothing ends it."""

    word: Word
    label: str
    light: str
    since: date | None = None
    until: date | None = None

    @property
    def payable(self) -> bool:
        return self.word is Word.IN_FORCE


def standing(agreement: AgreementFacts | None, day: date) -> Standing:
    """Pending, in_force, suspended, expired, terminated, lapsed; none without an agreement or with one that failed."""
    if agreement is None or agreement.failed_on is not None:
        return _standing(Word.NONE)
    return _ended(agreement, day) or _living(agreement, day)


def _ended(agreement: AgreementFacts, day: date) -> Standing | None:
    if agreement.terminated_on is not None and agreement.terminated_on <= day:
        return _standing(Word.TERMINATED, agreement.terminated_on)
    if _lapsed(agreement, day):
        return _standing(Word.LAPSED, agreement.lapsed_on)
    if day > agreement.term_to and agreement.in_force_from is not None:
        return _standing(Word.EXPIRED, agreement.term_to + timedelta(days=1))
    return None


def _living(agreement: AgreementFacts, day: date) -> Standing:
    begins = agreement.in_force_from
    if begins is None or day < begins:
        return _standing(Word.PENDING, None, agreement.term_to)
    pause = next((one for one in agreement.suspensions if one.covers(day)), None)
    if pause is not None:
        return _standing(Word.SUSPENDED, pause.from_on, pause.planned_to)
    return _standing(Word.IN_FORCE, _since(agreement, begins, day), agreement.term_to)


def of_institution(agreements: Iterable[AgreementFacts], day: date) -> Standing:
    """The most telling of several: suspended, in force, pending; else the latest that ended."""
    facts = sorted(agreements, key=lambda one: one.term_from, reverse=True)
    found = [standing(one, day) for one in facts]
    living = [one for one in found if one.word in LIVING]
    if living:
        return min(living, key=lambda one: LIVING.index(one.word))
    return found[0] if found else _standing(Word.NONE)


def _lapsed(agreement: AgreementFacts, day: date) -> bool:
    """A lapse recorded at or after the end of the term is its expiry, not a lapse within it."""
    return agreement.lapsed_on is not None and agreement.lapsed_on <= min(day, agreement.term_to)


def _since(agreement: AgreementFacts, begins: date, day: date) -> date:
    """In force since the beginning, or since the last suspension ended."""
    ends = [
        free for one in agreement.suspensions if (free := one.free_from) is not None and free <= day
    ]
    return max([begins, *ends])


def _standing(word: Word, since: date | None = None, until: date | None = None) -> Standing:
    return Standing(word, word.label, word.light, since, until)
