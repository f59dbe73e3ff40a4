"""专项行动: campaigns, the results at each institution, and what was cleared."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import campaigns as act
from blueprints import case
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.renewals import CampaignForm, ClearForm, ResultForm
from queries import campaigns as ask
from queries.paging import Asked, asked
from rules.permissions import Permission
from rules.refusal import Refused

campaigns = Blueprint("campaigns", __name__)
COLUMNS = [
    "机构名称",
    "医保编码",
    "检查日期",
    "结果",
    "发现的问题",
    "清除期限",
    "清除日期",
    "核实凭证",
]


@campaigns.get("/campaigns")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    return render_template(
        "campaigns/list.html",
        heading="专项行动",
        rows=ask.lines(g.actor),
        printed={"by": g.actor.name, "at": clock.now()},
    )


@campaigns.route("/campaigns/new", methods=["GET", "POST"])
@permit(Permission.MANAGE_CAMPAIGN)
def new() -> ResponseReturnValue:
    form: Any = CampaignForm()
    if not form.validate_on_submit():
        crumbs = case.crumbs("专项行动", "campaigns.index", "开展专项行动")
        page = render_template("campaigns/new.html", form=form, crumbs_items=crumbs)
        return page, 400 if form.errors else 200
    plan = act.Plan(
        name=form.name.data,
        family=form.family.data,
        subject_text=form.subject_text.data,
        basis=form.basis.data or "",
        from_on=form.from_on.data,
        due_on=form.due_on.data,
    )
    campaign = act.open_campaign(plan, actor=g.actor, on=clock.today())
    return done(f"{campaign.name}已开展", url_for("campaigns.show", key=campaign.id))


@campaigns.get("/campaigns/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    return _page(look("campaign", key), ResultForm())


def _page(campaign: Any, form: Any) -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = ask.results(campaign, given, on=on)
    if given.word("format"):
        return sheet(campaign.name, COLUMNS, [_cells(row) for row in rows])
    shown = render_template(
        "campaigns/show.html",
        heading=campaign.name,
        campaign=campaign,
        form=form,
        filters=_filters(given),
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
        crumbs_items=case.crumbs("专项行动", "campaigns.index", campaign.name),
    )
    return shown, 400 if form.errors else 200


def _filters(given: Asked) -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/编码"},
        {"name": "state", "label": "结果", "type": "select", "value": given.word("state"), "options": ask.STATES},
    ]  # fmt: skip


def _cells(row: ask.ResultRow) -> list[Any]:
    who, one = row.institution, row.result
    known = [who.name, who.code, one.checked_on, row.word.label, one.found_text]
    return [*known, one.due_on, one.cleared_on, one.proof]


@campaigns.post("/campaigns/<int:key>/results")
@permit(Permission.MANAGE_CAMPAIGN)
def record(key: int) -> ResponseReturnValue:
    campaign, form = take("campaign", key), ResultForm()
    if not form.validate_on_submit():
        return _page(campaign, form)
    institution = ask.institution(g.actor, form.code.data or "")
    if institution is None:
        raise Refused(f"没有医保编码为“{form.code.data}”的机构。", cure="请核对编码。")
    act.record(
        campaign,
        institution,
        checked_on=form.checked_on.data or clock.today(),
        found_text=form.found_text.data or "",
        due_on=form.due_on.data,
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"{institution.name}的结果已登记", url_for("campaigns.show", key=key))


@campaigns.route("/campaigns/results/<int:key>/clear", methods=["GET", "POST"])
@permit(Permission.MANAGE_CAMPAIGN)
def clear(key: int) -> ResponseReturnValue:
    form = ClearForm()
    if form.validate_on_submit():
        result = take("campaign_result", key)
        day, proof = form.cleared_on.data or clock.today(), form.proof.data or ""
        act.clear(result, cleared_on=day, proof=proof, actor=g.actor, on=clock.today())
        return done("清除情况已登记", url_for("campaigns.show", key=result.campaign_id))
    result = look("campaign_result", key)
    if result.due_on is None or result.cleared_on is not None:
        abort(404)
    crumbs = case.crumbs("专项行动", "campaigns.index", result.campaign.name)
    page = render_template("campaigns/clear.html", result=result, form=form, crumbs_items=crumbs)
    return page, 400 if form.errors else 200
