"""A letter looked at before it is decided: same facts, no number, no trace."""

from __future__ import annotations

import dataclasses
import io
import re

import pypdf
import pytest
from flask import g
from sqlalchemy import func, select

from actions import letters, wordings
from blueprints import previews
from database import session
from documents.free_paragraphs import FREE
from documents.letters import KINDS
from models import Counter, Document, Event
from rules.permissions import Role
from rules.refusal import Refused
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
    answer = post(desk, address, **sent, look="sheet")
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


HOSTILE = "<img src=file:///etc/passwd>另查明 &amp; {{ 7*7 }}"


def _noticed(app, staff, kind):
    """A case ready for its notice, the desk of its inspector, and the form that sends it."""
    case = made.case(made.concluded(factories.institution(kind)), staff, on=TODAY)
    session.commit()
    sent = {"operation_id": "one-form-of-the-desk", "version": str(case.version), "planned": "中止"}
    return case, client_for(app, staff[Role.INSPECTOR]), f"/cases/{case.id}/notice", sent


def test_whoever_issues_words_the_free_paragraphs_and_nothing_else(app, staff, kind):
    case, desk, address, sent = _noticed(app, staff, kind)
    given = case.facts_text
    before = _counted()
    page = post(desk, address, **sent, look="letter")
    assert page.content_type.startswith("text/html")
    fields = re.findall(
        r'<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL
    )
    assert fields == [("wording-0-views-facts_text", given)]
    assert _counted() == before
    words = dict.fromkeys([name for name, _ in fields], f"{HOSTILE}\r\n第二段。")
    more = {"wording-0-views-basis": "没有依据", "wording-1-views-facts_text": "另一件"}
    refused = post(desk, address, **sent, **words, **more)
    assert refused.status_code == 409
    assert "改写的段落与这一步印发的文书不一致" in refused.text
    assert _counted() == before
    assert post(desk, address, **sent, **words).status_code == 303
    letter = session.scalars(select(Document).where(Document.kind == "views")).one()
    assert letter.facts["facts_text"] == f"{HOSTILE}\n第二段。"
    assert case.facts_text == given
    told = session.scalars(select(Event).where(Event.verb == "word")).one()
    assert (told.facts["paragraphs"], told.actor_id) == ("拟认定的事实", staff[Role.INSPECTOR].id)
    pages = pypdf.PdfReader(io.BytesIO(letters.print_frozen(letter.kind, letter.facts))).pages
    assert "".join(HOSTILE.split()) in "".join(
        "".join(page.extract_text().split()) for page in pages
    )


@pytest.mark.pure
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" \n", "不能为空"),
        ("长" * 4001, "最多 4000 字"),
        ("甲\x07乙", "控制字符"),
        ("甲\u202e乙", "控制字符"),
        ("甲\U0001f600", "没有“\U0001f600”的字形"),
    ],
)
def test_a_wording_that_cannot_be_printed_is_refused_before_anything_is_done(text, why):
    with pytest.raises(Refused, match=why):
        wordings.bring({"wording-0-views-facts_text": text})
    wordings.bring({"wording-0-views-facts_text": "长" * 4000})
    wordings.bring({})


@pytest.mark.once
@pytest.mark.parametrize("role", [Role.INSTITUTION, Role.CLERK, None])
def test_nobody_outside_the_agency_words_its_letters(app, staff, role):
    given = {"wording-0-appeal_receipt-opinion": "本单位的话"}
    place = factories.institution("pharmacy")
    outsider = factories.actor(Role.INSTITUTION, institution=place)
    with app.test_request_context("/", method="POST", data=given):
        g.actor = staff.get(role, outsider if role else None)
        previews.bring()
        assert bool(session.info.pop("wordings", {})) == (role is Role.CLERK)


@pytest.mark.once
def test_a_wording_left_as_it_was_is_no_change(app, staff, kind):
    case, desk, address, sent = _noticed(app, staff, kind)
    same = {"wording-0-views-facts_text": case.facts_text.replace("\n", "\r\n")}
    assert post(desk, address, **sent, **same).status_code == 303
    assert session.scalar(select(func.count()).where(Event.verb == "word")) == 0


@pytest.mark.pure
def test_every_prose_fact_of_every_letter_is_free_or_written_elsewhere():
    """What a letter says in sentences is worded by whoever issues it, or somebody else's, or a rule's: nothing between."""
    found = {
        (kind, field.name)
        for kind, letter in KINDS.items()
        for field in dataclasses.fields(letter.shape)
        if field.type == "str" and field.name in PROSE
    }
    free = {(kind, name) for kind, names in FREE.items() for name in names}
    assert free - found == set()
    assert found - free == NOT_FREE


PROSE = {
    "facts_text", "act_text", "reason", "reasons", "advice", "answer", "opinion", "matter", "moved_for", "again_reason",
    "rectification", "statement", "text", "minutes", "demands", "conclusion", "consequence", "ground", "ground_text",
    "past", "evidence", "planned", "found", "cause", "follows", "remedy", "resume_route", "corrected", "council",
}  # fmt: skip
NOT_FREE = {
    ("blacklist_listing", "statement"), ("objection_answer", "text"),  # somebody else's words
    ("talk_record", "reason"), ("talk_record", "minutes"), ("talk_record", "demands"),  # a record, signed as it was said
    ("filing_result", "reasons"),  # as the letter before it was worded
    ("notice_statement", "conclusion"), ("objection_answer", "consequence"), ("removal", "consequence"),  # tables
    ("blacklist_listing", "ground"), ("blacklist_notice", "ground"), ("blacklist_removal", "ground"),  # grounds of the law
    ("suspension", "ground_text"), ("termination", "ground_text"), ("report", "ground_text"),
    ("region_notice", "ground_text"), ("qualification", "ground"), ("qualification", "past"),
    ("lapse", "reason"), ("term_end", "reason"), ("retention_release", "ground"), ("retention_release", "follows"),
    ("blacklist_removal", "cause"), ("points_correction", "cause"),
    ("blacklist_notice", "evidence"),  # what lies in the file
    ("blacklist_listing", "council"),  # votes
    ("views", "planned"), ("views", "found"), ("grade_correction", "reason"), ("credit_restoration", "corrected"),  # counted
    ("suspension", "remedy"), ("termination", "remedy"), ("suspension", "resume_route"),  # remedies and days
    ("denial", "remedy"), ("recovery", "remedy"), ("damages", "remedy"), ("payment_hold", "remedy"),
    ("staff_suspension", "remedy"),
}  # fmt: skip


def _counted():
    rows = (Document, Counter, Event)
    return [session.scalar(select(func.count()).select_from(row)) for row in rows]
