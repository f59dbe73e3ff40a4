"""续签建议, 质量保证金返还建议, 抽查比例建议: read from grades, adopted or refused by the leader."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import proposals as act
from blueprints import case, lists, typed
from blueprints.access import done, look, permit, take
from forms.cycles import RefusalForm
from queries import proposals as ask
from queries import timeline
from queries.paging import asked
from rules.permissions import Permission
from rules.refusal import Refused

proposals = Blueprint("proposals", __name__)
COLUMNS = [
    "机构名称", "医保编码", "类型", "评价周期", "等级", "得分", "建议", "状态", "理由", "依据", "可信程度",
]  # fmt: skip
TOLD = 5  # outcomes told one by one
PAGES = {
    "renewal": "proposals.renewals",
    "retention_release": "proposals.retention",
    "inspection_ratio": "proposals.inspection",
    "budget_factor": "proposals.budget",
    "prepayment": "proposals.prepayment",
}


@proposals.get("/proposals/renewals")
@permit(Permission.VIEW_BUSINESS)
def renewals() -> ResponseReturnValue:
    return _list("renewal")


@proposals.get("/proposals/retention")
@permit(Permission.VIEW_BUSINESS)
def retention() -> ResponseReturnValue:
    return _list("retention_release")


@proposals.get("/proposals/inspection")
@permit(Permission.VIEW_BUSINESS)
def inspection() -> ResponseReturnValue:
    return _list("inspection_ratio")


@proposals.get("/proposals/budget")
@permit(Permission.VIEW_BUSINESS)
def budget() -> ResponseReturnValue:
    return _list("budget_factor")


@proposals.get("/proposals/prepayment")
@permit(Permission.VIEW_BUSINESS)
def prepayment() -> ResponseReturnValue:
    return _list("prepayment")


def _list(use: str) -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, use, given)
    chosen = (("state", "状态", ask.STATES), ("cycle", "评价周期", ask.cycle_choices(g.actor)))
    return lists.answer(
        "proposals/list.html",
        ask.USES[use],
        given,
        rows,
        page,
        cells=map(_cells, rows),
        head=COLUMNS,
        tabs=[{"label": label, "href": url_for(PAGES[key]), "current": key == use} for key, label in ask.USES.items()],
        filters=lists.filters(given, "机构/编码/拼音", *chosen, lists.KIND),
        adopt=[{"label": "采用所选建议", "href": url_for("proposals.adopt_many", use=use), "primary": True}],
    )  # fmt: skip


def _cells(row: ask.ProposalRow) -> list[Any]:
    who, one = row.institution, row.proposal
    known = [who.name, who.code, who.kind.label, row.cycle.name, row.grade_label, row.score]
    return [*known, one.label, row.state.label, one.reason, one.basis, row.trust]


@proposals.get("/proposals/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    proposal = look("proposal", key)
    return render_template(
        "proposals/show.html",
        row=ask.row(proposal),
        proposal=proposal,
        use=ask.USES.get(proposal.use, proposal.use),
        identity=case.identity(proposal.institution),
        events=timeline.of([("proposal", key), ("cycle", proposal.rating.cycle_id)]),
        crumbs_items=_crumbs(proposal),
    )


def _crumbs(proposal: Any) -> list[dict[str, str]]:
    label = ask.USES.get(proposal.use, proposal.use)
    return case.crumbs(label, PAGES.get(proposal.use, PAGES["renewal"]), proposal.institution.name)


@proposals.post("/proposals/<int:key>/adopt")
@permit(Permission.DECIDE_PROPOSAL)
def adopt(key: int) -> ResponseReturnValue:
    proposal = take("proposal", key)
    act.decide(proposal, "adopt", actor=g.actor, on=clock.today())
    return done("建议已采用", url_for("proposals.show", key=key))


@proposals.post("/proposals/<int:key>/refuse")
@permit(Permission.DECIDE_PROPOSAL)
def refuse(key: int) -> ResponseReturnValue:
    proposal = take("proposal", key)
    form: Any = RefusalForm()
    if not form.validate_on_submit():
        raise Refused("；".join(map(str, form.reason.errors)) or "表单内容无法识别。")
    act.decide(proposal, "refuse", actor=g.actor, on=clock.today(), reason=form.reason.data)
    return done("已记录不采用的理由", url_for("proposals.show", key=key))


@proposals.post("/proposals/adopt/<use>")
@permit(Permission.DECIDE_PROPOSAL)
def adopt_many(use: str) -> ResponseReturnValue:
    """Each of the ticked ones by itself: one that is decided already is told of and does not hold up the rest."""
    if use not in PAGES:
        abort(404)
    keys = sorted(set(typed.keys(request.form.getlist("id"))))
    if not keys:
        raise Refused("没有勾选任何建议。", cure="请先勾选要采用的建议。")
    failed = act.adopt_each(
        [take("proposal", key) for key in keys], actor=g.actor, on=clock.today()
    )
    if len(failed) == len(keys):
        raise Refused("所选建议都没有采用：" + "；".join(failed[:TOLD]), cure="请刷新后重新勾选。")
    told = f"，{len(failed)} 条没有采用：{'；'.join(failed[:TOLD])}" if failed else ""
    return done(f"已采用 {len(keys) - len(failed)} 条建议{told}", url_for(PAGES[use]))
