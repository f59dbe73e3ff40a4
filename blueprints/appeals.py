"""记分申诉: the list, taking one in at the counter, examining it, and the decision by somebody else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import appeals as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.points_lists import points_list
from forms.points import AppealForm, FindingForm, ReasonForm
from queries import appeals as ask
from queries import practitioners
from queries.paging import asked
from rules import negative_list
from rules.lifecycle import APPEAL
from rules.permissions import Permission
from rules.refusal import Refused

appeals = Blueprint("appeals", __name__)
COLUMNS = ["申诉编号", "姓名", "人员编码", "机构名称", "申诉的记分", "分值", "收到日期", "状态"]


@appeals.get("/appeals")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.appeals_page(g.actor, given)
    cells = [
        [row.number, row.deduction.practitioner.name, row.deduction.practitioner.code, row.institution.name,
         row.deduction.number, row.deduction.points, row.lodged_on, APPEAL.states[row.state].label]
        for row in rows
    ]  # fmt: skip
    return points_list("记分申诉", COLUMNS, rows, cells, page, given, APPEAL, "appeals.show")


@appeals.get("/appeals/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    return _page(look("appeal", key), _finding_form(look("appeal", key)))


def _finding_form(row: Any) -> Any:
    form: Any = FindingForm()
    return form.offer(act.PROPOSALS, row.deduction.decided_on)


def _page(row: Any, form: Any, status: int = 200) -> ResponseReturnValue:
    deduction = row.deduction
    page = render_template(
        "appeals/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("记分申诉", "appeals.index", row.number),
        deduction=deduction,
        person=deduction.practitioner,
        standing=practitioners.status(deduction.practitioner, clock.today()),
        proposals=act.PROPOSALS,
        instead=negative_list.item(row.item, deduction.decided_on).label if row.item else "",
        degree=negative_list.responsibilities(deduction.decided_on).get(row.responsibility, ""),
        form=form,
        waiting=case.waiting_for(row),
    )
    return page, status


@appeals.get("/appeals/<int:key>/file")
@permit(Permission.VIEW_BUSINESS)
def paper(key: int) -> ResponseReturnValue:
    return files.handed_in(look("appeal", key))


@appeals.route("/deductions/<int:key>/appeal", methods=["GET", "POST"])
@permit(Permission.LODGE_APPEAL)
def lodge(key: int) -> ResponseReturnValue:
    """The paper as it came to the counter; an institution uses its own page."""
    deduction = look("deduction", key)
    form: Any = AppealForm()
    if form.validate_on_submit():
        statement = statement_of(form)
        row = act.lodge(take("deduction", key), statement, actor=g.actor, on=clock.today())
        return done(f"申诉 {row.number} 已受理，等待核查", url_for("appeals.show", key=row.id))
    page = render_template(
        "appeals/new.html",
        deduction=deduction,
        facts=act.facts_of(deduction, clock.today()),
        held=act.is_held(deduction, clock.today()),
        form=form,
        crumbs_items=case.crumbs("记分申诉", "appeals.index", "登记申诉"),
    )
    return page, 400 if form.errors else 200


def statement_of(form: Any) -> act.Statement:
    """What the form says, with its file; a file that is not what its name says is refused."""
    return act.Statement(form.text.data, form.signed.data, form.stamped.data, one_file(form.file))


def one_file(field: Any) -> Any:
    """The file of an upload field; refused without one, and when it is not what its name says."""
    found = files.uploads_of([field.data])
    if not found:
        raise Refused("没有上传文件。", cure="请上传 PDF、PNG 或者 JPG。")
    return found[0]


@appeals.post("/appeals/<int:key>/examine")
@permit(Permission.EXAMINE_APPEAL)
def examine(key: int) -> ResponseReturnValue:
    row = take("appeal", key)
    form = _finding_form(row)
    if not form.validate_on_submit():
        return _page(row, form, 400)
    finding = act.Finding(
        form.explained_on.data, form.opinion.data, form.proposal.data, form.instead()
    )
    act.examine(row, finding, actor=g.actor, on=clock.today())
    return done("核查意见已提交，等待决定", url_for("appeals.show", key=key))


@appeals.post("/appeals/<int:key>/decide")
@permit(Permission.DECIDE_APPEAL)
def decide(key: int) -> ResponseReturnValue:
    row = take("appeal", key)
    letter = act.decide(row, actor=g.actor, on=clock.today())
    return done(
        f"已决定：{act.PROPOSALS[row.proposal]}，印发 {letter.number}", url_for("appeals.show", key=key)
    )  # fmt: skip


@appeals.post("/appeals/<int:key>/send-back")
@permit(Permission.DECIDE_APPEAL)
def send_back(key: int) -> ResponseReturnValue:
    row, form = take("appeal", key), ReasonForm()
    reason = form.reason.data or ""
    act.send_back(row, reason=reason, actor=g.actor, on=clock.today())
    return done("已退回核查", url_for("appeals.show", key=key))


@appeals.post("/appeals/<int:key>/withdraw")
@permit(Permission.LODGE_APPEAL)
def withdraw(key: int) -> ResponseReturnValue:
    act.withdraw(take("appeal", key), actor=g.actor, on=clock.today())
    return done("申诉已撤回，原记分继续有效", url_for("appeals.show", key=key))
