"""备案: what the agency sent to the administrative side; the bureau confirms with its number."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import filings as act
from blueprints import case, files
from blueprints.access import done, look, may, permit, take
from blueprints.sheets import sheet
from forms.filings import ConfirmForm
from queries import filings as ask
from queries.paging import Asked, asked
from rules.lifecycle import FILING
from rules.permissions import Permission
from rules.refusal import Refused

filings = Blueprint("filings", __name__)
COLUMNS = ["报送编号", "事项", "机构名称", "类型", "报送日期", "状态", "备案号", "确认日期"]
PAGES = {"agreement": "agreements.show", "suspension": "suspensions.show"}


@filings.get("/filings")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    if given.word("format"):
        return sheet("备案", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "filings/list.html",
        heading="备案",
        filters=_filters(given),
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.FilingRow) -> list[Any]:
    known = [row.number, row.kind, row.institution, row.kind_label, row.filed_on]
    return [*known, row.state.text, row.bureau_number, row.confirmed_on]


def _filters(given: Asked) -> list[dict[str, Any]]:
    states = [(word, state.label) for word, state in FILING.states.items()]
    hint = "机构/编号/备案号"
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": hint},
        {"name": "matter", "label": "事项", "type": "select", "value": given.word("matter"), "options": ask.KINDS},
        {"name": "state", "label": "状态", "type": "select", "value": given.word("state"), "options": states},
        files.kind_filter(given.word("kind")),
    ]  # fmt: skip


@filings.get("/filings/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    filing = look("filing", key)
    return render_template(
        "filings/show.html",
        filing=filing,
        form=ConfirmForm() if may("confirm_filing", filing) else None,
        subject_href=_subject_href(filing),
        waiting=case.waiting_for(filing),
        crumbs_items=case.crumbs("备案", "filings.index", filing.number),
        **case.frame(filing),
    )


def _subject_href(filing: Any) -> str:
    """The page of what was decided, where it has one of its own."""
    if filing.subject in PAGES:
        return url_for(PAGES[filing.subject], key=filing.subject_id)
    return ""


@filings.post("/filings/<int:key>/confirm")
@permit(Permission.CONFIRM_FILING)
def confirm(key: int) -> ResponseReturnValue:
    filing = take("filing", key)
    form = ConfirmForm()
    if not form.validate_on_submit():
        raise Refused("；".join(map(str, form.number.errors)) or "请填写备案号。")
    act.confirm(filing, number=form.number.data or "", actor=g.actor, on=clock.today())
    return done(
        f"{filing.kind.label}已确认，备案号 {filing.bureau_number}", url_for("filings.index")
    )
