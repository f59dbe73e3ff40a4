"""导入费用申报: upload, look at what would happen, do it, take the rows that were sent back; and the empty form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import imports as kept
from actions import statement_imports as act
from blueprints import imports as wizard
from blueprints.access import done, permit
from blueprints.files import send
from forms.institutions import UploadForm
from queries import exports
from queries import imports as ask
from rules.permissions import Permission
from rules.refusal import Refused

statement_imports = Blueprint("statement_imports", __name__)
WORDS = wizard.Words(
    at="statement_imports",
    title="导入费用申报",
    who="机构和单据号",
    unit="行",
    hint="CSV、XLSX 或者 Parquet，每行一笔费用，一个文件可以有多家机构、多个险种。机构编码、险种、申报月份、单据号、"
    "服务日期、金额必填。填写申报总金额、总笔数的，与明细核对。一份申报有一行有误或者核对不一致的，整份退回。",
    back="settlements.index",
    back_label="查看费用结算",
)
HEADINGS = [
    "机构编码", "险种", "申报月份", "申报日期", "申报总金额", "申报总笔数", "单据号", "服务日期", "住院", "入院日期",
    "急诊", "人员编码", "科室", "金额", "DRG组", "点数",
]  # fmt: skip


@statement_imports.get("/imports/statements")
@permit(Permission.IMPORT_STATEMENTS)
def index() -> ResponseReturnValue:
    return wizard.first_step(WORDS, ask.STATEMENTS)


@statement_imports.post("/imports/statements")
@permit(Permission.IMPORT_STATEMENTS)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return wizard.first_step(WORDS, ask.STATEMENTS, form), 422
    content, name = wizard.received(form)
    file = act.receive(content, name, actor=g.actor, on=clock.today())
    return done("文件已上传，请核对后导入", url_for("statement_imports.preview", file=file))


@statement_imports.get("/imports/statements/template")
@permit(Permission.IMPORT_STATEMENTS)
def template() -> ResponseReturnValue:
    """The headings, to be filled in."""
    return send(exports.xlsx_bytes("费用申报", HEADINGS, []), "费用申报导入模板.xlsx", act.WORKBOOK)


@statement_imports.get("/imports/statements/<file>")
@permit(Permission.IMPORT_STATEMENTS)
def preview(file: str) -> ResponseReturnValue:
    report = _run(file, dry_run=True)
    return render_template(
        "imports/preview.html", file=file, report=report, shown=wizard.SHOWN, words=WORDS
    )


@statement_imports.post("/imports/statements/<file>/run")
@permit(Permission.IMPORT_STATEMENTS)
def run(file: str) -> ResponseReturnValue:
    counts = _run(file, upload=file).counts
    message = f"导入完成：新增 {counts['created']} 行，未变 {counts['unchanged']} 行，退回 {counts['rejected']} 行"
    return done(message, url_for("statement_imports.result", file=file))


def _run(file: str, **how: Any) -> Any:
    name = ask.uploaded(g.actor, file, ask.STATEMENTS) or abort(404)
    return act.import_file(
        kept.kept(file), name, actor=g.actor, region=g.actor.pooling_region, on=clock.today(), **how
    )


@statement_imports.get("/imports/statements/<file>/result")
@permit(Permission.IMPORT_STATEMENTS)
def result(file: str) -> ResponseReturnValue:
    found = ask.result(g.actor, file, ask.STATEMENTS) or abort(404)
    return render_template("imports/result.html", file=file, result=found, words=WORDS)


@statement_imports.get("/imports/statements/<file>/errors")
@permit(Permission.IMPORT_STATEMENTS)
def errors(file: str) -> ResponseReturnValue:
    found = ask.result(g.actor, file, ask.STATEMENTS) or abort(404)
    if not found.errors_file:
        raise Refused("本次导入没有退回的行。")
    return send(kept.kept(found.errors_file), f"退回的行-{found.file}.xlsx", act.WORKBOOK)
