"""办理批次: what is going to be done, confirmed; how far it has come; what became of every row."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import database
from actions import batch_kinds, letters
from actions import batches as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from database import session
from queries import batches as ask
from queries import timeline
from queries.paging import Asked, asked
from rules.lifecycle import BatchState
from rules.permissions import Permission
from rules.refusal import Refused

batches = Blueprint("batches", __name__)
COLUMNS = ["机构名称", "将要办理", "结果", "说明", "办理时间"]
ENOUGH = 286  # the answer that ends the asking
PAGES = {
    "renewal": "renewals.show",
    "agreement": "agreements.show",
    "document": "documents.show",
}


@batches.get("/batches")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    return render_template(
        "batches/list.html",
        heading="办理批次",
        filters=[
            {"name": "q", "label": "批次编号", "type": "text", "value": given.q},
            {"name": "state", "label": "状态", "type": "select", "value": given.word("state"), "options": ask.STATES},
        ],
        rows=rows,
        page=page,
        printed={"by": g.actor.name, "at": clock.now()},
    )  # fmt: skip


@batches.get("/batches/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    """Asked again every two seconds while it runs; the last answer ends the asking."""
    batch = look("batch", key)
    given = asked(request.args)
    rows, page = ask.rows(batch, given)
    if given.word("format"):
        return sheet(f"{batch.title}{batch.number}", COLUMNS, [_cells(row) for row in rows])
    running = batch.state == BatchState.RUNNING
    shown = render_template(
        "batches/show.html",
        heading=batch.title,
        line=ask.line(batch),
        running=running,
        filters=_filters(given),
        rows=rows,
        page=page,
        pages=PAGES,
        letters=ask.letters(batch, g.actor, _letter(batch)) if _has_letters(batch) else None,
        drafts=_letter(batch),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
        events=timeline.of([("batch", key)]),
        crumbs_items=case.crumbs("办理批次", "batches.index", batch.number),
    )
    return shown, ENOUGH if request.headers.get("HX-Request") and not running else 200


def _letter(batch: Any) -> str:
    """The kind of letter that its rows issue."""
    return batch_kinds.KINDS[batch.kind].letter


def _has_letters(batch: Any) -> bool:
    return batch_kinds.KINDS[batch.kind].make is not None or bool(_letter(batch))


def _filters(given: Asked) -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": "机构名称", "type": "text", "value": given.q},
        {"name": "outcome", "label": "结果", "type": "select", "value": given.word("outcome"), "options": ask.OUTCOMES},
    ]  # fmt: skip


def _cells(row: Any) -> list[Any]:
    at = row.done_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if row.done_at else ""
    return [row.label, row.preview, row.outcome.label, row.sentence, at]


@batches.get("/batches/<int:key>/rows/<int:row>/preview.pdf")
@permit(Permission.START_BATCH)
def preview(key: int, row: int) -> ResponseReturnValue:
    """The letter that this row is going to issue: issued for the look of it, and taken back before it is printed."""
    look("batch", key)
    session.rollback()
    database.start_reading(False)
    try:
        batch = look("batch", key)
        line = ask.row(batch, row) or abort(404)
        kind, facts = act.draft(batch, line, actor=g.actor, on=clock.today())
    finally:
        session.rollback()
        database.start_reading(True)
    content = letters.print_frozen(kind, facts)
    return files.send(content, "样章·无效.pdf", "application/pdf", inline=True)


@batches.get("/batches/<int:key>/letters/<int:part>.<form>")
@permit(Permission.VIEW_BUSINESS)
def letter_file(key: int, part: int, form: str) -> ResponseReturnValue:
    """One part of a batch's letters, for the printer or as single files."""
    batch = look("batch", key)
    found = ask.letters_of_part(batch, g.actor, _letter(batch), part) if _has_letters(batch) else []
    if not found or form not in ("pdf", "zip"):
        abort(404)
    missing = sum(1 for row in found if row.sha256 is None)
    if missing:
        raise Refused(f"还有 {missing} 件文书正在生成。", cure="请过几分钟刷新批次页面后再下载。")
    name = f"{batch.title}{batch.number}第{part}册.{form}"
    if form == "zip":
        return files.send(_zipped(found), name, "application/zip")
    return files.send(letters.for_printer(found), name, "application/pdf", inline=True)


def _zipped(found: list[Any]) -> bytes:
    """Each letter as its own file, by its number."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for row in found:
            archive.writestr(f"{row.number}.pdf", letters.render(row))
    return content.getvalue()


@batches.post("/batches/<int:key>/start")
@permit(Permission.START_BATCH)
def start(key: int) -> ResponseReturnValue:
    batch = take("batch", key)
    act.start(batch, actor=g.actor, on=clock.today())
    return done("批次已确认，系统逐件办理", url_for("batches.show", key=key))


@batches.post("/batches/<int:key>/cancel")
@permit(Permission.CANCEL_BATCH)
def cancel(key: int) -> ResponseReturnValue:
    batch = take("batch", key)
    act.cancel(batch, actor=g.actor, on=clock.today(), reason=request.form.get("reason", ""))
    return done("批次已取消，没有办理的各件不再办理", url_for("batches.show", key=key))
