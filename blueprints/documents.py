"""公文文书: the register, each letter's only bytes, its service."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import service
from blueprints import files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.documents import BY_HAND, METHODS, ServiceForm
from queries import credit_subjects, cycle_archives, cycles
from queries import documents as ask
from queries.paging import asked
from rules.permissions import Permission
from rules.refusal import Refused

documents = Blueprint("documents", __name__)
COLUMNS = ["文号", "文书名称", "送达对象", "印发日期", "送达日期", "送达方式"]


@documents.get("/documents")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given, cycle = asked(request.args), _cycle()
    rows, page = ask.page(g.actor, given, cycle_archives.untold(cycle) if cycle else None)
    if given.word("format"):
        cells = [
            [r.number, r.title, r.recipient, r.issued_on, r.served_on, r.service_method]
            for r in rows
        ]
        return sheet("公文文书", COLUMNS, cells)
    served = [("no", "未送达"), ("yes", "已送达")]
    return render_template(
        "letters/list.html",
        heading="公文文书",
        filters=[
            {
                "name": "q",
                "label": "关键字",
                "type": "text",
                "value": given.q,
                "placeholder": "文号/名称/机构",
            },
            {
                "name": "served",
                "label": "送达",
                "type": "select",
                "value": given.word("served"),
                "options": served,
            },
        ],
        applied=[{"label": "未告知的等级", "value": cycle.name, "href": url_for("documents.index")}]
        if cycle
        else [],
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cycle() -> Any:
    """The cycle whose grades nobody has been told yet; one that is not this person's to see is not found."""
    key = request.args.get("cycle", type=int)
    return None if key is None else cycles.find(key, g.actor) or abort(404)


@documents.get("/documents/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = _letter(key)
    return render_template(
        "letters/show.html", document=row, methods=METHODS, form=ServiceForm(), today=clock.today()
    )


def _letter(key: int) -> Any:
    """In scope, and of no case in which this person stepped aside; else 404."""
    row = look("document", key)
    return row if ask.is_open(row, g.actor) else abort(404)


@documents.get("/documents/<int:key>/file.pdf")
@permit(Permission.VIEW_BUSINESS)
def file(key: int) -> ResponseReturnValue:
    """The letter. On first need its bytes are made and stored; from then on only read."""
    return files.letter(key, _letter)


@documents.post("/documents/<int:key>/service")
@permit(Permission.RECORD_SERVICE)
def serve(key: int) -> ResponseReturnValue:
    row = take("document", _letter(key).id)
    form = ServiceForm()
    if not form.validate_on_submit() or form.served_on.data is None:
        raise Refused("；".join(str(e) for errors in form.errors.values() for e in errors))
    if form.served_on.data > clock.today():
        raise Refused("送达日期不能晚于今天。")
    if row.institution_id is None and form.method.data == BY_HAND:
        credit_subjects.require_same(ask.rating_of(row), form.id_number.data or "")
    service.serve(
        row,
        actor=g.actor,
        on=form.served_on.data,
        method=form.method.data,
        proof=form.proof.data or "",
    )
    return done(f"{row.number} 已登记送达", url_for("documents.show", key=key))
