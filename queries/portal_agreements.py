"""服务协议, 中止 and 违规告知 as the institution concerned sees them: what was told to it, what it may do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from database import session
from models import Agreement, Document, StatutoryClock, Suspension, Violation
from queries import agreements, institution_keys, public_standing
from queries.portal_matters import Act, Matter
from rules import suspensions as suspension_rule
from rules.clocks import Light
from rules.lifecycle import AGREEMENT, AgreementState, ViolationState

SIGNING = (AgreementState.NEGOTIATING, AgreementState.OFFERED, AgreementState.COUNTERSIGNING)
LIVE = (*SIGNING, AgreementState.CONCLUDED, AgreementState.SUSPENDED)
REVIEW = "agreement.resume_review"


@dataclass(frozen=True)
class Pause:
    """A suspension that has not ended. `last_on`: after it nobody may ask any more and the agreement ends."""

    id: int
    ground: str
    basis: str
    from_on: date
    to_on: date | None
    last_on: date
    asked_on: date | None
    answer_by: date | None
    may_ask: bool
    returned_on: date | None = None
    returned_for: str = ""


@dataclass(frozen=True)
class AgreementView:
    id: int
    version: int
    number: str
    state: Light
    until: str
    term_from: date
    term_to: date
    chapters: tuple[dict[str, Any], ...]
    institution_signed_on: date | None
    agency_signed_on: date | None
    letter_id: int | None
    may_sign: bool
    negotiating: bool
    form_label: str
    verify_code: str
    failed_on: date | None
    failure_reason: str
    pause: Pause | None
    awaits_signature: bool
    both_signed: bool


@dataclass(frozen=True)
class Views:
    """What the notice before a decision says (D12), and what the institution answered."""

    id: int
    version: int
    letter_id: int
    number: str
    issued_on: date
    facts_text: str
    basis: str
    planned: str
    due_on: date
    route: str
    answered_on: date | None
    answer: str
    open: bool


def of_institution(institution_id: int) -> list[Agreement]:
    query = select(Agreement).where(Agreement.institution_id == institution_id)
    return list(session.scalars(query.order_by(Agreement.id.desc())))


def view(agreement: Agreement, *, on: date) -> AgreementView:
    """The whitelist of one agreement."""
    state, until = _state(agreement, on)
    found = letter(agreement)
    pause = next((row for row in agreement.suspensions if row.ended_on is None), None)
    return AgreementView(
        id=agreement.id,
        version=agreement.version,
        number=agreement.number,
        state=state,
        until=until,
        term_from=agreement.term_from,
        term_to=agreement.term_to,
        chapters=tuple(agreement.chapters),
        institution_signed_on=agreement.institution_signed_on,
        agency_signed_on=agreement.agency_signed_on,
        letter_id=found.id if found else None,
        may_sign=agreement.state is AgreementState.OFFERED,
        negotiating=agreement.state is AgreementState.NEGOTIATING,
        form_label=agreement.form.label,
        verify_code=found.verify_code if found else "",
        failed_on=agreement.failed_on,
        failure_reason=agreement.failure_reason,
        pause=_pause(pause, on) if pause else None,
        awaits_signature=found is not None and institution_keys.awaits_signature(found),
        both_signed=found is not None and found.first_sha256 is not None,
    )


def letter(agreement: Agreement) -> Document | None:
    """The agreement as a letter, once the agency has signed."""
    return session.scalar(
        select(Document).where(
            Document.kind == "agreement",
            Document.subject == "agreement",
            Document.subject_id == agreement.id,
        )
    )


def _state(agreement: Agreement, on: date) -> tuple[Light, str]:
    """While it is being signed the public word of its state, afterwards what the dates say."""
    if agreement.state in SIGNING or agreement.state is AgreementState.FAILED:
        return Light(
            "review" if agreement.failed_on is None else "na",
            AGREEMENT.states[agreement.state].public,
        ), ""
    found = agreements.standing_of(agreement, on=on)
    return Light(found.light, found.label), public_standing.until(found)


def _pause(row: Suspension, on: date) -> Pause:
    last = suspension_rule.last_day(row.from_on, row.institution.kind.family)
    over = on > (row.to_on or last)
    returned = next((one for one in reversed(row.resumptions) if one.accepted is False), None)
    return Pause(
        id=row.id,
        ground=row.ground_text,
        basis=row.basis,
        from_on=row.from_on,
        to_on=row.to_on,
        last_on=last,
        asked_on=row.resumption_requested_on,
        answer_by=_answer_by(row.id),
        may_ask=row.resumption_requested_on is None and not over,
        returned_on=returned.answered_on if returned else None,
        returned_for=returned.opinion if returned else "",
    )


def _answer_by(suspension_id: int) -> date | None:
    return session.scalar(
        select(StatutoryClock.due_on).where(
            StatutoryClock.subject == "suspension",
            StatutoryClock.subject_id == suspension_id,
            StatutoryClock.rule == REVIEW,
            StatutoryClock.finished_on.is_(None),
        )
    )


def notices(institution_id: int) -> list[tuple[Violation, Document]]:
    """Violations the institution was told about, with the notice. One not told yet does not exist here."""
    query = (
        select(Violation, Document)
        .join(Document, Document.subject_id == Violation.id)
        .where(
            Document.kind == "views",
            Document.subject == "violation",
            Violation.institution_id == institution_id,
        )
    )
    return [(case, letter) for case, letter in session.execute(query.order_by(Document.id.desc()))]


def told(violation: Violation) -> Views | None:
    """The notice of this case, or None while nothing was told."""
    pairs = notices(violation.institution_id)
    return next((_views(case, letter) for case, letter in pairs if case.id == violation.id), None)


def _views(case: Violation, letter: Document) -> Views:
    facts = letter.facts
    return Views(
        id=case.id,
        version=case.version,
        letter_id=letter.id,
        number=letter.number,
        issued_on=letter.issued_on,
        facts_text="\n".join(filter(None, [facts["facts_text"], facts.get("found")])),
        basis=facts["basis"],
        planned=facts["planned"],
        due_on=date.fromisoformat(facts["views_due_on"]),
        route=facts.get("objection_route", ""),
        answered_on=case.views_on,
        answer=case.views_text,
        open=case.state == ViolationState.HEARD,
    )


def all_told(institution_id: int) -> list[Views]:
    return [_views(case, letter) for case, letter in notices(institution_id)]


def matters(institution_id: int, *, on: date) -> list[Matter]:
    """Views to give, agreements to sign, suspensions that run: the most pressing first."""
    found = [
        _to_answer(one) for one in all_told(institution_id) if one.open and not one.answered_on
    ]
    for agreement in of_institution(institution_id):
        shown = view(agreement, on=on)
        if agreement.state in SIGNING:
            found.append(_to_sign(shown))
        elif shown.awaits_signature and agreement.state in LIVE:
            found.append(_to_seal(shown))
        elif shown.pause and agreement.state in LIVE:
            found.append(_to_resume(shown, shown.pause))
    return found


def _to_answer(one: Views) -> Matter:
    state = Light("due", "等待陈述申辩")
    todo = "阅读告知的事实和依据，提交陈述申辩"
    title = f"处理意见告知书 {one.number}"
    return Matter("violation", one.id, title, state, mine=True, until=str(one.due_on), todo=todo)


def _to_sign(shown: AgreementView) -> Matter:
    todo = "逐条阅读协议，确认后签署" if shown.may_sign else ""
    if shown.negotiating:
        todo = "阅读协议草案，提出意见"
    title = f"{shown.form_label} {shown.number}"
    mine = shown.may_sign or shown.negotiating
    return Matter("agreement", shown.id, title, shown.state, mine=mine, until="没有期限", todo=todo)


def _to_seal(shown: AgreementView) -> Matter:
    title = f"{shown.form_label} {shown.number}"
    state = Light("review", "等待单位电子签名")
    todo = "核对协议文本，加盖单位电子签名"
    return Matter("agreement", shown.id, title, state, mine=True, until="没有期限", todo=todo)


def _to_resume(shown: AgreementView, pause: Pause) -> Matter:
    until = (
        f"最迟 {pause.last_on} 前申请"
        if pause.may_ask
        else f"{pause.answer_by or pause.to_on or pause.last_on}"
    )
    todo = "完成整改后申请恢复协议" if pause.may_ask else ""
    title = f"服务协议 {shown.number}"
    return Matter(
        "agreement", shown.id, title, shown.state, mine=pause.may_ask, until=until, todo=todo
    )


def acts(institution_id: int) -> list[Act]:
    """What the institution itself did about its agreements."""
    done: list[Act] = []
    for row in of_institution(institution_id):
        done += [
            Act(day, "签署服务协议", row.number) for day in (row.institution_signed_on,) if day
        ]
        asked = [one.resumption_requested_on for one in row.suspensions]
        done += [Act(day, "申请恢复协议", row.number) for day in asked if day]
    heard = [(case.views_on, letter.number) for case, letter in notices(institution_id)]
    return done + [Act(day, "提交陈述申辩", number) for day, number in heard if day]
