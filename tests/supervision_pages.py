"""People, talks, clues and rectifications there are to look at in a furnished county, by who sees most on each page."""

from __future__ import annotations

from datetime import date, timedelta

import clock
from actions import clues, commitments, talks
from database import session
from models import (
    Agreement,
    Appeal,
    Deduction,
    Institution,
    Penalty,
    Rectification,
    Referral,
    Registration,
    Restoration,
    Reversal,
    Talk,
    Violation,
)
from rules.ladder import CaseSource
from rules.permissions import Actor, Role
from rules.talks import Host, Person
from tests import factories_agreement as made
from tests.designation_pages import _first, _id, _of_kind

TABS = ("agreements", "people", "credit", "money", "cases", "letters", "log")
SIGNED = date(2026, 6, 1)


def furnish(kind: str, staff: dict[Role, Actor], walkers: dict[str, Actor]) -> None:
    """What the county lacks: at the place of the points a commitment, talks told and held, and a clue."""
    on, inspector = clock.today(), staff[Role.INSPECTOR]
    place = session.get_one(Institution, walkers[f"points {kind}"].institution_id)
    agreement = made.concluded(place)
    clues.note(
        agreement, source=CaseSource.LEAD, source_text="示举1号", clue_text="示例线索：收费与记录不一致。",
        found_on=on, actor=inspector, on=on,
    )  # fmt: skip
    first = _first(Registration, institution_id=place.id)
    commitments.record(first, signed_on=SIGNED, actor=staff[Role.CLERK], on=on)
    told = _talk(place, inspector, on=on)
    held = _talk(place, inspector, on=on - timedelta(days=10))
    _held(held, inspector, on=on)
    own = {"practitioner": first.practitioner, "host": Host.INSTITUTION}
    _talk(place, inspector, on=on, **own)
    assert told.id < held.id
    session.commit()


def _talk(place: Institution, inspector: Actor, *, on: date, **more) -> Talk:
    row = talks.call(
        place, source=None, called=[Person("样例甲", "法定代表人"), Person("样例乙", "医保负责人")],
        reason="检查发现收费记录不全。", basis="《示例协议范本》第三十八条第一项",
        planned_on=on + timedelta(days=7), place="二楼会议室", actor=inspector, on=on, **more,
    )  # fmt: skip
    session.flush()
    return row


def _held(row: Talk, inspector: Actor, *, on: date) -> None:
    talks.hold(
        row, held_on=on, came=[row.called[0].id],
        staff=[Person("样例丙", "稽核岗"), Person("样例丁", "协议管理岗")],
        minutes="指出收费记录不全，对方表示改正。", demands="三十日内完成自查。", actor=inspector, on=on,
    )  # fmt: skip


def addresses(kind: str, walkers: dict[str, Actor]) -> dict[str, list[str]]:
    """Walker → pages, of a county furnished by this module too."""
    place = walkers[f"points {kind}"].institution_id
    registrations = (
        session.query(Registration).filter_by(institution_id=place).order_by(Registration.id)
    )
    signed, unsigned = registrations.first(), registrations.offset(1).first()
    told, held, own = session.query(Talk).filter_by(institution_id=place).order_by(Talk.id)
    pages = {
        "clerk": [
            *(f"/institutions/{place}?tab={tab}" for tab in TABS),
            "/practitioners", f"/practitioners/{signed.practitioner_id}", "/practitioners/new",
            "/imports/practitioners", f"/registrations/{signed.id}", f"/registrations/{unsigned.id}/commitment",
            "/deductions", f"/deductions/new?practitioner={signed.practitioner_id}",
            f"/deductions/{_counted(place)}", f"/deductions/{_counted(place)}/reversal",
            "/appeals", "/reversals", "/restorations", f"/practitioners/{signed.practitioner_id}/restoration",
        ],
        "chief": [f"/appeals/{_id(Appeal, state='lodged')}", "/inspectors"],
        "reviewer": [
            f"/reversals/{_id(Reversal, state='recorded')}", f"/restorations/{_id(Restoration, state='requested')}",
        ],
        "leader": [f"/appeals/{_id(Appeal, state='examined')}"],
        "inspector": [
            "/talks", f"/talks/{told.id}", f"/talks/{told.id}/record", f"/talks/{held.id}",
            f"/talks/new?institution={place}",
            "/cases", f"/cases/{_id(Violation, state='clue')}", f"/cases/clues/new?agreement={_agreement(place)}",
            "/rectifications", f"/rectifications/{_id(Rectification, state='submitted')}",
            f"/institutions/{place}/rectifications", "/referrals", f"/referrals/{_id(Referral)}",
            f"/penalties/{_id(Penalty)}",
        ],
        f"points {kind}": [
            "/portal/practitioners", "/portal/practitioners/new", f"/portal/practitioners/{signed.id}",
            f"/portal/practitioners/{unsigned.id}/commitment", "/portal/board",
            f"/portal/points/{signed.practitioner_id}", f"/portal/points/{signed.practitioner_id}/restoration",
            f"/portal/appeals/{_id(Appeal, state='lodged')}",
            "/portal/talks", f"/portal/talks/{held.id}", f"/portal/talks/{own.id}",
            f"/portal/talks/{own.id}/record",
        ],
        f"rectifying {kind}": [
            "/portal/rectifications", f"/portal/rectifications/{_id(Rectification, state='ordered')}",
        ],
        "guest": [f"/public/institutions/{place}/people"],
    }  # fmt: skip
    return _of_kind(kind, pages)


def _counted(place: int) -> int:
    return _id(Deduction, institution_id=place, state="confirmed")


def _agreement(place: int) -> int:
    return _id(Agreement, institution_id=place)
