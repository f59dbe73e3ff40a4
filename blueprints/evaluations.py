"""评估: each member's own opinion, saved on the way and signed; what the team found; the confirmed result."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import clarifications, exhibits
from actions import evaluations as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from database import session
from forms import evaluations as counter
from forms.base import choices
from forms.uploads import media_type_of
from queries import blobs
from queries import evaluations as ask
from queries.paging import asked
from rules import evaluation as rule
from rules import score_sheet
from rules.permissions import Permission
from rules.refusal import Refused

evaluations = Blueprint("evaluations", __name__)
COLUMNS = [
    "受理号",
    "机构名称",
    "类型",
    "轮次",
    "形式",
    "开始日期",
    "已签署",
    "成员",
    "结论",
    "状态",
]


@evaluations.get("/evaluations")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("评估评分", COLUMNS, [_cells(row) for row in rows])
    results = [("passed", "合格"), ("failed", "不合格"), ("open", "未完成")]
    hint = "机构/受理号"
    return render_template(
        "evaluations/list.html",
        heading="评估评分",
        filters=[
            {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": hint},
            {"name": "result", "label": "结论", "type": "select", "value": given.word("result"), "options": results},
            files.kind_filter(given.word("kind")),
        ],
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )  # fmt: skip


def _cells(row: ask.EvaluationRow) -> list[Any]:
    known = [row.number, row.institution, row.kind_label, row.round, row.form, row.started_on]
    return [*known, row.signed, row.members, row.result, row.state.text]


@evaluations.get("/evaluations/opinions/<int:key>")
@permit(Permission.EVALUATE)
def opinion(key: int) -> ResponseReturnValue:
    return _opinion_page(*_own(key))


def _opinion_page(
    row: Any, evaluation: Any, *, errors: list[str] | None = None, pasted: str = ""
) -> ResponseReturnValue:
    application = evaluation.application
    items = _items(evaluation)
    form = counter.ExhibitForm()
    form.item.choices = choices((item.key, item.label) for item in items)
    page = render_template(
        "evaluations/opinion.html",
        opinion=row,
        evaluation=evaluation,
        items=items,
        full={item.key: rule.full_score(item) for item in items},
        answers={item["key"]: item for item in row.items},
        errors=errors or [],
        pasted=pasted,
        exhibit_form=form,
        specialties=rule.specialty_labels(
            application.institution.kind.family, on=evaluation.started_on
        ),
        crumbs_items=case.crumbs("待办事项", "worklist.index", application.number),
        **case.frame(application),
    )
    return page, 400 if errors else 200


def _items(evaluation: Any) -> Any:
    return rule.items(evaluation.institution.kind.family, on=evaluation.started_on)


def _own(key: int) -> tuple[Any, Any]:
    """The person's own opinion with its evaluation; anybody else's does not exist for this person."""
    found = ask.own_opinion(key, g.actor)
    return found or abort(404)


def _answers(evaluation: Any) -> dict[str, dict[str, object]]:
    """What the grid says, as far as it is filled in."""
    found: dict[str, dict[str, object]] = {}
    for item in _items(evaluation):
        passed = {"yes": True, "no": False}.get(request.form.get(f"result_{item.key}", ""))
        remark = request.form.get(f"remark_{item.key}", "").strip()[:500]
        found[item.key] = {"passed": passed, "remark": remark}
        score = request.form.get(f"score_{item.key}", "").strip()
        if score:
            whole = score.isascii() and score.isdigit() and len(score) <= score_sheet.DIGITS
            found[item.key]["score"] = int(score) if whole else score[:10]
    return found


def _remark() -> str:
    return request.form.get("remark", "").strip()[:1000]


@evaluations.post("/evaluations/opinions/<int:key>")
@permit(Permission.EVALUATE)
def sign(key: int) -> ResponseReturnValue:
    row, evaluation = _own(key)
    take("application", evaluation.application_id)
    act.give_opinion(
        row, evaluation, _answers(evaluation), remark=_remark(), actor=g.actor, on=clock.today()
    )
    return done("评估意见已签署", url_for("worklist.index"))


@evaluations.post("/evaluations/opinions/<int:key>/save")
@permit(Permission.EVALUATE)
def save(key: int) -> ResponseReturnValue:
    row, evaluation = _own(key)
    take("application", evaluation.application_id)
    act.save(row, evaluation, _answers(evaluation), remark=_remark(), actor=g.actor, at=clock.now())
    return done("评估意见已暂存，尚未签署", url_for("evaluations.opinion", key=key))


@evaluations.post("/evaluations/opinions/<int:key>/autosave")
@permit(Permission.EVALUATE)
def autosave(key: int) -> ResponseReturnValue:
    """The same from a script, while the person goes on writing: answers one line, never a page."""
    row, evaluation = _own(key)
    take("application", evaluation.application_id)
    act.save(row, evaluation, _answers(evaluation), remark=_remark(), actor=g.actor, at=clock.now())
    session.commit()
    return render_template("evaluations/saved.html", opinion=row)


autosave.no_operation = True  # type: ignore[attr-defined]  # saving the same draft twice does no harm


@evaluations.post("/evaluations/opinions/<int:key>/paste")
@permit(Permission.EVALUATE)
def paste(key: int) -> ResponseReturnValue:
    """Rows from a spreadsheet become a draft; with one wrong row nothing is taken over, and each is named."""
    row, evaluation = _own(key)
    text = request.form.get("rows", "")[:100_000]
    lines = [
        score_sheet.Line(number, item.key, item.label, rule.full_score(item))
        for number, item in enumerate(_items(evaluation), start=1)
    ]
    read = score_sheet.read(text, lines)
    if read.errors:
        return _opinion_page(row, evaluation, errors=read.errors, pasted=text)
    take("application", evaluation.application_id)
    before = {item["key"]: {k: v for k, v in item.items() if k != "key"} for item in row.items}
    items = {**before, **read.answers}
    act.save(row, evaluation, items, remark=row.remark, actor=g.actor, at=clock.now())
    return done(
        f"已读入 {len(read.answers)} 项，请核对后签署", url_for("evaluations.opinion", key=key)
    )


@evaluations.post("/evaluations/opinions/<int:key>/exhibits")
@permit(Permission.EVALUATE)
def add_exhibit(key: int) -> ResponseReturnValue:
    row, evaluation = _own(key)
    form = counter.ExhibitForm()
    form.item.choices = choices((item.key, item.label) for item in _items(evaluation))
    if not form.validate_on_submit():
        raise Refused(counter.faults(form) or "没有收到文件。")
    take("application", evaluation.application_id)
    upload = files.upload_of(form.file.data)
    exhibits.add(row, evaluation, form.item.data, upload, actor=g.actor, on=clock.today())
    return done("佐证已上传", url_for("evaluations.opinion", key=key))


@evaluations.get("/evaluations/exhibits/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def exhibit(key: int) -> ResponseReturnValue:
    """As blind as the opinion it belongs to."""
    row = ask.exhibit(key, g.actor) or abort(404)
    content = blobs.content(row.sha256)
    kind = media_type_of(row.file_name, content[:16]) or "application/octet-stream"
    return files.send(content, row.file_name, kind)


@evaluations.post("/applications/<int:key>/evidence")
@permit(Permission.REQUEST_EVIDENCE)
def request_evidence(key: int) -> ResponseReturnValue:
    application = take("application", key)
    wanted = {
        row.id: request.form.get(f"wanted_{row.id}", "").strip()[:500]
        for row in application.materials
        if request.form.get(f"ask_{row.id}")
    }
    clarifications.request(application, wanted, actor=g.actor, on=clock.today())
    return done("已通知机构补充评估材料，评估停钟", url_for("applications.show", key=key))


@evaluations.post("/applications/<int:key>/result")
@permit(Permission.CONFIRM_EVALUATION)
def confirm(key: int) -> ResponseReturnValue:
    application = take("application", key)
    if not application.evaluations:
        raise Refused("本件还没有评估。")
    act.confirm(
        application.evaluations[-1],
        passed=request.form.get("decision") == "pass",
        reasons=request.form.get("reasons", "")[:2000],
        advice=request.form.get("advice", "")[:2000],
        actor=g.actor,
        on=clock.today(),
    )
    return done(
        "评估结果已确认，结果告知书已印发，并已报送备案", url_for("applications.show", key=key)
    )


@evaluations.get("/applications/<int:key>/findings")
@permit(Permission.VIEW_BUSINESS)
def findings(key: int) -> ResponseReturnValue:
    """Every round whose members have all signed: item by item, who saw what, and where they differ."""
    application = look("application", key)
    finished = [one for one in application.evaluations if one.finished_on]
    return render_template(
        "evaluations/findings.html",
        rounds=[{"evaluation": one, "spread": act.spread(one)} for one in reversed(finished)],
        specialties=rule.specialty_labels(application.institution.kind.family, on=clock.today()),
        crumbs_items=[
            *case.crumbs("定点申请", "applications.index", "")[:1],
            {"label": application.number, "href": url_for("applications.show", key=key)},
            {"label": "评分汇总", "href": ""},
        ],
        **case.frame(application),
    )
