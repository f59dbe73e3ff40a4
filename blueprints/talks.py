"""约谈: the list, calling somebody, the page of a talk with its notice, record and signed copy."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

import clock
from actions import talks as act
from actions.materials import Upload
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.talks import CallForm, PostponeForm, RecordForm, RemarkForm
from queries import calendar_days, offices
from queries import talks as ask
from queries.paging import asked
from rules import talks as rule
from rules.lifecycle import TALK
from rules.permissions import Permission
from rules.refusal import Refused
from rules.talks import Host

talks = Blueprint("talks", __name__)
COLUMNS = ["编号", "机构名称", "类型", "约谈方式", "被约谈人员", "事由", "约谈日期", "到场", "状态"]
STATES = [(word, state.label) for word, state in TALK.states.items()]


@talks.get("/talks")
@permit(Permission.VIEW_CASES)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("约谈", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "talks/list.html",
        heading="约谈",
        filters=_filters(given),
        rows=[(row, ask.badge(row)) for row in rows],
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: Any) -> list[Any]:
    people = "、".join(one.person.text for one in row.called)
    came = "、".join(one.person.text for one in row.called if one.came)
    institution = row.institution
    known = [row.number, institution.name, institution.kind.label, row.host.label, people]
    return [*known, row.reason, row.held_on or row.planned_on, came, ask.badge(row).text]


def _filters(given: Any) -> list[dict[str, Any]]:
    def select(name: str, label: str, options: list[tuple[str, str]]) -> dict[str, Any]:
        value = given.word(name)
        return {
            "name": name, "label": label, "type": "select", "value": value, "options": options
        }  # fmt: skip

    days = (("from_on", "约谈日期自"), ("to_on", "至"))
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/编号/人员"},
        select("state", "状态", STATES),
        select("host", "约谈方式", [(str(host), host.label) for host in Host]),
        files.kind_filter(given.word("kind")),
        *({"name": n, "label": word, "type": "date", "value": given.word(n)} for n, word in days),
    ]  # fmt: skip


@talks.route("/talks/new", methods=["GET", "POST"])
@permit(Permission.CALL_TALK)
def new() -> ResponseReturnValue:
    """Call the institution; with a case, the talk comes from that case."""
    key, on = request.args.get("institution", type=int), clock.today()
    if key is None:
        raise Refused("请先选择机构。", cure="从机构档案或者违规案件的页面通知约谈。")
    institution, violation = look("institution", key), _violation(key)
    family, form = institution.kind.family, CallForm()
    if form.validate_on_submit():
        row = act.call(
            institution,
            source=("violation", violation.id) if violation else None,
            called=form.called.persons,
            reason=form.reason.data or "",
            basis=rule.step(on, family).basis,
            planned_on=form.planned_on.data or on,
            planned_time=form.planned_time.data or "",
            place=form.place.data or "",
            actor=g.actor,
            on=on,
        )
        return done(f"约谈通知书 {row.number} 已印发", url_for("talks.show", key=row.id))
    if request.method == "GET":
        _suggest(form, institution, violation)
    return render_template(
        "talks/new.html",
        institution=institution,
        violation=violation,
        form=form,
        basis=rule.step(on, family),
        first=rule.earliest(on, family, calendar_days.workdays()),
        crumbs_items=case.crumbs("约谈", "talks.index", "通知约谈"),
    ), 400 if form.errors else 200


def _violation(institution_id: int) -> Any:
    """The case this talk comes from, if it is one of this institution."""
    key = request.args.get("case", type=int)
    if key is None:
        return None
    row = look("violation", key)
    return row if row.institution_id == institution_id else abort(404)


def _suggest(form: Any, institution: Any, violation: Any) -> None:
    """Whom the ladder names, and what the case says; both may be changed."""
    holders = offices.in_office(institution.id, clock.today())
    form.called.data = "\n".join(f"{one.role.label} {one.name}" for one in holders)
    form.reason.data = violation.facts_text if violation else ""


@talks.get("/talks/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row = look("talk", key)
    return render_template(
        "talks/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("约谈", "talks.index", row.number),
        source=_source(row),
        waiting=case.waiting_for(row),
    )


def _source(row: Any) -> dict[str, str] | None:
    """The page this talk came from, if it has one."""
    doors = {"violation": "violations.show", "deduction": "deductions.show"}
    if row.source not in doors or row.source_id is None:
        return None
    found = look(row.source, row.source_id)
    return {"label": found.number, "href": url_for(doors[row.source], key=found.id)}


@talks.route("/talks/<int:key>/record", methods=["GET", "POST"])
@permit(Permission.HOLD_TALK)
def record(key: int) -> ResponseReturnValue:
    row, form = look("talk", key), RecordForm()
    form.came.choices = [(one.id, one.person.text) for one in row.called]
    if form.validate_on_submit():
        row = hold(take("talk", key), form)
        return done("约谈记录已登记，请打印签字后上传归档", url_for("talks.show", key=key))
    if request.method == "GET":
        form.held_on.data, form.came.data = (
            clock.today(),
            [],
        )  # who came is ticked by whoever saw it
        form.staff.data = f"{g.actor.role.label} {g.actor.name}"
    crumbs = case.crumbs("约谈", "talks.index", f"{row.number} 登记记录")
    context = {"talk": row, "form": form, "crumbs_items": crumbs}
    return render_template("talks/record.html", **context), 400 if form.errors else 200


def hold(row: Any, form: Any) -> Any:
    """What was typed in of a talk, put on record; also for the portal."""
    act.hold(
        row,
        held_on=form.held_on.data,
        came=form.came.data,
        staff=form.staff.persons,
        others=form.others.persons,
        minutes=form.minutes.data or "",
        demands=form.demands.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return row


@talks.post("/talks/<int:key>/postpone")
@permit(Permission.CALL_TALK)
def postpone(key: int) -> ResponseReturnValue:
    row, form = take("talk", key), PostponeForm()
    _check(form)
    act.postpone(
        row,
        planned_on=form.planned_on.data or clock.today(),
        planned_time=form.planned_time.data or "",
        place=form.place.data or "",
        reason=form.reason.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已改期至 {row.planned_on}，改期通知书已印发", url_for("talks.show", key=key))


@talks.post("/talks/<int:key>/miss")
@permit(Permission.HOLD_TALK)
def miss(key: int) -> ResponseReturnValue:
    act.miss(take("talk", key), remark=_remark(), actor=g.actor, on=clock.today())
    return done("已登记未到场，可以改期，也可以归档", url_for("talks.show", key=key))


@talks.post("/talks/<int:key>/file")
@permit(Permission.FILE_TALK)
def file(key: int) -> ResponseReturnValue:
    signed = upload(request.files.get("signed"))
    act.file(take("talk", key), signed, actor=g.actor, on=clock.today())
    return done("约谈记录已归档", url_for("talks.show", key=key))


def upload(storage: FileStorage | None) -> Upload | None:
    """The signed record as it was handed in, if it was."""
    return files.upload_of(storage) if storage and storage.filename else None


@talks.post("/talks/<int:key>/file-missed")
@permit(Permission.FILE_TALK)
def file_missed(key: int) -> ResponseReturnValue:
    act.file_missed(take("talk", key), remark=_remark(), actor=g.actor, on=clock.today())
    return done("已按未到场归档", url_for("talks.show", key=key))


@talks.post("/talks/<int:key>/cancel")
@permit(Permission.CANCEL_TALK)
def cancel(key: int) -> ResponseReturnValue:
    act.cancel(take("talk", key), reason=_remark(), actor=g.actor, on=clock.today())
    return done("约谈已取消", url_for("talks.show", key=key))


@talks.get("/talks/<int:key>/signed")
@permit(Permission.VIEW_CASES)
def signed(key: int) -> ResponseReturnValue:
    return files.handed_in(look("talk", key))


def _remark() -> str:
    form = RemarkForm()
    _check(form)
    return form.remark.data or ""


def _check(form: Any) -> None:
    if not form.validate_on_submit():
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
