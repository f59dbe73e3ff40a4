"""主动退出: list, entry by a clerk for an institution, page, the agency's answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import withdrawals as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.withdrawals import AnswerForm, RequestForm
from queries import open_claims, own_matters
from queries import withdrawals as ask
from queries.paging import asked
from rules import withdrawals as rule
from rules.lifecycle import WITHDRAWAL
from rules.permissions import Permission
from rules.refusal import Refused

withdrawals = Blueprint("withdrawals", __name__)
COLUMNS = ["申请编号", "机构名称", "类型", "申请事项", "申请日期", "计划日期", "截止日期", "状态"]
STATES = [(word, state.label) for word, state in WITHDRAWAL.states.items()]


@withdrawals.get("/withdrawals")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("主动退出", COLUMNS, [_cells(row) for row in rows])
    search = {"name": "q", "label": "关键字", "type": "text", "value": given.q}
    return render_template(
        "withdrawals/list.html",
        heading="主动退出",
        filters=[
            search | {"placeholder": "机构/申请编号/拼音"},
            files.select_filter("act", "事项", given.word("act"), ask.ACTS),
            files.select_filter("state", "状态", given.word("state"), STATES),
            files.kind_filter(given.word("kind")),
        ],
        rows=[(row, ask.badge(row)) for row in rows],
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: Any) -> list[Any]:
    return [
        row.number,
        row.institution.name,
        row.institution.kind.label,
        row.act.label,
        row.requested_on,
        row.from_on,
        row.to_on,
        ask.badge(row).text,
    ]


@withdrawals.route("/withdrawals/new", methods=["GET", "POST"])
@permit(Permission.REQUEST_WITHDRAWAL)
def new() -> ResponseReturnValue:
    """A clerk types in what an institution handed in on paper."""
    key, form = request.args.get("agreement", type=int), RequestForm()
    if key is None:
        raise Refused("请先选择协议。", cure="从服务协议的页面代机构登记退出申请。")
    if form.validate_on_submit():
        row = act.request(
            take("agreement", key),
            act=request.form.get("act", ""),
            reason=form.reason.data or "",
            from_on=form.from_on.data,
            to_on=form.to_on.data,
            actor=g.actor,
            on=clock.today(),
        )
        return done(f"已登记退出申请 {row.number}", url_for("withdrawals.show", key=row.id))
    agreement = look("agreement", key)
    ways = ask.ways(agreement, clock.today())
    crumbs = case.crumbs("主动退出", "withdrawals.index", "代机构登记")
    context = {"agreement": agreement, "form": form, "ways": ways, "crumbs_items": crumbs}
    return render_template("withdrawals/new.html", **context), 400 if form.errors else 200


@withdrawals.get("/withdrawals/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("withdrawal", key)
    return render_template(
        "withdrawals/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("主动退出", "withdrawals.index", row.number),
        earliest=rule.earliest(row.requested_on, row.institution.kind.family),
        notice=rule.notice(row.requested_on, row.institution.kind.family),
        consequences=rule.consequences(ask.facts(row)),
        matters=own_matters.of(row.institution_id),
        open_claims=open_claims.of_withdrawal(row, clock.today()),
        waiting=case.waiting_for(row),
    )


@withdrawals.post("/withdrawals/<int:key>/agree")
@permit(Permission.DECIDE_WITHDRAWAL)
def agree(key: int) -> ResponseReturnValue:
    act.agree(take("withdrawal", key), opinion=_opinion(), actor=g.actor, on=clock.today())
    return done("已同意，答复通知书已印发，到计划日期执行", url_for("withdrawals.show", key=key))


@withdrawals.post("/withdrawals/<int:key>/decline")
@permit(Permission.DECIDE_WITHDRAWAL)
def decline(key: int) -> ResponseReturnValue:
    act.decline(take("withdrawal", key), opinion=_opinion(), actor=g.actor, on=clock.today())
    return done("已答复不同意，协议继续履行", url_for("withdrawals.show", key=key))


@withdrawals.post("/withdrawals/<int:key>/void")
@permit(Permission.CARRY_OUT_WITHDRAWAL)
def void(key: int) -> ResponseReturnValue:
    act.give_up(take("withdrawal", key), reason=_opinion(), actor=g.actor, on=clock.today())
    return done("已登记不再执行", url_for("withdrawals.show", key=key))


def _opinion() -> str:
    form = AnswerForm()
    if not form.validate_on_submit():
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
    return form.opinion.data or ""
