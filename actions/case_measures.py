"""处理措施: planned before the notice, lightened after the views, decided with the case, executed with proof."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from actions import case_letters, events, holds, lifecycle, statutory_clocks, work_items
from database import session
from models import Agreement, CaseMeasure, Document, Violation
from queries import case_measures as ask
from queries import case_people, talks
from rules import ladder
from rules.ladder import Plan, Step
from rules.lifecycle import CaseMeasureState, TalkState, ViolationState
from rules.permissions import Actor, Permission, Role, require
from rules.refusal import Refused

REPAY = "repay.due"
TOLD = "处理措施告知以后只能减轻。"
AGAIN = "确需增加或者加重的，请先重新拟定处理意见并再次告知。"


def plan(violation: Violation, given: Plan, *, actor: Actor, on: date) -> CaseMeasure:
    """Put a measure of the ladder to the case, before the notice.

    Refused for what the rung does not allow, twice the same, and for more money than the findings add up to.
    """
    require(actor, Permission.PLAN_MEASURE, violation)
    check_open(violation)
    family = violation.institution.kind.family
    ladder.check(given, on, family)
    _check_person(violation, given)
    plans = [row.plan for row in violation.measures]
    if given in plans or (given.step in (Step.TALK, Step.HOLD_PAYMENT) and _has(plans, given.step)):
        raise Refused(f"本案已经拟定{given.step.label}。", cure="需要更改的，先删除再登记。")
    ladder.check_amounts([*plans, given], ask.found_amount(violation))
    row = CaseMeasure(
        institution=violation.institution,
        state=CaseMeasureState.PLANNED,
        basis=ladder.rung(given.step, on, family).basis,
        **_columns(given),
    )
    violation.measures.append(row)
    lifecycle.begin(row, "plan_measure", "拟定处理措施", actor=actor, on=on, text=ask.said(row))
    return row


def _columns(given: Plan) -> dict[str, object]:
    return {
        name: value.strip() if isinstance(value, str) and name != "step" else value
        for name, value in asdict(given).items()
    }


def _has(plans: list[Plan], step: Step) -> bool:
    return any(one.step is step for one in plans)


def _check_person(violation: Violation, given: Plan) -> None:
    person = given.practitioner_id
    if person and not case_people.worked_at(person, violation.institution_id):
        raise Refused("该人员没有在本机构登记备案过。", cure="请核对责任人员。")


def remove(row: CaseMeasure, *, actor: Actor, on: date) -> None:
    """Take a planned measure away before anybody was told."""
    violation = row.violation
    require(actor, Permission.PLAN_MEASURE, violation)
    check_open(violation)
    events.record(
        violation, "remove_measure", "删除拟定措施", actor=actor, on=on, text=ask.said(row)
    )
    violation.measures.remove(row)
    session.flush()


def check_open(violation: Violation) -> None:
    """Refused once the institution was told: measures only get lighter then."""
    if violation.state != ViolationState.REGISTERED:
        raise Refused(f"现在不能增加或者更改处理措施。{TOLD}", cure=AGAIN)


def announce(violation: Violation, *, on: date) -> None:
    """The institution was told about every planned measure. Refused without any, or for more than was found."""
    if not ask.any_planned(violation):
        raise Refused("还没有拟定任何处理措施。", cure="请先拟定处理措施，再告知当事人。")
    rows = ask.living(violation)
    ladder.check_amounts([row.plan for row in rows], ask.found_amount(violation))
    for row in rows:
        row.noticed_on = on


def withdraw_notice(violation: Violation) -> None:
    """What was told no longer holds: it has to be told anew."""
    for row in ask.living(violation):
        row.noticed_on = None


def strike(row: CaseMeasure, *, reason: str, actor: Actor, on: date) -> None:
    """After the views: this measure is given up. Never the last one of a case: then the case is dismissed."""
    violation = row.violation
    _heard(violation)
    if not reason.strip():
        raise Refused("请写明不再采取该措施的理由。")
    if violation.measure is None and len(ask.living(violation)) == 1:
        raise Refused("这是本案最后一项措施。", cure="不再处理的，请由复核人员不予处理、结案。")
    lifecycle.move(row, "strike", actor=actor, on=on, reason=reason.strip()[:500])


def reduce(row: CaseMeasure, *, amount: int, reason: str, actor: Actor, on: date) -> None:
    """After the views: less money. Never more than was announced. `amount` in 分."""
    require(actor, Permission.PLAN_MEASURE, row.violation)
    _heard(row.violation)
    if row.step not in ladder.MONEY or not 0 < amount < row.amount:
        raise Refused(
            f"调减后的金额应当大于零、小于告知的金额 {ladder.yuan(row.amount)} 元。", cure=AGAIN
        )
    if not reason.strip():
        raise Refused("请写明调减的理由。")
    before, row.amount = row.amount, amount
    events.record(
        row, "reduce_measure", "调减处理措施", actor=actor, on=on, text=reason.strip(),
        before=before, amount=amount,
    )  # fmt: skip


def _heard(violation: Violation) -> None:
    if violation.state != ViolationState.HEARD:
        raise Refused("只有听取陈述申辩以后、提出处理建议以前，才能减轻已经告知的措施。")


def decide_all(violation: Violation, agreement: Agreement, *, actor: Actor, on: date) -> None:
    """Carry every announced measure out with the approval of the case. Refused for one that was never announced."""
    for row in ask.living(violation):
        if row.noticed_on is None:
            raise Refused(f"“{ask.said(row)}”没有告知过当事人，不能决定。", cure=AGAIN)
        _decide(row, agreement, actor=actor, on=on)


def _decide(row: CaseMeasure, agreement: Agreement, *, actor: Actor, on: date) -> None:
    start = _start(row, on)
    lifecycle.move(row, "decide", actor=actor, on=on, basis=row.basis, decided_on=on)
    case_letters.decision(row, agreement, actor=actor, on=on)
    if row.step is Step.HOLD_PAYMENT:
        holds.place(row, from_on=start, to_on=row.to_on, basis=row.basis)
    elif row.step is Step.SUSPEND_STAFF:
        _stop_services(row, start)


def _start(row: CaseMeasure, on: date) -> date:
    """A planned first day that has passed meanwhile becomes today; the length stays."""
    planned = row.from_on or on
    start = max(planned, on)
    if row.step in ladder.TIMED:
        row.from_on = start
        row.to_on = row.to_on + (start - planned) if row.to_on else None
    return start


def _stop_services(row: CaseMeasure, start: date) -> None:
    hold = holds.place(row, from_on=start, to_on=row.to_on, basis=row.basis)
    if row.practitioner_id:
        hold.practitioner_id = row.practitioner_id
    else:
        hold.department = row.subject_text


def end_hold(row: CaseMeasure, *, last_on: date, reason: str, actor: Actor, on: date) -> None:
    """The last service day that is held; settlement goes on the day after. Refused twice and for a day passed over."""
    require(actor, Permission.RECORD_EXECUTION, row)
    if row.step is not Step.HOLD_PAYMENT or row.state != CaseMeasureState.DECIDED:
        raise Refused("没有正在执行的暂停结算。")
    if row.to_on is not None and row.to_on <= last_on:
        raise Refused(f"暂停结算至 {row.to_on} 为止，不需要再恢复。")
    if last_on < max(row.from_on or on, row.decided_on or on):
        raise Refused("恢复结算不能早于暂停结算的决定和起始日期。")
    if not reason.strip():
        raise Refused("请写明恢复结算的理由。")
    row.to_on = last_on
    holds.release(row, last_on=last_on)
    events.record(
        row, "end_hold", "恢复结算", actor=actor, on=on, text=reason.strip(), last_on=last_on
    )


def execute(row: CaseMeasure, *, proof: str, executed_on: date, actor: Actor, on: date) -> None:
    """Record that a measure without money was carried out, with its proof.

    Refused before its letter was served, while a hold has no last day, and without proof.
    """
    if row.step in ladder.MONEY:
        raise Refused("金额措施在收齐或者核减以后自动执行完毕。", cure="请登记到账并由他人核对。")
    if not proof.strip():
        raise Refused("请写明执行情况和凭证。")
    if not (row.decided_on or on) <= executed_on <= on:
        raise Refused("执行日期应在决定之后、今天之前（含当日）。")
    if row.document is not None and row.document.served_on is None:
        raise Refused(f"{row.document.number} 还没有送达凭证。", cure="请先登记送达。")
    if row.step is Step.TALK and not any(
        talk.state == TalkState.FILED for talk in talks.of(("violation", row.violation_id))
    ):
        raise Refused("约谈还没有归档。", cure="请先通知约谈，并办完归档。")
    if row.step is Step.HOLD_PAYMENT and (row.to_on is None or row.to_on >= on):
        raise Refused("暂停结算仍在执行。", cure="期满以后，或者登记恢复结算以后再登记执行完毕。")
    lifecycle.move(
        row, "execute", actor=actor, on=on, basis=row.basis,
        executed_on=executed_on, proof=proof.strip()[:300],
    )  # fmt: skip


def told(document: Document, *, on: date) -> None:
    """The letter that asks for money was served: the time for bringing it runs."""
    row = session.get_one(CaseMeasure, document.subject_id)
    if row.state != CaseMeasureState.DECIDED:
        return
    clock = statutory_clocks.start(row, REPAY, on=on)
    row.due_on = clock.due_on
    work_items.call_for(
        row,
        matter="处理措施",
        step="催收并登记到账",
        desk=Role.INSPECTOR,
        due_on=clock.due_on,
        on=on,
    )
