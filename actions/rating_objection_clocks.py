"""信用异议: the days for marking and accepting it, for its answer, and the longer ones when others have to check."""

from __future__ import annotations

from datetime import date

from actions import events, letters, statutory_clocks
from models import Document, RatingObjection, StatutoryClock
from queries import rating_objections as ask
from rules import rating_objections as rule
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

ANSWER, ASSISTED = rule.ANSWER, rule.ASSISTED
INTAKE = ("credit.objection_mark", "credit.objection_acceptance")  # over once it is taken in or not


def begin(objection: RatingObjection, *, on: date) -> None:
    """It came in: the day it is due to be answered, to be marked, and, shown on the open item, to be taken in."""
    for name in (ANSWER, *INTAKE):
        statutory_clocks.start(objection, name, on=on)


def taken_in(objection: RatingObjection, *, on: date) -> None:
    """Taken in and marked, or not taken in: only the answer is waited for."""
    _finish(objection, INTAKE, on=on)


def answered(objection: RatingObjection, *, on: date) -> None:
    """Answered or withdrawn: nothing is waited for."""
    _finish(objection, (*INTAKE, ANSWER, ASSISTED), on=on)


def _finish(objection: RatingObjection, names: tuple[str, ...], *, on: date) -> None:
    for name in names:
        statutory_clocks.finish(objection, statutory_clocks.running(objection, name), on=on)


def answer(objection: RatingObjection) -> StatutoryClock:
    """The running clock of the answer."""
    found = [statutory_clocks.running(objection, name) for name in (ASSISTED, ANSWER)]
    clock = next((one for one in found if one is not None), None)
    if clock is None:
        raise Refused("该异议已经答复。")
    return clock


def ask_others(
    objection: RatingObjection, *, whom: str, matter: str, actor: Actor, on: date
) -> Document | None:
    """请其他单位协助核查: the answer has longer, counted from the same day; whoever objected is told by letter.

    Refused before it is taken in, twice, after the day of the answer, without saying whom and what is asked.
    """
    require(actor, Permission.HANDLE_RATING_OBJECTION, objection)
    clock = answer(objection)
    rule.check_help(objection.state, objection.assisted_by, whom, matter, due=clock.due_on, on=on)
    objection.assisted_by, objection.assisted_on = whom.strip()[:100], on
    objection.assist_matter = matter.strip()[:500]
    before = clock.due_on
    statutory_clocks.discard(objection, clock)
    later = statutory_clocks.start(objection, ASSISTED, on=objection.raised_on)
    events.record(
        objection, "ask_others", "请其他单位协助核查", actor=actor, on=on, basis=later.basis,
        text=f"{objection.assisted_by}：{objection.assist_matter}", before=before, due_on=later.due_on,
    )  # fmt: skip
    if (
        objection.source == rule.ONLINE
    ):  # the answer itself is posted by whoever may know the address
        return None
    return letters.issue(
        "rating_objection_extension", objection, objection.institution, actor=actor, on=on,
        addressee=objection.rating.name, **ask.about(objection),
        assisted_by=objection.assisted_by, matter=objection.assist_matter,
        before_due_on=before, answer_due_on=later.due_on,
    )  # fmt: skip
