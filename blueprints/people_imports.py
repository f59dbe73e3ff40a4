"""导入人员: upload, look at what would happen, do it, take the rows that were sent back; and the empty form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import imports as kept
from actions import people_imports as act
from blueprints import imports as wizard
from blueprints.access import done, permit
from blueprints.files import send
from forms.institutions import UploadForm
from queries import exports
from queries import imports as ask
from rules.permissions import Permission
from rules.refusal import Refused

people_imports = Blueprint("people_imports", __name__)
WORDS = wizard.Words(
    at="people_imports",
    title="导入人员",
    who="姓名",
    unit="人",
    hint="每行一人在一家机构的登记备案。机构编码、姓名、人员编码、证件号码必填；人员类别可以由编码判断；起始日期不填的，从导入当日起。已登记的人员再次导入时，补充科室、证书、承诺书和注销日期。",
    back="practitioners.index",
    back_label="查看备案人员",
)
HEADINGS = [
    "机构编码", "姓名", "人员类别", "人员编码", "证件类型", "证件号码", "科室", "专业技术职务", "执业证书编号",
    "执业范围", "执业证书有效期至", "登记备案起始日期", "服务承诺书签署日期", "注销日期",
]  # fmt: skip


@people_imports.get("/imports/practitioners")
@permit(Permission.IMPORT_PRACTITIONERS)
def index() -> ResponseReturnValue:
    return wizard.first_step(WORDS, ask.PEOPLE)


@people_imports.post("/imports/practitioners")
@permit(Permission.IMPORT_PRACTITIONERS)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return wizard.first_step(WORDS, ask.PEOPLE, form), 422
    content, name = wizard.received(form)
    file = act.receive(content, name, actor=g.actor, on=clock.today())
    return done("文件已上传，请核对后导入", url_for("people_imports.preview", file=file))


@people_imports.get("/imports/practitioners/template")
@permit(Permission.IMPORT_PRACTITIONERS)
def template() -> ResponseReturnValue:
    """The headings, to be filled in."""
    return send(exports.xlsx_bytes("备案人员", HEADINGS, []), "备案人员导入模板.xlsx", act.WORKBOOK)


@people_imports.get("/imports/practitioners/<file>")
@permit(Permission.IMPORT_PRACTITIONERS)
def preview(file: str) -> ResponseReturnValue:
    report = _run(file, dry_run=True)
    return render_template(
        "imports/preview.html", file=file, report=report, shown=wizard.SHOWN, words=WORDS
    )


@people_imports.post("/imports/practitioners/<file>/run")
@permit(Permission.IMPORT_PRACTITIONERS)
def run(file: str) -> ResponseReturnValue:
    counts = _run(file, upload=file).counts
    message = f"导入完成：新增 {counts['created']} 人，更新 {counts['updated']} 人，退回 {counts['rejected']} 行"
    return done(message, url_for("people_imports.result", file=file))


def _run(file: str, **how: Any) -> Any:
    name = ask.uploaded(g.actor, file, ask.PEOPLE) or abort(404)
    region = g.actor.pooling_region
    return act.people(kept.kept(file), name, actor=g.actor, region=region, on=clock.today(), **how)


@people_imports.get("/imports/practitioners/<file>/result")
@permit(Permission.IMPORT_PRACTITIONERS)
def result(file: str) -> ResponseReturnValue:
    found = ask.result(g.actor, file, ask.PEOPLE) or abort(404)
    return render_template("imports/result.html", file=file, result=found, words=WORDS)


@people_imports.get("/imports/practitioners/<file>/errors")
@permit(Permission.IMPORT_PRACTITIONERS)
def errors(file: str) -> ResponseReturnValue:
    found = ask.result(g.actor, file, ask.PEOPLE) or abort(404)
    if not found.errors_file:
        raise Refused("本次导入没有退回的行。")
    return send(kept.kept(found.errors_file), f"退回的行-{found.file}.xlsx", act.WORKBOOK)
