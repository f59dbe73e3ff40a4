"""证照到期: which are about to end, and that the institution was reminded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import licences as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.licences import RevokeForm
from queries import licences as ask
from queries import timeline
from queries.paging import Asked, asked
from rules import indications
from rules import licences as rule
from rules.clocks import Light
from rules.permissions import Permission
from rules.refusal import Refused

licences = Blueprint("licences", __name__)
COLUMNS = ["机构名称", "类型", "证照种类", "证照编号", "有效期至", "时限"]


@licences.get("/institutions/licences")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = ask.page(g.actor, given, on=on)
    if given.word("format"):
        return sheet("证照到期", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "licences/list.html",
        heading="证照到期",
        filters=_filters(given),
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.ListRow) -> list[Any]:
    return [
        row.institution, row.kind_label, row.kind, row.number, row.valid_to, row.light.text,
    ]  # fmt: skip


def _filters(given: Asked) -> list[dict[str, Any]]:
    within = [(str(step), f"{step} 日内到期") for step in rule.steps(clock.today())]
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/证照编号/拼音"},
        {"name": "within", "label": "期限", "type": "select", "value": given.word("within"),
         "options": [*within, (ask.ENDED, "已过期")]},
        files.kind_filter(given.word("kind")),
    ]  # fmt: skip


@licences.get("/licences/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row, on = look("licence", key), clock.today()
    return render_template(
        "licences/show.html",
        licence=row,
        light=_light(row, on),
        form=RevokeForm(),
        ground=indications.names_licence(row.kind, on, row.institution.kind.family),
        identity=case.identity(row.institution),
        crumbs_items=case.crumbs("证照到期", "licences.index", row.number),
        events=timeline.of([("licence", row.id)]),
    )


def _light(row: Any, on: Any) -> Light | None:
    if row.revoked_on:
        return Light("over", f"{row.revoked_on} 吊销或者注销")
    return rule.light(row.valid_to, on) if row.valid_to else None


@licences.post("/licences/<int:key>/revoke")
@permit(Permission.REGISTER_INSTITUTION)
def revoke(key: int) -> ResponseReturnValue:
    row, form = take("licence", key), RevokeForm()
    if not form.validate_on_submit() or form.revoked_on.data is None:
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
    act.revoke(
        row,
        how=form.how.data or "",
        revoked_on=form.revoked_on.data,
        document=form.document.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已登记{row.kind}{form.how.data}", url_for("licences.show", key=key))


@licences.post("/licences/<int:key>/remind")
@permit(Permission.REGISTER_INSTITUTION)
def remind(key: int) -> ResponseReturnValue:
    text = request.form.get("opinion", "")[:1000]
    act.reminded(take("licence", key), text=text, actor=g.actor, on=clock.today())
    return done("已记录提醒", url_for("licences.show", key=key))
