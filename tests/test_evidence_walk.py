"""From a grade to the record behind it: at most three clicks, for the agency and, of its own records, in the portal."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from actions import credit_information, unfiled_changes
from models import (
    CreditInformation,
    Document,
    Office,
    Rating,
    UnfiledChange,
    Untrustworthy,
)
from queries import evidence
from rules.permissions import Role
from rules.persons import OfficeRole
from tests import factories, factories_amendment, factories_credit, factories_cycle
from tests.web import client_for

pytestmark = (
    pytest.mark.once
)  # pages and words; what is gathered is asked of both databases elsewhere


@pytest.fixture
def place(db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    figures = {"data_quality": "70"}
    factories_credit.confirmed(place, "data_quality", date(2026, 3, 9), staff, figures=figures)
    unfiled = factories_amendment.noted(
        place, staff, approved_on=date(2026, 3, 2), on=date(2026, 3, 9)
    )
    unfiled_changes.propose(unfiled.id, date(2026, 5, 29))
    return place


@pytest.fixture
def rating(db, staff, place):
    cycle = factories_cycle.published(staff)
    db.commit()
    return db.scalars(select(Rating).where(Rating.cycle_id == cycle.id)).one()


def links(html, start):
    """Addresses beginning so, with the words on them."""
    found = re.findall(rf'<a href="({start}[^"]*)">([^<]+)</a>', html)
    return {unescape(href): words for href, words in found}


def numbers_of(rating):
    return {number for line in rating.lines for number in line["evidence"]}


def test_every_number_on_the_page_of_a_grade_opens_its_record(app, db, staff, rating):
    client = client_for(app, staff[Role.CLERK])
    board = client.get(
        "/ratings/list"
    ).text  # the list; the grade is one click away, its record two
    assert f"/ratings/{rating.id}" in board
    page = client.get(f"/ratings/{rating.id}").text
    found = {words: href for href, words in links(page, "/").items()}
    wanted = numbers_of(rating)
    assert len(wanted) >= 9
    assert db.scalars(select(UnfiledChange.number)).one() in wanted
    assert wanted <= found.keys()
    for number in wanted:
        answer = client.get(found[number])
        assert (number, answer.status_code) == (number, 200)
        assert number in answer.text


def test_in_the_portal_every_number_opens_what_the_institution_may_know_of_it(
    app, db, staff, place, rating
):
    owner = factories.actor(Role.INSTITUTION, institution=place, name="示例机构经办人")
    db.commit()
    client = client_for(app, owner)
    page = client.get("/portal/grades").text
    found = links(page, "/portal/grades/record")
    assert db.scalars(select(UnfiledChange.number)).one() in found.values()
    assert set(found.values()) == numbers_of(rating)
    for href, number in found.items():
        record = client.get(href)
        assert (number, record.status_code) == (number, 200)
        assert number in record.text
        for further in links(
            record.text, "/portal/(?:points|agreements|amendments|applications|documents|credit)"
        ):
            assert client.get(further).status_code == 200


@pytest.mark.parametrize("kind", ["hospital"])
def test_a_paper_from_outside_is_told_with_its_numbers(app, db, staff, place, rating):
    owner = factories.actor(Role.INSTITUTION, institution=place, name="示例机构经办人")
    db.commit()
    client = client_for(app, owner)
    (number,) = [
        n for line in rating.lines if line["indicator"] == "data_upload" for n in line["evidence"]
    ]
    page = client.get("/portal/grades/record", query_string={"number": number}).text
    assert "数据上传质量：70分" in page
    assert "示例内容" not in page  # the text was written for the agency


@pytest.mark.parametrize("kind", ["pharmacy"])
def test_nobody_opens_the_record_of_another_or_one_no_grade_rests_on(
    app, db, staff, kind, place, rating
):
    other = factories_cycle.quiet(kind)
    stranger = factories.actor(Role.INSTITUTION, institution=other, name="示例机构经办人")
    owner = factories.actor(Role.INSTITUTION, institution=place, name="示例机构经办人")
    unused = factories_credit.confirmed(place, "slight", date(2026, 3, 9), staff)
    db.commit()
    for number in [*numbers_of(rating), "", "查无此号"]:
        answer = client_for(app, stranger).get(
            "/portal/grades/record", query_string={"number": number}
        )
        assert (number, answer.status_code) == (number, 404)
    answer = client_for(app, owner).get(
        "/portal/grades/record", query_string={"number": unused.number}
    )
    assert answer.status_code == 404


def test_the_letter_names_the_records_under_each_line_that_cost_points(db, staff, place, rating):
    letter = db.scalars(select(Document).where(Document.kind == "grade")).one()
    told = {line["name"].split("（")[0]: line for line in letter.facts["lines"]}
    quality = told["数据上传质量"]["evidence"]
    assert [one["day"] for one in quality] == ["2026-03-09"]
    cases = told["已认定违规案件"]["evidence"]
    assert [one["day"] for one in cases] == ["2026-03-02"]  # decided
    assert [one["day"] for one in told["未结违规案件"]["evidence"]] == ["2026-05-20"]
    assert told["定点服务年限"]["evidence"] == []  # nothing was lost there
    assert all("http" not in str(line) for line in letter.facts["lines"])


@pytest.mark.parametrize("kind", ["pharmacy"])
def test_what_was_revoked_since_is_still_opened_by_its_number(app, db, staff, place, rating):
    row = db.scalars(select(CreditInformation)).one()
    credit_information.revoke(row, reason="撤销。", actor=staff[Role.REVIEWER], on=date(2026, 7, 1))
    db.commit()
    client = client_for(app, staff[Role.CLERK])
    assert (
        row.number
        in links(client.get(f"/ratings/{rating.id}").text, "/credit-information").values()
    )


@pytest.fixture
def listed(db, place):
    """The legal representative is on another authority's list; a stranger's entry bears the same number."""
    held = db.scalars(select(Office).where(Office.role == OfficeRole.LEGAL_REPRESENTATIVE)).first()
    entry = {"number": "（2026）示执1号", "masked_id": "1101********0011", "source": "示例名单",
             "listed_on": date(2026, 3, 2), "imported_on": date(2026, 3, 3)}  # fmt: skip
    db.add(Untrustworthy(person_index="0" * 64, person_name="样他人", **entry))
    db.add(Untrustworthy(person_index=held.id_index, person_name="样本人", **entry))
    db.flush()
    return held


def test_an_entry_of_another_authority_s_list_opens_for_the_agency_alone(
    app, db, staff, place, listed
):
    cycle = factories_cycle.reviewed(
        factories_cycle.started(staff, scheme="legal_representative"), staff
    )
    db.commit()
    rating = db.scalars(select(Rating).where(Rating.person_index == listed.id_index)).one()
    (line,) = [one for one in rating.lines if "（2026）示执1号" in one["evidence"]]
    client = client_for(app, staff[Role.CLERK])
    page = client.get(f"/ratings/{rating.id}").text
    (href,) = [href for href, number in links(page, "/untrustworthy").items() if number in line["evidence"]]  # fmt: skip
    shown = client.get(href).text
    assert "样本人" in shown
    assert "样他人" not in shown  # the same number, another person
    assert cycle.subject == "legal_representative"
    own = evidence.found(line["evidence"], person_index=listed.id_index)
    assert [row.institution_id for row in own.values()] == [None]  # so never in the portal
    assert evidence.found(line["evidence"], institution_id=place.id) == {}
    for words in ("在名单内", "移出由列入的机关决定", "不予受理定点申请", place.name):
        assert words in shown
    assert listed.id_index not in shown
    assert client.get("/untrustworthy/99999").status_code == 404
