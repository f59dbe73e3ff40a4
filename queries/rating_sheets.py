"""评分表: every line of one rating as the institution assessed itself, as it was scored first, as it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Cycle, Rating, SelfAssessment, User
from queries import credit_subjects, cycles, self_assessments
from rules import fact_corrections
from rules.refusal import Refused
from scoring import credit, frames, kept
from scoring.scheme import Scheme

NOTHING, UNREAD = "未自评", "—"


@dataclass(frozen=True)
class Line:
    """One indicator: points by the facts the institution states, by those first frozen, by those of this run."""

    label: str
    raw: str
    full: str
    own: str
    first: str
    second: str
    counted: str
    basis: str


@dataclass(frozen=True)
class Whole:
    """Score and grade in one of the three columns."""

    score: str
    grade: str


@dataclass(frozen=True)
class Sheet:
    rating: Rating
    scheme: Scheme
    lines: list[Line]
    own: Whole
    first: Whole
    second: Whole
    stated: SelfAssessment | None
    unread: list[str]
    scorer: str
    scored_on: date
    reviewer: str
    replaced: bool


def of(rating: Rating) -> Sheet:
    cycle, scheme = rating.cycle, cycles.scheme_of(rating.cycle)
    begun = _begun(cycle)
    first = _first(begun, rating)
    stated = _stated(begun, rating)
    own, unread = _own(begun, first, scheme, stated)
    before, claimed = _points(first.lines), _points(own["lines"]) if own else {}
    return Sheet(
        rating=rating,
        scheme=scheme,
        lines=[_line(one, before, claimed, stated) for one in rating.lines],
        own=_whole(own["score_milli"], own["grade"], scheme) if own else Whole(NOTHING, NOTHING),
        first=_whole(first.score_milli, first.grade, scheme),
        second=_whole(rating.score_milli, rating.grade, scheme),
        stated=stated,
        unread=unread,
        scorer=named(begun.started_by_id),
        scored_on=begun.frozen_on,
        reviewer=named(cycle.reviewed_by_id),
        replaced=begun is not cycle,
    )


def _begun(cycle: Cycle) -> Cycle:
    """The run in which the institution was asked and which was scored first."""
    while cycle.replaces is not None:
        cycle = cycle.replaces
    return cycle


def _first(cycle: Cycle, rating: Rating) -> Rating:
    """The same subject in the first run; this rating where that one gave no grade."""
    mine = credit_subjects.column(cycle) == rating.subject
    return session.scalar(select(Rating).where(Rating.cycle_id == cycle.id, mine)) or rating


def _stated(cycle: Cycle, rating: Rating) -> SelfAssessment | None:
    if rating.institution_id is None:
        return None
    return self_assessments.of_institution(cycle.id, rating.institution_id)


def _own(
    cycle: Cycle, first: Rating, scheme: Scheme, stated: SelfAssessment | None
) -> tuple[dict[str, Any] | None, list[str]]:
    """The rating by the facts it states, and what it states that is no number: that is left as it was found."""
    if stated is None:
        return None, []
    key, subject = scheme.subject.key, first.subject
    claimed, unread = _claimed(scheme, stated)
    rows = [row | claimed if row[key] == subject else row for row in cycle.facts]
    rated = credit.rate(frames.frame(rows, scheme), scheme).of(subject)
    mine = [row for row in rows if row[key] == subject]
    return next(iter(kept.ratings(rated, mine)), None), unread


def _claimed(scheme: Scheme, stated: SelfAssessment) -> tuple[dict[str, Any], list[str]]:
    found, unread = {}, []
    for item in stated.items:
        try:
            fact = fact_corrections.fact_of(scheme.facts, item["fact"])
            found[fact.column] = fact_corrections.value(fact, item["stated"])
        except Refused:
            unread.append(f"{item['label']}：{item['stated']}")
    return found, unread


def _points(lines: list[dict[str, Any]]) -> dict[str, str]:
    return {line["indicator"]: line["points"] or UNREAD for line in lines}


def _line(
    line: dict[str, Any], first: dict[str, str], own: dict[str, str], stated: SelfAssessment | None
) -> Line:
    key, evidence = line["indicator"], "、".join(line["evidence"])
    return Line(
        label=line["label"] + (f"（{line['remark']}）" if line["remark"] else ""),
        raw=line["raw"] or UNREAD,
        full=line["full"] if line["full"] not in ("", "0") else UNREAD,
        own=own.get(key, UNREAD) if stated else NOTHING,
        first=first.get(key, UNREAD),
        second=line["points"] or UNREAD,
        counted=UNREAD if line["part"] == "veto" else f"{line['gain_milli'] / 1000:g}",
        basis=line["basis"] + (f"。记录：{evidence}" if evidence else ""),
    )


def _whole(score_milli: int, grade: str, scheme: Scheme) -> Whole:
    return Whole(f"{score_milli / 1000:g}", scheme.grade(grade).label)


def named(key: int | None) -> str:
    """Who that was; empty for the system itself."""
    user = session.get(User, key) if key else None
    return user.name if user else ""
