"""Any course of entries, corrections, appeals and restorations, against a plain model: total and status of every day.

All 2,000 sequences: `pytest -m slow tests/test_points_ledger_model.py`.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from actions import appeals, deductions, restorations, reversals
from actions.appeals import Finding, Statement
from actions.materials import Upload
from database import session
from models import QualificationMeasure
from queries import points_ledger as ledger
from queries import practitioners
from rules import qualification
from rules.permissions import Role
from rules.points_basis import Instead
from rules.refusal import Refused
from scoring import points_settlement
from tests import factories
from tests import factories_practitioner as make
from tests.points_model import Person

FIRST = date(2025, 6, 2)
PAPER = Upload("示例.pdf", b"%PDF-1.4 sample", "application/pdf")
STEP = st.tuples(
    st.sampled_from(["give", "give", "give", "reverse", "appeal", "decide", "restore"]),
    st.sampled_from([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]),
    st.integers(0, 45),  # days since the step before
    st.integers(0, 3),  # which of those there are
)
COURSES = st.lists(STEP, min_size=2, max_size=9)


class Course:
    """Plays steps through the actions and, when they were carried out, in the model."""

    def __init__(self, staff, kind):
        self.staff, self.row_place = staff, make.practitioner(kind)
        self.model, self.seen = Person(), Counter()
        self.counting, self.open = [], []
        self.pairs = [
            (staff[Role.CHIEF], staff[Role.LEADER]),
            (factories.actor(Role.CHIEF), factories.actor(Role.LEADER)),
        ]
        self.day = FIRST

    def play(self, step):
        word, points, gap, which = step
        self.day += timedelta(days=gap)
        try:
            getattr(self, word)(points, which)
            self.seen[word] += 1
        except Refused:
            self.seen["refused"] += 1
        session.flush()

    def give(self, points, _which):
        row, place = self.row_place
        entry = make.recorded(
            row, place, points, self.staff[Role.CLERK], decided_on=self.day,
            conduct_on=date(2025, 1, 2),
        )  # fmt: skip
        deductions.confirm(entry, actor=self.staff[Role.REVIEWER], on=self.day)
        self.counting.append(entry)
        self.model.give(entry.id, points, self.day.year, self.day)

    def reverse(self, points, which):
        if not self.counting:
            return
        entry = self.counting[which % len(self.counting)]
        instead = Instead(make.item_of(points), "main", points) if which % 2 else None
        given = {"cause": "error", "reason": "示例", "instead": instead, "on": self.day}
        row = reversals.record(entry, **given, actor=self.staff[Role.CLERK])
        reversals.confirm(row, actor=self.staff[Role.REVIEWER], on=self.day)
        self._taken_back(entry, instead)

    def _taken_back(self, entry, instead):
        self.counting.remove(entry)
        anew = None
        if instead:
            made = next(
                one for one in ledger.deductions_of(entry.practitioner_id).values()
                if one.replaces_id == entry.id
            )  # fmt: skip
            self.counting.append(made)
            anew = (made.id, instead.points)
        self.model.take_back(entry.id, self.day, anew)

    def appeal(self, _points, which):
        if not self.counting:
            return
        entry = self.counting[which % len(self.counting)]
        said = Statement("示例", True, True, PAPER)
        self.open.append(appeals.lodge(entry, said, actor=self.staff[Role.CLERK], on=self.day))
        self.model.hold(entry.id, self.day, held=True)

    def decide(self, points, which):
        if not self.open:
            return None
        row = self.open.pop(which % len(self.open))
        entry = row.deduction
        if which == 3:
            appeals.withdraw(row, actor=self.staff[Role.CLERK], on=self.day)
            return self.model.hold(entry.id, self.day, held=False)
        proposal = ("uphold", "revoke", "correct")[which]
        fewer = min(points, entry.points - 1)
        if proposal == "correct" and fewer < 1:
            proposal = "revoke"
        instead = Instead(make.item_of(fewer), "main", fewer) if proposal == "correct" else None
        finding = Finding(self.day, "示例", proposal, instead)
        chief, leader = self.others(entry)
        appeals.examine(row, finding, actor=chief, on=self.day)
        appeals.decide(row, actor=leader, on=self.day)
        if proposal == "uphold":
            return self.model.hold(entry.id, self.day, held=False)
        return self._taken_back(entry, instead)

    def others(self, entry):
        """Two who did not give these points: an appeal is examined by nobody who did."""
        gave = {entry.recorded_by_id, entry.confirmed_by_id}
        return next(pair for pair in self.pairs if gave.isdisjoint(one.id for one in pair))

    def restore(self, _points, _which):
        row, place = self.row_place
        activity = restorations.Activity("study", "示例单位", self.day)
        asked = restorations.request(
            row, place, activity, upload=PAPER, actor=self.staff[Role.CLERK], on=self.day
        )
        restorations.confirm(asked, actor=self.staff[Role.REVIEWER], on=self.day)
        self.model.restore(self.day.year, self.day)

    def judge(self):
        """Every day from the first to long after the last: on record, replayed, and in the model."""
        row, _place = self.row_place
        query = session.query(QualificationMeasure).filter_by(practitioner_id=row.id)
        registered = ledger.registered_from(row.id)
        stored = [ledger.recorded(one).as_measure() for one in query]
        lines = ledger.lines(row.id)
        again = [one.as_measure() for one in points_settlement.replay(lines, registered)]
        for number in range((self.day - FIRST).days + 400):
            day = FIRST + timedelta(days=number)
            word = self.model.word(day)
            for measures in (stored, again):
                said = qualification.standing(measures, registered, day)
                assert (str(said.status), said.until) == word, (day, word)
            booked = sum(
                line.points for line in lines if line.decided_on.year == day.year and line.booked_on <= day
            )  # fmt: skip
            assert booked == self.model.total(day), day
        for day in (FIRST, self.day, self.day + timedelta(days=200)):
            assert ledger.total(row.id, day) == self.model.total(day)
            assert practitioners.status(row, day) == ledger.replay(row.id, day).standing


def _sequences(staff, kind, examples, *, again=False):
    """`again`: the same courses each time, so that what they have to contain is there."""
    seen = Counter()

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=again,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(COURSES)
    def run(steps):
        course = Course(staff, kind)
        try:
            for step in steps:
                course.play(step)
            course.judge()
        finally:
            session.rollback()  # also after a failure, so that it can be tried again with less
        seen.update(course.seen)
        event(str(course.model.word(course.day)[0]))

    run()
    return seen


@pytest.mark.law("S-04", "S-11", "S-15", "S-16")
def test_a_short_run_agrees_with_the_plain_model_on_every_day(db, staff, kind):
    db.commit()
    seen = _sequences(staff, kind, 30, again=True)
    assert {"give", "reverse", "appeal", "decide", "restore"} <= set(seen)


@pytest.mark.parametrize("gaps", [(0, 0), (5, 0), (3, 4)])
def test_what_was_corrected_upwards_and_taken_back_again_is_replayed(db, staff, kind, gaps):
    course = Course(staff, kind)
    for step in (("give", 1, 0, 0), ("reverse", 9, gaps[0], 1), ("reverse", 1, gaps[1], 0)):
        course.play(step)
    assert course.seen == {"give": 1, "reverse": 2}
    course.judge()


@pytest.mark.slow
def test_two_thousand_courses_agree_with_the_plain_model_on_every_day(db, staff, kind):
    db.commit()
    seen = _sequences(staff, kind, 1000)
    assert min(seen[word] for word in ("give", "reverse", "appeal", "decide", "restore")) > 100
