"""违规事实: items of the catalogue put to a case, with amount and evidence, until the institution is told."""

from __future__ import annotations

from datetime import date

from actions import events, letters
from actions.materials import Upload
from database import session
from models import Finding, Violation
from queries import case_people
from rules import findings as rule
from rules.findings import Found, Item
from rules.lifecycle import ViolationState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

MOST = 60  # of one case: a list in a letter, not a data set
OPEN = (ViolationState.CLUE, ViolationState.REGISTERED)


def add(
    violation: Violation, found: Found, *, upload: Upload | None = None, actor: Actor, on: date
) -> Finding:
    """Put one item to the case, in the words of the catalogue of the day.

    Refused once the institution was told, outside the catalogue, and for a practitioner of another institution.
    """
    require(actor, Permission.RECORD_FINDING, violation)
    _open(violation)
    _check(violation, found, on)
    item = rule.named(found.item, on, violation.institution.kind.family)
    row = _row(found, item, actor)
    if upload is not None:
        row.file_name = upload.name
        row.sha256 = letters.keep(upload.content, upload.media_type)
    violation.findings.append(row)
    session.flush()
    events.record(
        violation, "add_finding", "登记违规事实", actor=actor, on=on, basis=item.basis,
        text=item.label, amount=found.amount, records=found.records,
    )  # fmt: skip
    return row


def _check(violation: Violation, found: Found, on: date) -> None:
    rule.check(found, on)
    if len(violation.findings) >= MOST:
        raise Refused(f"一件案件最多登记 {MOST} 项违规事实。", cure="请合并同类事实。")
    person = found.practitioner_id
    if person and not case_people.worked_at(person, violation.institution_id):
        raise Refused("该人员没有在本机构登记备案过。", cure="请核对责任人员。")


def _row(found: Found, item: Item, actor: Actor) -> Finding:
    return Finding(
        item=item.key,
        act=item.act,
        label=item.label,
        basis=item.basis,
        text=found.text.strip(),
        amount=found.amount,
        records=found.records,
        from_on=found.from_on,
        to_on=found.to_on,
        department=found.department.strip()[:100],
        practitioner_id=found.practitioner_id,
        recorded_by_id=actor.id,
    )


def remove(finding: Finding, *, actor: Actor, on: date) -> None:
    """Take an item away that should not be there; the log keeps what it said."""
    violation = finding.violation
    require(actor, Permission.RECORD_FINDING, violation)
    _open(violation)
    events.record(
        violation, "remove_finding", "删除违规事实", actor=actor, on=on, text=finding.label,
        amount=finding.amount,
    )  # fmt: skip
    violation.findings.remove(finding)
    session.flush()


def _open(violation: Violation) -> None:
    if violation.state not in OPEN:
        raise Refused(
            "已经告知当事人，违规事实不能再改。",
            cure="确需更改的，请先重新拟定处理意见并再次告知。",
        )
