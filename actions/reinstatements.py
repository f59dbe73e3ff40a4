"""恢复支付资格申请: asked for when the time of a measure is over, answered by another person, effective that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions import events, holds, letters, lifecycle, numbering, person_notices
from actions import qualification_measures as measures
from actions.materials import Upload
from database import session
from models import Document, Institution, Practitioner, QualificationMeasure, Reinstatement
from queries import practitioners
from queries import reinstatements as ask
from rules import reinstatements as rule
from rules.lifecycle import ReinstatementState
from rules.permissions import Actor, Permission, require
from rules.qualification import Status
from rules.refusal import Refused


def apply(
    measure: QualificationMeasure,
    institution: Institution,
    *,
    text: str,
    uploads: Sequence[Upload],
    actor: Actor,
    on: date,
) -> Reinstatement:
    """Ask for a person's payment qualification back, in the portal or by a clerk at the counter."""
    require(actor, Permission.REQUEST_REINSTATEMENT, institution)
    _hold(measure)
    rule.check(ask.facts(measure, institution, on), on=on)
    if not text.strip():
        raise Refused(
            "没有写明恢复的理由。", cure="请写明整改、学习的情况，以及今后如何遵守医保规定。"
        )
    row = Reinstatement(
        number=numbering.case_number("HF", on.year),
        state=ReinstatementState.REQUESTED,
        institution=institution,
        practitioner_id=measure.practitioner_id,
        practitioner=measure.practitioner,
        measure=measure,
        text=text.strip()[:4000],
        files=[
            {"name": one.name, "sha256": letters.keep(one.content, one.media_type)}
            for one in uploads
        ],
        requested_on=on,
        recorded_by_id=actor.id,
    )
    lifecycle.begin(
        row, "request", "申请恢复支付资格", actor=actor, on=on, basis=measure.basis,
        practitioner=measure.practitioner_id, measure=measure.id,
    )  # fmt: skip
    session.flush()
    return row


def agree(row: Reinstatement, *, opinion: str, actor: Actor, on: date) -> None:
    """From this day on. A suspension ends with its hold; after a revocation the person may be registered anew.

    Denied to whoever recorded it; refused when the measure fell away meanwhile.
    """
    said, measure = _said(opinion), row.measure
    _hold(measure)
    facts = ask.facts(measure, row.institution, on)
    rule.check(_without_itself(facts), on=on)
    _answer(row, "agree", said, actor=actor, on=on, from_on=on)
    if not _take_effect(row, actor=actor, on=on):
        _tell(row, actor=actor, on=on)


def decline(row: Reinstatement, *, opinion: str, actor: Actor, on: date) -> Document:
    """Not now, for a written reason; it may be asked for again. Denied to whoever recorded it."""
    _answer(row, "decline", _said(opinion), actor=actor, on=on)
    return _tell(row, actor=actor, on=on)


def withdraw(row: Reinstatement, *, actor: Actor, on: date) -> None:
    lifecycle.move(row, "withdraw", actor=actor, on=on)


def _hold(measure: QualificationMeasure) -> None:
    """The person first, as whatever changes the ledger does; then what was read is read anew."""
    session.get_one(Practitioner, measure.practitioner_id, with_for_update=True)
    session.refresh(measure, with_for_update=True)


def _without_itself(facts: rule.Facts) -> rule.Facts:
    return replace(facts, open="")


def _said(opinion: str) -> str:
    if not opinion.strip():
        raise Refused("没有写明审核意见。", cure="请写明核对的情况和理由，将告知机构和本人。")
    return opinion.strip()[:2000]


def _answer(
    row: Reinstatement, verb: str, said: str, *, actor: Actor, on: date, from_on: date | None = None
) -> None:
    lifecycle.move(
        row, verb, actor=actor, on=on, basis=row.measure.basis, opinion=said,
        answered_on=on, answered_by_id=actor.id, from_on=from_on,
    )  # fmt: skip


def _take_effect(row: Reinstatement, *, actor: Actor, on: date) -> bool:
    """Whether every site was told that the person is paid for again: so unless another measure stands."""
    measure = row.measure
    measure.reinstated_on = on
    if measure.until is None:
        return False  # the hold of a revocation ends with the registration anew
    measure.ended_on = measure.ended_on or measure.until + holds.ONE_DAY
    holds.release(measure, last_on=on - holds.ONE_DAY)
    session.flush()
    if practitioners.status(measure.practitioner, on).status is not Status.NORMAL:
        return False
    events.record(measure, "reinstate", "恢复医保支付资格", actor=actor, on=on, basis=measure.basis)
    places = practitioners.sites(measure.practitioner_id, on)
    ground = f"暂停的措施，期满后经申请（{row.number}）审核同意，"
    for place in places:
        measures.tell(
            measure, place, "reinstate", actor=actor, on=on, from_on=on,
            ground=ground, past=measures.PAST[False],
        )  # fmt: skip
    person_notices.tell(measure, places, "reinstate", actor=actor, on=on, from_on=on)
    return row.institution in places


def _tell(row: Reinstatement, *, actor: Actor, on: date) -> Document:
    person, measure = row.practitioner, row.measure
    standing = practitioners.status(person, on)
    other = measure.until is not None and standing.status is not Status.NORMAL
    return letters.issue(
        "reinstatement_result",
        row,
        row.institution,
        actor=actor,
        on=on,
        practitioner=person.name,
        practitioner_code=person.code,
        institution=row.institution.name,
        reinstatement_number=row.number,
        requested_on=row.requested_on,
        agreed=row.from_on is not None,
        revoked=measure.bar_until is not None,
        from_on=row.from_on,
        opinion=row.opinion,
        other=standing.status.label if other and row.from_on else "",
        basis=measure.basis,
    )
