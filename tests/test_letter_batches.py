"""Letters by the thousand: looked at before, issued and printed row by row, given out as files for the printer."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pypdf
import pytest
from sqlalchemy import func, select

import documents
from actions import batches, letters, signatures
from actions.batches import Item
from database import session
from documents import RenderFailed, print_file
from documents.letters import freeze
from jobs import nightly
from models import BatchRow, Counter, Document, Event
from rules.permissions import Denied, Role
from tests import factories
from tests import factories_renewal as world
from tests.letter_facts import OWN, facts
from tests.web import client_for, flashes, post

ON = date(2026, 6, 15)


def waiting_for_the_agency(kind, staff):
    """The following agreement of a renewal, signed by the institution."""
    following = world.offered(kind, staff).next_agreement
    user = factories.actor(Role.INSTITUTION, institution=following.institution)
    signatures.sign_for_institution(following, read=True, mandate="示例授权书", actor=user, on=ON)
    session.commit()
    return following


def signing(rows, staff):
    items = [Item("agreement", row.id, row.institution.name) for row in rows]
    batch = batches.prepare("countersign", items, actor=staff[Role.LEADER], on=ON)
    session.commit()
    return batch


def issued(kind, staff, number=1):
    place = factories.institution(kind)
    rows = [
        letters.issue(
            "lapse",
            place,
            place,
            actor=staff[Role.LEADER],
            on=ON,
            **OWN["lapse"](place.kind.family),
        )
        for _ in range(number)
    ]
    session.commit()
    return rows


def printing(rows, staff):
    """A confirmed batch of letters to print."""
    items = [Item("document", row.id, row.institution.name) for row in rows]
    batch = batches.prepare("print", items, actor=staff[Role.CLERK], on=ON)
    batches.start(batch, actor=staff[Role.CLERK], on=ON)
    session.commit()
    return batch


def run():
    return nightly.run("run-batches", ON)


def outcomes(batch):
    session.expire_all()
    query = select(BatchRow).where(BatchRow.batch_id == batch.id).order_by(BatchRow.id)
    return [(str(row.outcome), row.sentence) for row in session.scalars(query)]


def text_of(pdf):
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return ["".join(page.extract_text().split()) for page in pages]


@pytest.mark.once
def test_a_batch_of_many_is_printed_by_two_presses_each_letter_with_its_own_bytes(
    app, db, staff, monkeypatch
):
    """Nine letters; while the fourth is stored the next ones are printed. Afterwards one press is left."""
    monkeypatch.setattr(documents.presses(), "at_once", 2)
    children, store = set(), letters.store

    def watched(document, content):
        children.update(documents.presses().children())
        store(document, content)

    monkeypatch.setattr(letters, "store", watched)
    rows = issued("hospital", staff, 9)
    batch = printing(rows, staff)
    assert run().failed == []
    assert [outcome for outcome, _ in outcomes(batch)] == ["done"] * 9
    for row in rows:
        session.refresh(row)
        assert row.number in "".join(text_of(letters.render(row)))
    assert len(children) == 2
    assert len(documents.presses().children()) == 1


# the file for the printer


@pytest.mark.pure
def test_each_letter_of_a_print_file_begins_on_a_front_side():
    three = "\n".join(["样" * 20] * 20)  # lines that make three pages
    odd = documents.render("views", freeze("views", **facts("views", "pharmacy", facts_text=three)))
    even = documents.render("lapse", freeze("lapse", **facts("lapse", "medical")))
    assert [len(text_of(one)) for one in (odd, even)] == [3, 2]
    pages = text_of(print_file.merged([odd, even, odd]))
    assert len(pages) == 3 + 1 + 2 + 3
    assert [n for n, text in enumerate(pages) if not text] == [3]
    assert "处理意见告知书" in pages[0]
    assert "终止告知书" in pages[4]
    assert "处理意见告知书" in pages[6]


# signed by the hundred


@pytest.mark.once
def test_the_leader_looks_at_one_agreement_before_all_are_signed(app, kind, staff):
    row = waiting_for_the_agency(kind, staff)
    leader, clerk = client_for(app, staff[Role.LEADER]), client_for(app, staff[Role.CLERK])
    listed = leader.get("/agreements?state=countersigning").text
    assert "签署全部 1 份" in listed
    assert "签署全部" not in clerk.get("/agreements?state=countersigning").text
    answer = post(leader, "/agreements/batches?state=countersigning", which="all")
    page = flashes(leader, answer).text
    batch_id = int(answer.headers["Location"].rsplit("/", 1)[1])
    line = session.scalars(select(BatchRow).where(BatchRow.batch_id == batch_id)).one()
    address = f"/batches/{batch_id}/rows/{line.id}/preview.pdf"
    assert address in page
    counted = (Document, Counter, Event)
    before = [session.scalar(select(func.count()).select_from(one)) for one in counted]
    preview = leader.get(address)
    assert preview.status_code == 200, preview.text
    text = "".join(text_of(preview.data))
    assert row.number in text
    assert "样章·无效" in text
    assert "（预览）号" in text
    session.expire_all()
    assert [session.scalar(select(func.count()).select_from(one)) for one in counted] == before
    assert row.state == "countersigning"
    assert clerk.get(address).status_code == 403
    assert leader.get(f"/batches/{batch_id}/rows/{line.id + 1}/preview.pdf").status_code == 404
    assert leader.get(f"/batches/{batch_id}/letters/1.pdf").status_code == 404


def test_many_agreements_are_signed_one_by_one_and_a_wrong_one_says_why(db, staff):
    rows = [waiting_for_the_agency(kind, staff) for kind in ("hospital", "pharmacy", "hospital")]
    batch = signing(rows, staff)
    batches.start(batch, actor=staff[Role.LEADER], on=ON)
    signatures.countersign(rows[1], actor=staff[Role.LEADER], on=ON)  # meanwhile, by hand
    session.commit()
    run()
    found = outcomes(batch)
    assert [word for word, _ in found] == ["done", "refused", "done"]
    assert "已签订" in found[0][1]
    assert found[1][1]
    query = select(Document.serial).where(Document.kind == "agreement").order_by(Document.serial)
    assert list(session.scalars(query)) == [1, 2, 3]
    assert {row.agency_signer for row in rows} == {staff[Role.LEADER].name}
    with pytest.raises(Denied):
        signing(rows, {**staff, Role.LEADER: staff[Role.CLERK]})


# printed by the hundred


@pytest.mark.once
def test_chosen_letters_are_printed_and_given_out_as_files(app, kind, staff):
    rows = issued(kind, staff, 2)
    clerk, leader = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.LEADER])
    assert post(leader, "/documents/batches", which="all").status_code == 403
    assert "印制（所选）" not in leader.get("/documents").text
    answer = post(clerk, "/documents/batches?kind=lapse", id=[str(rows[0].id), "no", "9" * 20])
    assert "1 件" in flashes(clerk, answer).text
    answer = post(clerk, "/documents/batches?kind=lapse", which="all")
    place = answer.headers["Location"]
    batch_id = int(place.rsplit("/", 1)[1])
    version = {"version": "1"}
    assert post(clerk, f"{place}/start", **version).status_code == 303
    run()
    page = leader.get(place).text
    assert "文书 2 件" in page
    assert f"{place}/letters/1.pdf" in page
    together = leader.get(f"{place}/letters/1.pdf")
    assert [n for n, text in enumerate(text_of(together.data)) if "终止告知书" in text] == [0, 2]
    archive = zipfile.ZipFile(io.BytesIO(leader.get(f"{place}/letters/1.zip").data))
    assert archive.namelist() == [f"{row.number}.pdf" for row in rows]
    session.expire_all()
    assert archive.read(archive.namelist()[0]) == letters.render(session.get(Document, rows[0].id))
    for wrong in ("2.pdf", "0.pdf", "1.exe", f"{10**20}.pdf"):
        assert leader.get(f"/batches/{batch_id}/letters/{wrong}").status_code == 404


def test_a_letter_that_cannot_be_printed_says_why_and_the_others_are(db, kind, staff, monkeypatch):
    rows = issued(kind, staff, 3)
    whole = letters.printed

    def printed(row):
        if row.id == rows[1].id:
            raise RenderFailed("文书未能生成：排版超过规定时间。")
        return whole(row)

    monkeypatch.setattr(letters, "printed", printed)
    batch = printing(rows, staff)
    run()
    assert [word for word, _ in outcomes(batch)] == ["done", "failed", "done"]
    assert "排版超过规定时间" in outcomes(batch)[1][1]
    assert [bool(row.sha256) for row in rows] == [True, False, True]
    assert batch.state == "finished"


def test_a_part_that_is_not_printed_yet_says_how_many_are_missing(app, kind, staff):
    batch = signing([waiting_for_the_agency(kind, staff)], staff)
    batches.start(batch, actor=staff[Role.LEADER], on=ON)
    session.commit()
    run()
    clerk = client_for(app, staff[Role.CLERK])
    answer = clerk.get(f"/batches/{batch.id}/letters/1.pdf")
    assert answer.status_code == 409
    assert "还有 1 件文书正在生成" in answer.text
    nightly.run("render-letters", ON)
    pages = text_of(clerk.get(f"/batches/{batch.id}/letters/1.pdf").data)
    assert "服务协议" in pages[0]
