"""行政处罚和失信人名单: facts of other authorities that the checks of an application and of an agreement rest on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from actions import penalties as act
from actions import untrustworthy as lists
from blueprints import case
from blueprints.access import done, look, may, permit, take
from blueprints.sheets import sheet
from forms.penalties import ListForm, PenaltyForm, PerformForm, ServiceForm
from queries import penalties as ask
from queries import practitioners, timeline, untrustworthy
from queries.paging import asked
from rules import codes
from rules import penalties as rule
from rules.permissions import Permission
from rules.refusal import Refused

penalties = Blueprint("penalties", __name__)
OTHER = "other"  # an article from which nothing follows here
COLUMNS = [
    "决定书文号",
    "处罚对象",
    "处罚机关",
    "依据",
    "罚款（元）",
    "决定日期",
    "履行期限",
    "履行日期",
    "凭证",
]
LISTED = ["姓名", "证件号码", "案号或文号", "列入机关", "列入日期", "移出日期", "来源文件"]
LARGEST_UPLOAD = 10 * 1024 * 1024


@penalties.get("/penalties")
@permit(Permission.VIEW_CASES)
def index() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = ask.page(g.actor, given, on=on)
    if given.word("format"):
        return sheet("行政处罚", COLUMNS, [_cells(row) for row in rows])
    new = {"label": "登记处罚", "href": url_for("penalties.new")}
    return render_template(
        "penalties/list.html",
        heading="行政处罚",
        filters=_filters(given, ask.STATES, "文号/机构/姓名", "履行情况"),
        rows=rows,
        page=page,
        today=on,
        form=PerformForm(),
        exportable=True,
        creates=new if may("register_penalty") else None,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: Any) -> list[Any]:
    return [
        row.number, row.subject_name, row.authority, row.article, formatting.yuan(row.amount),
        row.decided_on, row.due_on, row.performed_on, row.performed_proof,
    ]  # fmt: skip


def _filters(
    given: Any, states: list[tuple[str, str]], hint: str, label: str
) -> list[dict[str, Any]]:
    text = {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": hint}
    state = {"name": "state", "label": label, "type": "select", "value": given.word("state")}
    return [text, {**state, "options": states}]


@penalties.route("/penalties/new", methods=["GET", "POST"])
@permit(Permission.REGISTER_PENALTY)
def new() -> ResponseReturnValue:
    form: Any = PenaltyForm()
    form.offer([(row.key, f"{row.article} {row.label}") for row in rule.acts(clock.today())])
    if not form.validate_on_submit():
        crumbs = case.crumbs("行政处罚", "penalties.index", "登记行政处罚")
        page = render_template("penalties/new.html", form=form, crumbs_items=crumbs)
        return page, 400 if form.errors else 200
    code = codes.tidy(form.institution_code.data or "")
    institution = practitioners.place(code, g.actor) if code else None
    if code and institution is None:
        raise Refused("没有这个医保编码的机构。", cure="请核对机构医保编码，或者先登记机构。")
    decision = act.Decision(
        number=form.number.data,
        authority=form.authority.data,
        article=form.article.data,
        amount=form.amount.fen or 0,
        decided_on=form.decided_on.data,
        due_on=form.due_on.data,
        more=_more(form),
    )
    row = act.register(
        decision,
        institution=institution,
        person_name=form.person_name.data or "",
        id_number=form.id_number.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已登记 {row.number}", url_for("penalties.show", key=row.id))


def _more(form: Any) -> act.More:
    return act.More(
        act="" if form.act.data == OTHER else form.act.data,
        conduct_on=form.conduct_on.data,
        loss=form.loss.fen or 0,
        department=form.department.data or "",
        department_months=form.department_months.data or 0,
        filed_on=form.filed_on.data,
        told_on=form.told_on.data,
        served_on=form.served_on.data,
    )


@penalties.get("/penalties/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    """What the paper says, what the regulation allows, and what follows from it here."""
    row, on = look("penalty", key), clock.today()
    day = row.conduct_on or row.decided_on
    hints = []
    if row.act:
        fine = rule.fine_hint(row.act, row.amount, row.loss, day=day)
        department = rule.department_hint(row.act, row.department_months, day=day)
        hints = [hint for hint in (fine, department) if hint]
    owed = row.performed_on is None and row.due_on < on
    return render_template(
        "penalties/show.html",
        row=row,
        article=rule.act(row.act, row.decided_on) if row.act else None,
        hints=hints,
        limits=ask.limits(row),
        added=rule.late_addition(row.amount, row.due_on, on) if owed else 0,
        bars=ask.bars(row),
        offices=ask.offices_of(row, on),
        events=timeline.of([("penalty", row.id)]),
        today=on,
        crumbs_items=case.crumbs("行政处罚", "penalties.index", row.number),
    )


@penalties.post("/penalties/<int:key>/service")
@permit(Permission.REGISTER_PENALTY)
def note_service(key: int) -> ResponseReturnValue:
    row, form = take("penalty", key), ServiceForm()
    if not form.validate_on_submit() or form.served_on.data is None:
        raise Refused("；".join(str(e) for errors in form.errors.values() for e in errors))
    act.note_service(row, served_on=form.served_on.data, actor=g.actor, on=clock.today())
    return done(f"{row.number} 已登记送达", url_for("penalties.show", key=key))


@penalties.post("/penalties/<int:key>/perform")
@permit(Permission.REGISTER_PENALTY)
def perform(key: int) -> ResponseReturnValue:
    row, form = take("penalty", key), PerformForm()
    if not form.validate_on_submit() or form.performed_on.data is None:
        raise Refused("；".join(str(e) for errors in form.errors.values() for e in errors))
    act.perform(
        row,
        performed_on=form.performed_on.data,
        proof=form.proof.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"{row.number} 已登记履行完毕", url_for("penalties.index"))


@penalties.get("/untrustworthy")
@permit(Permission.VIEW_CASES)
def listed() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = untrustworthy.page(given, on=on)
    if given.word("format"):
        cells = [
            [r.person_name, r.masked_id, r.number, r.authority, r.listed_on, r.removed_on, r.source]
            for r in rows
        ]
        return sheet("失信人名单", LISTED, cells)
    upload = {"label": "导入名单", "href": url_for("penalties.upload")}
    return render_template(
        "penalties/untrustworthy.html",
        heading="失信人名单",
        filters=_filters(given, untrustworthy.STATES, "姓名/案号/机关", "状态"),
        rows=rows,
        page=page,
        today=on,
        exportable=True,
        creates=upload if may("import_untrustworthy") else None,
        printed={"by": g.actor.name, "at": clock.now()},
    )


@penalties.get("/untrustworthy/<int:key>")
@permit(Permission.VIEW_CASES)
def entry(key: int) -> ResponseReturnValue:
    """One entry: until when it counts, on what it rests, how it ends, and whom it touches here."""
    row, on = untrustworthy.find(key) or abort(404), clock.today()
    return render_template(
        "penalties/entry.html",
        row=row,
        standing=untrustworthy.on_list(row, on),
        upon=untrustworthy.upon(row, g.actor, on),
        events=timeline.of([("untrustworthy", key)]),
        today=on,
        crumbs_items=case.crumbs("失信人名单", "penalties.listed", row.number),
    )


@penalties.route("/untrustworthy/import", methods=["GET", "POST"])
@permit(Permission.IMPORT_UNTRUSTWORTHY)
def upload() -> ResponseReturnValue:
    form: Any = ListForm()
    if not form.validate_on_submit():
        crumbs = case.crumbs("失信人名单", "penalties.listed", "导入名单")
        page = render_template("penalties/import.html", form=form, crumbs_items=crumbs)
        return page, 400 if form.errors else 200
    content = form.file.data.stream.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        raise Refused("文件超过 10 MB。", cure="请拆分后分次导入，或者由管理员用命令导入。")
    name = (form.file.data.filename or "").replace("\\", "/").rpartition("/")[2][-120:]
    counts = lists.take_in(content, name, actor=g.actor, on=clock.today()).counts
    message = (
        f"导入完成：读入 {counts['read']} 条，新增 {counts['created']} 条，"
        f"更新 {counts['updated']} 条，未变 {counts['unchanged']} 条"
    )
    return done(message, url_for("penalties.listed"))
