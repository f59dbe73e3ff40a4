"""A letter looked at before it is decided: same facts, no number, no trace."""

from __future__ import annotations

import io

import pypdf
from sqlalchemy import func, select

from actions import letters
from database import session
from models import Counter, Document, Event
from rules.permissions import Role
from tests import factories
from tests.conftest import TODAY
from tests.letter_facts import facts

OWN = {"application_number", "institution", "grounds"}


def test_a_preview_says_what_it_is_and_takes_no_number(staff, kind):
    family = "pharmacy" if kind == "pharmacy" else "medical"
    given = {name: value for name, value in facts("decline", family).items() if name in OWN}
    session.commit()
    rows = (Document, Counter, Event)
    before = [session.scalar(select(func.count()).select_from(row)) for row in rows]
    pdf = letters.preview(
        "decline", factories.institution(kind), actor=staff[Role.CLERK], on=TODAY, **given
    )
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    plain = "".join(text.split())
    assert "尚未编号、用印和印发，不具有效力" in plain
    assert "（预览）号" in plain
    assert "核验码" not in plain
    session.rollback()
    assert [session.scalar(select(func.count()).select_from(row)) for row in rows] == before
