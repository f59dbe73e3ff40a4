"""What the clockwork does to one case, known by its number: lock, ask again, act as SYSTEM or leave it to a person."""

from __future__ import annotations

from datetime import date

from actions import (
    lapses,
    letters,
    notices,
    qualification_measures,
    reevaluations,
    statutory_clocks,
)
from database import session
from models import Application, Document
from rules.lifecycle import ApplicationState
from rules.permissions import SYSTEM
from rules.timetable import Outcome


def expire_agreement(agreement_id: int, day: date) -> Outcome:
    return Outcome(done=lapses.expire(agreement_id, day, actor=SYSTEM))


def end_notice(application_id: int, day: date) -> Outcome:
    application = session.get(
        Application, application_id, with_for_update=True, populate_existing=True
    )
    if application is None or application.state != ApplicationState.ON_NOTICE:
        return Outcome()
    notices.end(application, actor=SYSTEM, on=day)
    return Outcome(done=True)


def open_retry(application_id: int, day: date) -> Outcome:
    return Outcome(done=reevaluations.open_window(application_id, day))


def end_qualification_suspension(measure_id: int, day: date) -> Outcome:
    return Outcome(done=qualification_measures.end_suspension(measure_id, day=day))


def print_letter(document_id: int) -> bytes | None:
    """Make a letter's bytes; nothing for one that is printed already."""
    document = session.get(Document, document_id, populate_existing=True)
    if document is None or document.sha256 is not None:
        return None
    return letters.printed(document)


def store_letter(document_id: int, _day: date, content: bytes | None) -> Outcome:
    """Keep the bytes; a letter that another process printed meanwhile is left alone."""
    document = session.get(Document, document_id, populate_existing=True)
    if content is None or document is None or document.sha256 is not None:
        return Outcome()
    letters.store(document, content)
    return Outcome(done=True)


def recompute_clocks(_key: int, _day: date) -> Outcome:
    return Outcome(done=statutory_clocks.recompute_provisional() > 0)
