"""信息变更 on the agency's side: the list, the difference beside its clock, and the decisions of two persons."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import amendment_effects
from actions import amendments as act
from blueprints import amendment_items as items
from blueprints import case, files
from blueprints.access import done, look, may, permit, take
from blueprints.sheets import sheet
from forms.applications import OpenForm
from forms.base import choices
from queries import amendments as ask
from queries import unfiled_changes
from queries.paging import Asked, asked
from rules import amendments as rule
from rules.lifecycle import AMENDMENT
from rules.permissions import Permission

amendments = Blueprint("amendments", __name__)
COLUMNS = ["申请编号", "机构名称", "类型", "变更事项", "状态", "提交日期", "是否按期"]
TABS = {
    "amendments.index": "变更申请",
    "unfiled_changes.index": "未申请变更",
    "change_notices.index": "书面告知",
}


def tabs(current: str) -> list[dict[str, Any]]:
    """The three lists of changes, one beside the other."""
    return [
        {"label": label, "href": url_for(endpoint), "current": endpoint == current}
        for endpoint, label in TABS.items()
    ]


@amendments.get("/amendments")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("变更申请", COLUMNS, [_cells(row) for row in rows])
    creates = {"label": "代机构填报", "href": url_for("amendments.new")}
    return render_template(
        "amendments/list.html",
        heading="信息变更",
        tabs=tabs("amendments.index"),
        filters=_filters(given),
        rows=rows,
        page=page,
        exportable=True,
        creates=creates if may("draft_amendment") else None,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.ListRow) -> list[Any]:
    state, late = row.state.text, row.late.text
    return [row.number, row.institution, row.kind_label, row.labels, state, row.filed_on, late]


def _filters(given: Asked) -> list[dict[str, Any]]:
    counts = ask.state_counts(g.actor)
    states = [
        (word, f"{state.label} {counts.get(word, 0)}") for word, state in AMENDMENT.states.items()
    ]
    labels = {one.field: one.label for one in rule.listed(clock.today(), None)}
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q,
         "placeholder": "机构/曾用名/编号/拼音"},
        {"name": "state", "label": "状态", "type": "select", "value": given.word("state"), "options": states},
        {"name": "field", "label": "变更事项", "type": "select", "value": given.word("field"),
         "options": list(labels.items())},
        {"name": "late", "label": "是否按期", "type": "select", "value": given.word("late"),
         "options": [("1", "逾期提出")]},
        files.kind_filter(given.word("kind")),
    ]  # fmt: skip


@amendments.route("/amendments/new", methods=["GET", "POST"])
@permit(Permission.DRAFT_AMENDMENT)
def new() -> ResponseReturnValue:
    form = OpenForm()
    form.institution_id.choices = choices(
        (row.id, f"{row.name}（{row.code or '未赋码'}）") for row in ask.changers(g.actor)
    )
    form.institution_id.label.text = "变更的机构"
    if form.validate_on_submit():
        institution = take("institution", form.institution_id.data)
        row = act.open_draft(institution, actor=g.actor, on=clock.today())
        return done(f"已建立变更申请 {row.number}", url_for("amendments.show", key=row.id))
    crumbs = case.crumbs("信息变更", "amendments.index", "代机构填报")
    page = render_template("amendments/new.html", form=form, crumbs_items=crumbs)
    return page, 400 if form.errors else 200


@amendments.get("/amendments/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row, on = look("amendment", key), clock.today()
    hits = ask.hits(row, on)
    return render_template(
        "amendments/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("信息变更", "amendments.index", row.number),
        lines=ask.lines(row, on),
        put=ask.open_choices(row, on),
        hits=hits,
        undecided=[key for key in hits if key not in row.allowed_bans],
        findings=[
            one for one in unfiled_changes.of_institution(row.institution_id) if one.amendment_id == row.id
        ],
        waiting=case.waiting_for(row),
    )  # fmt: skip


@amendments.route("/amendments/<int:key>/items/<field>", methods=["GET", "POST"])
@permit(Permission.SUBMIT_AMENDMENT)
def item(key: int, field: str) -> ResponseReturnValue:
    back = url_for("amendments.show", key=key)
    return items.page(key, field, back, "amendments/item.html")


@amendments.post("/amendments/<int:key>/items/<field>/drop")
@permit(Permission.SUBMIT_AMENDMENT)
def drop(key: int, field: str) -> ResponseReturnValue:
    return items.drop(key, field, url_for("amendments.show", key=key))


@amendments.get("/amendments/<int:key>/items/<field>/file")
@permit(Permission.VIEW_BUSINESS)
def file(key: int, field: str) -> ResponseReturnValue:
    return items.file(look("amendment", key), field)


@amendments.get("/amendments/<int:key>/preview.pdf")
@permit(Permission.APPROVE_AMENDMENT)
def preview(key: int) -> ResponseReturnValue:
    """The confirmation before it is decided; nothing is numbered or stored by looking."""
    row = look("amendment", key)
    if row.state != "checked":
        abort(404)
    content = amendment_effects.preview(row, actor=g.actor, on=clock.today())
    return files.send(content, f"{row.number}（预览）.pdf", "application/pdf", inline=True)


@amendments.post("/amendments/<int:key>/submit")
@permit(Permission.SUBMIT_AMENDMENT)
def submit(key: int) -> ResponseReturnValue:
    row = take("amendment", key)
    act.submit(row, actor=g.actor, on=clock.today())
    return done(f"变更申请 {row.number} 已提交", _page(key))


@amendments.post("/amendments/<int:key>/withdraw")
@permit(Permission.WITHDRAW_AMENDMENT)
def withdraw(key: int) -> ResponseReturnValue:
    row = take("amendment", key)
    act.withdraw(row, actor=g.actor, on=clock.today())
    return done(f"变更申请 {row.number} 已撤回", _page(key))


@amendments.post("/amendments/<int:key>/check")
@permit(Permission.CHECK_AMENDMENT)
def check(key: int) -> ResponseReturnValue:
    act.check(take("amendment", key), opinion=_text(), actor=g.actor, on=clock.today())
    return done("审核通过，等待复核", _page(key))


@amendments.post("/amendments/<int:key>/send-back")
@permit(Permission.CHECK_AMENDMENT)
def send_back(key: int) -> ResponseReturnValue:
    act.send_back(take("amendment", key), reason=_text(), actor=g.actor, on=clock.today())
    return done("已退回补正", _page(key))


@amendments.post("/amendments/<int:key>/hand-back")
@permit(Permission.APPROVE_AMENDMENT)
def hand_back(key: int) -> ResponseReturnValue:
    act.hand_back(take("amendment", key), reason=_text(), actor=g.actor, on=clock.today())
    return done("已退回经办", _page(key))


@amendments.post("/amendments/<int:key>/approve")
@permit(Permission.APPROVE_AMENDMENT)
def approve(key: int) -> ResponseReturnValue:
    act.approve(take("amendment", key), opinion=_text(), actor=g.actor, on=clock.today())
    return done("变更已批准，机构档案已按期间更新，确认书已印发", _page(key))


@amendments.post("/amendments/<int:key>/refuse")
@permit(Permission.APPROVE_AMENDMENT)
def refuse(key: int) -> ResponseReturnValue:
    act.refuse(take("amendment", key), reason=_text(), actor=g.actor, on=clock.today())
    return done("已决定不予变更", _page(key))


@amendments.post("/amendments/<int:key>/escalate")
@permit(Permission.APPROVE_AMENDMENT)
def escalate(key: int) -> ResponseReturnValue:
    act.escalate(take("amendment", key), reason=_text(), actor=g.actor, on=clock.today())
    return done("已提请领导书面决定", _page(key))


@amendments.post("/amendments/<int:key>/allow")
@permit(Permission.DECIDE_AMENDMENT)
def allow(key: int) -> ResponseReturnValue:
    act.allow(take("amendment", key), text=_text(), actor=g.actor, on=clock.today())
    return done("已书面决定准予，由复核人员批准", _page(key))


@amendments.post("/amendments/<int:key>/deny")
@permit(Permission.DECIDE_AMENDMENT)
def deny(key: int) -> ResponseReturnValue:
    act.deny(take("amendment", key), text=_text(), actor=g.actor, on=clock.today())
    return done("已决定不予变更", _page(key))


def _text() -> str:
    return request.form.get("opinion", "")[:1000]


def _page(key: int) -> str:
    return url_for("amendments.show", key=key)
