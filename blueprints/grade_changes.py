"""等级变动: the list, an adjustment proposed, a restoration asked for at the counter, and the second person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import grade_changes as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.points_lists import points_list
from forms.credit import GradeChangeForm, PersonalRestorationForm, RestorationForm
from queries import credit_subjects
from queries import cycles as ask_cycles
from queries import grade_changes as ask
from queries import ratings as ask_ratings
from queries.paging import asked
from rules.lifecycle import GRADE_CHANGE
from rules.permissions import Permission

grade_changes = Blueprint("grade_changes", __name__)
RATINGS = ("ratings.index", "查看信用评级")
COLUMNS = [
    "变动编号",
    "被评价对象",
    "评价周期",
    "种类",
    "原等级",
    "变动后",
    "提出日期",
    "生效日期",
    "状态",
]


@grade_changes.get("/grade-changes")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    cells = [
        [row.number, row.institution, row.cycle, row.cause, row.from_label, row.to_label,
         row.requested_on, row.effective_on or "", row.light.text]
        for row in rows
    ]  # fmt: skip
    return points_list(
        "等级变动", COLUMNS, rows, cells, page, given, GRADE_CHANGE,
        "grade_changes.show", empty=RATINGS,
    )  # fmt: skip


@grade_changes.get("/grade-changes/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("grade_change", key)
    return _page(row, _form(row.rating))


def _form(rating: Any) -> Any:
    """The other grades of the scheme."""
    form: Any = GradeChangeForm()
    scheme = ask_cycles.scheme_of(rating.cycle)
    now = ask.facts(rating, clock.today()).grade
    return form.offer((one.key, one.label) for one in scheme.grades if one.key != now)


def _page(row: Any, form: Any, status: int = 200) -> ResponseReturnValue:
    shown, frame = ask.row_of(row), case.frame(row)
    frame["case"]["name"] = row.rating.name
    page = render_template(
        "grade_changes/show.html",
        **frame,
        crumbs_items=case.crumbs("等级变动", "grade_changes.index", row.number),
        shown=shown,
        rating=row.rating,
        cycle=row.rating.cycle,
        form=form,
        waiting=case.waiting_for(row),
    )
    return page, status


@grade_changes.get("/grade-changes/<int:key>/files/<int:number>")
@permit(Permission.VIEW_BUSINESS)
def paper(key: int, number: int) -> ResponseReturnValue:
    row = look("grade_change", key)
    return files.kept(row.files[number]) if number < len(row.files) else abort(404)


@grade_changes.route("/ratings/<int:key>/grade-change", methods=["GET", "POST"])
@permit(Permission.PROPOSE_GRADE_CHANGE)
def propose(key: int) -> ResponseReturnValue:
    rating = _rating(key)
    form = _form(rating)
    if form.validate_on_submit():
        row = act.propose(rating, _plan(form), actor=g.actor, on=clock.today())
        return done(
            f"等级变动 {row.number} 已提出，等待审定", url_for("grade_changes.show", key=row.id)
        )
    page = render_template("grade_changes/new.html", **_frame(rating, form, "提出等级变动"))
    return page, 400 if form.errors else 200


def _rating(key: int) -> Any:
    return ask_ratings.find(key, g.actor) or abort(404)


def _plan(form: Any) -> act.Plan:
    return act.Plan(form.to.data, form.reason.data, form.basis.data)


def _frame(rating: Any, form: Any, heading: str) -> dict[str, Any]:
    facts = ask.facts(rating, clock.today())
    scheme = ask_cycles.scheme_of(rating.cycle)
    return {
        "heading": heading,
        "rating": rating,
        "facts": facts,
        "grade": scheme.grade(facts.grade).label,
        "form": form,
        "crumbs_items": case.crumbs("等级变动", "grade_changes.index", heading),
    }


@grade_changes.route("/ratings/<int:key>/restoration", methods=["GET", "POST"])
@permit(Permission.REQUEST_GRADE_CHANGE)
def request_restoration(key: int) -> ResponseReturnValue:
    """At the counter, for the institution or for a person; the institution itself uses its own page."""
    rating = _rating(key)
    alone = credit_subjects.addressee(rating) is None
    form: Any = PersonalRestorationForm() if alone else RestorationForm()
    if form.validate_on_submit():
        uploads = files.uploads_of(form.files.data or [])
        number = form.id_number.data if alone else ""
        row = act.request(
            rating, text=form.text.data, uploads=uploads, id_number=number, actor=g.actor, on=clock.today()
        )  # fmt: skip
        return done(
            f"信用修复申请 {row.number} 已登记，等待核查", url_for("grade_changes.show", key=row.id)
        )
    page = render_template(
        "grade_changes/restoration.html", **_frame(rating, form, "登记信用修复申请")
    )
    return page, 400 if form.errors else 200


@grade_changes.post("/grade-changes/<int:key>/examine")
@permit(Permission.PROPOSE_GRADE_CHANGE)
def examine(key: int) -> ResponseReturnValue:
    row = _taken(key)
    form = _form(row.rating)
    if not form.validate_on_submit():
        return _page(row, form, 400)
    act.examine(row, _plan(form), actor=g.actor, on=clock.today())
    return done("修复意见已提出，等待审定", url_for("grade_changes.show", key=key))


@grade_changes.post("/grade-changes/<int:key>/confirm")
@permit(Permission.CONFIRM_GRADE_CHANGE)
def confirm(key: int) -> ResponseReturnValue:
    row = _taken(key)
    opinion = request.form.get("opinion", "")
    letter = act.confirm(row, opinion=opinion, actor=g.actor, on=clock.today())
    return done(f"等级变动已生效，印发 {letter.number}", url_for("grade_changes.show", key=key))


@grade_changes.post("/grade-changes/<int:key>/refuse")
@permit(Permission.CONFIRM_GRADE_CHANGE)
def refuse(key: int) -> ResponseReturnValue:
    row = _taken(key)
    act.refuse(row, opinion=request.form.get("opinion", ""), actor=g.actor, on=clock.today())
    return done("已决定不予变动", url_for("grade_changes.show", key=key))


def _taken(key: int) -> Any:
    """The change for a decision, held after the cycle: in the order in which a corrected run is published."""
    act.hold(look("grade_change", key).rating)
    return take("grade_change", key)
