"""跨区通报, received: list, registration, page, following it or setting it aside."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import region_receipts as act
from blueprints import case
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.indications import ReasonForm
from forms.region_notices import ReceiptForm
from queries import region_notices as ask
from queries.paging import asked
from rules import measures
from rules.lifecycle import REGION_NOTICE
from rules.permissions import Permission
from rules.refusal import Refused

region_notices = Blueprint("region_notices", __name__)
COLUMNS = ["编号", "机构名称", "来函文号", "来函机构", "对方处理", "决定日期", "收函日期", "状态"]
STATES = [(word, state.label) for word, state in REGION_NOTICE.states.items()]


@region_notices.get("/region-notices")
@permit(Permission.VIEW_CASES)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("跨区通报", COLUMNS, [_cells(row) for row in rows])
    search = {"name": "q", "label": "关键字", "type": "text", "value": given.q}
    state = {"name": "state", "label": "状态", "type": "select", "value": given.word("state")}
    return render_template(
        "region_notices/list.html",
        heading="跨区通报",
        filters=[search | {"placeholder": "机构/文号"}, state | {"options": STATES}],
        rows=[(row, ask.badge(row)) for row in rows],
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: Any) -> list[Any]:
    return [
        row.number,
        row.institution.name,
        row.letter_number,
        row.agency,
        row.measure.label,
        row.decided_on,
        row.received_on,
        ask.badge(row).text,
    ]


@region_notices.route("/region-notices/new", methods=["GET", "POST"])
@permit(Permission.RECEIVE_REGION_NOTICE)
def new() -> ResponseReturnValue:
    key, form = request.args.get("agreement", type=int), ReceiptForm()
    if key is None:
        raise Refused("请先选择协议。", cure="从服务协议的页面登记跨区通报。")
    form.measure.choices = list(measures.WORDS.items())
    if form.validate_on_submit():
        letter = act.Received(
            letter_number=form.letter_number.data or "",
            agency=form.agency.data or "",
            measure=form.measure.data,
            ground_text=form.ground_text.data or "",
            decided_on=form.decided_on.data or clock.today(),
            received_on=form.received_on.data or clock.today(),
        )
        row = act.receive(take("agreement", key), letter, actor=g.actor, on=clock.today())
        return done(f"已登记跨区通报 {row.number}", url_for("region_notices.show", key=row.id))
    crumbs = case.crumbs("跨区通报", "region_notices.index", "登记跨区通报")
    context = {"agreement": look("agreement", key), "form": form, "crumbs_items": crumbs}
    return render_template("region_notices/new.html", **context), 400 if form.errors else 200


@region_notices.get("/region-notices/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row = look("region_notice", key)
    return render_template(
        "region_notices/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("跨区通报", "region_notices.index", row.number),
        basis=measures.cross_region_basis(clock.today(), row.institution.kind.family),
        waiting=case.waiting_for(row),
    )


@region_notices.post("/region-notices/<int:key>/follow")
@permit(Permission.REGISTER_CASE)
def follow(key: int) -> ResponseReturnValue:
    violation = act.follow(take("region_notice", key), actor=g.actor, on=clock.today())
    return done(
        f"已按跨区通报登记案件 {violation.number}，等待复核",
        url_for("violations.show", key=violation.id),
    )


@region_notices.post("/region-notices/<int:key>/set-aside")
@permit(Permission.SET_ASIDE_INDICATION)
def set_aside(key: int) -> ResponseReturnValue:
    row, form = take("region_notice", key), ReasonForm()
    if not form.validate_on_submit():
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
    act.set_aside(row, reason=form.reason.data or "", actor=g.actor, on=clock.today())
    return done("已登记不同时处理", url_for("region_notices.show", key=key))
