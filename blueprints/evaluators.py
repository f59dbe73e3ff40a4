"""评估人员库: who may be called, for which specialty, tied to which institutions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import evaluators as act
from blueprints import case
from blueprints.access import done, permit, take
from blueprints.sheets import sheet
from forms import evaluations as counter
from forms.base import choices
from queries import evaluators as ask
from queries.paging import Asked, asked
from rules import evaluation as rule
from rules.kinds import MEDICAL
from rules.permissions import Permission
from rules.recusal import TieNature
from rules.refusal import Refused

evaluators = Blueprint("evaluators", __name__)
COLUMNS = ["姓名", "岗位", "专业", "所在单位", "状态", "入库日期", "退出日期", "参加次数", "在办"]


@evaluators.get("/evaluators")
@permit(Permission.FORM_TEAM)
def index() -> ResponseReturnValue:
    given, labels = asked(request.args), _labels()
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("评估人员库", COLUMNS, [_cells(row, labels) for row in rows])
    return render_template(
        "evaluators/list.html",
        heading="评估人员库",
        filters=_filters(given, labels),
        rows=rows,
        page=page,
        specialties=labels,
        exportable=True,
        form=_join_form(labels),
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _labels() -> dict[str, str]:
    """The specialties are the same for both families."""
    return rule.specialty_labels(MEDICAL, on=clock.today())


def _cells(row: ask.PoolRow, labels: dict[str, str]) -> list[Any]:
    one = row.evaluator
    state = "在库" if one.active else "已退出"
    known = [one.user.name, one.user.role.label, labels[one.specialty], one.organisation, state]
    return [*known, one.joined_on, one.left_on, row.sat, row.open]


def _filters(given: Asked, labels: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "姓名/单位"},
        {"name": "specialty", "label": "专业", "type": "select", "value": given.word("specialty"),
         "options": list(labels.items())},
        {"name": "active", "label": "状态", "type": "select", "value": given.word("active"),
         "options": [("yes", "在库"), ("no", "已退出")]},
    ]  # fmt: skip


def _join_form(labels: dict[str, str]) -> Any:
    form = counter.JoinForm()
    form.user_id.choices = choices(
        (user.id, f"{user.name}（{user.role.label}）") for user in ask.joinable(g.actor)
    )
    form.specialty.choices = choices(labels.items())
    return form


@evaluators.post("/evaluators")
@permit(Permission.FORM_TEAM)
def join() -> ResponseReturnValue:
    form = _join_form(_labels())
    if not form.validate_on_submit():
        raise Refused(counter.faults(form) or "请选择人员和专业。")
    user = take("account", form.user_id.data)
    act.join(
        user,
        form.specialty.data,
        organisation=form.organisation.data or "",
        id_number=form.id_number.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"{user.name}已进入评估人员库", url_for("evaluators.index"))


def _found(key: int, *, lock: bool = False) -> Any:
    return ask.one(key, g.actor, lock=lock) or abort(404)


@evaluators.get("/evaluators/<int:key>")
@permit(Permission.FORM_TEAM)
def show(key: int) -> ResponseReturnValue:
    row = _found(key)
    form = counter.TieForm()
    form.institution_id.choices = _places()
    return render_template(
        "evaluators/show.html",
        row=row,
        specialties=_labels(),
        form=form,
        crumbs_items=case.crumbs("评估人员库", "evaluators.index", row.user.name),
    )


def _places() -> Any:
    return choices((place.id, place.name) for place in ask.institutions(g.actor))


@evaluators.post("/evaluators/<int:key>/leave")
@permit(Permission.FORM_TEAM)
def leave(key: int) -> ResponseReturnValue:
    row = _found(key, lock=True)
    act.leave(row, actor=g.actor, on=clock.today())
    return done(f"{row.user.name}已退出评估人员库", url_for("evaluators.index"))


@evaluators.post("/evaluators/<int:key>/ties")
@permit(Permission.FORM_TEAM)
def tie(key: int) -> ResponseReturnValue:
    row, form = _found(key, lock=True), counter.TieForm()
    form.institution_id.choices = _places()
    if not form.validate_on_submit():
        raise Refused(counter.faults(form) or "请选择机构和关系。")
    place = take("institution", form.institution_id.data)
    act.tie(
        row,
        place,
        TieNature(form.nature.data),
        note=form.note.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return done("利害关系已登记，组建评估组时自动回避", url_for("evaluators.show", key=key))
