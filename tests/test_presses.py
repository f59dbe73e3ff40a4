"""Several presses at once: for many letters only, each with its own misfortune, the letters in their order."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from actions import letters
from documents.fonts import Fonts
from documents.letters import freeze
from documents.press import Limits, RenderFailed
from documents.presses import Presses
from jobs import nightly
from jobs.timetable import Walk
from tests.letter_facts import facts

pytestmark = pytest.mark.pure
LETTER = freeze("lapse", **facts("lapse", "medical"))
CLAUSES = [{"number": number, "text": "样例条款。" * 3000} for number in range(1, 60)]
LONG = freeze(  # takes minutes to set
    "agreement",
    **facts("agreement", "medical", chapters=[{"title": "样例", "clauses": CLAUSES}]),
)


@pytest.fixture
def presses():
    made = Presses(Fonts(), Limits(seconds=60), at_once=2)
    yield made
    made.close()


def until(met, seconds=30.0):
    end = time.monotonic() + seconds
    while not met() and time.monotonic() < end:
        time.sleep(0.01)
    return met()


def test_one_letter_after_the_other_needs_one_process_however_many_are_allowed(presses):
    with presses.many() as at_once:
        assert at_once == 2
        for _ in range(3):
            presses.print("lapse", LETTER)
        assert len(presses.children()) == 1
    assert presses.children() == [presses.first.child_id]


def test_of_two_processes_the_one_that_is_killed_costs_its_own_letter_and_the_second_goes_when_the_work_is_done(
    presses,
):
    presses.print("lapse", LETTER)
    with presses.many(), ThreadPoolExecutor(2) as threads:
        long = threads.submit(presses.print, "agreement", LONG)
        assert until(lambda: presses.first not in presses._idle)
        short = threads.submit(presses.print, "lapse", LETTER)
        assert short.result(60).startswith(b"%PDF-")
        assert len(presses.children()) == 2
        os.kill(presses.first.child_id, signal.SIGKILL)
        with pytest.raises(RenderFailed, match="排版进程意外退出"):
            long.result(60)
        assert presses.print("lapse", LETTER) == short.result()
        second = [press for press in presses._own if press is not presses.first]
    assert [press.child_id for press in second] == [None]
    assert presses.print("lapse", LETTER) == short.result()
    assert presses.children() == [presses.first.child_id]


def test_a_fork_and_a_change_of_limits_leave_one_press(presses):
    with presses.many():
        presses.forget()
        assert presses._own == presses._idle == [presses.first]
    presses.configure(Fonts(), Limits(seconds=3), 3)
    assert presses.first.limits.seconds == 3
    with presses.many() as at_once:
        assert at_once == len(presses._own) == 3


@pytest.mark.parametrize("at_once", [1, 2])
def test_cases_are_acted_on_in_their_order_while_the_next_ones_are_made(monkeypatch, at_once):
    """The fourth cannot be made: its error comes when its turn has come, and costs nobody else anything."""
    monkeypatch.setattr(letters, "many_presses", Presses(Fonts(), Limits(), at_once).many)
    running, most, lock = [], [], threading.Lock()

    def make(key):
        with lock:
            running.append(key)
            most.append(len(running))
        time.sleep(0.02 if key % 2 else 0.001)
        with lock:
            running.remove(key)
        if key == 4:
            raise ValueError(key)
        return -key

    seen = []
    for key, made in nightly._with_made(Walk("document", list, print, make=make), list(range(12))):
        try:
            seen.append((key, *made()))
        except ValueError:
            seen.append((key, "failed"))
    assert seen == [(key, "failed" if key == 4 else -key) for key in range(12)]
    assert max(most) == at_once


def test_who_stops_between_two_cases_has_nothing_more_made(monkeypatch):
    monkeypatch.setattr(letters, "many_presses", Presses(Fonts(), Limits(), 2).many)
    made = []
    cases = nightly._with_made(Walk("document", list, print, make=made.append), list(range(100)))
    next(cases)
    cases.close()
    assert len(made) <= 5  # the first, and the four after it that were begun or asked for
