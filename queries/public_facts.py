"""公示、解除名单、统计和文书核验: facts that were published, told without a single person in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, distinct, func, or_, select

from database import session
from models import Agreement, Application, Document, Institution, Suspension, Termination
from queries import agreement_terms, calendar_days, documents
from queries.paging import Asked, Page, count, cut
from rules.clocks import Light
from rules.lifecycle import ApplicationState as S

NOTICE = "public_notice"


@dataclass(frozen=True)
class Notice:
    """One institution on a posted list. `left`: working days that remain; None once the notice is over."""

    subject: str
    name: str
    kind_label: str
    address: str
    number: str
    from_on: date
    to_on: date
    channel: str
    light: Light
    left: int | None
    code: str


@dataclass(frozen=True)
class Ended:
    """A terminated agreement."""

    institution_id: int
    name: str
    kind_label: str
    code: str
    ground: str
    basis: str
    effective_on: date


@dataclass(frozen=True)
class Verified:
    """What a letter's holder may check: that we issued it, when, under which number, with which bytes."""

    title: str
    number: str
    agency: str
    issued_on: date
    sha256: str
    sealed: bool


def notices(ask: Asked, *, on: date) -> tuple[list[Notice], list[Notice], Page]:
    """What is on notice now, soonest end first; one page of what was before, newest first."""
    now = _posted().where(_running(on))
    past = _posted().where(~_running(on))
    current = session.execute(now.order_by(Application.notice_to, Application.id))
    total = count(past)
    old = session.execute(
        cut(past.order_by(Application.notice_to.desc(), Application.id.desc()), ask)
    )
    return (
        [_notice(letter, application, on, over=False) for application, letter in current],
        [_notice(letter, application, on, over=True) for application, letter in old],
        Page(ask.page, ask.size, total),
    )


def _running(on: date) -> Any:
    """Posted, and not over: a list that stands still for an objection has not come to its last day."""
    return or_(
        Application.state == S.OBJECTED,
        and_(Application.state == S.ON_NOTICE, Application.notice_to >= on),
    )


def posted_under(code: str, *, on: date) -> tuple[Notice, Application] | None:
    """What is on notice now under this verification code; anything else does not exist for the public."""
    if not re.fullmatch(r"[0-9A-F]{16}", code):
        return None
    found = session.execute(_posted().where(Document.verify_code == code, _running(on))).first()
    if found is None:
        return None
    application, letter = found
    return _notice(letter, application, on, over=False), application


def _posted() -> Any:
    """Applications with the newest notice posted for them."""
    newest = (
        select(func.max(Document.id))
        .where(Document.kind == NOTICE, Document.subject == "application")
        .group_by(Document.subject_id)
    )
    return (
        select(Application, Document)
        .join(Document, Document.subject_id == Application.id)
        .where(Document.id.in_(newest), Application.notice_from.is_not(None))
    )


def _notice(letter: Document, application: Application, on: date, *, over: bool) -> Notice:
    posted = letter.facts["rows"][0]
    last = application.notice_to or date.fromisoformat(letter.facts["to_on"])
    if application.state == S.OBJECTED:
        last = max(last, on)  # an objection is not announced: the list stays posted
    return Notice(
        subject=letter.facts["subject"],
        name=posted["name"],
        kind_label=posted["kind_label"],
        address=posted["address"],
        number=letter.number,
        from_on=application.notice_from or letter.issued_on,
        to_on=last,
        channel=letter.facts["channel"],
        light=_light(last, on, over=over),
        left=None if over else calendar_days.workdays().between(on, last),
        code="" if over else letter.verify_code,
    )


def _light(last: date, on: date, *, over: bool) -> Light:
    if over:
        return Light("na", "公示已结束")
    return Light("due", "今日截止") if last == on else Light("review", "公示中")


def terminated(ask: Asked, *, on: date) -> tuple[list[Ended], Page]:
    """Agreements terminated by the day, newest first."""
    query: Any = (
        select(Termination, Institution)
        .join(Institution, Termination.institution_id == Institution.id)
        .where(Termination.effective_on <= on)
    )
    total = count(query)
    order = (Termination.effective_on.desc(), Termination.id.desc())
    found = session.execute(cut(query.order_by(*order), ask))
    return [_ended(row, place) for row, place in found], Page(ask.page, ask.size, total)


def _ended(row: Termination, place: Institution) -> Ended:
    kind, code = place.kind.label, place.code or ""
    return Ended(place.id, place.name, kind, code, row.ground_text, row.basis, row.effective_on)


def year_figures(day: date) -> list[tuple[str, int, int]]:
    """Since New Year: what happened, how often (家次), to how many institutions (家)."""
    first = date(day.year, 1, 1)
    figures = []
    for label, column, owner in (
        ("新签协议", Agreement.agency_signed_on, Agreement.institution_id),
        ("中止协议", Suspension.from_on, Suspension.institution_id),
        ("解除协议", Termination.effective_on, Termination.institution_id),
    ):
        query = select(func.count(), func.count(distinct(owner))).where(column.between(first, day))
        if owner is Agreement.institution_id:
            query = query.where(agreement_terms.designating())
        times, places = session.execute(query).one()
        figures.append((label, times, places))
    return figures


def verified_by_code(code: str) -> Verified | None:
    """The letter of a verification code (16 hexadecimal signs), else None."""
    code = re.sub(r"[\s-]", "", code).upper()
    return _verified(documents.by_code(code) if re.fullmatch(r"[0-9A-F]{16}", code) else None)


def verified_by_hash(sha256: str) -> Verified | None:
    """The letter whose only bytes have this SHA-256, else None."""
    sha256 = re.sub(r"\s", "", sha256).lower()
    return _verified(documents.by_sha256(sha256) if re.fullmatch(r"[0-9a-f]{64}", sha256) else None)


def _verified(row: Document | None) -> Verified | None:
    if row is None:
        return None
    return Verified(
        row.title,
        row.number,
        row.facts["agency"],
        row.issued_on,
        row.sha256 or "",
        bool(row.sealed_by),
    )
