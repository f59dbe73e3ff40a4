"""送达 with what follows from it: some periods run only from the day a letter was really delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions import (
    case_measures,
    deductions,
    evaluations,
    events,
    letters,
    reports,
    statement_appeals,
)
from database import session
from models import Document, Institution, ServiceConsent
from queries import documents, portal, service
from rules import service as rule
from rules.permissions import SYSTEM, Actor, Permission, require
from rules.refusal import Refused
from rules.service import ANNOUNCED, ELECTRONIC
from rules.timetable import Outcome

FOLLOWS: dict[str, Callable[..., None]] = {
    "evaluation_result": evaluations.result_served,
    "points": deductions.told,
    "recovery": case_measures.told,
    "damages": case_measures.told,
    "report": reports.served,
    "denial_detail": statement_appeals.told,
}


def serve(document: Document, *, actor: Actor, on: date, method: str, proof: str) -> None:
    """Record the service with its proof, and start what runs from it. Refused as `letters.serve` refuses.

    Electronic service is refused without the written consent of whoever is served, in force on the day.
    """
    if method == ELECTRONIC:
        _consented(document, on)
    letters.serve(document, actor=actor, on=on, method=method, proof=proof)
    follow = FOLLOWS.get(document.kind)
    if follow:
        follow(document, on=on)


def serve_electronically(document: Document, *, actor: Actor, on: date) -> ServiceConsent:
    """Through the portal, on the strength of the institution's consent, which is the proof."""
    consent = _consented(document, on)
    proof = (
        f"机构服务系统；{consent.given_on} 电子送达确认书，{consent.given_by}，{consent.contact}"
    )
    serve(document, actor=actor, on=on, method=ELECTRONIC, proof=proof)
    return consent


def _consented(document: Document, on: date) -> ServiceConsent:
    if document.kind not in portal.LETTERS:
        raise Refused(
            f"{document.title}不在机构服务中送达。", cure="请直接送达、邮寄送达或者留置送达。"
        )
    found = service.consent(document.institution_id, on)
    if found is None:
        required = rule.consent_required(on)
        raise Refused(
            f"{document.recipient} 在 {on} 没有有效的电子送达确认书。",
            basis=required.basis,
            cure="请由机构在机构服务中确认电子送达，或者采用其他方式送达。",
        )
    return found


def announce(
    document: Document, *, since: date, where: str, reason: str, actor: Actor, on: date
) -> date:
    """Serve by public notice from a day on; the day on which it counts as served.

    Refused unless it says where it is posted and why nobody could be reached otherwise, and for a letter that is
    served or announced already.
    """
    require(actor, Permission.RECORD_SERVICE, document)
    if document.served_on is not None or document.announced_on is not None:
        raise Refused(f"{document.number} 已经送达或者正在公告送达。")
    if not document.needs_service:
        raise Refused(f"{document.number} 不需要登记送达。")
    if not document.issued_on <= since <= on:
        raise Refused("公告日期应在文书印发之后、今天之前（含当日）。", cure="请核对公告的日期。")
    if not where.strip() or not reason.strip():
        raise Refused(
            "公告送达须写明公告的地方和采用公告送达的原因、经过。",
            basis=rule.announcement(since).basis,
            cure="请先采用直接、留置、邮寄等方式送达，并写明不能送达的经过。",
        )
    due = documents.announced_until(since)
    document.announced_on, document.service_method = since, ANNOUNCED
    document.service_proof = f"{where.strip()}；{reason.strip()}"[:300]
    events.record(
        document, "announce_service", "公告送达", actor=actor, on=on, since=since, until=due
    )
    return due


def end_announcement(document_id: int, day: date) -> Outcome:
    """The days of a public notice are over: it counts as served on their last."""
    document = session.get_one(Document, document_id, with_for_update=True, populate_existing=True)
    if document.announced_on is None or document.served_on is not None:
        return Outcome()
    due = documents.announced_until(document.announced_on)
    if day < due:
        return Outcome()
    proof = document.service_proof
    serve(document, actor=SYSTEM, on=due, method=ANNOUNCED, proof=proof)
    return Outcome(done=True)


def give_consent(
    institution: Institution, *, contact: str, actor: Actor, on: date
) -> ServiceConsent:
    """电子送达确认书. Refused while one is in force, and without somebody to be told."""
    require(actor, Permission.CONSENT_TO_SERVICE, institution)
    if not contact.strip():
        raise Refused("请填写接收电子送达的联系人和电话。")
    if service.standing_consent(institution.id) is not None:
        raise Refused("您单位已经确认电子送达。", cure="改变联系人的，请先撤回再确认。")
    row = ServiceConsent(
        institution=institution,
        given_on=on,
        given_by_id=actor.id,
        given_by=actor.name,
        contact=contact.strip(),
    )
    session.add(row)
    session.flush()
    events.record(row, "give_consent", "确认电子送达", actor=actor, on=on)
    return row


def withdraw_consent(row: ServiceConsent, *, actor: Actor, on: date) -> None:
    """From the next day on nothing is served electronically any more."""
    require(actor, Permission.CONSENT_TO_SERVICE, row)
    if row.withdrawn_on is not None:
        raise Refused(f"电子送达确认书已于 {row.withdrawn_on} 撤回。")
    row.withdrawn_on = on
    events.record(row, "withdraw_consent", "撤回电子送达确认", actor=actor, on=on)
