"""Counted points and what becomes of them: served, appealed, corrected, restored; and the way back after a bar."""

from __future__ import annotations

from datetime import date, timedelta

from actions import (
    appeals,
    deductions,
    letters,
    reinstatements,
    restorations,
    reversals,
    service,
)
from actions.appeals import Finding, Statement
from actions.materials import Upload
from models import Appeal, Deduction, QualificationMeasure, Reinstatement, Restoration, Reversal
from queries import qualification_measures
from rules.permissions import Actor, Role
from tests import factories
from tests import factories_practitioner as make

PAPER = Upload("示例申诉书.pdf", b"%PDF-1.4 sample", "application/pdf")
Staff = dict[Role, Actor]


def counted(staff: Staff, kind: str, points: int, *, on: date, **values) -> Deduction:
    """A new person's entry, confirmed."""
    row, place = make.practitioner(kind)
    return more(staff, row, place, points, on=on, **values)


def more(staff: Staff, row, place, points: int, *, on: date, **values) -> Deduction:
    """One more confirmed entry of a person."""
    entry = make.recorded(row, place, points, staff[Role.CLERK], decided_on=on, **values)
    return deductions.confirm(entry, actor=staff[Role.REVIEWER], on=on)


def served(staff: Staff, entry: Deduction, *, on: date) -> None:
    [letter] = letters.of(entry, "points")
    service.serve(letter, actor=staff[Role.CLERK], on=on, method="直接送达", proof="示例回证")


def lodged(staff: Staff, entry: Deduction, *, on: date, **changes) -> Appeal:
    said = Statement(
        **{"text": "示例理由", "signed": True, "stamped": True, "upload": PAPER, **changes}
    )
    return appeals.lodge(entry, said, actor=staff[Role.CLERK], on=on)


def examined(staff: Staff, row: Appeal, proposal: str = "uphold", instead=None, *, on: date):
    finding = Finding(on, "示例意见", proposal, instead)
    appeals.examine(row, finding, actor=staff[Role.CHIEF], on=on)
    return row


def decided(staff: Staff, row: Appeal, proposal: str = "uphold", instead=None, *, on: date):
    examined(staff, row, proposal, instead, on=on)
    appeals.decide(row, actor=staff[Role.LEADER], on=on)
    return row


def corrected(staff: Staff, entry: Deduction, *, on: date, cause="error", instead=None) -> Reversal:
    row = correcting(staff, entry, on=on, cause=cause, instead=instead)
    return reversals.confirm(row, actor=staff[Role.REVIEWER], on=on)


def correcting(staff: Staff, entry: Deduction, *, on: date, cause="error", instead=None):
    given = {"cause": cause, "reason": "示例理由", "instead": instead}
    return reversals.record(entry, **given, actor=staff[Role.CLERK], on=on)


def asked(staff: Staff, row, place, *, took_part_on: date, on: date, key="study") -> Restoration:
    activity = restorations.Activity(key, "示例单位", took_part_on)
    return restorations.request(row, place, activity, upload=PAPER, actor=staff[Role.CLERK], on=on)


def restored(staff: Staff, row, place, *, took_part_on: date, on: date, key="study"):
    waiting = asked(staff, row, place, took_part_on=took_part_on, on=on, key=key)
    restorations.confirm(waiting, actor=staff[Role.REVIEWER], on=on)
    return waiting


def revoked(staff: Staff, row, place, *, on: date) -> QualificationMeasure:
    """Twelve points added up on one day: barred for twelve months."""
    more(staff, row, place, 9, on=on)
    more(staff, row, place, 3, on=on)
    return qualification_measures.measures(row.id)[0]


def reinstatement(staff: Staff, measure, place, *, on: date) -> Reinstatement:
    return reinstatements.apply(
        measure, place, text="示例理由", uploads=[PAPER], actor=staff[Role.CLERK], on=on
    )


def coming_back(staff: Staff, kind: str, place, *, on: date) -> None:
    """Three whose bar is over: one asked again after a refusal, one was agreed to, one did not ask yet."""
    barred = [make.practitioner(kind, place)[0] for _ in range(3)]
    first, second, _third = (
        revoked(staff, one, place, on=on - timedelta(days=400)) for one in barred
    )
    refused = reinstatement(staff, first, place, on=on)
    reviewer = staff[Role.REVIEWER]
    reinstatements.decline(refused, opinion="示例意见", actor=reviewer, on=on)
    reinstatement(staff, first, place, on=on)
    granted = reinstatement(staff, second, place, on=on)
    reinstatements.agree(granted, opinion="示例意见", actor=reviewer, on=on)


def furnish(staff: Staff, kind: str, *, on: date) -> Actor:
    """A place whose people stand in every stage; returns its user."""
    row, place = make.practitioner(kind)
    before = on - timedelta(days=10)
    first = more(staff, row, place, 9, on=before)
    served(staff, first, on=before + timedelta(days=1))
    lodged(staff, first, on=on)
    others = [make.practitioner(kind, place)[0] for _ in range(4)]
    entries = [more(staff, one, place, 4, on=before) for one in others]
    examined(staff, lodged(staff, entries[0], on=on), on=on)
    corrected(staff, entries[1], on=on)
    correcting(staff, entries[2], on=on)
    asked(staff, others[2], place, took_part_on=before, on=on)
    restored(staff, others[3], place, took_part_on=before, on=on)
    coming_back(staff, kind, place, on=on)
    return factories.actor(Role.INSTITUTION, institution=place)
