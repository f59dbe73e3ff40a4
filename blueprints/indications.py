"""疑似情形: the list of what points to a ground, noting one by hand, setting one aside."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import indications as act
from blueprints import case
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.indications import NoteForm, ReasonForm
from queries import indications as ask
from queries.paging import asked
from rules import measures
from rules.lifecycle import INDICATION
from rules.permissions import Permission
from rules.refusal import Refused

indications = Blueprint("indications", __name__)
COLUMNS = ["编号", "机构名称", "类型", "指向的情形", "依据", "事实", "发现日期", "状态"]
STATES = [(word, state.label) for word, state in INDICATION.states.items()]


@indications.get("/indications")
@permit(Permission.VIEW_CASES)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("疑似情形", COLUMNS, [_cells(row) for row in rows])
    search = {"name": "q", "label": "关键字", "type": "text", "value": given.q}
    state = {"name": "state", "label": "状态", "type": "select", "value": given.word("state")}
    return render_template(
        "indications/list.html",
        heading="疑似情形",
        filters=[search | {"placeholder": "机构/编号/拼音"}, state | {"options": STATES}],
        rows=[(row, ask.badge(row)) for row in rows],
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: Any) -> list[Any]:
    institution = row.institution
    return [
        row.number,
        institution.name,
        institution.kind.label,
        row.ground_text,
        row.basis,
        row.facts_text,
        row.found_on,
        ask.badge(row).text,
    ]


@indications.route("/indications/new", methods=["GET", "POST"])
@permit(Permission.NOTE_INDICATION)
def new() -> ResponseReturnValue:
    key, on = request.args.get("agreement", type=int), clock.today()
    if key is None:
        raise Refused("请先选择协议。", cure="从服务协议的页面登记疑似情形。")
    agreement, form = look("agreement", key), NoteForm(found_on=on)
    rows = measures.grounds(measures.TERMINATE, on, agreement.institution.kind.family)
    form.ground.choices = [(row.key, f"{row.article}　{row.label}") for row in rows]
    if form.validate_on_submit():
        row = act.note(
            take("agreement", key),
            ground=form.ground.data,
            facts_text=form.facts_text.data or "",
            found_on=form.found_on.data or on,
            actor=g.actor,
            on=on,
        )
        return done(f"已登记疑似情形 {row.number}", url_for("indications.show", key=row.id))
    crumbs = case.crumbs("疑似情形", "indications.index", "登记疑似情形")
    context = {"agreement": agreement, "form": form, "crumbs_items": crumbs}
    return render_template("indications/new.html", **context), 400 if form.errors else 200


@indications.get("/indications/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row = look("indication", key)
    return render_template(
        "indications/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("疑似情形", "indications.index", row.number),
        waiting=case.waiting_for(row),
    )


@indications.post("/indications/<int:key>/set-aside")
@permit(Permission.SET_ASIDE_INDICATION)
def set_aside(key: int) -> ResponseReturnValue:
    row, form = take("indication", key), ReasonForm()
    if not form.validate_on_submit():
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
    act.set_aside(row, reason=form.reason.data or "", actor=g.actor, on=clock.today())
    return done("已登记不予立案", url_for("indications.show", key=key))
