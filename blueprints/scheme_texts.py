"""Whole texts of schemes: taken away as a file, handed in as a draft, its numbers put otherwise on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import scheme_drafts as act
from blueprints import case, files
from blueprints import what_if_tables as tables
from blueprints.access import done, look, permit, take
from blueprints.what_ifs import paths
from forms.scheme_drafts import WholeForm
from rules.permissions import Permission
from rules.refusal import Refused
from scoring import catalogue
from scoring import changes as change
from scoring.changes import ChangeError
from scoring.reading import SchemeError

scheme_texts = Blueprint("scheme_texts", __name__)
MEDIA = "application/yaml; charset=utf-8"


@scheme_texts.get("/schemes/<key>/yaml")
@permit(Permission.VIEW_BUSINESS)
def on_file(key: str) -> Response:
    """A scheme of the house as it is written, to be changed and handed in again."""
    text = catalogue.on_file(key) or abort(404)
    return files.send(text.encode(), f"{key}.yaml", MEDIA)


@scheme_texts.get("/schemes/drafts/<int:key>/yaml")
@permit(Permission.VIEW_SCHEME_DRAFT)
def of_draft(key: int) -> Response:
    row = look("scheme_draft", key)
    return files.send(row.scheme_text.encode(), f"{row.scheme}.yaml", MEDIA)


@scheme_texts.route("/schemes/drafts/new", methods=["GET", "POST"])
@permit(Permission.DRAFT_SCHEME)
def new() -> ResponseReturnValue:
    form: Any = WholeForm()
    faults: list[dict[str, Any]] = []
    if form.validate_on_submit():
        text, file = _given(form)
        try:
            row = act.upload(
                text, file, form.name.data, form.purpose.data, actor=g.actor, on=clock.today()
            )
        except SchemeError as error:
            form.text.data, faults = text, _told(error, text)
        else:
            return done(f"方案已存为草案“{row.name}”", url_for("scheme_drafts.show", key=row.id))
    page = render_template(
        "scheme_drafts/new.html",
        form=form,
        faults=faults,
        on_file=catalogue.startable(),
        crumbs_items=case.crumbs("方案草案", "scheme_drafts.index", "导入整份方案"),
    )
    return page, 400 if form.errors or faults else 200


def _given(form: Any) -> tuple[str, str]:
    """The text and the name of its file. Refused without either, and for what is no text."""
    upload = files.upload_of(form.file.data) if form.file.data else None
    if upload is None or not upload.content:
        if not form.text.data:
            raise Refused("没有选择方案文件，也没有粘贴全文。", cure="请选择 YAML 文件后再导入。")
        return form.text.data, "粘贴的方案"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = upload.content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, upload.name
    raise Refused(f"“{upload.name}”不是文本文件。", cure="请上传 UTF-8 编码的 YAML 文件。")


def _told(error: SchemeError, text: str) -> list[dict[str, Any]]:
    """Each fault beside the line it stands in."""
    lines = text.splitlines() or [""]
    return [
        {
            "line": line,
            "text": lines[min(line, len(lines)) - 1].strip(),
            "why": p.why,
            "cure": p.cure,
        }
        for line, p in error.problems
    ]


@scheme_texts.route("/schemes/drafts/<int:key>/numbers", methods=["GET", "POST"])
@permit(Permission.DRAFT_SCHEME)
def numbers(key: int) -> ResponseReturnValue:
    """Every number of a draft in a field of its own: weights, lines, months an event counts, what a grade leads to."""
    if request.method == "GET":
        return _fields(look("scheme_draft", key), {}, {})
    row, given = take("scheme_draft", key), paths(request.form)
    try:
        number = act.revise(row, given, actor=g.actor, on=clock.today())
    except ChangeError as error:
        return _fields(row, given, error.faults), 400
    return done(f"已修改 {number} 处", url_for("scheme_drafts.show", key=key))


def _fields(row: Any, given: Mapping[str, str], faults: Mapping[str, Any]) -> str:
    act.require_open(row)
    crumbs = case.crumbs("方案草案", "scheme_drafts.index", row.name)
    crumbs[1]["href"] = url_for("scheme_drafts.show", key=row.id)
    text, off = act.numbers(row)
    scheme = catalogue.parsed(row.scheme_text)
    before = catalogue.parsed(row.base_text) if row.base_text else scheme
    return render_template(
        "scheme_drafts/numbers.html",
        row=row,
        numbers=tables.groups(catalogue.parsed(text), {**off, **given}, faults),
        weights=(change.weights(before), change.weights(scheme)),
        faults=faults,
        crumbs_items=[*crumbs, {"label": "修改数值", "href": ""}],
    )
