"""违规事实 of a case: picked from the catalogue, with figures, responsible person and evidence."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import findings as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from forms import case_measures as counter
from forms.base import choices
from queries import case_people
from rules import findings as rule
from rules import permissions
from rules.permissions import Permission

findings = Blueprint("findings", __name__)


@findings.route("/cases/<int:key>/findings/new", methods=["GET", "POST"])
@permit(Permission.RECORD_FINDING)
def new(key: int) -> ResponseReturnValue:
    row, form = look("violation", key), counter.FindingForm()
    permissions.require(g.actor, Permission.RECORD_FINDING, row)
    watched = rule.class_of(
        str(row.institution.kind), row.institution.nature, row.institution.level, clock.today()
    )
    form.item.choices = _items(row, watched.key if watched else "")
    people = [(one.id, f"{one.name}（{one.code}）") for one in case_people.of(row.institution_id)]
    form.practitioner.choices = choices([("", "不指明"), *people])
    if form.validate_on_submit():
        return _add(take("violation", key), form)
    context = {
        "violation": row,
        "form": form,
        "watched": watched,
        "crumbs_items": case.crumbs("违规案件", "violations.index", f"{row.number} 登记违规事实"),
    }
    return render_template("violations/finding_new.html", **context), 400 if form.errors else 200


def _items(row: Any, class_key: str) -> dict[str, list[tuple[str, str]]]:
    """The catalogue for the select field, what this class is watched for first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in rule.items(clock.today(), row.institution.kind.family, class_key):
        name = (
            "本类机构监管重点" if item.focus else "其他情形" if item.key != item.act else "法定行为"
        )
        groups.setdefault(name, []).append((item.key, f"{item.label}（{item.basis}）"))
    return groups


def _add(row: Any, form: counter.FindingForm) -> ResponseReturnValue:
    given = form.file.data
    upload = files.uploads_of([given])[0] if given and given.filename else None
    act.add(row, form.found(), upload=upload, actor=g.actor, on=clock.today())
    return done("已登记违规事实", url_for("violations.show", key=row.id, _anchor="findings"))


@findings.post("/cases/<int:key>/findings/<int:line>/removal")
@permit(Permission.RECORD_FINDING)
def remove(key: int, line: int) -> ResponseReturnValue:
    row: Any = take("violation", key)
    act.remove(_line(row, line), actor=g.actor, on=clock.today())
    return done("已删除违规事实", url_for("violations.show", key=key, _anchor="findings"))


@findings.get("/cases/<int:key>/findings/<int:line>/file")
@permit(Permission.VIEW_CASES)
def evidence(key: int, line: int) -> ResponseReturnValue:
    row = look("violation", key)
    permissions.require(g.actor, Permission.VIEW_CASES, row)
    return files.handed_in(_line(row, line))


def _line(row: Any, line: int) -> Any:
    found = next((one for one in row.findings if one.id == line), None)
    if found is None:
        abort(404)
    return found
