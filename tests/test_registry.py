"""The registry through its doors: commitments, certificates, department, leaving, whole numbers, boards, dossiers."""

import io
from datetime import date

import pytest
from sqlalchemy import select

from actions import commitments, deductions, personal_files, registrations
from actions import practitioners as act
from database import session
from models import Commitment, Event, Practitioner, Registration, WorkItem
from queries import practitioners, status_boards
from queries import registrations as ask
from rules.permissions import Denied, Role
from rules.persons import PractitionerRole
from rules.refusal import Refused
from tests import factories, factories_agreement, web
from tests import factories_practitioner as make
from tests.conftest import TODAY

NUMBER = factories.id_number(777)
PDF = b"%PDF-1.4 sample"


@pytest.fixture
def clerk(staff):
    return staff[Role.CLERK]


@pytest.fixture
def place(db, kind):
    return make.headed_by(factories.institution(kind), NUMBER)


@pytest.fixture
def owner(place):
    return factories.actor(Role.INSTITUTION, institution=place)


def person(kind, **changes):
    role = PractitionerRole.PHARMACY_PRINCIPAL if kind == "pharmacy" else PractitionerRole.PHYSICIAN
    code = "Z990123900001" if kind == "pharmacy" else "D990123900001"
    return act.Person(
        **{"code": code, "name": "样例丁", "role": role, "id_number": NUMBER, **changes}
    )


def typed(kind, **changes):
    who = person(kind)
    return {
        "role": who.role.value, "code": who.code, "name": who.name, "id_number": NUMBER,
        "department": "示例科", "from_on": "2026-06-01", **changes,
    }  # fmt: skip


@pytest.mark.law("S-01")
def test_a_principal_is_tied_to_the_licence_that_names_it(place, kind, clerk):
    row = act.register(place, person(kind), actor=clerk, on=TODAY)
    assert (row.licence.kind if row.licence else "") == (
        "药品经营许可证" if kind == "pharmacy" else ""
    )
    assert ask.doubts(row, on=TODAY) == []
    make.headed_by(place, factories.id_number(778))
    assert ask.doubts(row, on=TODAY) == (["不是现任主要负责人"] if kind == "pharmacy" else [])


def test_an_institution_registers_no_further_back_than_it_may(place, kind, owner, clerk):
    with pytest.raises(Refused, match="追溯 30 日"):
        act.register(place, person(kind), actor=owner, on=TODAY, from_on=date(2026, 5, 15))
    act.register(place, person(kind), actor=owner, on=TODAY, from_on=date(2026, 5, 16))
    other = make.headed_by(factories.institution(kind), NUMBER)
    act.register(other, person(kind), actor=clerk, on=TODAY, from_on=date(2020, 1, 1))


@pytest.mark.law("S-02", refuses=True, passes=True)
def test_a_commitment_is_signed_once_for_each_text_and_by_nobody_who_left(place, kind, clerk):
    row = act.register(place, person(kind), actor=clerk, on=date(2026, 6, 1))
    assert ask.uncommitted(place.id, TODAY) == [row]
    signed = commitments.record(row, signed_on=date(2026, 6, 2), actor=clerk, on=TODAY)
    assert signed.text_key == ("pharmacy_2024" if kind == "pharmacy" else "medical_2024")
    assert ask.uncommitted(place.id, TODAY) == []
    with pytest.raises(Refused, match="不需要重复"):
        commitments.record(row, signed_on=TODAY, actor=clerk, on=TODAY)
    again = act.register(
        make.headed_by(factories.institution(kind), NUMBER), person(kind), actor=clerk, on=TODAY
    )
    act.leave(again, to_on=TODAY, actor=clerk, on=TODAY)
    with pytest.raises(Refused, match="终止"):
        commitments.record(again, signed_on=TODAY, actor=clerk, on=date(2026, 6, 16))


def test_a_commitment_stated_with_the_registration_is_on_record_with_it(db, place, kind, clerk):
    row = act.register(place, person(kind, committed_on=TODAY), actor=clerk, on=TODAY)
    assert db.scalars(select(Commitment)).one().registration_id == row.id


def test_a_renewed_certificate_ends_later_and_settles_the_warning(db, place, kind, clerk, owner):
    given = person(kind, licence_number="示证1", licence_valid_to=date(2026, 12, 31))
    row = act.register(place, given, actor=clerk, on=TODAY)
    due = [date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3), date(2026, 11, 1)]
    done = [registrations.warn(row.id, day).done for day in due]
    assert done == [False, True, False, True]  # ninety and sixty days before the end
    assert db.scalars(select(WorkItem.done)).all() == [False]
    with pytest.raises(Refused):
        personal_files.renew_licence(
            row.practitioner, number="", valid_to=date(2026, 12, 31), actor=owner, on=TODAY
        )
    personal_files.renew_licence(
        row.practitioner, number="", valid_to=date(2027, 1, 1), actor=owner, on=TODAY
    )
    assert (row.warned_days, db.scalars(select(WorkItem.done)).all()) == (None, [True])
    neighbour = factories.actor(Role.INSTITUTION, institution=factories.institution(kind))
    with pytest.raises(Denied):
        personal_files.renew_licence(
            row.practitioner, number="", valid_to=date(2028, 1, 1), actor=neighbour, on=TODAY
        )


def test_a_second_site_completes_the_file_and_never_shortens_the_certificate(place, kind, clerk):
    given = person(kind, licence_valid_to=date(2030, 1, 1))
    row = act.register(place, given, actor=clerk, on=TODAY)
    other = make.headed_by(factories.institution(kind), NUMBER)
    more = person(kind, licence_valid_to=date(2029, 1, 1), title="示例职务")
    act.register(other, more, actor=clerk, on=TODAY)
    kept = row.practitioner
    assert (kept.licence_valid_to, kept.title) == (date(2030, 1, 1), "示例职务")


@pytest.mark.law("S-11")
def test_the_file_stays_one_whoever_comes_and_goes(db, place, kind, clerk):
    row = act.register(place, person(kind), actor=clerk, on=date(2026, 6, 1))
    act.leave(row, to_on=date(2026, 6, 5), actor=clerk, on=TODAY)
    other = make.headed_by(factories.institution(kind), NUMBER)
    act.register(other, person(kind), actor=clerk, on=TODAY)
    assert db.scalars(select(Practitioner)).one().id == row.practitioner_id
    assert len(practitioners.registrations(row.practitioner_id)) == 2


def test_correcting_a_file_needs_a_reason_and_a_free_code(db, place, kind, clerk, owner):
    row = act.register(place, person(kind), actor=clerk, on=TODAY).practitioner
    taken = make.person()
    given = {"name": "样例戊", "code": row.code, "actor": clerk, "on": TODAY}
    for wrong in ({"reason": " "}, {"reason": "示例", "name": "样例丁"}):
        with pytest.raises(Refused):
            personal_files.correct(row, **{**given, **wrong})
    if kind == "hospital":
        with pytest.raises(Refused, match="他人"):
            personal_files.correct(row, **{**given, "code": taken.code, "reason": "示例"})
    with pytest.raises(Denied):
        personal_files.correct(row, **{**given, "actor": owner, "reason": "示例"})
    personal_files.correct(row, **given, reason="户口簿更名")
    db.commit()
    assert (row.name, row.pinyin) == ("样例戊", "ylw")
    [line] = db.scalars(select(Event).where(Event.verb == "correct"))
    assert "样例丁" in line.facts["text"]


# What patients see


@pytest.mark.law("S-17", passes=True)
def test_the_board_names_everybody_with_the_status_and_nothing_else(db, place, kind, staff):
    clerk, reviewer = staff[Role.CLERK], staff[Role.REVIEWER]
    people = [make.person(name=name) for name in ("样甲", "样乙", "样丙", "样离")]
    for one in people:
        make.registered(one, place, to_on=date(2026, 6, 10) if one.name == "样离" else None)
    for one, points in zip(people[1:], (9, 12), strict=False):
        entry = make.recorded(one, place, points, clerk, decided_on=TODAY)
        deductions.confirm(entry, actor=reviewer, on=TODAY)
    shown = status_boards.lines(place.id, on=date(2026, 6, 16))
    assert [(one.name, one.status.label) for one in shown] == [
        ("样丙", "终止"), ("样乙", "暂停"), ("样甲", "正常"),
    ]  # fmt: skip
    assert {*vars(shown[0])} == {"name", "role_label", "department", "status", "light"}
    barred_to = date(2029, 6, 15)  # twelve at once: three years
    for day, expected in ((barred_to, 1), (date(2029, 6, 16), 0)):
        gone = [one for one in status_boards.lines(place.id, on=day) if one.name == "样丙"]
        assert len(gone) == expected


@pytest.mark.law("S-17")
def test_the_public_page_tells_status_and_no_code(app, place, kind, staff):
    factories_agreement.concluded(place)
    row = make.person(name="样例公开")
    make.registered(row, place)
    session.commit()
    browser = app.test_client()
    address = f"/public/institutions/{place.id}"
    assert f"{address}/people" in browser.get(address).text
    page = browser.get(f"{address}/people").text
    assert ("样例公开" in page, row.code in page) == (True, False)
    assert "样例公开" not in browser.get(f"{address}/people?q=样例无").text
    assert browser.get("/public/institutions/999999/people").status_code == 404


# Through the doors


def test_the_institution_registers_commits_and_takes_leave_in_the_portal(
    app, db, place, kind, owner
):
    db.commit()
    client = web.client_for(app, owner)
    assert web.post(client, "/portal/practitioners/new", **typed(kind, role="")).status_code == 400
    answer = web.post(client, "/portal/practitioners/new", **typed(kind))
    assert answer.status_code == 303, answer.text
    page = web.flashes(client, answer).text
    assert (NUMBER in page, NUMBER[:3] + "****" in page) == (False, True)
    row = db.scalars(select(Registration)).one()
    address = f"/portal/practitioners/{row.id}"
    assert "待签承诺书 1 人" in client.get("/portal/practitioners").text
    assert "样例丁" in client.get("/portal/practitioners?commitment=missing").text
    assert "样例丁" in client.get(f"{address}/commitment").text
    signed = {"signed_on": "2026-06-02", "copy": (io.BytesIO(PDF), "承诺.pdf")}
    assert web.post(client, f"{address}/commitment", **signed).status_code == 303
    [copy] = db.scalars(select(Commitment))
    assert client.get(f"{address}/commitments/{copy.id}/file").data == PDF
    assert "待签承诺书" not in client.get("/portal/practitioners").text
    assert web.post(client, f"{address}/department", department="内科").status_code == 303
    renewed = {"number": "示证2", "valid_to": "2030-01-01"}
    assert web.post(client, f"{address}/licence", **renewed).status_code == 303
    page = client.get(address).text
    assert all(word in page for word in ("内科", "示证2", "2030-01-01"))
    assert "样例丁" in client.get("/portal/board").text
    assert web.post(client, f"{address}/leave", to_on="2026-06-15").status_code == 303
    neighbour = web.client_for(
        app, factories.actor(Role.INSTITUTION, institution=factories.institution(kind))
    )
    for path in (address, f"{address}/commitment", f"{address}/commitments/{copy.id}/file"):
        assert neighbour.get(path).status_code == 404
    assert web.post(neighbour, f"{address}/leave", to_on="2026-06-15").status_code == 404


def test_the_agency_looks_prints_and_reveals_and_each_leaves_one_line(app, db, place, kind, clerk):
    row = act.register(place, person(kind), actor=clerk, on=TODAY)
    db.commit()
    client = web.client_for(app, clerk)
    assert "样例丁" in client.get(f"/registrations/{row.id}").text
    file = f"/practitioners/{row.practitioner_id}"
    assert NUMBER not in client.get(file).text
    assert web.post(client, f"{file}/reveal", reason="").status_code == 409
    assert NUMBER in web.post(client, f"{file}/reveal", reason="核对来信").text
    assert NUMBER not in client.get(file).text
    printed = web.post(client, f"{file}/file.pdf")
    assert printed.data.startswith(b"%PDF-")
    whole = web.post(client, f"/institutions/{place.id}/file.pdf")
    assert whole.data.startswith(b"%PDF-")
    lines = db.scalars(
        select(Event.verb).where(Event.verb.in_(["reveal_id", "print_dossier"])).order_by(Event.seq)
    ).all()
    assert lines == ["reveal_id", "print_dossier", "print_dossier"]
    facts = [line.facts for line in db.scalars(select(Event))]
    assert NUMBER not in str(facts)


def test_people_of_another_region_are_not_found(app, db, kind, clerk):
    far = factories.institution(kind, region="990999")
    row = make.person(pooling_region="990999")
    here = make.registered(row, far)
    db.commit()
    client = web.client_for(app, clerk)
    for path in (f"/registrations/{here.id}", f"/practitioners/{row.id}"):
        assert client.get(path).status_code == 404
    for path in (f"/practitioners/{row.id}/file.pdf", f"/practitioners/{row.id}/reveal"):
        assert web.post(client, path, reason="x").status_code == 404


def test_the_list_narrows_to_certificates_and_missing_commitments(app, db, place, kind, clerk):
    days = {"样到期": date(2026, 6, 14), "样将到": date(2026, 9, 13), "样远期": date(2026, 9, 14)}
    for name, day in days.items():
        make.registered(make.person(name=name, licence_valid_to=day), place)
    db.commit()
    client = web.client_for(app, clerk)

    def found(query):
        page = client.get(f"/practitioners?{query}").text
        return [name for name in days if name in page]

    assert found("licence=lapsed") == ["样到期"]
    assert found("licence=due") == ["样将到"]  # ninety days from 15 June
    assert found("commitment=missing") == [*days]
