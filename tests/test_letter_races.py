"""Letters of one series issued by many at once, some given up, some of their printing killed: numbers without gaps."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pypdf
import pytest
from sqlalchemy import select

import documents
from actions import letters
from database import session
from documents import RenderFailed
from jobs import nightly
from models import Blob, Document, Institution
from rules.permissions import Role
from tests import factories
from tests.conftest import TODAY
from tests.letter_facts import OWN

SIZES = [10, pytest.param(200, marks=pytest.mark.slow)]


class GivenUp(Exception):
    """A decision that is taken back after its letter got a number."""


def issue(place_id, actor, number):
    """One decision in its own transaction; every tenth is given up, of every tenth letter the printing is killed."""
    try:
        place = session.get_one(Institution, place_id)
        facts = OWN["lapse"](place.kind.family)
        letter = letters.issue("lapse", place, place, actor=actor, on=TODAY, **facts)
        if number % 10 == 3:
            raise GivenUp
        session.commit()
        killer = threading.Timer(0.02, _kill) if number % 10 == 7 else None
        if killer:
            killer.start()
        with contextlib.suppress(RenderFailed):
            letters.store(letter, letters.printed(letter))
            session.commit()
        if killer:
            killer.join()
    except GivenUp:
        session.rollback()
    finally:
        session.remove()


def _kill():
    child = documents.press().child_id
    if child:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize("size", SIZES)
def test_numbers_have_no_gap_and_no_letter_is_kept_by_half(app, db, staff, size):
    places = [factories.institution(kind).id for kind in ("hospital", "pharmacy")]
    session.commit()
    session.remove()
    documents.press().check()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: issue(places[n % 2], staff[Role.LEADER], n), range(size)))
    kept = size - size // 10
    serials = sorted(session.scalars(select(Document.serial)))
    assert serials == list(range(1, kept + 1))
    session.rollback()
    report = nightly.run("render-letters", TODAY)
    assert report.failed == []
    session.expire_all()
    made = list(session.scalars(select(Document.sha256)))
    assert all(made)
    for content in session.scalars(select(Blob.content).where(Blob.sha256.in_(made))):
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 2
