"""信用等级 of a cycle: the list with its filters, beside what each institution had the time before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased

from database import session
from models import Cycle, Institution, Practitioner, Rating
from queries import credit_subjects, cycles, grade_standing, scope
from queries.filters import named, of_family
from queries.grade_standing import Standing
from queries.paging import Asked, Page, count, cut, like
from rules import peers
from rules.kinds import InstitutionKind
from rules.peers import Peers
from rules.permissions import Actor
from scoring.scheme import Scheme

CHANGES = [
    ("changed", "有变动"),
    ("up", "升级"),
    ("down", "降级"),
    ("same", "未变动"),
    ("new", "首次评价"),
]
KINDS = [("medical", "医疗机构"), ("pharmacy", "零售药店")]
BEFORE = aliased(Rating)
NAME = func.coalesce(Institution.name, Rating.subject_name)
# Best grade first: from blue over ochre to red, whatever the grades are called.
TONES = {4: ("aaa", "a", "b", "d"), 5: ("aaa", "a", "b", "c", "d")}


@dataclass(frozen=True)
class Entry:
    """`before`, `before_milli`: grade and score of the time before; None when there was none."""

    id: int
    subject: int | str
    name: str
    code: str | None
    kind: InstitutionKind | None
    level: str | None
    division: str | None
    peer_group: str
    score_milli: int
    grade: str
    rank: int
    before: str | None
    before_milli: int | None

    @property
    def peers(self) -> Peers:
        """Institutions by kind and level; persons as the scheme grouped them."""
        if self.kind is None:
            return peers.named(self.peer_group)
        return peers.group_of(self.kind, self.level or "")

    @property
    def score(self) -> float:
        return self.score_milli / 1000


def entries(cycle: Cycle, ask: Asked) -> list[Entry]:
    """Every rating of the cycle that fits, best first."""
    return [Entry(*row) for row in session.execute(_sorted(_filtered(cycle, ask), ask, cycle))]


def page(cycle: Cycle, ask: Asked) -> tuple[list[Entry], Page]:
    query = _filtered(cycle, ask)
    total = count(query)
    rows = session.execute(cut(_sorted(query, ask, cycle), ask))
    return [Entry(*row) for row in rows], Page(ask.page, ask.size, total)


def find(key: int, actor: Actor) -> Rating | None:
    """One rating, if its cycle and its institution are the actor's to see."""
    rating: Rating | None = scope.find("rating", key, actor)
    seen = rating is not None and cycles.find(rating.cycle_id, actor) is not None
    return rating if seen else None


def standing(institution_id: int, *, on: date) -> Standing | None:
    """The grade of an institution in force on a day, with changes and restorations since its publication."""
    return grade_standing.of(institution_id, on=on)


def lines_of(keys: list[int]) -> dict[int, list[dict[str, Any]]]:
    """The explanation lines of these ratings."""
    query = select(Rating.id, Rating.lines).where(Rating.id.in_(keys))
    return {row[0]: row[1] for row in session.execute(query)}


def before_of(rating: Rating) -> Rating | None:
    """The same subject's rating of the time before."""
    earlier = cycles.previous(rating.cycle)
    if earlier is None:
        return None
    same = credit_subjects.column(earlier) == rating.subject
    return session.scalar(select(Rating).where(Rating.cycle_id == earlier.id, same))


def tones(scheme: Scheme) -> dict[str, str]:
    """The colour of each grade by its place."""
    keys = [grade.key for grade in scheme.grades]
    words = TONES.get(len(keys), ("aaa", *["a"] * (len(keys) - 2), "d"))
    return dict(zip(keys, words, strict=True))


def _filtered(cycle: Cycle, ask: Asked) -> Any:
    earlier, who = cycles.previous(cycle), credit_subjects.column(cycle)
    same = and_(
        getattr(BEFORE, who.key) == who,
        BEFORE.cycle_id == (earlier.id if earlier else None),
    )
    query = (
        select(
            Rating.id, who, NAME, func.coalesce(Institution.code, Practitioner.code), Institution.kind,
            Institution.level, Institution.division, Rating.peer_group, Rating.score_milli, Rating.grade, Rating.rank,
            BEFORE.grade, BEFORE.score_milli,
        )
        .outerjoin(Institution, Institution.id == Rating.institution_id)
        .outerjoin(Practitioner, Practitioner.id == Rating.practitioner_id)
        .outerjoin(BEFORE, same)
        .where(Rating.cycle_id == cycle.id)
    )  # fmt: skip
    return query.where(*_kind(ask), *_grades(cycle, ask), *_words(ask))


def _kind(ask: Asked) -> list[Any]:
    found, group = [*of_family(ask)], ask.word("peers")
    if group in peers.BY_KEY:
        return [*found, _in_group(group)]
    return [*found, Rating.peer_group == group] if group else found


def _in_group(key: str) -> Any:
    """As `peers.group_of` decides: in this group, and in none that is asked before it."""
    order = list(peers.GROUPS)
    earlier = order[: [group.key for group in order].index(key)]
    return and_(_fits(peers.BY_KEY[key]), *(~_fits(group) for group in earlier))


def _fits(group: Peers) -> Any:
    level = Institution.level.startswith(group.level, autoescape=True)
    return and_(Institution.kind.in_(group.kinds), level)


def _grades(cycle: Cycle, ask: Asked) -> list[Any]:
    found: list[Any] = []
    for name, column in (("grade", Rating.grade), ("before", BEFORE.grade)):
        if ask.word(name):
            found.append(column.in_(_keys(ask.word(name), cycle)))
    now, then = _place(Rating.grade, cycle), _place(BEFORE.grade, cycle)
    changes = {
        "up": now < then,
        "down": now > then,
        "changed": Rating.grade != BEFORE.grade,
        "same": Rating.grade == BEFORE.grade,
        "new": BEFORE.id.is_(None),
    }
    return [*found, changes[ask.word("change")]] if ask.word("change") in changes else found


def _keys(words: str, cycle: Cycle) -> list[str]:
    """Grades by key or label, several joined by commas; what is no grade finds nothing."""
    asked = words.split(",")
    return [g.key for g in cycles.scheme_of(cycle).grades if {g.key, g.label} & set(asked)]


def _place(column: Any, cycle: Cycle) -> Any:
    """0 for the best grade."""
    order = {grade.key: n for n, grade in enumerate(cycles.scheme_of(cycle).grades)}
    return case(order, value=column)


def _words(ask: Asked) -> list[Any]:
    found: list[Any] = []
    if ask.word("area"):
        found.append(Institution.division == ask.word("area"))
    person = (Rating.institution_id.is_(None), Rating.subject_name.like(like(ask.q), escape="\\"))
    return [*found, *named(ask, Institution.code, Practitioner.code, more=(and_(*person),))]


def _sorted(query: Any, ask: Asked, cycle: Cycle) -> Any:
    best = (_place(Rating.grade, cycle), Rating.score_milli.desc(), Rating.id)
    way = ask.word("sort")
    columns = {"score": Rating.score_milli, "rank": Rating.rank, "name": NAME}
    column = columns.get(way.removeprefix("-"))
    if column is None:
        return query.order_by(*best)
    return query.order_by(column.desc() if way.startswith("-") else column, Rating.id)
