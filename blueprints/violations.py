"""违规案件: list, registration, case page and the steps to a decision on the agreement."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import indications
from actions import violations as act
from blueprints import case, case_page, files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms import violations as counter
from queries import (
    agreement_terms,
    case_measures,
    clock_views,
    collective_decisions,
    effects,
    open_claims,
    suspensions,
)
from queries import violations as ask
from queries.paging import asked
from rules import bans, collective, measures, permissions
from rules import suspensions as suspension_rule
from rules.ladder import CaseSource
from rules.lifecycle import VIOLATION, IndicationState
from rules.permissions import Permission
from rules.refusal import Refused

violations = Blueprint("violations", __name__)
COLUMNS = ["案号", "机构名称", "类型", "拟处理", "情形", "发现日期", "状态", "时限"]
MEASURES = list(measures.WORDS.items())
KEEPS = "none"  # the agreement goes on
NOTHING = {"协议继续履行": [(KEEPS, "不中止、不解除协议，另行拟定其他措施")]}


@violations.get("/cases")
@permit(Permission.VIEW_CASES)
def index() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = ask.page(g.actor, given, on=on)
    if given.word("format"):
        return sheet("违规案件", COLUMNS, [_cells(row) for row in rows])
    states = [(word, state.label) for word, state in VIOLATION.states.items()]
    return render_template(
        "violations/list.html",
        heading="违规案件",
        filters=[
            {
                "name": "q",
                "label": "关键字",
                "type": "text",
                "value": given.q,
                "placeholder": "机构/案号/拼音",
            },
            {
                "name": "state",
                "label": "状态",
                "type": "select",
                "value": given.word("state"),
                "options": states,
            },
            {
                "name": "measure",
                "label": "拟处理",
                "type": "select",
                "value": given.word("measure"),
                "options": MEASURES,
            },
            files.kind_filter(given.word("kind")),
        ],
        rows=rows,
        page=page,
        exportable=True,
        stuck=suspensions.waiting(g.actor, on),
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.ListRow) -> list[Any]:
    state, due = row.state.text, row.due.text
    return [
        row.number,
        row.institution,
        row.kind_label,
        row.measure,
        row.ground,
        row.found_on,
        state,
        due,
    ]


@violations.route("/cases/new", methods=["GET", "POST"])
@permit(Permission.REGISTER_CASE)
def new() -> ResponseReturnValue:
    key = request.args.get("agreement", type=int)
    if key is None:
        raise Refused("请先选择协议。", cure="从服务协议的页面登记违规案件。")
    agreement = look("agreement", key)
    on, family = clock.today(), agreement.institution.kind.family
    pointed = _pointed(agreement)
    form = counter.CaseForm(**_given(pointed, on))
    form.ground.choices = {**NOTHING, **case_page.grounds(on, family)}
    if form.validate_on_submit():
        return _register(take("agreement", key), form)
    count = agreement_terms.suspensions_in_term(agreement.id)
    context = {
        "agreement": agreement,
        "form": form,
        "crumbs_items": case.crumbs("违规案件", "violations.index", "登记违规案件"),
        "pointed": pointed,
        "count": count,
        "reached": suspension_rule.enough_to_terminate(count, on, family),
    }
    return render_template("violations/new.html", **context), 400 if form.errors else 200


def _pointed(agreement: Any) -> Any:
    """The indication this case is opened about, if it is one of this agreement that is still open."""
    key = request.args.get("indication", type=int)
    if key is None:
        return None
    row = look("indication", key)
    if row.agreement_id != agreement.id or row.state != IndicationState.OPEN:
        raise Refused("该疑似情形已经处理，或者不属于这份协议。")
    return row


def _given(pointed: Any, on: Any) -> dict[str, Any]:
    """What the form opens with: of an indication the measure that it names, and no heavier one."""
    if pointed is None:
        return {"found_on": on}
    ends = pointed.measure in measures.WORDS
    ground = f"{pointed.measure}:{pointed.ground}" if ends else KEEPS
    return {
        "source": CaseSource.INDICATION.value,
        "source_text": pointed.number,
        "found_on": pointed.found_on,
        "ground": ground,
        "facts_text": pointed.facts_text,
    }


def _register(agreement: Any, form: counter.CaseForm) -> ResponseReturnValue:
    measure, _, ground = form.ground.data.partition(":")
    row = act.register(
        agreement,
        source=CaseSource(form.source.data),
        source_text=form.source_text.data or "",
        measure=measure if ground else None,
        ground=ground,
        facts_text=form.facts_text.data or "",
        found_on=form.found_on.data or clock.today(),
        from_on=form.from_on.data,
        to_on=form.to_on.data,
        amount=form.amount.fen or 0,
        actor=g.actor,
        on=clock.today(),
    )
    pointed = _pointed(agreement)
    if pointed is not None:
        indications.take_up(pointed, row, actor=g.actor, on=clock.today())
    return done(f"已登记违规案件 {row.number}", url_for("violations.show", key=row.id))


@violations.get("/cases/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row, on = look("violation", key), clock.today()
    permissions.require(g.actor, Permission.VIEW_CASES, row)
    decisions = ask.decisions(row)
    family = row.institution.kind.family
    frame = case.frame(row, related=[(one.__tablename__, one.id) for one in decisions])
    hit = effects.shown(row, on)
    own = [one for one in decisions if one.institution_id == row.institution_id]
    context = {
        **frame,
        "clocks": frame["clocks"] + clock_views.of_all(own, on=on),
        "crumbs_items": case.crumbs("违规案件", "violations.index", row.number),
        "progress": ask.steps(row),
        "letters": ask.letters(row),
        "unserved": ask.unserved(row),
        "agreement": ask.agreement(row),
        "decisions": decisions,
        "planned": case_measures.planned(row),
        "preview": ask.preview(row, on),
        "effects": hit,
        "open_claims": open_claims.of_violation(row, hit.found, on),
        "major": collective_decisions.needs(row, on),
        "candidates": collective_decisions.candidates(row),
        "quorum": collective.quorum(on, family),
        "open_class": ask.open_class(row, on),
        "ban_choices": bans.choices(on, family),
        "waiting": case.waiting_for(row),
        **case_page.context(row, on),
    }
    return render_template("violations/show.html", **context)


@violations.post("/cases/<int:key>/notice")
@permit(Permission.GIVE_VIEWS_NOTICE)
def give_notice(key: int) -> ResponseReturnValue:
    row = take("violation", key)
    act.give_notice(row, actor=g.actor, on=clock.today())
    return done(f"已告知拟处理意见，陈述申辩至 {row.views_due_on}", _page(key))


@violations.post("/cases/<int:key>/views")
@permit(Permission.RECORD_VIEWS)
def record_views(key: int) -> ResponseReturnValue:
    row = take("violation", key)
    act.record_views(row, text=_opinion(), actor=g.actor, on=clock.today())
    return done("已记录陈述申辩", _page(key))


@violations.post("/cases/<int:key>/revise")
@permit(Permission.PLAN_MEASURE)
def revise(key: int) -> ResponseReturnValue:
    act.revise(take("violation", key), reason=_opinion(), actor=g.actor, on=clock.today())
    return done("已退回，请重新拟定处理措施并再次告知", _page(key))


@violations.post("/cases/<int:key>/propose")
@permit(Permission.PROPOSE_MEASURE)
def propose(key: int) -> ResponseReturnValue:
    act.propose(take("violation", key), opinion=_opinion(), actor=g.actor, on=clock.today())
    return done("处理建议已送复核", _page(key))


@violations.post("/cases/<int:key>/review")
@permit(Permission.REVIEW_MEASURE)
def review(key: int) -> ResponseReturnValue:
    act.review(take("violation", key), opinion=_opinion(), actor=g.actor, on=clock.today())
    return done("复核通过，已送负责人决定", _page(key))


@violations.post("/cases/<int:key>/approve")
@permit(Permission.APPROVE_MEASURE)
def approve(key: int) -> ResponseReturnValue:
    row, form = take("violation", key), counter.ApproveForm()
    if not form.validate_on_submit():
        raise Refused(_errors(form))
    act.approve(
        row,
        opinion=form.opinion.data or "",
        ban_class=form.ban_class.data or None,
        obligation=form.obligation.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已决定{row.words}，文书待送达", _page(key))


@violations.post("/cases/<int:key>/dismiss")
@permit(Permission.DISMISS_CASE)
def dismiss(key: int) -> ResponseReturnValue:
    act.dismiss(take("violation", key), reason=_opinion(), actor=g.actor, on=clock.today())
    return done("已结案，不予处理", _page(key))


@violations.post("/cases/<int:key>/close")
@permit(Permission.RECORD_SERVICE)
def close(key: int) -> ResponseReturnValue:
    act.close(take("violation", key), actor=g.actor, on=clock.today())
    return done("案件已办结", _page(key))


def _opinion() -> str:
    form = counter.OpinionForm()
    if not form.validate_on_submit():
        raise Refused(_errors(form))
    return str(form.opinion.data)


def _errors(form: Any) -> str:
    return "；".join(str(error) for errors in form.errors.values() for error in errors)


def _page(key: int) -> str:
    """Back to the case; an institution, which has no case page, goes home."""
    if g.actor.institution_id is not None:
        return url_for("access.home")
    return url_for("violations.show", key=key)
