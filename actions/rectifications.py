"""整改: ordered by letter, handed in by the institution, verified by another person, closed out only with proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions import events, letters, lifecycle, numbering, statutory_clocks, work_items
from database import session
from models import Institution, Rectification, RectificationItem
from queries import rectifications as ask
from rules import rectifications as rule
from rules.lifecycle import RECTIFICATION
from rules.lifecycle import RectificationState as S
from rules.permissions import SYSTEM, Actor, Permission, Role, require
from rules.rectifications import Item, ItemState
from rules.refusal import Refused
from rules.timetable import Outcome

ITEM_CURE = "请逐项填写后再提交。"


def order(
    institution: Institution,
    *,
    source: tuple[str, int],
    items: Sequence[Item],
    due_on: date,
    basis: str,
    actor: Actor,
    on: date,
    source_text: str = "",
) -> Rectification:
    """Order an institution to put something right, with the letter 整改通知书. The first day counts as `on`.

    `source` is the table and id of the row it comes from; ("inspection", 0) and ("audit", 0) are named by their paper.
    Refused without items, without basis, for days that cannot be, and for a source of another institution.
    """
    rule.check_order(source, source_text, items, due_on, on)
    if not basis.strip():
        raise Refused("下达整改须写明依据。", cure="请填写协议条款或者规定的条文。")
    row = Rectification(
        number=numbering.case_number("ZG", on.year), institution=institution, state=S.ORDERED,
        source=source[0], source_id=source[1], source_text=_named(institution, source, source_text),
        basis=basis.strip(), ordered_on=on, due_on=due_on, recorded_by_id=actor.id,
    )  # fmt: skip
    require(actor, Permission.ORDER_RECTIFICATION, row)
    row.items = [_item(number, one, due_on) for number, one in enumerate(items, start=1)]
    lifecycle.begin(
        row, "order", "下达整改", actor=actor, on=on, basis=row.basis,
        text=f"{row.source_text}；{len(row.items)} 项，期限至 {due_on}",
    )  # fmt: skip
    letters.issue(
        "rectification", row, institution, actor=actor, on=on, institution=institution.name,
        rectification_number=row.number, source=row.source_text, due_on=due_on, basis=row.basis,
        items=[_line(item) for item in row.items],
    )  # fmt: skip
    return row


def _named(institution: Institution, source: tuple[str, int], text: str) -> str:
    """How the letter calls where it comes from. Refused when that is not the institution's own."""
    label = rule.SOURCES[source[0]]
    if source[0] in rule.ON_PAPER:
        return f"{label}：{text.strip()}"
    found = ask.source_row(source)
    if found is None or found.institution_id != institution.id:
        raise Refused("整改来源不是该机构的事项。", cure="请从该机构的案件或者事项页面下达整改。")
    number = text.strip() or str(getattr(found, "number", ""))
    return f"{label} {number}".strip()


def _item(number: int, one: Item, due_on: date) -> RectificationItem:
    return RectificationItem(
        position=number, problem=one.problem.strip(), measure=one.measure.strip(), round=1,
        unit=one.unit.strip(), person=one.person.strip(), due_on=one.due_on or due_on, state=ItemState.OPEN,
    )  # fmt: skip


def _line(item: RectificationItem) -> dict[str, object]:
    return {
        "problem": item.problem, "measure": item.measure, "unit": item.unit, "person": item.person,
        "due_on": item.due_on,
    }  # fmt: skip


def submit(row: Rectification, *, actor: Actor, on: date) -> None:
    """Hand the open items in for verification. Refused while one lacks its answer or its proof, naming it."""
    require(actor, Permission.REPORT_RECTIFICATION, row)
    RECTIFICATION.check(row.state, "submit")
    waiting = [one for one in row.items if one.state in (ItemState.OPEN, ItemState.RETURNED)]
    lacking = [
        f"第 {one.position} 项缺少{'、'.join(found)}"
        for one in waiting
        if (found := rule.missing(answer=one.answer, unit=one.unit, person=one.person, proven=bool(one.proof_sha256)))
    ]  # fmt: skip
    if lacking:
        raise Refused(f"整改情况不完整：{'；'.join(lacking)}。", cure=ITEM_CURE)
    for one in waiting:
        one.state = ItemState.SUBMITTED
    late = "，逾期提交" if any(one.due_on < on for one in waiting) else ""
    lifecycle.move(
        row, "submit", actor=actor, on=on, basis=row.basis, note=f"{len(waiting)} 项{late}", submitted_on=on
    )  # fmt: skip
    statutory_clocks.start(row, rule.RULE, on=on)


def conclude(
    row: Rectification, *, opinion: str, due_on: date | None = None, actor: Actor, on: date
) -> None:
    """End a verification whose items are all judged: closed when none was sent back, else returned with a new day.

    The result goes out as 整改验收意见书. Refused by whoever ordered it, and while an item is not judged.
    """
    require(actor, Permission.VERIFY_RECTIFICATION, row)
    RECTIFICATION.check(row.state, "close")
    open_ones = [one.position for one in row.items if one.state is ItemState.SUBMITTED]
    if open_ones:
        raise Refused(
            f"还有第 {'、'.join(map(str, open_ones))} 项没有验收。", cure="请逐项销号或者退回。"
        )
    if not opinion.strip():
        raise Refused("请填写验收意见。")
    returned = [one for one in row.items if one.state is ItemState.RETURNED]
    clock = statutory_clocks.running(row, rule.RULE)
    if returned:
        _return(row, returned, opinion.strip(), due_on, actor=actor, on=on)
    else:
        lifecycle.move(
            row, "close", actor=actor, on=on, basis=row.basis, opinion=opinion.strip(),
            verified_by_id=actor.id, verified_on=on, closed_on=on,
        )  # fmt: skip
    statutory_clocks.finish(row, clock, on=on)
    _tell_result(row, returned, actor=actor, on=on)


def _return(
    row: Rectification,
    returned: list[RectificationItem],
    opinion: str,
    due_on: date | None,
    *,
    actor: Actor,
    on: date,
) -> None:
    if due_on is None or due_on < on:
        raise Refused("有退回的事项，须重新确定整改期限。", cure="请填写今天或者以后的期限。")
    for one in returned:
        one.due_on = due_on
    lifecycle.move(
        row, "return", actor=actor, on=on, basis=row.basis, opinion=opinion, called_on=None,
        verified_by_id=actor.id, verified_on=on, due_on=due_on,
    )  # fmt: skip


def _tell_result(
    row: Rectification, returned: list[RectificationItem], *, actor: Actor, on: date
) -> None:
    letters.issue(
        "rectification_result", row, row.institution, actor=actor, on=on,
        institution=row.institution.name, rectification_number=row.number, passed=not returned,
        submitted_on=row.submitted_on, opinion=row.opinion, basis=row.basis,
        due_on=row.due_on if returned else None,
        items=[
            {"problem": one.problem, "closed": one.state is ItemState.CLOSED, "remark": one.verdict}
            for one in row.items
        ],
    )  # fmt: skip


def extend(row: Rectification, *, due_on: date, reason: str, actor: Actor, on: date) -> None:
    """Give more time for what is not handed in yet. Refused beyond the number the parameter allows."""
    require(actor, Permission.EXTEND_RECTIFICATION, row)
    if row.state not in (S.ORDERED, S.RETURNED):
        raise Refused("整改只在机构整改期间可以延长期限。")
    if not reason.strip():
        raise Refused("延长整改期限须写明理由。")
    rule.check_extension(row.extensions, row.due_on, due_on, on)
    for one in row.items:
        if one.state in (ItemState.OPEN, ItemState.RETURNED):
            one.due_on = due_on
    row.due_on, row.extensions, row.called_on = due_on, row.extensions + 1, None
    work_items.settle(row.__tablename__, row.id, actor=actor, on=on)
    text = f"延长至 {due_on}：{reason.strip()}"
    events.record(row, "extend", "延长整改期限", actor=actor, on=on, basis=row.basis, text=text)


def cancel(row: Rectification, *, reason: str, actor: Actor, on: date) -> None:
    """Take an order back that should not have been given: by a second person, with the reason."""
    if not reason.strip():
        raise Refused("撤销整改须写明理由。")
    clock = statutory_clocks.running(row, rule.RULE)
    lifecycle.move(row, "cancel", actor=actor, on=on, opinion=reason.strip())
    statutory_clocks.finish(row, clock, on=on)


def call_overdue(key: int, day: date) -> Outcome:
    """The nightly rule: from the day after its last day, an open order waits on the desk of whoever answers for it.

    Once for each day it was due; asked again under the lock. Nothing else follows by itself.
    """
    row = session.get(Rectification, key, with_for_update=True, populate_existing=True)
    if row is None or row.state not in (S.ORDERED, S.RETURNED) or row.called_on is not None:
        return Outcome()
    late = [one for one in row.items if rule.is_overdue(one.state, one.due_on, day)]
    if not late:
        return Outcome()
    due_on = min(one.due_on for one in late)
    row.called_on = day
    work_items.call_for(
        row, matter=RECTIFICATION.label, step="督促整改", desk=Role.INSPECTOR, due_on=due_on, on=day
    )
    numbers = "、".join(str(one.position) for one in late)
    text = f"第 {numbers} 项应于 {due_on} 前完成整改，没有提交。"
    events.record(row, "call", "整改逾期：督促", actor=SYSTEM, on=day, basis=row.basis, text=text)
    return Outcome(done=True)
