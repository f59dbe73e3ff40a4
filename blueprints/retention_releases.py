"""质量保证金: the ledger of what is retained, year by year, and what is given back of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import retention_releases as act
from blueprints import case
from blueprints.access import done, look, permit
from blueprints.money_doors import held
from blueprints.typed import valid
from blueprints.year_lists import money, year_list
from forms import year as counter
from queries import proposals
from queries import retention_releases as ask
from queries.paging import asked
from rules import retention
from rules.lifecycle import RETENTION_RELEASE
from rules.permissions import Permission
from rules.retention import Way

retention_releases = Blueprint("retention_releases", __name__)
COLUMNS = [
    "机构名称", "年度", "协议编号", "预留比例", "预留（元）", "已返还（元）", "已扣除（元）", "余额（元）", "办理",
]  # fmt: skip


@retention_releases.get("/retention")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    return year_list(
        "质量保证金", COLUMNS, [_cells(row) for row in rows], page, given, RETENTION_RELEASE, ask.years(g.actor),
        nothing="还没有预留质量保证金。结算单生成时按协议预留，在这里按年度列出。",
    )  # fmt: skip


def _cells(row: ask.Held) -> list[Any]:
    state = RETENTION_RELEASE.states[row.case.state] if row.case else None
    return [
        {"text": row.institution.name, "href": _page(row.agreement.id, row.year)},
        row.year, row.agreement.number, f"{row.rate}%", money(row.withheld), money(row.released), money(row.kept),
        money(row.held),
        {"text": state.label if state else "未办理", "light": state.light if state else "na"},
    ]  # fmt: skip


def _page(agreement: int, year: int) -> str:
    return url_for("retention_releases.year", key=agreement, year=year)


@retention_releases.get("/retention/<int:key>/<int:year>")
@permit(Permission.VIEW_BUSINESS)
def year(key: int, year: int) -> ResponseReturnValue:
    """One agreement in one year: every movement, the case, and where a release is proposed."""
    agreement, on = look("agreement", key), clock.today()
    held = next((one for one in ask.of_agreement(key) if one.year == year), None) or abort(404)
    shown = RETENTION_RELEASE.states[held.case.state] if held.case else None
    return render_template(
        "year/retention.html",
        agreement=agreement,
        held=held,
        state=shown,
        states=RETENTION_RELEASE.states,
        movements=ask.movements(key, year),
        others=[one for one in ask.of_agreement(key) if one.year != year],
        form=_form(on),
        suggested=proposals.in_force(agreement.institution_id, "retention_release", on=on),
        identity=case.identity(agreement.institution, agreement.number, "协议编号"),
        over=on.year > year,
        crumbs_items=case.crumbs("质量保证金", "retention_releases.index", f"{year}年度"),
    )


def _form(on: Any) -> Any:
    return counter.RetentionForm().offer([(row.key, row.label) for row in retention.ladders(on)])


@retention_releases.post("/retention/<int:key>/<int:year>/releases")
@permit(Permission.PROPOSE_RETENTION)
def propose(key: int, year: int) -> ResponseReturnValue:
    agreement, on = held("agreement", key), clock.today()
    form = valid(_form(on))
    plan = act.Plan(
        way=Way(form.way.data),
        ladder=form.ladder.data or "",
        score=form.score.number,
        score_source=form.score_source.data or "",
        judged=form.judged.number,
        reason=form.reason.data or "",
    )
    row = act.propose(agreement, year, plan, actor=g.actor, on=on)
    return done(f"{row.number} 已拟定，等待审批", url_for("retention_releases.show", key=row.id))


@retention_releases.get("/retention/releases/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("retention_release", key)
    return render_template(
        "year/retention_release.html",
        **case.frame(row),
        ground=ask.ground(row),
        percent=retention.said(Decimal(row.percent) / act.HUNDREDTHS),
        crumbs_items=case.crumbs("质量保证金", "retention_releases.index", row.number),
        waiting=case.waiting_for(row),
    )


@retention_releases.post("/retention/releases/<int:key>/decide")
@permit(Permission.DECIDE_RETENTION)
def decide(key: int) -> ResponseReturnValue:
    row = held("retention_release", key)
    letter = act.decide(row, actor=g.actor, on=clock.today())
    return done(f"已决定，印发 {letter.number}", url_for("retention_releases.show", key=key))


@retention_releases.post("/retention/releases/<int:key>/drop")
@permit(Permission.DECIDE_RETENTION)
def drop(key: int) -> ResponseReturnValue:
    row, form = held("retention_release", key), valid(counter.TextForm())
    act.drop(row, reason=form.text.data, actor=g.actor, on=clock.today())
    return done("已退回返还意见", url_for("retention_releases.show", key=key))


@retention_releases.post("/retention/releases/<int:key>/payment")
@permit(Permission.RELEASE_RETENTION)
def pay(key: int) -> ResponseReturnValue:
    row, form = held("retention_release", key), valid(counter.VoucherForm())
    act.pay(row, voucher=form.voucher.data, actor=g.actor, on=clock.today())
    return done("已登记拨付", url_for("retention_releases.show", key=key))
