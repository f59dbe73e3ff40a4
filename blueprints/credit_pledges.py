"""信用承诺: who signed what, and breaches noted by one and confirmed by another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import credit_pledges as act
from blueprints import case, lists
from blueprints.access import done, look, permit, take
from blueprints.typed import valid
from forms import blacklistings as counter
from queries import credit_pledges as ask
from queries.paging import asked
from rules import credit_pledges as rule
from rules.permissions import Permission

credit_pledges = Blueprint("credit_pledges", __name__)
COLUMNS = [
    "编号",
    "机构名称",
    "类型",
    "承诺书",
    "签署人",
    "签署日期",
    "状态",
    "违背承诺的事实",
    "认定日期",
]


@credit_pledges.get("/pledges")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = ask.page(g.actor, given)
    return lists.answer(
        "credit_pledges/list.html",
        "信用承诺",
        given,
        [(row, rule.by_key(row.text_key, on).label, ask.badge(row)) for row in rows],
        page,
        cells=(_cells(row, on) for row in rows),
        head=COLUMNS,
        filters=lists.filters(given, "机构/编号", ("state", "状态", ask.STATES), lists.KIND),
    )


def _cells(row: Any, on: Any) -> list[Any]:
    text = rule.by_key(row.text_key, on).label
    place = row.institution
    known = [row.number, place.name, place.kind.label, text, row.signer, row.signed_on]
    return [*known, ask.badge(row).text, row.breach_text, row.confirmed_on]


@credit_pledges.route("/institutions/<int:key>/pledge", methods=["GET", "POST"])
@permit(Permission.SIGN_PLEDGE)
def new(key: int) -> ResponseReturnValue:
    """A pledge signed on paper, put on record by a clerk."""
    place, on = look("institution", key), clock.today()
    form: Any = counter.SignForm()
    if form.validate_on_submit():
        row = act.sign(
            take("institution", key), signer=form.signer.data, signed_on=form.signed_on.data, actor=g.actor, on=on
        )  # fmt: skip
        return done(f"信用承诺书 {row.number} 已登记", url_for("credit_pledges.show", key=row.id))
    page = render_template(
        "credit_pledges/new.html",
        form=form,
        place=place,
        text=rule.text(place.kind.family, on),
        crumbs_items=case.crumbs("信用承诺", "credit_pledges.index", f"{place.name} 登记"),
    )
    return page, 400 if form.errors else 200


@credit_pledges.get("/pledges/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("credit_pledge", key)
    return render_template(
        "credit_pledges/show.html",
        **case.frame(row),
        text=rule.by_key(row.text_key, clock.today()),
        crumbs_items=case.crumbs("信用承诺", "credit_pledges.index", row.number),
        waiting=case.waiting_for(row),
    )


@credit_pledges.post("/pledges/<int:key>/allege")
@permit(Permission.ALLEGE_BREACH)
def allege(key: int) -> ResponseReturnValue:
    row, form = take("credit_pledge", key), valid(counter.BreachForm())
    act.allege(
        row, facts_text=form.facts_text.data, found_on=form.found_on.data,
        evidence=form.evidence.data or "", actor=g.actor, on=clock.today(),
    )  # fmt: skip
    return done("已登记，等待复核", url_for("credit_pledges.show", key=key))


@credit_pledges.post("/pledges/<int:key>/confirm")
@permit(Permission.CONFIRM_BREACH)
def confirm(key: int) -> ResponseReturnValue:
    act.confirm(take("credit_pledge", key), actor=g.actor, on=clock.today())
    return done("已认定违背承诺，计入信用事实", url_for("credit_pledges.show", key=key))


@credit_pledges.post("/pledges/<int:key>/dismiss")
@permit(Permission.CONFIRM_BREACH)
def dismiss(key: int) -> ResponseReturnValue:
    reason = valid(counter.ReasonForm()).reason.data
    act.dismiss(take("credit_pledge", key), reason=reason, actor=g.actor, on=clock.today())
    return done("不予认定，承诺继续有效", url_for("credit_pledges.show", key=key))
