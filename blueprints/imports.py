"""导入: upload, look at what would happen, do it, take the rows that were sent back."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Words:
    """How the three steps of an import are called; `at` is the blueprint of its doors."""

    at: str
    title: str
    who: str
    unit: str
    hint: str
    back: str
    back_label: str


WORDS = Words(
    at="imports",
    title="导入机构",
    who="机构名称",
    unit="家",
    hint="表头用中文列名（机构名称、医保编码、统一社会信用代码、机构类型、等级、省、市、区、地址、联系电话、法定代表人及证件号码等）或者国家平台字段名均可，顺序不限，只有机构名称是必需的。",
    back="institutions.index",
    back_label="查看机构档案",
)


@imports.get("/imports")
@permit(Permission.IMPORT_INSTITUTIONS)
def index() -> ResponseReturnValue:
    return first_step(WORDS, ask.INSTITUTIONS)


def first_step(words: Words, noun: ask.Noun, form: Any = None) -> str:
    """Choose a file; below it what was imported before."""
    before = ask.done(g.actor, noun)
    return render_template(
        "imports/index.html", form=form or UploadForm(), done_before=before, words=words
    )


@imports.post("/imports")
@permit(Permission.IMPORT_INSTITUTIONS)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return first_step(WORDS, ask.INSTITUTIONS, form), 422
    content, name = received(form)
    file = act.receive(content, name, actor=g.actor, on=clock.today())
    return done("文件已上传，请核对后导入", url_for("imports.preview", file=file))


def received(form: Any) -> tuple[bytes, str]:
    """The bytes of an upload and its bare name."""
    content = form.file.data.stream.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        raise Refused("文件超过 10 MB。", cure="请拆分后分次导入，或者由管理员用命令导入。")
    return content, (form.file.data.filename or "").replace("\\", "/").rpartition("/")[2][-120:]


@imports.get("/imports/<file>")
@permit(Permission.IMPORT_INSTITUTIONS)
def preview(file: str) -> ResponseReturnValue:
    name, content = _file(file)
    report = act.institutions(
        content, name, actor=g.actor, region=g.actor.pooling_region, on=clock.today(), dry_run=True
    )
    return render_template(
        "imports/preview.html", file=file, report=report, shown=SHOWN, words=WORDS
    )


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
    return render_template("imports/result.html", file=file, result=_result(file), words=WORDS)


@imports.get("/imports/<file>/errors")
@permit(Permission.IMPORT_INSTITUTIONS)
def errors(file: str) -> ResponseReturnValue:
    found = _result(file)
    if not found.errors_file:
        abort(404)
    content = act.kept(found.errors_file)
    return send(content, f"退回的行-{found.file}.xlsx", act.WORKBOOK)


def _file(file: str) -> tuple[str, bytes]:
    name = ask.uploaded(g.actor, file, ask.INSTITUTIONS)
    if name is None:
        abort(404)
    return name, act.kept(file)


def _result(file: str) -> Any:
    return ask.result(g.actor, file, ask.INSTITUTIONS) or abort(404)
