"""Changes for tests: the requests, the findings and the papers behind them, through the actions."""

from __future__ import annotations

from datetime import date

from actions import amendment_items, amendments, change_notices, licences, unfiled_changes
from actions.amendment_items import Change
from actions.materials import Upload
from database import session
from models import Amendment, Ban, Institution, UnfiledChange
from models.sealed import blind_index
from rules.permissions import Actor, Role
from tests import factories, factories_agreement

PAPER = Upload("示例批准文件.pdf", b"%PDF-1.4 sample", "application/pdf")
ON = date(2026, 6, 15)
NEW = {
    "name": "示例新名称样例机构",
    "legal_representative": "样新某",
    "principal": "样新某",
    "controller": "样新某",
    "address": "示例县样例新路8号",
    "scope": "内科、外科、示例科",
    "bank_account": "6222000000001234",
    "beds": "88",
    "nature": "公立",
    "level": "三级乙等",
    "kind": "专科医院",
}
PERSONS = ("legal_representative", "principal", "controller")


def change(field: str, *, serial: int = 901, **more) -> Change:
    given = {
        "field": field,
        "new": NEW[field],
        "id_number": factories.id_number(serial) if field in PERSONS else "",
        "authority": "示例县批准机关",
        "document_number": "示批〔2026〕8号",
        "approved_on": date(2026, 6, 8),
        **more,
    }
    return Change(**given)


def owner_of(institution: Institution) -> Actor:
    return factories.actor(Role.INSTITUTION, institution=institution)


def drafted(
    institution: Institution, owner: Actor, *changes: Change, on: date = ON, paper=PAPER
) -> Amendment:
    row = amendments.open_draft(institution, actor=owner, on=on)
    session.flush()
    for one in changes:
        amendment_items.put(row, one, paper, actor=owner, on=on)
    return row


def submitted(institution, owner, *changes, on: date = ON) -> Amendment:
    row = drafted(institution, owner, *changes, on=on)
    amendments.submit(row, actor=owner, on=on)
    return row


def checked(institution, owner, staff, *changes, on: date = ON) -> Amendment:
    row = submitted(institution, owner, *changes, on=on)
    amendments.check(row, opinion="材料齐全。", actor=staff[Role.CLERK], on=on)
    return row


def approved(institution, owner, staff, *changes, on: date = ON) -> Amendment:
    row = checked(institution, owner, staff, *changes, on=on)
    amendments.approve(row, opinion="同意。", actor=staff[Role.REVIEWER], on=on)
    return row


def noted(
    institution, staff, *, field: str = "address", approved_on=date(2026, 6, 8), on: date = ON
) -> UnfiledChange:
    return unfiled_changes.note(
        institution,
        field=field,
        source="现场检查",
        text="示例：现场与登记不一致。",
        approved_on=approved_on,
        authority="示例县批准机关",
        actor=staff[Role.INSPECTOR],
        on=on,
    )


def barred(number: str) -> Ban:
    """A standing ban on the person of this ID number."""
    row = Ban(
        person_index=blind_index(number), person_name="样新某", ground="person",
        basis="《示例》第一条", from_on=date(2026, 1, 1), until=date(2031, 1, 1),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def furnish(kind: str, staff: dict[Role, Actor]) -> Actor:
    """One institution for each state of a request, a finding and a notice; returns the user who has a draft."""
    on, reviewer, clerk = ON, staff[Role.REVIEWER], staff[Role.CLERK]
    draft, owner = _place(kind)
    drafted(draft, owner, change("address"), on=on)
    noted(draft, staff, field="name")
    change_notices.tell(
        draft, matter="联系电话", text="示例新电话", changed_on=on, actor=owner, on=on
    )
    submitted(*_place(kind), change("name"), change("scope"), on=on)
    amendments.send_back(
        submitted(*_place(kind), change("scope")), reason="缺少示例页。", actor=clerk, on=on
    )
    checked(*_place(kind), staff, change("principal", serial=902))
    barred(factories.id_number(903))
    case = checked(*_place(kind), staff, change("controller", serial=903))
    amendments.escalate(case, reason="请决定。", actor=reviewer, on=on)
    approved(*_place(kind), staff, change("name", new=f"示例{kind}新名称机构"))
    refused = checked(*_place(kind), staff, change("address"))
    amendments.refuse(refused, reason="示例理由。", actor=reviewer, on=on)
    place, _owner = _place(kind)
    noted(place, staff, approved_on=None)
    late = noted(place, staff, field="scope", approved_on=date(2026, 1, 5))
    ends = licences.add(
        place, kind="营业执照", number="示例到期001", valid_from=date(2025, 1, 1),
        valid_to=date(2026, 6, 30), actor=clerk, on=on,
    )  # fmt: skip
    session.commit()
    licences.warn(ends.id, on)
    unfiled_changes.propose(late.id, on)
    session.commit()
    return owner


def _place(kind: str) -> tuple[Institution, Actor]:
    place = factories.institution(kind)
    factories_agreement.concluded(place)
    return place, owner_of(place)
