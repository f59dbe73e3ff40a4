"""导入: upload, look at what would happen, do it, take the rows that were sent back; the same for every list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import imports as act
from actions import people_imports as people_act
from actions import statement_imports as statement_act
from actions import uploads
from blueprints.access import done, permit
from blueprints.files import send
from forms.institutions import UploadForm
from queries import exports
from queries import imports as ask
from rules.refusal import Refused

LARGEST_UPLOAD = 10 * 1024 * 1024
SHOWN = 20


@dataclass(frozen=True)
class Kind:
    """What is imported: how the steps are called and what carries them out. `at` is the blueprint of its doors.

    `told`: the counts that the last step names. `headings`: of the empty form, where there is one.
    """

    at: str
    path: str
    title: str
    what: str
    who: str
    unit: str
    hint: str
    back: str
    back_label: str
    wanted: uploads.Wanted
    run: Callable[..., Any]
    told: tuple[tuple[str, str], ...] = (("created", "新增"), ("updated", "更新"))
    headings: tuple[str, ...] = ()


INSTITUTIONS = Kind(
    at="imports",
    path="/imports",
    title="导入机构",
    what="机构",
    who="机构名称",
    unit="家",
    hint="表头用中文列名（机构名称、医保编码、统一社会信用代码、机构类型、等级、省、市、区、地址、联系电话、法定代表人及证件号码等）或者国家平台字段名均可，顺序不限，只有机构名称是必需的。",
    back="institutions.index",
    back_label="查看机构档案",
    wanted=uploads.INSTITUTIONS,
    run=act.institutions,
)
PEOPLE = Kind(
    at="people_imports",
    path="/imports/practitioners",
    title="导入人员",
    what="备案人员",
    who="姓名",
    unit="人",
    hint="每行一人在一家机构的登记备案。机构编码、姓名、人员编码、证件号码必填；人员类别可以由编码判断；起始日期不填的，从导入当日起。已登记的人员再次导入时，补充科室、证书、承诺书和注销日期。",
    back="practitioners.index",
    back_label="查看备案人员",
    wanted=uploads.PEOPLE,
    run=people_act.people,
    headings=(
        "机构编码", "姓名", "人员类别", "人员编码", "证件类型", "证件号码", "科室", "专业技术职务", "执业证书编号",
        "执业范围", "执业证书有效期至", "登记备案起始日期", "服务承诺书签署日期", "注销日期",
    ),
)  # fmt: skip
STATEMENTS = Kind(
    at="statement_imports",
    path="/imports/statements",
    title="导入费用申报",
    what="费用申报",
    who="机构和单据号",
    unit="行",
    hint="CSV、XLSX 或者 Parquet，每行一笔费用，一个文件可以有多家机构、多个险种。机构编码、险种、申报月份、单据号、"
    "服务日期、金额必填。填写申报总金额、总笔数的，与明细核对。一份申报有一行有误或者核对不一致的，整份退回。",
    back="settlements.index",
    back_label="查看费用结算",
    wanted=uploads.STATEMENTS,
    run=statement_act.import_file,
    told=(("created", "新增"), ("unchanged", "未变")),
    headings=(
        "机构编码", "险种", "申报月份", "申报日期", "申报总金额", "申报总笔数", "单据号", "服务日期", "住院",
        "入院日期", "急诊", "人员编码", "科室", "金额", "DRG组", "点数",
    ),
)  # fmt: skip


def index(kind: Kind) -> ResponseReturnValue:
    return _first_step(kind, UploadForm())


def _first_step(kind: Kind, form: Any) -> str:
    """Choose a file; below it what was imported before."""
    before = ask.done(g.actor, kind.wanted.noun)
    return render_template("imports/index.html", form=form, done_before=before, words=kind)


def upload(kind: Kind) -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _first_step(kind, form), 422
    content = form.file.data.stream.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        raise Refused("文件超过 10 MB。", cure="请拆分后分次导入，或者由管理员用命令导入。")
    name = (form.file.data.filename or "").replace("\\", "/").rpartition("/")[2][-120:]
    file = uploads.receive(kind.wanted, content, name, actor=g.actor, on=clock.today())
    return done("文件已上传，请核对后导入", url_for(f"{kind.at}.preview", file=file))


def template(kind: Kind) -> ResponseReturnValue:
    """The headings, to be filled in."""
    sheet = exports.xlsx_bytes(kind.what, list(kind.headings), [])
    return send(sheet, f"{kind.what}导入模板.xlsx", act.WORKBOOK)


def preview(kind: Kind, file: str) -> ResponseReturnValue:
    report = _run(kind, file, dry_run=True)
    return render_template(
        "imports/preview.html", file=file, report=report, shown=SHOWN, words=kind
    )


def run(kind: Kind, file: str) -> ResponseReturnValue:
    counts = _run(kind, file, upload=file).counts
    told = [f"{label} {counts[word]} {kind.unit}" for word, label in kind.told]
    message = f"导入完成：{'，'.join(told)}，退回 {counts['rejected']} 行"
    return done(message, url_for(f"{kind.at}.result", file=file))


def _run(kind: Kind, file: str, **how: Any) -> Any:
    name = ask.uploaded(g.actor, file, kind.wanted.noun) or abort(404)
    region = g.actor.pooling_region
    return kind.run(act.kept(file), name, actor=g.actor, region=region, on=clock.today(), **how)


def result(kind: Kind, file: str) -> ResponseReturnValue:
    found = _result(kind, file)
    return render_template("imports/result.html", file=file, result=found, words=kind)


def errors(kind: Kind, file: str) -> ResponseReturnValue:
    found = _result(kind, file)
    content = act.kept(found.errors_file or abort(404))
    return send(content, f"退回的行-{found.file}.xlsx", act.WORKBOOK)


def _result(kind: Kind, file: str) -> Any:
    return ask.result(g.actor, file, kind.wanted.noun) or abort(404)


STEPS: tuple[tuple[str, Callable[..., ResponseReturnValue], str], ...] = (
    ("", index, "GET"),
    ("", upload, "POST"),
    ("/template", template, "GET"),
    ("/<file>", preview, "GET"),
    ("/<file>/run", run, "POST"),
    ("/<file>/result", result, "GET"),
    ("/<file>/errors", errors, "GET"),
)


def _doors(kind: Kind) -> Blueprint:
    """Every step of one kind behind its permission."""
    made = Blueprint(kind.at, __name__)
    for rest, step, method in STEPS:
        if step is not template or kind.headings:
            door = permit(kind.wanted.permission)(partial(step, kind))
            made.add_url_rule(kind.path + rest, step.__name__, door, methods=[method])
    return made


imports, people_imports, statement_imports = map(_doors, (INSTITUTIONS, PEOPLE, STATEMENTS))
