"""The bureau of the demo county: every other Monday it takes note of what was filed, and gives its numbers."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from actions import filings
from commands.demo_agenda import Agenda
from commands.demo_people import Cast
from database import session
from models import Filing
from rules.lifecycle import FilingState

FORTNIGHT = timedelta(days=14)
RESTING = timedelta(days=7)  # what came in last week is still being looked at


class Bureau:
    """Puts its round on the agenda again and again until the year is over."""

    def __init__(self, agenda: Agenda, cast: Cast) -> None:
        self.agenda, self.cast = agenda, cast

    def start(self, first: date) -> None:
        self.agenda.put(self.agenda.work(first + FORTNIGHT), self.take_note)

    def take_note(self, on: date) -> None:
        old = select(Filing).where(
            Filing.state == FilingState.SENT, Filing.filed_on <= on - RESTING
        )
        for filing in session.scalars(old.order_by(Filing.id)).all():
            number = f"示医保备〔{on.year}〕{filing.id}号"
            filings.confirm(filing, number=number, actor=self.cast["bureau"], on=on)
        if on + FORTNIGHT < self.agenda.end:
            self.agenda.put(self.agenda.work(on + FORTNIGHT), self.take_note)
