"""送达: electronically with consent, by public notice with its days, by hand with a receipt; what runs starts from it."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select

from actions import batches, letters, service
from actions.batches import Item
from database import session
from jobs import nightly
from models import BatchRow
from queries import service as ask
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY
from tests.letter_facts import OWN
from tests.web import client_for, flashes, post

ONE = timedelta(days=1)


def issued(kind, staff, on=TODAY):
    place = factories.institution(kind)
    facts = OWN["lapse"](place.kind.family)
    letter = letters.issue("lapse", place, place, actor=staff[Role.LEADER], on=on, **facts)
    session.commit()
    return letter


def consenting(letter, on=TODAY):
    user = factories.actor(Role.INSTITUTION, institution=letter.institution)
    row = service.give_consent(
        letter.institution, contact="示例联系人 0000-0000000", actor=user, on=on
    )
    return row, user


def announced(letter, staff, **changes):
    given = {"since": TODAY, "where": "本中心公告栏", "reason": "两次直接送达未果"} | changes
    return service.announce(letter, actor=staff[Role.CLERK], on=TODAY, **given)


# electronically


def test_nobody_is_served_electronically_without_consent(kind, staff):
    letter = issued(kind, staff)
    serve = {"actor": staff[Role.CLERK], "method": "电子送达", "proof": "样例"}
    with pytest.raises(Refused, match="没有有效的电子送达确认书") as refused:
        service.serve(letter, on=TODAY, **serve)
    assert str(refused.value.basis).endswith("第九十条")
    row, user = consenting(letter, on=TODAY + ONE)
    with pytest.raises(Refused, match="没有有效"):
        service.serve(letter, on=TODAY, **serve)
    service.withdraw_consent(row, actor=user, on=TODAY + ONE)
    with pytest.raises(Refused, match="没有有效"):
        service.serve(letter, on=TODAY + 2 * ONE, **serve)
    service.serve(letter, on=TODAY + ONE, **serve)  # the last day of the consent
    assert letter.served_on == TODAY + ONE


@pytest.mark.once
def test_a_report_to_the_bureau_is_not_served_in_the_portal(kind, staff):
    letter = issued(kind, staff)
    consenting(letter)
    letter.kind = "report"
    with pytest.raises(Refused, match="不在机构服务中送达"):
        service.serve_electronically(letter, actor=staff[Role.CLERK], on=TODAY)


def test_a_consent_stands_once_and_belongs_to_the_institution(kind, staff):
    letter = issued(kind, staff)
    row, user = consenting(letter)
    with pytest.raises(Refused, match="已经确认"):
        consenting(letter)
    with pytest.raises(Denied):
        service.withdraw_consent(row, actor=staff[Role.CLERK], on=TODAY)
    service.withdraw_consent(row, actor=user, on=TODAY)
    with pytest.raises(Refused, match="已于"):
        service.withdraw_consent(row, actor=user, on=TODAY)
    consenting(letter)
    assert len(ask.consents(letter.institution_id)) == 2


def test_many_letters_are_served_electronically_at_once(db, kind, staff):
    rows = [issued(kind, staff) for _ in range(2)]
    consenting(rows[0])
    items = [Item("document", row.id, row.institution.name) for row in rows]
    batch = batches.prepare("serve", items, actor=staff[Role.CLERK], on=TODAY)
    batches.start(batch, actor=staff[Role.CLERK], on=TODAY)
    session.commit()
    nightly.run("run-batches", TODAY)
    session.expire_all()
    found = session.scalars(select(BatchRow).order_by(BatchRow.id)).all()
    assert [str(row.outcome) for row in found] == ["done", "refused"]
    assert "电子送达确认书" in found[1].sentence
    assert [row.served_on for row in rows] == [TODAY, None]
    assert "0000-0000000" in rows[0].service_proof


# by public notice


def test_a_public_notice_counts_as_service_after_its_days(db, kind, staff):
    """30 days after Monday 15 June 2026 is Wednesday 15 July."""
    letter = issued(kind, staff)
    assert announced(letter, staff) == date(2026, 7, 15)
    session.commit()
    assert letter.served_on is None
    assert nightly.run("end-public-service", date(2026, 7, 14)).done == []
    assert nightly.run("end-public-service", date(2026, 7, 16)).done == [letter.id]
    session.expire_all()
    assert (letter.served_on, letter.service_method) == (date(2026, 7, 15), "公告送达")
    assert nightly.run("end-public-service", date(2026, 7, 17)).done == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"since": TODAY - ONE}, "印发之后"),
        ({"since": TODAY + ONE}, "今天之前"),
        ({"where": " "}, "公告的地方"),
        ({"reason": ""}, "原因、经过"),
    ],
)
def test_a_public_notice_says_since_when_where_and_why(staff, changes, why):
    letter = issued("pharmacy", staff)
    with pytest.raises(Refused, match=why):
        announced(letter, staff, **changes)


def test_found_meanwhile_it_is_served_by_hand_and_the_notice_ends(db, kind, staff):
    letter = issued(kind, staff)
    announced(letter, staff)
    with pytest.raises(Refused, match="正在公告"):
        announced(letter, staff)
    service.serve(letter, actor=staff[Role.CLERK], on=TODAY, method="直接送达", proof="示例签收人")
    session.commit()
    assert nightly.run("end-public-service", TODAY + 60 * ONE).done == []
    assert letter.service_method == "直接送达"


# by hand


@pytest.mark.once
def test_the_receipt_names_the_letter_and_is_stored_nowhere(app, kind, staff):
    letter = issued(kind, staff)
    clerk, leader = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.LEADER])
    answer = clerk.get(f"/documents/{letter.id}/receipt.pdf")
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    text = "".join("".join(page.extract_text().split()) for page in pages)
    assert len(pages) == 1
    assert "送达回证" in text
    assert letter.title in text
    assert "".join(letter.number.split()) in text
    assert letter.institution.name in text
    assert leader.get(f"/documents/{letter.id}/receipt.pdf").status_code == 403


@pytest.mark.once
def test_through_the_doors(app, kind, staff):
    letter = issued(kind, staff)
    user = factories.actor(Role.INSTITUTION, institution=letter.institution)
    portal, clerk = client_for(app, user), client_for(app, staff[Role.CLERK])
    assert "没有确认电子送达" in clerk.get(f"/documents/{letter.id}").text
    assert post(portal, "/portal/service-consent", contact="示例").status_code == 409
    answer = post(portal, "/portal/service-consent", contact="示例联系人", agreed="y")
    assert "已确认" in flashes(portal, answer).text
    assert "示例联系人" in clerk.get(f"/documents/{letter.id}").text
    sent = {"since": str(TODAY), "where": "公告栏", "reason": "邮寄退回"}
    answer = post(clerk, f"/documents/{letter.id}/announcement", **sent)
    assert "2026-07-15" in flashes(clerk, answer).text
    row = ask.standing_consent(letter.institution_id)
    stranger = client_for(
        app, factories.actor(Role.INSTITUTION, institution=factories.institution(kind))
    )
    address = f"/portal/service-consent/{row.id}/withdraw"
    assert post(stranger, address).status_code == 404
    assert "已经撤回" in flashes(portal, post(portal, address)).text
