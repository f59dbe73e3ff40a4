"""恢复支付资格申请: the list, asking at the counter, and the second person who answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

import clock
from actions import reinstatements as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.points_lists import points_list
from forms.points import AnswerForm, ReinstatementForm
from queries import institutions, practitioners
from queries import reinstatements as ask
from queries.paging import asked
from rules.lifecycle import REINSTATEMENT
from rules.permissions import Permission
from rules.refusal import Refused

reinstatements = Blueprint("reinstatements", __name__)
COLUMNS = ["恢复编号", "姓名", "人员编码", "申请机构", "措施", "申请日期", "恢复日期", "状态"]


@reinstatements.get("/reinstatements")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    cells = [
        [row.number, row.practitioner.name, row.practitioner.code, row.institution.name,
         row.measure.kind.label, row.requested_on, row.from_on or "", REINSTATEMENT.states[row.state].label]
        for row in rows
    ]  # fmt: skip
    return points_list(
        "恢复支付资格申请", COLUMNS, rows, cells, page, given, REINSTATEMENT, "reinstatements.show"
    )


@reinstatements.route("/practitioners/<int:key>/reinstatement", methods=["GET", "POST"])
@permit(Permission.REQUEST_REINSTATEMENT)
def new(key: int) -> ResponseReturnValue:
    person = practitioners.find(key, g.actor) or abort(404)
    form, possible = form_for(key)
    if form.validate_on_submit():
        found = institutions.by_code(form.place.data.strip())
        if found is None:
            raise Refused("没有这个编码的机构。", cure="请核对申请机构的编码。")
        row = asked_for(form, possible, look("institution", found.id))
        return done(
            f"恢复申请 {row.number} 已登记，等待审核", url_for("reinstatements.show", key=row.id)
        )
    page = render_template(
        "reinstatements/new.html",
        person=person,
        possible=possible,
        form=form,
        crumbs_items=case.crumbs("恢复支付资格", "reinstatements.index", "登记恢复申请"),
    )
    return page, 400 if form.errors else 200


def form_for(key: int) -> tuple[Any, list[Any]]:
    """The form with what may be asked for of a person today; where the person was last, stands in it."""
    possible, form = ask.possible(key, clock.today()), ReinstatementForm()
    last = next(iter(practitioners.registrations(key)), None)
    words = [
        (one.id, f"{one.kind.label}，{one.from_on} 起，{one.until or one.bar_until} 期满")
        for one in possible
    ]
    form.offer(words, (last.institution.code or "") if last else "")
    return form, possible


def asked_for(form: Any, possible: list[Any], institution: Any) -> Any:
    """Carry out what the form says; a file that is not what its name says is refused."""
    given = form.file.data
    uploads = files.uploads_of([given]) if isinstance(given, FileStorage) else []
    measure = next(one for one in possible if one.id == form.measure_id.data)
    return act.apply(
        measure, institution, text=form.text.data, uploads=uploads, actor=g.actor, on=clock.today()
    )


@reinstatements.get("/reinstatements/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("reinstatement", key)
    return render_template(
        "reinstatements/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("恢复支付资格", "reinstatements.index", row.number),
        person=row.practitioner,
        standing=practitioners.status(row.practitioner, clock.today()),
        measure=row.measure,
        form=AnswerForm(),
        waiting=case.waiting_for(row),
    )


@reinstatements.get("/reinstatements/<int:key>/files/<int:number>")
@permit(Permission.VIEW_BUSINESS)
def paper(key: int, number: int) -> ResponseReturnValue:
    return one_paper(look("reinstatement", key), number)


def one_paper(row: Any, number: int) -> Any:
    if not 0 < number <= len(row.files):
        abort(404)
    return files.kept(row.files[number - 1])


@reinstatements.post("/reinstatements/<int:key>/agree")
@permit(Permission.DECIDE_REINSTATEMENT)
def agree(key: int) -> ResponseReturnValue:
    row, form = take("reinstatement", key), AnswerForm()
    act.agree(row, opinion=form.opinion.data or "", actor=g.actor, on=clock.today())
    what = "可以重新登记备案" if row.measure.bar_until else "该项暂停不再执行，结算恢复"
    return done(f"已同意，自今日起{what}", url_for("reinstatements.show", key=key))


@reinstatements.post("/reinstatements/<int:key>/decline")
@permit(Permission.DECIDE_REINSTATEMENT)
def decline(key: int) -> ResponseReturnValue:
    row, form = take("reinstatement", key), AnswerForm()
    letter = act.decline(row, opinion=form.opinion.data or "", actor=g.actor, on=clock.today())
    return done(f"不予恢复，印发 {letter.number}", url_for("reinstatements.show", key=key))


@reinstatements.post("/reinstatements/<int:key>/withdraw")
@permit(Permission.REQUEST_REINSTATEMENT)
def withdraw(key: int) -> ResponseReturnValue:
    row = take("reinstatement", key)
    act.withdraw(row, actor=g.actor, on=clock.today())
    return done("恢复申请已撤回", url_for("reinstatements.show", key=key))
