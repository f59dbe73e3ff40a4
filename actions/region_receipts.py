"""跨区通报, received: put on record, followed by a case in its short form, or set aside with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions import lifecycle, numbering, violations
from database import session
from models import Agreement, RegionNotice, Violation
from queries import region_notices as ask
from rules import measures
from rules.ladder import CaseSource
from rules.lifecycle import AgreementState, RegionNoticeState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

LIVE = (AgreementState.CONCLUDED, AgreementState.SUSPENDED)


@dataclass(frozen=True)
class Received:
    """What the letter of the other agency says."""

    letter_number: str
    agency: str
    measure: str
    ground_text: str
    decided_on: date
    received_on: date


def receive(agreement: Agreement, letter: Received, *, actor: Actor, on: date) -> RegionNotice:
    """Put a letter on record. Refused twice, for an agreement that is over, and with days out of order."""
    require(actor, Permission.RECEIVE_REGION_NOTICE, agreement)
    if agreement.state not in LIVE:
        raise Refused("该协议已经结束，不需要同时处理。", cure="请把来函存档备查。")
    if letter.measure not in violations.MEASURES:
        raise Refused("请选择来函方作出的处理。")
    if not (letter.letter_number.strip() and letter.agency.strip() and letter.ground_text.strip()):
        raise Refused("请写明来函的文号、经办机构和处理的情形。")
    if not letter.decided_on <= letter.received_on <= on:
        raise Refused("日期先后有误：决定、收函、登记应当依次。", cure="请核对来函上的日期。")
    if ask.known(agreement.id, letter.letter_number):
        raise Refused(f"来函 {letter.letter_number} 已经登记。")
    row = RegionNotice(
        number=numbering.case_number("TB", on.year),
        institution=agreement.institution,
        agreement=agreement,
        state=RegionNoticeState.RECEIVED,
        letter_number=letter.letter_number.strip(),
        agency=letter.agency.strip(),
        measure=violations.MEASURES[letter.measure],
        ground_text=letter.ground_text.strip(),
        decided_on=letter.decided_on,
        received_on=letter.received_on,
        recorded_by_id=actor.id,
    )
    basis = measures.cross_region_basis(on, agreement.institution.kind.family)
    lifecycle.begin(row, "receive", "收到跨区通报", actor=actor, on=on, basis=basis)
    return row


def follow(row: RegionNotice, *, actor: Actor, on: date) -> Violation:
    """Open the case in its short form: the other agency heard the institution, two more persons still decide here."""
    family = row.institution.kind.family
    ground = measures.cross_region(row.measure, on, family)
    violation = violations.register(
        row.agreement,
        measure=row.measure,
        ground=ground.key,
        facts_text=f"{row.agency}于 {row.decided_on} 决定{row.measure.label}（{row.letter_number}），"
        f"情形：{row.ground_text}",
        found_on=row.received_on,
        source=CaseSource.REGION,
        source_text=f"{row.agency} {row.letter_number}",
        actor=actor,
        on=on,
    )
    session.flush()
    opinion = f"依照{ground.basis}，同时{row.measure.label}。来函方已听取陈述申辩，不再重复。"
    violations.adopt(violation, opinion=opinion, actor=actor, on=on)
    lifecycle.move(row, "follow", actor=actor, on=on, basis=ground.basis, violation_id=violation.id)
    return violation


def set_aside(row: RegionNotice, *, reason: str, actor: Actor, on: date) -> None:
    """Nothing follows here, for a written reason; never by whoever put it on record."""
    basis = measures.cross_region_basis(on, row.institution.kind.family)
    if not reason.strip():
        raise Refused(
            "请写明不同时处理的理由。", basis=basis, cure="例如本地协议已经结束，或者主体不同。"
        )
    lifecycle.move(row, "set_aside", actor=actor, on=on, basis=basis, reason=reason.strip()[:500])
