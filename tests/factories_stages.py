"""Cycles, objections and changes of grades in every stage that waits for somebody."""

from __future__ import annotations

from datetime import date

from actions import (
    cycle_decisions,
    cycle_notices,
    cycles,
    grade_changes,
    rating_corrections,
    rating_objections,
    scheme_drafts,
)
from actions.materials import Upload
from actions.rating_corrections import Correction
from actions.rating_objections import Said
from database import session
from models import Cycle, Rating
from queries import cycles as ask_cycles
from rules.permissions import Actor, Role
from rules.rating_objections import COUNTER, ONLINE
from tests import factories
from tests import factories_credit as credit
from tests import factories_cycle as made

PAPER = Upload("示例证明.pdf", b"%PDF-1.4 x", "application/pdf")
EARLY = {"from_on": date(2026, 1, 1), "to_on": date(2026, 2, 10), "on": date(2026, 3, 10)}


def objected(rating: Rating, staff: dict[Role, Actor], *, on: date, source: str = COUNTER):
    """One objection, taken down by the clerk or sent by the public."""
    said = Said("示例提出人", "评价所用的事实有误。", "示例电话", source)
    return rating_objections.raise_objection(rating, said, actor=staff[Role.CLERK], on=on)


def corrected(rating: Rating, staff: dict[Role, Actor], *, on: date, after: str = "7"):
    """A founded one: the number of late filings was wrong."""
    row = objected(rating, staff, on=on)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=on)
    given = Correction("late_filings", after, "经核对送达回证。", "示例送达回证")
    rating_objections.correct(row, [given], opinion="属实。", actor=staff[Role.CHIEF], on=on)
    return row


def furnish(staff: dict[Role, Actor], published: Cycle, *, on: date) -> dict[str, Actor]:
    """Everything in one house; returns users of the institutions it happens to, by what they are about."""
    clerk = staff[Role.CLERK]
    freeze = (*made.YEAR, made.SCHEME)
    cycles.freeze("样例周期丙", *freeze, actor=clerk, on=on)
    cycle_notices.invite(
        cycles.freeze("样例周期丁", *freeze, actor=clerk, on=on), actor=clerk, on=on
    )
    members = [staff[role].id for role in made.COUNCIL]
    voting = made.announced(staff, "样例周期戊")
    cycle_decisions.convene(voting, members, actor=staff[Role.LEADER], on=on)
    made.announced(staff, "样例周期己")
    made.decided(made.announced(staff, "样例周期庚"), staff, on=on)
    posted = made.started(staff, "样例周期辛", on=on)
    cycle_notices.announce(made.reviewed(posted, staff), channel=made.CHANNEL, actor=clerk, on=on)
    objected(posted.ratings[0], staff, on=on, source=ONLINE)
    _past(staff, on)
    _persons(staff, on)
    return _objections(staff, published, on)


def _past(staff: dict[Role, Actor], on: date) -> None:
    """An earlier cycle, filed away; a restoration is asked for and another examined."""
    past = made.served(made.published(staff, "样例往期", **EARLY), staff, on=EARLY["on"])
    cycles.archive(past, actor=staff[Role.CLERK], on=on)
    best = ask_cycles.scheme_of(past).grades[0].key
    lower = [row for row in past.ratings if row.grade != best][:2]
    for number, rating in enumerate(lower):
        owner = factories.actor(Role.INSTITUTION, institution=rating.institution)
        row = grade_changes.request(rating, text="整改完成。", uploads=[PAPER], actor=owner, on=on)
        if number:
            plan = grade_changes.Plan(best, "整改已验收。", "方案第九条")
            grade_changes.examine(row, plan, actor=staff[Role.CLERK], on=on)


def _persons(staff: dict[Role, Actor], on: date) -> None:
    """Insured persons were told; one objects at the counter. A scheme waits for the bureau as it is written."""
    rating = next(
        row
        for row in credit.insured(staff, on=on).ratings
        if row.name.endswith(f"{credit.ONE[-4:]}）")
    )
    said = Said(rating.name, "认定已经撤销。", source=COUNTER, id_number=credit.ONE)
    row = rating_objections.raise_objection(rating, said, actor=staff[Role.CLERK], on=on)
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=on)
    scheme_drafts.ask_as_written("one_m_n", "逐项核对无误。", actor=staff[Role.CLERK], on=on)


def _objections(staff: dict[Role, Actor], published: Cycle, on: date) -> dict[str, Actor]:
    first, second, third, fourth, fifth = published.ratings[:5]
    corrected(third, staff, on=on)
    rating_corrections.replay(published, actor=staff[Role.CLERK], on=on)
    corrected(fourth, staff, on=on, after="9")
    objected(first, staff, on=on)
    rating_objections.accept(objected(second, staff, on=on), actor=staff[Role.CHIEF], on=on)
    worst = ask_cycles.scheme_of(published).grades[-1].key
    other = worst if fifth.grade != worst else ask_cycles.scheme_of(published).grades[0].key
    plan = grade_changes.Plan(other, "评价后查实。", "方案第八条")
    grade_changes.propose(fifth, plan, actor=staff[Role.CLERK], on=on)
    session.flush()
    places = {"objecting": first, "rated": fifth}
    return {
        name: factories.actor(Role.INSTITUTION, institution=rating.institution)
        for name, rating in places.items()
    }
