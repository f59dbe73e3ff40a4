"""A letter looked at before it is decided: same facts, no number, no trace."""

from __future__ import annotations

import io

import pypdf
import pytest
from sqlalchemy import func, select

from actions import letters
from database import session
from models import Counter, Document, Event
from rules.permissions import Role
from tests import factories
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.letter_facts import facts
from tests.web import client_for, forms, post

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


@pytest.mark.once
@pytest.mark.parametrize("step", ["notice", "approve"])
def test_any_decision_shows_its_letters_before_it_is_taken(app, staff, kind, step):
    """The form is carried out and taken back: the same form, sent again, decides."""
    made_at = made.concluded(factories.institution(kind))
    case = made.case(made_at, staff, on=TODAY)
    if step == "approve":
        made.reviewed(case, staff, on=TODAY)
    session.commit()
    role = Role.LEADER if step == "approve" else Role.INSPECTOR
    desk = client_for(app, staff[role])
    address = f"/cases/{case.id}/{step}"
    page = desk.get(f"/cases/{case.id}").text
    assert address in forms(page)
    assert "预览文书" in page
    sent = {
        "operation_id": "one-form-of-the-desk",
        "version": str(case.version),
        "opinion": "同意。",
    }
    before, numbers = (case.state, case.version), _counted()
    answer = post(desk, address, **sent, look="letter")
    assert answer.content_type == "application/pdf", answer.text
    reader = pypdf.PdfReader(io.BytesIO(answer.data))
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert "样章·无效" in text
    assert "（预览）号" in text
    session.expire_all()
    assert ((case.state, case.version), _counted()) == (before, numbers)
    assert post(desk, address, **sent).status_code == 303
    session.expire_all()
    assert case.state != before[0]


@pytest.mark.once
def test_a_step_without_a_letter_says_so(app, staff, kind):
    case = made.case(made.concluded(factories.institution(kind)), staff, on=TODAY)
    made.heard(case, staff, on=TODAY)
    session.commit()
    desk = client_for(app, staff[Role.INSPECTOR])
    answer = post(desk, f"/cases/{case.id}/propose", opinion="建议。", look="letter")
    assert answer.status_code == 409
    assert "不印发文书" in answer.text
    session.expire_all()
    assert case.state == "heard"


def _counted():
    rows = (Document, Counter, Event)
    return [session.scalar(select(func.count()).select_from(row)) for row in rows]
