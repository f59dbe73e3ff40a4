"""机构服务: what an institution sees of itself. Whitelists, filled here and nowhere else.

No name of staff, no inner state, no remark and no opinion has a field in this file or its neighbours `portal_*`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, false, func, select

from database import session
from models import Document, Institution
from queries import (
    documents,
    portal_agreements,
    portal_amendments,
    portal_applications,
    portal_claims,
    portal_ratings,
    portal_rectifications,
    portal_renewals,
    portal_settlements,
    portal_talks,
    portal_withdrawals,
    portal_year,
    public_standing,
    published_ratings,
)
from queries.paging import Asked, Page, count, cut, like
from queries.portal_matters import Act, Matter
from rules.clocks import Light
from rules.standing import LIVING, Standing

LATEST = 10
# Letters to the institution. A report to the bureau is about it, not to it.
LETTERS = (
    "acceptance", "supplement", "decline", "site_evaluation", "clarification", "evaluation_result", "removal",
    "unsettled", "agreement", "views", "suspension", "resumption", "lapse", "renewal_notice", "non_renewal", "term_end",
    "rectification", "rectification_result",
    "amendment", "amendment_refusal", "withdrawal_answer", "termination", "points", "qualification", "grade",
    "talk_notice", "talk_record",
    "grade_correction", "rating_objection_receipt", "rating_objection_extension",
    "rating_objection_decline", "rating_objection_result",
    "grade_change", "credit_restoration",
    "denial", "recovery", "damages", "payment_hold", "staff_suspension",
    "points_correction", "appeal_receipt", "appeal_result", "restoration_result", "reinstatement_result",
    "denial_detail", "denial_appeal", "settlement_sheet", "disbursement_notice",
    "retention_release", "annual_settlement", "prepayment_result",
    "blacklist_notice", "blacklist_listing", "blacklist_removal",
)  # fmt: skip


@dataclass(frozen=True)
class Letter:
    id: int
    number: str
    title: str
    issued_on: date
    service: Light


@dataclass(frozen=True)
class Self:
    """The institution itself, and how its agreement stands today."""

    id: int
    name: str
    kind_label: str
    family: str
    code: str
    address: str
    standing: Standing
    until: str
    grade: str


@dataclass(frozen=True)
class Home:
    institution: Self
    matters: list[Matter] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    may_apply: bool = False

    @property
    def first(self) -> Matter | None:
        """What comes first: whatever waits for the institution itself."""
        return next(iter(self.matters), None)

    @property
    def waiting(self) -> list[Matter]:
        return [matter for matter in self.matters if matter.mine]


def home(institution_id: int, *, on: date) -> Home:
    """Everything of the first page."""
    shown = oneself(institution_id, on=on)
    matters = portal_agreements.matters(institution_id, on=on)
    matters += portal_applications.matters(institution_id, on=on)
    changes = portal_rectifications.matters(institution_id, on=on)
    changes += portal_amendments.matters(institution_id, on=on)
    matters += portal_renewals.matters(institution_id, on=on)
    posted = [letter(row) for row in session.scalars(_addressed(institution_id).limit(LATEST))]
    matters += portal_withdrawals.matters(institution_id)
    calls = portal_talks.matters(institution_id) + portal_claims.matters(institution_id, on=on)
    calls += portal_year.matters(institution_id)
    calls += portal_settlements.matters(institution_id, on=on)
    calls += portal_ratings.matters(institution_id, on=on)
    acts = portal_applications.acts(institution_id) + portal_agreements.acts(institution_id)
    acts += portal_amendments.acts(institution_id)
    acts += portal_rectifications.acts(institution_id)
    acts += portal_renewals.acts(institution_id)
    acts += portal_withdrawals.acts(institution_id) + portal_talks.acts(institution_id)
    acts += [Act(letter.issued_on, f"收到{letter.title}", letter.number) for letter in posted]
    acts.sort(key=lambda act: act.at)
    return Home(
        institution=shown,
        matters=sorted(matters + changes + calls, key=lambda matter: not matter.mine),
        acts=acts[: -LATEST - 1 : -1],
        letters=posted,
        may_apply=not matters and shown.standing.word not in LIVING,
    )


def oneself(institution_id: int, *, on: date) -> Self:
    row = session.get_one(Institution, institution_id)
    standing = public_standing.standings([row.id], on)[row.id]
    return Self(
        id=row.id,
        name=row.name,
        kind_label=row.kind.label,
        family=row.kind.family,
        code=row.code or "",
        address=row.address,
        standing=standing,
        until=public_standing.until(standing),
        grade=published_ratings.latest([row.id], on=on).get(row.id, ""),
    )


def letters(institution_id: int, ask: Asked) -> tuple[list[Letter], Page]:
    """One page of the letters addressed to the institution, newest first, with whether they were served."""
    query = _addressed(institution_id)
    if ask.q:
        pattern = like(ask.q)
        named = Document.title.like(pattern, escape="\\")
        query = query.where(named | Document.number.like(pattern, escape="\\"))
    total = count(query)
    rows = session.scalars(cut(query, ask))
    return [letter(row) for row in rows], Page(ask.page, ask.size, total)


def _addressed(institution_id: int) -> Select[Document]:
    """`is_addressed` as a question to the database."""
    personal = func.coalesce(Document.facts["personal"].as_boolean(), false())
    return (
        select(Document)
        .where(Document.institution_id == institution_id, Document.kind.in_(LETTERS), ~personal)
        .order_by(Document.issued_on.desc(), Document.id.desc())
    )


def of_subject(subject: str, subject_id: int) -> list[Letter]:
    """The institution's letters on one of its matters, newest first."""
    return [letter(row) for row in documents.of(subject, subject_id) if is_addressed(row)]


def letter(row: Document) -> Letter:
    if row.served_on:
        served = Light("ok", f"{row.served_on} {row.service_method}")
    else:
        served = Light("na", "未登记送达" if row.needs_service else "无须送达")
    return Letter(row.id, row.number, row.title, row.issued_on, served)


def is_addressed(document: Document) -> bool:
    """May the institution of this letter read it? Not what is written to a person alone."""
    return document.kind in LETTERS and not document.facts.get("personal")
