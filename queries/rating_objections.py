"""信用异议: the list, what is open against a rating, until when one may be raised, which ratings bear a mark."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, literal, select

from database import session
from models import (
    Cycle,
    CycleVote,
    Document,
    FactCorrection,
    Institution,
    Rating,
    RatingObjection,
    StatutoryClock,
    User,
)
from queries import calendar_days, credit_subjects, cycles, scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules import clocks
from rules.clocks import Light
from rules.cycle_decisions import FAMILY
from rules.lifecycle import RATING_OBJECTION
from rules.permissions import Actor, Permission, may
from rules.rating_objections import ANSWER, ASSISTED, JUDGES, ONLINE, SOURCES, Window

OPEN = ("raised", "accepted")
BASIS = "《医疗保障基金使用监督管理条例》第三十三条"
TOLD = ("grade", "grade_correction")
ANSWERS = (ANSWER, ASSISTED)


@dataclass(frozen=True)
class ObjectionRow:
    id: int
    number: str
    institution: str
    cycle: str
    source: str
    raised_on: date
    state: str
    light: Light
    due: Light
    answered_on: date | None


def page(actor: Actor, ask: Asked, *, on: date) -> tuple[list[ObjectionRow], Page]:
    """Objections in the actor's scope, the open ones first."""
    query = _filtered(actor, ask)
    total = count(query)
    order = (RatingObjection.answered_on.is_not(None), RatingObjection.id.desc())
    rows = session.scalars(cut(query.order_by(*order), ask))
    return [_row(row, on) for row in rows], Page(ask.page, ask.size, total)


def _filtered(actor: Actor, ask: Asked) -> Select[Any]:
    query = (
        select(RatingObjection)
        .join(Rating, Rating.id == RatingObjection.rating_id)
        .join(Cycle, Cycle.id == Rating.cycle_id)
        .outerjoin(Institution, RatingObjection.institution_id == Institution.id)
    )
    owner = RatingObjection.institution_id
    query = scope.visible(query, actor, Cycle.pooling_region, owner)
    query = query.where(*named(ask, RatingObjection.number), *of_family(ask))
    if ask.word("state") in RATING_OBJECTION.states:
        query = query.where(RatingObjection.state == ask.word("state"))
    if ask.word("cycle").isdecimal():
        query = query.where(Rating.cycle_id == int(ask.word("cycle")[:9]))
    return query


def _row(row: RatingObjection, on: date) -> ObjectionRow:
    shown = RATING_OBJECTION.states[row.state]
    return ObjectionRow(
        id=row.id,
        number=row.number,
        institution=_named(row),
        cycle=row.rating.cycle.name,
        source=SOURCES[row.source],
        raised_on=row.raised_on,
        state=row.state,
        light=Light(shown.light, shown.label),
        due=_due(row, on),
        answered_on=row.answered_on,
    )


def _named(row: RatingObjection) -> str:
    if row.about_person and row.institution:
        return f"{row.rating.name}（{row.institution.name}）"
    return str(row.rating.name)


def _due(row: RatingObjection, on: date) -> Light:
    """What has to be done first; of an answered one how the answer was in time."""
    clock = session.scalars(
        select(StatutoryClock)
        .where(StatutoryClock.subject == "rating_objection", StatutoryClock.subject_id == row.id)
        .order_by(
            StatutoryClock.finished_on.is_not(None),
            StatutoryClock.rule.not_in(ANSWERS) if row.state != "raised" else StatutoryClock.due_on,
            StatutoryClock.id.desc(),
        )
    ).first()
    if clock is None:
        return Light("na", "—")
    return clocks.light(clock.due_on, on, calendar_days.workdays(), finished_on=clock.finished_on)


def of_rating(rating_id: int) -> list[RatingObjection]:
    """Every objection against a rating, newest first."""
    query = select(RatingObjection).where(RatingObjection.rating_id == rating_id)
    return list(session.scalars(query.order_by(RatingObjection.id.desc())))


def own_of_rating(rating_id: int) -> list[RatingObjection]:
    """Those the institution raised itself: what came from the public is not its to see."""
    return [row for row in of_rating(rating_id) if row.source != ONLINE]


def open_own(rating_id: int) -> RatingObjection | None:
    """The one the institution raised itself that is not answered."""
    return next((row for row in own_of_rating(rating_id) if row.state in OPEN), None)


def open_of_cycle(cycle_id: int) -> list[RatingObjection]:
    """What has to be answered before the grades are decided on."""
    query = select(RatingObjection).join(Rating, Rating.id == RatingObjection.rating_id)
    query = query.where(Rating.cycle_id == cycle_id, RatingObjection.state.in_(OPEN))
    return list(session.scalars(query.order_by(RatingObjection.id)))


def open_until(cycle_id: int) -> tuple[int, date | None]:
    """How many have to be answered, and the day by which the first of them has to be."""
    keys = [row.id for row in open_of_cycle(cycle_id)]
    due = select(func.min(StatutoryClock.due_on)).where(
        StatutoryClock.subject == "rating_objection",
        StatutoryClock.subject_id.in_(keys),
        StatutoryClock.rule.in_(ANSWERS),
        StatutoryClock.finished_on.is_(None),
    )
    return len(keys), session.scalar(due) if keys else None


def marked(rating_ids: Collection[int]) -> set[int]:
    """异议标注: the ratings against which an objection is being looked into."""
    query = select(RatingObjection.rating_id).where(
        RatingObjection.rating_id.in_(rating_ids), RatingObjection.state == "accepted"
    )
    return set(session.scalars(query))


def handled_by(actor: Actor) -> Select[Any]:
    """Ids of those this person may look into, by desk and by having had no part in the rating."""
    part = (
        RatingObjection.recorded_by_id, Cycle.started_by_id, Cycle.reviewed_by_id, Cycle.published_by_id,
        Cycle.convened_by_id, Cycle.concluded_by_id,
    )  # fmt: skip
    corrected = exists().where(
        FactCorrection.run_id == Cycle.id, FactCorrection.recorded_by_id == actor.id
    )
    voted = exists().where(
        CycleVote.cycle_id == Cycle.id, CycleVote.user_id == actor.id, CycleVote.ballot.is_not(None)
    )
    return (
        select(RatingObjection.id)
        .join(Rating, Rating.id == RatingObjection.rating_id)
        .join(Cycle, Cycle.id == Rating.cycle_id)
        .where(
            Cycle.pooling_region == actor.pooling_region,
            literal(may(actor, Permission.HANDLE_RATING_OBJECTION)),
            *(func.coalesce(column, 0) != actor.id for column in part),
            ~voted,
            ~corrected,
        )
    )


def judges(objection: RatingObjection) -> list[User]:
    """Who may look into it: of the desks that do, those who had no part in the rating."""
    query = select(User).where(
        User.role.in_(JUDGES),
        User.pooling_region == objection.pooling_region,
        User.disabled_on.is_(None),
        User.id.not_in(objection.involved_user_ids),
    )
    return list(session.scalars(query.order_by(User.id)))


def online_on(rating_id: int, day: date) -> int:
    """How many came in on the public site that day against this rating."""
    query = select(func.count(RatingObjection.id)).where(
        RatingObjection.rating_id == rating_id,
        RatingObjection.source == ONLINE,
        RatingObjection.raised_on == day,
    )
    return session.scalar(query) or 0


def window(rating: Rating) -> Window:
    """When this rating may be objected to. Corrected runs ask anew only those who got a new letter."""
    cycle, letter = rating.cycle, told_by(rating)
    family = rating.institution.kind.family if rating.institution else FAMILY
    period = clocks.period("credit.objection", letter.issued_on) if letter else None
    return Window(
        state=cycle.state,
        announced_on=cycle.announced_on,
        notice_to=cycle.notice_to,
        told_on=letter.issued_on if letter else None,
        due_on=last_day(letter.served_on, family) if letter and letter.served_on else None,
        basis=period.basis if period else "",
        days=period.value if period else 0,
    )


def last_day(served_on: date, family: str = FAMILY) -> date:
    """Until when somebody may object whom the letter reached on that day."""
    workdays = calendar_days.workdays()
    return clocks.due(rule="credit.objection", start=served_on, kind=family, workdays=workdays).due


def told_by(rating: Rating) -> Document | None:
    """The letter that told this result: its own, or that of the run it came through unchanged."""
    row: Rating | None = rating
    while row is not None:
        query = select(Document).where(
            Document.subject == "rating",
            Document.subject_id == row.id,
            Document.kind.in_(TOLD),
        )
        order = (Document.issued_on.desc(), Document.id.desc())
        if found := session.scalars(query.order_by(*order).limit(1)).first():
            return found
        row = replaced(row)
    return None


def replaced(rating: Rating) -> Rating | None:
    """The same subject's rating in the run that was corrected."""
    earlier: Cycle | None = rating.cycle.replaces
    if earlier is None:
        return None
    same = credit_subjects.column(earlier) == rating.subject
    return session.scalar(select(Rating).where(Rating.cycle_id == earlier.id, same))


def about(objection: RatingObjection) -> dict[str, Any]:
    """What every letter on it says."""
    rating = objection.rating
    scheme = cycles.scheme_of(rating.cycle)
    return {
        "institution": rating.name,
        "personal": objection.about_person,
        "cycle": rating.cycle.name,
        "objection_number": objection.number,
        "raised_on": objection.raised_on,
        "grade": scheme.grade(rating.grade).label,
        "basis": BASIS,
    }


def said(value: Any) -> str:
    """A frozen fact as people read it."""
    if value is None:
        return "没有数据"
    if isinstance(value, bool):
        return "是" if value else "否"
    if value == "":
        return "无"
    if isinstance(value, list):
        return "；".join(" ".join(map(str, one.values())) for one in value) or "无"
    return f"{value:g}" if isinstance(value, float) else str(value) or "无"
