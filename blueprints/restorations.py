"""记分修复: the list, asking for it at the counter, and the second person who looks at the proof."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import restorations as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.appeals import one_file
from blueprints.points_lists import points_list
from forms.points import ReasonForm, RestorationForm
from queries import appeals as ask
from queries import points_outlook, practitioners
from queries.paging import asked
from rules.lifecycle import RESTORATION
from rules.permissions import Permission

restorations = Blueprint("restorations", __name__)
COLUMNS = ["修复编号", "姓名", "人员编码", "机构名称", "活动", "参加日期", "减除分值", "状态"]


@restorations.get("/restorations")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.restorations_page(g.actor, given)
    cells = [
        [row.number, row.practitioner.name, row.practitioner.code, row.institution.name, row.activity_text,
         row.took_part_on, row.points, RESTORATION.states[row.state].label]
        for row in rows
    ]  # fmt: skip
    return points_list(
        "记分修复", COLUMNS, rows, cells, page, given, RESTORATION, "restorations.show"
    )


@restorations.route("/practitioners/<int:key>/restoration", methods=["GET", "POST"])
@permit(Permission.REQUEST_RESTORATION)
def new(key: int) -> ResponseReturnValue:
    person = practitioners.find(key, g.actor) or abort(404)
    places = [
        (place.id, place.name)
        for place in practitioners.sites(key, clock.today())
        if place.pooling_region == g.actor.pooling_region
    ]
    form: Any = RestorationForm()
    form.offer(places, clock.today())
    if form.validate_on_submit():
        place = look("institution", form.institution_id.data)
        row = act.request(
            person, place, activity_of(form), upload=one_file(form.file), actor=g.actor, on=clock.today()
        )  # fmt: skip
        return done(f"修复申请 {row.number} 已登记", url_for("restorations.show", key=row.id))
    page = render_template(
        "restorations/new.html",
        person=person,
        places=places,
        room=points_outlook.room(person, clock.today()),
        form=form,
        crumbs_items=case.crumbs("记分修复", "restorations.index", "登记修复申请"),
    )
    return page, 400 if form.errors else 200


def activity_of(form: Any) -> act.Activity:
    return act.Activity(
        form.activity.data, form.organiser.data, form.took_part_on.data, form.remark.data or ""
    )


@restorations.get("/restorations/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("restoration", key)
    return render_template(
        "restorations/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("记分修复", "restorations.index", row.number),
        person=row.practitioner,
        room=points_outlook.room(row.practitioner, clock.today()),
        waiting=case.waiting_for(row),
    )


@restorations.get("/restorations/<int:key>/file")
@permit(Permission.VIEW_BUSINESS)
def paper(key: int) -> ResponseReturnValue:
    return files.handed_in(look("restoration", key))


@restorations.post("/restorations/<int:key>/confirm")
@permit(Permission.CONFIRM_RESTORATION)
def confirm(key: int) -> ResponseReturnValue:
    row = take("restoration", key)
    act.confirm(row, actor=g.actor, on=clock.today())
    return done(
        f"已减除 {row.points} 分，{row.year} 年累计 {row.total_after} 分",
        url_for("restorations.show", key=key),
    )


@restorations.post("/restorations/<int:key>/reject")
@permit(Permission.CONFIRM_RESTORATION)
def reject(key: int) -> ResponseReturnValue:
    row, form = take("restoration", key), ReasonForm()
    act.reject(row, reason=form.reason.data or "", actor=g.actor, on=clock.today())
    return done("已退回，不减除分值", url_for("restorations.show", key=key))
