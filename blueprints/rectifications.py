"""整改: the ledger, an order and its items, the verification."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import rectification_items as items
from actions import rectifications as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms import rectifications as counter
from queries import rectifications as ask
from queries import recusals
from queries.paging import Asked, asked
from rules import rectifications as rule
from rules.permissions import Permission
from rules.rectifications import Item, ItemState, ProofStage
from rules.refusal import Refused

rectifications = Blueprint("rectifications", __name__)
COLUMNS = [
    "整改编号", "机构名称", "类型", "责任稽核员", "来源", "序号", "存在的问题", "整改要求", "责任单位", "责任人",
    "整改期限", "状态", "时限", "整改前证明", "整改后证明", "销号日期",
]  # fmt: skip
STATES = [
    ("overdue", "逾期未整改"),
    *((word, word.label) for word in ItemState),
    ("cancelled", "已撤销"),
]
PAGES = {
    "violation": "violations.show",
    "application": "applications.show",
    "renewal": "renewals.show",
    "indication": "indications.show",
    "suspension": "suspensions.show",
}  # where an order comes from, where that has a page


@rectifications.get("/rectifications")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    if given.word("format"):
        return sheet("问题整改台账", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "rectifications/list.html",
        heading="问题整改",
        filters=_filters(given),
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.ListRow) -> list[Any]:
    return [
        row.number, row.institution, row.kind_label, row.inspector, row.source, row.position, row.problem,
        row.measure, row.unit, row.person, row.due_on, row.state.text, row.due.text, row.before, row.after,
        row.closed_on,
    ]  # fmt: skip


def _filters(given: Asked) -> list[dict[str, Any]]:
    def pick(name: str, label: str, options: list[tuple[str, str]]) -> dict[str, Any]:
        value = given.word(name)
        return {"name": name, "label": label, "type": "select", "value": value, "options": options}

    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/编号/问题/责任人"},
        pick("state", "状态", [(str(word), label) for word, label in STATES]),
        pick("source", "来源", list(rule.SOURCES.items())),
        files.kind_filter(given.word("kind")),
    ]  # fmt: skip


@rectifications.route("/institutions/<int:key>/rectifications", methods=["GET", "POST"])
@permit(Permission.ORDER_RECTIFICATION)
def new(key: int) -> ResponseReturnValue:
    """Order an institution to put something right; from a case or another matter, that is the source."""
    institution, source = look("institution", key), _source()
    form = _order_form(source)
    if "more" not in request.form and form.validate_on_submit():
        row = act.order(
            take("institution", key),
            source=source or (form.source.data, 0),
            source_text=form.source_text.data or "",
            items=_typed(form),
            due_on=form.due_on.data,
            basis=form.basis.data,
            actor=g.actor,
            on=clock.today(),
        )
        return done(f"已下达整改通知 {row.number}", url_for("rectifications.show", key=row.id))
    page = render_template(
        "rectifications/new.html",
        form=form,
        institution=institution,
        given=source and {"label": rule.SOURCES[source[0]], "noun": source[0], "key": source[1]},
        crumbs_items=case.crumbs("问题整改", "rectifications.index", "下达整改"),
    )
    return page, 400 if form.errors else 200


def _order_form(source: tuple[str, int] | None) -> Any:
    form: Any = counter.OrderForm()
    if request.method == "GET":
        form.due_on.data = rule.default_due(clock.today())
    form.offer([(source[0], rule.SOURCES[source[0]])] if source else _on_paper())
    if source:
        form.source.data = source[0]
    if "more" in request.form:
        for _ in range(min(counter.ROWS, counter.MOST - len(form.items))):
            form.items.append_entry()
    return form


def _on_paper() -> list[tuple[str, str]]:
    return [(word, rule.SOURCES[word]) for word in rule.ON_PAPER]


def _source() -> tuple[str, int] | None:
    """The matter the order comes from, from the address; a word nobody knows is not found."""
    noun = request.args.get("source", "")
    if not noun:
        return None
    if noun not in rule.SOURCES or noun in rule.ON_PAPER:
        abort(404)
    return noun, request.args.get("id", default=0, type=int)


def _typed(form: Any) -> list[Item]:
    """The rows somebody wrote into."""
    rows = [
        Item(
            problem=one.problem.data or "",
            measure=one.measure.data or "",
            unit=one.unit.data or "",
            person=one.person.data or "",
            due_on=one.due_on.data,
        )
        for one in form.items
    ]
    return [row for row in rows if row.problem or row.measure or row.unit or row.person]


@rectifications.get("/rectifications/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row, on = look("rectification", key), clock.today()
    source_href = url_for(PAGES[row.source], key=row.source_id) if row.source in PAGES else ""
    if row.source == "violation" and not recusals.is_open(row.source_id, g.actor):
        source_href = ""
    return render_template(
        "rectifications/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("问题整改", "rectifications.index", row.number),
        items=[(one, ask.badge(one), ask.light(one, on)) for one in row.items],
        source_href=source_href,
        judged=all(one.state is not ItemState.SUBMITTED for one in row.items),
        back=any(one.state is ItemState.RETURNED for one in row.items),
        waiting=case.waiting_for(row),
    )


@rectifications.get("/rectifications/<int:key>/files/<int:file>")
@permit(Permission.VIEW_BUSINESS)
def file(key: int, file: int) -> ResponseReturnValue:
    return files.handed_in(ask.file(look("rectification", key), file) or abort(404))


@rectifications.post("/rectifications/<int:key>/items/<int:item>/answer")
@permit(Permission.REPORT_RECTIFICATION)
def answer(key: int, item: int) -> ResponseReturnValue:
    row = take("rectification", key)
    answered(row, item)
    return done("已记录整改情况", url_for("rectifications.show", key=key))


def answered(row: Any, item: int) -> None:
    """What was typed of one item, and the proofs that came with it; the portal's form is the same."""
    form: Any = counter.AnswerItemForm()
    if not form.validate_on_submit():
        raise Refused(said(form))
    one, on = of(row, item), clock.today()
    items.answer(
        one, text=form.text.data, unit=form.unit.data, person=form.person.data, actor=g.actor, on=on
    )
    for stage in ProofStage:
        for upload in files.uploads_of(request.files.getlist(stage)):
            items.prove(one, upload, stage=stage, actor=g.actor, on=on)


@rectifications.post("/rectifications/<int:key>/items/<int:item>/proof")
@permit(Permission.VIEW_BUSINESS)
def prove(key: int, item: int) -> ResponseReturnValue:
    """The agency's own photograph or paper: how it was found, or how it is at the verification."""
    row = take("rectification", key)
    uploads = files.uploads_of(request.files.getlist("files"))
    if not uploads:
        raise Refused("没有选择文件。", cure="请选择 PDF、PNG 或者 JPG 文件。")
    stage = ProofStage.AFTER if row.state == "submitted" else ProofStage.BEFORE
    for upload in uploads:
        items.prove(of(row, item), upload, stage=stage, actor=g.actor, on=clock.today())
    return done(f"已上传{stage.label}证明", url_for("rectifications.show", key=key))


@rectifications.post("/rectifications/<int:key>/items/<int:item>/close")
@permit(Permission.VERIFY_RECTIFICATION)
def close_out(key: int, item: int) -> ResponseReturnValue:
    one = of(take("rectification", key), item)
    items.close_out(one, remark=_remark(), actor=g.actor, on=clock.today())
    return done(f"第 {one.position} 项已销号", url_for("rectifications.show", key=key))


@rectifications.post("/rectifications/<int:key>/items/<int:item>/return")
@permit(Permission.VERIFY_RECTIFICATION)
def send_back(key: int, item: int) -> ResponseReturnValue:
    one = of(take("rectification", key), item)
    items.send_back(one, reason=_remark(), actor=g.actor, on=clock.today())
    return done(f"第 {one.position} 项已退回", url_for("rectifications.show", key=key))


@rectifications.post("/rectifications/<int:key>/submit")
@permit(Permission.REPORT_RECTIFICATION)
def submit(key: int) -> ResponseReturnValue:
    act.submit(take("rectification", key), actor=g.actor, on=clock.today())
    return done("整改情况已提交验收", url_for("rectifications.show", key=key))


@rectifications.post("/rectifications/<int:key>/conclude")
@permit(Permission.VERIFY_RECTIFICATION)
def conclude(key: int) -> ResponseReturnValue:
    row, form = take("rectification", key), counter.ConcludeForm()
    if not form.validate_on_submit():
        raise Refused(said(form))
    act.conclude(
        row, opinion=form.opinion.data or "", due_on=form.due_on.data, actor=g.actor, on=clock.today()
    )  # fmt: skip
    return done("验收意见书已印发", url_for("rectifications.show", key=key))


@rectifications.post("/rectifications/<int:key>/extend")
@permit(Permission.EXTEND_RECTIFICATION)
def extend(key: int) -> ResponseReturnValue:
    row, form = take("rectification", key), counter.ExtendForm()
    if not form.validate_on_submit() or form.due_on.data is None:
        raise Refused(said(form))
    act.extend(
        row, due_on=form.due_on.data, reason=form.reason.data or "", actor=g.actor, on=clock.today()
    )
    return done(f"整改期限已延长至 {row.due_on}", url_for("rectifications.show", key=key))


@rectifications.post("/rectifications/<int:key>/cancel")
@permit(Permission.CANCEL_RECTIFICATION)
def cancel(key: int) -> ResponseReturnValue:
    act.cancel(take("rectification", key), reason=_remark(), actor=g.actor, on=clock.today())
    return done("整改通知已撤销", url_for("rectifications.show", key=key))


def of(row: Any, item: int) -> Any:
    """The item of this order, or 404."""
    return next((one for one in row.items if one.id == item), None) or abort(404)


def _remark() -> str:
    form = counter.RemarkForm()
    if not form.validate_on_submit():
        raise Refused(said(form))
    return form.remark.data or ""


def said(form: Any) -> str:
    """What is wrong with a small form, in one sentence."""
    return "；".join(str(error) for errors in form.errors.values() for error in errors)
