"""信用信息: recorded with its paper, confirmed or sent back by another, revoked with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import credit_information as act
from blueprints import case, files, lists
from blueprints.access import done, look, may, permit, take
from forms.credit_information import CreditInformationForm, ReasonForm
from queries import credit_information as ask
from queries import practitioners, timeline
from queries.paging import asked
from rules import codes
from rules import credit_information as rule
from rules.credit_subjects import CreditSubject
from rules.lifecycle import CREDIT_INFORMATION
from rules.permissions import Permission
from rules.refusal import Refused

credit_information = Blueprint("credit_information", __name__)
COLUMNS = [
    "编号", "主体类别", "主体", "种类", "认定日期", "有效至", "来源", "状态",
]  # fmt: skip


@credit_information.get("/credit-information")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    labels = {key: row.label for key, row in rule.kinds(clock.today()).items()}
    new = {"label": "登记信用信息", "href": url_for("credit_information.new")}
    chosen = (
        ("state", "状态", ask.STATES), ("subject", "主体", ask.SUBJECTS), ("kind", "种类", list(labels.items())),
    )  # fmt: skip
    return lists.answer(
        "credit_information/list.html",
        "信用信息",
        given,
        rows,
        page,
        cells=(_cells(row, labels) for row in rows),
        head=COLUMNS,
        filters=lists.filters(given, "编号/机构/姓名/来源", *chosen),
        labels=labels,
        states=CREDIT_INFORMATION.states,
        today=clock.today(),
        creates=new if may("record_credit_information") else None,
    )


def _cells(row: Any, labels: dict[str, str]) -> list[Any]:
    state = CREDIT_INFORMATION.states[row.state].label
    who = [row.number, row.subject.label, row.subject_name, labels.get(row.kind, row.kind)]
    return [*who, row.happened_on, row.valid_to, row.source, state]


@credit_information.route("/credit-information/new", methods=["GET", "POST"])
@permit(Permission.RECORD_CREDIT_INFORMATION)
def new() -> ResponseReturnValue:
    form: Any = CreditInformationForm()
    kinds = rule.kinds(clock.today())
    form.offer(ask.SUBJECTS, [(key, row.label) for key, row in kinds.items()])
    if not form.validate_on_submit():
        return _new_page(form, kinds), 400 if form.errors else 200
    (upload,) = files.uploads_of([form.file.data])
    content = act.Content(
        kind=form.kind.data,
        happened_on=form.happened_on.data,
        text=form.text.data,
        source=form.source.data,
        figures=_figures(form.figures.data or "", form.kind.data),
    )
    row = act.record(content, upload, about=_about(form), actor=g.actor, on=clock.today())
    return done(
        f"{row.number} 已登记，等待另一人确认", url_for("credit_information.show", key=row.id)
    )


def _new_page(form: Any, kinds: Any) -> str:
    on = clock.today()
    figures = [(row.label, rule.all_figures(row, on)) for row in kinds.values()]
    return render_template(
        "credit_information/new.html",
        form=form,
        kinds=kinds,
        figures=[one for one in figures if one[1]],
        crumbs_items=case.crumbs("信用信息", "credit_information.index", "登记信用信息"),
    )


def _about(form: Any) -> Any:
    """The subject as typed. Refused when it is not on file."""
    subject, code = CreditSubject(form.subject.data), codes.tidy(form.code.data or "")
    if subject == CreditSubject.INSTITUTION:
        found: Any = practitioners.place(code, g.actor)
    elif subject == CreditSubject.PRACTITIONER:
        person = practitioners.by_code(code)
        found = person if person and person.pooling_region == g.actor.pooling_region else None
    else:
        return act.Person(subject, form.person_name.data or "", form.id_number.data or "")
    if found is None:
        raise Refused(f"没有这个医保编码的{subject.label}。", cure="请核对医保编码。")
    return found


def _figures(text: str, kind: str) -> dict[str, str]:
    """Lines «label number» by column."""
    row = rule.kinds(clock.today())[kind]
    names = {one.label: key for key, one in rule.all_figures(row, clock.today()).items()}
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        label, _, number = line.replace("：", " ").replace(":", " ").partition(" ")
        if label not in names:
            wanted = "、".join(names) or "没有"
            raise Refused(
                f"“{label}”不是“{row.label}”的数值项目。", cure=f"可填写的项目：{wanted}。"
            )
        found[names[label]] = number
    return found


@credit_information.get("/credit-information/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("credit_information", key)
    kind = rule.kinds(row.happened_on)[row.kind]
    figures = rule.all_figures(kind, row.happened_on)
    return render_template(
        "credit_information/show.html",
        row=row,
        kind=kind,
        figures=[(figures[name], value) for name, value in row.figures.items()],
        state=CREDIT_INFORMATION.states[row.state],
        valid=row.state == "confirmed" and row.happened_on <= clock.today() <= row.valid_to,
        form=ReasonForm(),
        events=timeline.of([("credit_information", key)]),
        crumbs_items=case.crumbs("信用信息", "credit_information.index", row.number),
    )


@credit_information.get("/credit-information/<int:key>/file")
@permit(Permission.VIEW_BUSINESS)
def paper(key: int) -> ResponseReturnValue:
    return files.handed_in(look("credit_information", key) or abort(404))


@credit_information.post("/credit-information/<int:key>/confirm")
@permit(Permission.CONFIRM_CREDIT_INFORMATION)
def confirm(key: int) -> ResponseReturnValue:
    row = take("credit_information", key)
    act.confirm(row, actor=g.actor, on=clock.today())
    return done(f"{row.number} 已确认", url_for("credit_information.show", key=key))


@credit_information.post("/credit-information/<int:key>/reject")
@permit(Permission.CONFIRM_CREDIT_INFORMATION)
def reject(key: int) -> ResponseReturnValue:
    row = take("credit_information", key)
    act.reject(row, reason=_reason(), actor=g.actor, on=clock.today())
    return done(f"{row.number} 已退回", url_for("credit_information.show", key=key))


@credit_information.post("/credit-information/<int:key>/revoke")
@permit(Permission.CONFIRM_CREDIT_INFORMATION)
def revoke(key: int) -> ResponseReturnValue:
    row = take("credit_information", key)
    act.revoke(row, reason=_reason(), actor=g.actor, on=clock.today())
    return done(f"{row.number} 已撤销", url_for("credit_information.show", key=key))


def _reason() -> str:
    form: Any = ReasonForm()
    if not form.validate_on_submit():
        raise Refused("；".join(map(str, form.reason.errors)) or "表单内容无法识别。")
    return str(form.reason.data)
