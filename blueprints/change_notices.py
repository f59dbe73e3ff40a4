"""书面告知: changes outside the list, told by institutions or taken down by a clerk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import change_notices as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.amendments import tabs
from blueprints.sheets import sheet
from forms.amendments import NoticeForm
from queries import change_notices as ask
from queries.paging import asked
from rules.lifecycle import CHANGE_NOTICE
from rules.permissions import Permission

change_notices = Blueprint("change_notices", __name__)
COLUMNS = ["告知编号", "机构名称", "类型", "变更事项", "变更日期", "告知日期", "状态"]


@change_notices.get("/amendments/notices")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("变更书面告知", COLUMNS, [_cells(row) for row in rows])
    states = [(word, state.label) for word, state in CHANGE_NOTICE.states.items()]
    filters: list[dict[str, Any]] = [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/编号"},
        {"name": "state", "label": "状态", "type": "select", "value": given.word("state"), "options": states},
        files.kind_filter(given.word("kind")),
    ]  # fmt: skip
    return render_template(
        "change_notices/list.html",
        heading="信息变更",
        tabs=tabs("change_notices.index"),
        filters=filters,
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.ListRow) -> list[Any]:
    return [
        row.number, row.institution, row.kind_label, row.matter, row.changed_on, row.told_on, row.state.text,
    ]  # fmt: skip


@change_notices.route("/institutions/<int:key>/change-notices", methods=["GET", "POST"])
@permit(Permission.TELL_CHANGE)
def new(key: int) -> ResponseReturnValue:
    """A clerk takes down what came on paper."""
    institution, form = look("institution", key), NoticeForm()
    if form.validate_on_submit() and form.changed_on.data:
        row = act.tell(
            take("institution", key), matter=form.matter.data or "", text=form.text.data or "",
            changed_on=form.changed_on.data, actor=g.actor, on=clock.today(),
        )  # fmt: skip
        return done(f"已记录告知 {row.number}", url_for("change_notices.show", key=row.id))
    crumbs = case.crumbs("书面告知", "change_notices.index", "记录书面告知")
    page = render_template(
        "change_notices/new.html", form=form, institution=institution, crumbs_items=crumbs
    )
    return page, 400 if form.errors else 200


@change_notices.get("/amendments/notices/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("change_notice", key)
    return render_template(
        "change_notices/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("书面告知", "change_notices.index", row.number),
        waiting=case.waiting_for(row),
    )


@change_notices.post("/amendments/notices/<int:key>/acknowledge")
@permit(Permission.ACKNOWLEDGE_NOTICE)
def acknowledge(key: int) -> ResponseReturnValue:
    remark = request.form.get("opinion", "")[:1000]
    act.acknowledge(take("change_notice", key), remark=remark, actor=g.actor, on=clock.today())
    return done("告知事项已登记在案", url_for("change_notices.show", key=key))
