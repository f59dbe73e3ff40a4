"""记分: list, recording against a person, and the second person's decision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import deductions as act
from blueprints import case
from blueprints.access import done, look, may, permit, take
from blueprints.sheets import sheet
from forms.deductions import DeductionForm, RejectForm
from queries import (
    appeals,
    points_basis,
    points_ledger,
    practitioners,
    qualification_measures,
    shares,
)
from queries import deductions as ask
from queries.paging import asked
from rules import negative_list
from rules.lifecycle import APPEAL, DEDUCTION, REVERSAL
from rules.permissions import Permission
from rules.refusal import Refused
from scoring.gauge import gauge
from scoring.points import Revoke

deductions = Blueprint("deductions", __name__)
COLUMNS = ["记分编号", "姓名", "人员编码", "机构名称", "情形", "记分", "决定日期", "累计", "状态"]


@deductions.get("/deductions")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("记分", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "deductions/list.html",
        heading="记分记录",
        filters=_filters(given),
        rows=rows,
        page=page,
        states=DEDUCTION.states,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: Any) -> list[Any]:
    who, label = row.practitioner, DEDUCTION.states[row.state].label
    known = [row.number, who.name, who.code, row.institution.name, row.item_text, row.points]
    return [*known, row.decided_on, row.total_after, label]


def _filters(given: Any) -> list[dict[str, Any]]:
    states = [(word, state.label) for word, state in DEDUCTION.states.items()]
    hint = "编号/姓名/编码/机构"
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": hint},
        {
            "name": "state",
            "label": "状态",
            "type": "select",
            "value": given.word("state"),
            "options": states,
        },
        {"name": "from_on", "label": "决定日期自", "type": "date", "value": given.word("from_on")},
        {"name": "to_on", "label": "至", "type": "date", "value": given.word("to_on")},
    ]


@deductions.route("/deductions/new", methods=["GET", "POST"])
@permit(Permission.RECORD_DEDUCTION)
def new() -> ResponseReturnValue:
    person = _person()
    places = _places(person)
    form: Any = DeductionForm()
    offered = points_basis.choices(person, [key for key, _name in places], clock.today())
    chosen = points_basis.find(form.basis.data or "") if form.is_submitted() else None
    form.offer(offered, places, (chosen and chosen.decided_on) or clock.today())
    if not form.validate_on_submit() or chosen is None:
        return _new_page(person, form), 400 if form.errors else 200
    deduction = act.record(
        person,
        look("institution", form.institution_id.data),
        form.item.data,
        form.responsibility.data,
        form.points.data,
        basis=chosen,
        conduct_on=form.conduct_on.data,
        facts_text=form.facts_text.data,
        also=form.also(),
        another_act=form.another_act.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    message = f"记分 {deduction.number} 已登记，等待复核"
    if points_basis.repeats(deduction):
        message += "。本年已因同一情形被记分，请核对是否应按再犯记分"
    return done(message, url_for("deductions.show", key=deduction.id))


def _person() -> Any:
    """The person named in the address, else 404."""
    return practitioners.find(request.args.get("practitioner", 0, type=int), g.actor) or abort(404)


def _places(person: Any) -> list[tuple[int, str]]:
    """Where the person is or was registered, as far as this clerk's region reaches."""
    rows = practitioners.registrations(person.id)
    mine = {
        row.institution for row in rows if row.institution.pooling_region == g.actor.pooling_region
    }
    return sorted((place.id, place.name) for place in mine)


def _new_page(person: Any, form: Any) -> str:
    on = clock.today()
    return render_template(
        "deductions/new.html",
        person=person,
        form=form,
        standing=practitioners.status(person, on),
        gauge=gauge(ask.total(person.id, on), on),
        items=negative_list.items(on),
        bases=len(form.basis.choices) - 1,
        crumbs_items=case.crumbs("记分记录", "deductions.index", "登记记分"),
    )


@deductions.get("/deductions/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("deduction", key)
    measures = [
        one
        for one in qualification_measures.measures(row.practitioner_id)
        if one.deduction_id == key
    ]
    context = case.frame(row, related=[("qualification_measure", one.id) for one in measures])
    context["letters"] = [
        one for one in practitioners.letters(row.practitioner_id) if _belongs(one, key, measures)
    ]
    return render_template(
        "deductions/show.html",
        **context,
        crumbs_items=case.crumbs("记分记录", "deductions.index", row.number),
        responsibility=negative_list.responsibility(row.responsibility, row.decided_on),
        item=negative_list.item(row.item, row.decided_on),
        measures=measures,
        effects=_effects(row) if row.state == "recorded" else [],
        **_warning(row),
        waiting=case.waiting_for(row),
        **_afterwards(row),
    )


def _afterwards(row: Any) -> dict[str, Any]:
    """What was or can be said against an entry, and what it became."""
    earlier, corrections = appeals.of(row.id), appeals.reversals_of(row.id)
    back = points_ledger.taken_back(row.id)
    counts = row.state == "confirmed" and back is None
    free = counts and not any(one.state in appeals.OPEN for one in earlier)
    waiting = any(one.state == "recorded" for one in corrections)
    return {
        "repeat": points_basis.repeats(row) if row.state == "recorded" else None,
        "taken_back": back,
        "anew": appeals.replacing(row.id) if back else None,
        "appeals": [(one, APPEAL.states[one.state]) for one in earlier],
        "reversals": [(one, REVERSAL.states[one.state]) for one in corrections],
        "may_appeal": free
        and may("lodge_appeal", row)
        and not any(one.state in appeals.DECIDED for one in earlier),
        "may_reverse": free and not waiting and may("reverse_deduction", row),
    }


def _belongs(letter: Any, key: int, measures: list[Any]) -> bool:
    subjects = {("deduction", key), *(("qualification_measure", one.id) for one in measures)}
    return (letter.subject, letter.subject_id) in subjects


def _effects(row: Any) -> list[str]:
    """What confirming would do, in sentences, before it is done."""
    outlook = ask.outlook(row, clock.today())
    sentences = [
        f"{row.year} 年累计由 {outlook.total - row.points} 分变为 {outlook.total} 分，印发记分告知书"
    ]
    change = outlook.change
    if isinstance(change, Revoke):
        sentences.append(
            f"达到 {outlook.total} 分：终止医保支付资格，{change.bar_months} 个月内不得再次登记备案"
        )
    elif change is not None:
        sentences.append(f"达到 {outlook.total} 分：暂停医保支付资格，按表为 {change.months} 个月")
    if outlook.held:
        sentences.append(f"其中 {outlook.held} 分正在申诉，暂不引起措施")
    talk_at = gauge(outlook.total, clock.today()).talk_at
    if outlook.total - row.points < talk_at <= outlook.total:
        sentences.append(f"达到 {talk_at} 分：夜间由系统通知所在机构约谈本人，列入重点监管")
    if change is not None:
        sentences.append("通知其登记备案的每一家机构；期间费用不予结算，急诊、抢救除外")
    return sentences


def _warning(row: Any) -> dict[str, Any]:
    """Which institutions' shares confirming would take over a threshold, and the word of having seen it."""
    if row.state != "recorded" or ask.outlook(row, clock.today()).change is None:
        return {"crossings": [], "warned": ""}
    found = shares.crossings(row.practitioner_id, clock.today())
    return {"crossings": found, "warned": shares.token(found)}


@deductions.post("/deductions/<int:key>/confirm")
@permit(Permission.CONFIRM_DEDUCTION)
def confirm(key: int) -> ResponseReturnValue:
    row = act.confirm(
        take("deduction", key),
        actor=g.actor,
        on=clock.today(),
        warned=request.form.get("warned", ""),
    )
    return done(
        f"已计入，{row.year} 年累计 {row.total_after} 分", url_for("deductions.show", key=key)
    )


@deductions.post("/deductions/<int:key>/reject")
@permit(Permission.CONFIRM_DEDUCTION)
def reject(key: int) -> ResponseReturnValue:
    row = take("deduction", key)
    form: Any = RejectForm()
    if not form.validate_on_submit():
        raise Refused("；".join(map(str, form.reason.errors)))
    act.reject(row, actor=g.actor, on=clock.today(), reason=form.reason.data)
    return done("已退回，不计入累计记分", url_for("deductions.show", key=key))
