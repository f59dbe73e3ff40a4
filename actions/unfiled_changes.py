"""未申请变更: found by the agency, limited from the day of approval, settled by a filing or put before a person."""

from __future__ import annotations

from datetime import date, timedelta

from actions import amendment_items, holds, lifecycle, numbering, statutory_clocks, violations
from database import session
from models import Amendment, Institution, UnfiledChange, Violation
from queries import agreements, calendar_days
from queries import unfiled_changes as ask
from rules import amendments as rule
from rules import measures
from rules.lifecycle import UNFILED_CHANGE
from rules.lifecycle import UnfiledChangeState as S
from rules.permissions import SYSTEM, Actor, Permission, require
from rules.refusal import Refused
from rules.timetable import Outcome

ONE_DAY = timedelta(days=1)
WITHDRAWN = "撤回的变更申请"


def note(
    institution: Institution,
    *,
    field: str,
    source: str,
    text: str,
    approved_on: date | None,
    authority: str = "",
    actor: Actor,
    on: date,
) -> UnfiledChange:
    """Put on record that a change was not filed. Without the day of approval it waits for it to be verified.

    Refused for a fact outside the list, and while the same fact is on record or in a request already.
    """
    require(actor, Permission.NOTE_CHANGE, institution)
    return _record(institution, field, source, text, approved_on, authority, actor=actor, on=on)


def _record(
    institution: Institution,
    field: str,
    source: str,
    text: str,
    approved_on: date | None,
    authority: str,
    *,
    actor: Actor,
    on: date,
) -> UnfiledChange:
    holds.lock(institution.id)
    listed = rule.named(field, on, institution.kind.family)
    if not text.strip():
        raise Refused("请写明发现的情况。", cure="例如原登记内容、现状和证据。")
    if ask.open_of(institution.id, [field]):
        raise Refused(f"{listed.label}的未申请变更已经登记，不能重复登记。")
    row = UnfiledChange(
        number=numbering.case_number("WB", on.year), institution=institution, state=S.FOUND, field=field,
        label=listed.label, basis=listed.basis, source=source, text=text.strip(), found_on=on,
        authority=authority.strip(), recorded_by_id=actor.id,
    )  # fmt: skip
    lifecycle.begin(
        row,
        "note",
        "登记未申请变更",
        actor=actor,
        on=on,
        basis=listed.basis,
        text=f"{listed.label}：{row.text}",
    )
    if approved_on is not None:
        _run_from(row, approved_on, actor=actor, on=on)
    return row


def verify(
    row: UnfiledChange, *, approved_on: date, authority: str, actor: Actor, on: date
) -> None:
    """The day of approval is known: the limit runs from it, as if it had been filed."""
    if not authority.strip():
        raise Refused("请填写批准机关。", cure="向批准机关核实后填写。")
    row.authority = authority.strip()
    _run_from(row, approved_on, actor=actor, on=on)


def _run_from(row: UnfiledChange, approved_on: date, *, actor: Actor, on: date) -> None:
    rule.check_days(approved_on, approved_on, on)
    rule.require_rule(approved_on, row.institution.kind.family)
    lifecycle.move(row, "verify", actor=actor, on=on, basis=row.basis, approved_on=approved_on)
    amendment_items.start_clock(row, approved_on)


def propose(key: int, day: date) -> Outcome:
    """The nightly rule: past the limit and still not filed, the ground is put before a person. Nothing ends by itself.

    Asked again under the lock; dated by the first day after the limit.
    """
    row = session.get(UnfiledChange, key, with_for_update=True, populate_existing=True)
    if row is None or row.state is not S.NOTED or row.approved_on is None:
        return Outcome()
    family = row.institution.kind.family
    limit = rule.deadline(row.approved_on, family, calendar_days.workdays())
    if limit is None:
        return Outcome(waiting="到期日所涉年度的放假安排尚未载入，暂不能判断是否逾期。")
    if not rule.is_late(limit.due, day):
        return Outcome()
    first = limit.due + ONE_DAY
    ground = rule.ground(first, family)
    lifecycle.move(
        row, "propose", actor=SYSTEM, on=day, basis=ground.basis, note=f"自{first}起逾期",
        overdue_on=first, ground=ground.key, ground_text=ground.label, ground_basis=ground.basis,
    )  # fmt: skip
    return Outcome(done=True)


def charge(row: UnfiledChange, *, facts_text: str, actor: Actor, on: date) -> Violation:
    """A person opens a case on the proposed ground; views, review and decision follow there."""
    UNFILED_CHANGE.check(row.state, "charge")
    agreement = next(
        (one for one in agreements.of_institution(row.institution_id) if one.state in ask.LIVE),
        None,
    )
    if agreement is None:
        raise Refused("该机构没有履行中的服务协议，不能立案。", cure="可以由复核人员认定不成立。")
    violation = violations.register(
        agreement, measure=measures.TERMINATE, ground=row.ground, facts_text=facts_text,
        found_on=row.found_on, actor=actor, on=on,
    )  # fmt: skip
    session.flush()
    lifecycle.move(
        row, "charge", actor=actor, on=on, basis=row.ground_basis, note=violation.number, violation_id=violation.id
    )  # fmt: skip
    return violation


def dismiss(row: UnfiledChange, *, reason: str, actor: Actor, on: date) -> None:
    """Not a change that had to be filed after all: said by a second person, with the reason."""
    if not reason.strip():
        raise Refused("认定不成立须写明理由和证据。")
    clock = statutory_clocks.running(row, rule.RULE)
    lifecycle.move(row, "dismiss", actor=actor, on=on, note=reason.strip(), reason=reason.strip())
    statutory_clocks.discard(row, clock)


def settle(amendment: Amendment, *, actor: Actor, on: date) -> None:
    """A filing settles what was on record of the same facts, also when it comes late; the history stays."""
    approvals = {item.field: item.approved_on for item in amendment.items}
    for row in ask.open_of(amendment.institution_id, list(approvals)):
        clock = statutory_clocks.running(row, rule.RULE)
        lifecycle.move(
            row, "settle", actor=actor, on=on, basis=row.basis, note=amendment.number,
            amendment_id=amendment.id, approved_on=row.approved_on or approvals[row.field],
        )  # fmt: skip
        statutory_clocks.finish(row, clock, on=on)


def remember(amendment: Amendment, *, actor: Actor, on: date) -> None:
    """A withdrawn filing told the agency of changes: they are unfiled again, and their limit runs on."""
    back = ask.settled_by(amendment.id)
    for row in back:
        lifecycle.move(row, "reopen", actor=actor, on=on, note=amendment.number, amendment_id=None)
        if row.approved_on is not None:
            amendment_items.start_clock(row, row.approved_on)
    known = {row.field for row in back}
    for item in amendment.items:
        if item.field not in known and not ask.open_of(amendment.institution_id, [item.field]):
            text = f"{item.old_text or '未登记'} → {item.new_text}（{amendment.number}）"
            _record(
                amendment.institution, item.field, WITHDRAWN, text, item.approved_on, item.authority,
                actor=SYSTEM, on=on,
            )  # fmt: skip
