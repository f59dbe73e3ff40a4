"""导入: upload, look at what would happen, do it, take the rows that were sent back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import imports as act
from blueprints.access import done, permit
from blueprints.files import send
from forms.institutions import UploadForm
from queries import imports as ask
from rules.permissions import Permission
from rules.refusal import Refused

imports = Blueprint("imports", __name__)
LARGEST_UPLOAD = 10 * 1024 * 1024
SHOWN = 20


@imports.get("/imports")
@permit(Permission.IMPORT_INSTITUTIONS)
def index() -> ResponseReturnValue:
    return render_template("imports/index.html", form=UploadForm(), done_before=ask.done(g.actor))


@imports.post("/imports")
@permit(Permission.IMPORT_INSTITUTIONS)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("imports/index.html", form=form, done_before=ask.done(g.actor)), 422
    content = form.file.data.stream.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        raise Refused("文件超过 10 MB。", cure="请拆分后分次导入，或者由管理员用命令导入。")
    name = (form.file.data.filename or "").replace("\\", "/").rpartition("/")[2][-120:]
    file = act.receive(content, name, actor=g.actor, on=clock.today())
    return done("文件已上传，请核对后导入", url_for("imports.preview", file=file))


@imports.get("/imports/<file>")
@permit(Permission.IMPORT_INSTITUTIONS)
def preview(file: str) -> ResponseReturnValue:
    name, content = _file(file)
    report = act.institutions(
        content, name, actor=g.actor, region=g.actor.pooling_region, on=clock.today(), dry_run=True
    )
    return render_template("imports/preview.html", file=file, report=report, shown=SHOWN)


@imports.post("/imports/<file>/run")
@permit(Permission.IMPORT_INSTITUTIONS)
def run(file: str) -> ResponseReturnValue:
    name, content = _file(file)
    report = act.institutions(
        content, name, actor=g.actor, region=g.actor.pooling_region, on=clock.today(), upload=file
    )
    counts = report.counts
    message = f"导入完成：新增 {counts['created']} 家，更新 {counts['updated']} 家，退回 {counts['rejected']} 行"
    return done(message, url_for("imports.result", file=file))


@imports.get("/imports/<file>/result")
@permit(Permission.IMPORT_INSTITUTIONS)
def result(file: str) -> ResponseReturnValue:
    return render_template("imports/result.html", file=file, result=_result(file))


@imports.get("/imports/<file>/errors")
@permit(Permission.IMPORT_INSTITUTIONS)
def errors(file: str) -> ResponseReturnValue:
    found = _result(file)
    if not found.errors_file:
        abort(404)
    content = act.kept(found.errors_file)
    return send(content, f"退回的行-{found.file}.xlsx", act.WORKBOOK)


def _file(file: str) -> tuple[str, bytes]:
    name = ask.uploaded(g.actor, file)
    if name is None:
        abort(404)
    return name, act.kept(file)


def _result(file: str) -> Any:
    return ask.result(g.actor, file) or abort(404)
