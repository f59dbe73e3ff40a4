"""人员与劳动合同: stated by the institution in the portal, or by a clerk in the institution's file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import employments as act
from blueprints.access import done, look, permit, take
from forms.base import choices
from forms.employments import DepartmentForm, EmploymentForm, LeaveForm, RenewForm
from queries import conditions
from queries import employments as ask
from rules.checks import CONDITION_WORDS, LIGHTS, Line
from rules.permissions import Permission, Role
from rules.persons import EmploymentRole, employment_roles
from rules.refusal import Refused

employments = Blueprint("employments", __name__)
ROLES = {str(role): role for role in EmploymentRole}


@employments.get("/portal/employments")
@permit(Permission.USE_PORTAL)
def own() -> ResponseReturnValue:
    institution = look("institution", g.actor.institution_id)
    return render_template("portal/employments.html", **context(institution))


def context(institution: Any, form: Any = None) -> dict[str, Any]:
    """What both pages show of the people of an institution, and the forms to state them."""
    form = form or _form(institution)
    return {
        "row": institution,
        "employed": ask.of_institution(institution.id),
        "conditions": [shown(line) for line in _lines(institution)],
        "employment_form": form,
        "department_form": DepartmentForm(data={"name": institution.insurance_department}),
        "medical": institution.kind.family == "medical",
        "today": clock.today(),
    }


def _lines(institution: Any) -> list[Line]:
    return conditions.machine(institution, on=clock.today())


def shown(line: Line) -> dict[str, Any]:
    """A machine line of the conditions for the applicant's eyes."""
    light = {"state": LIGHTS[line.result], "text": CONDITION_WORDS[line.result]}
    return {"line": line, "light": light}


def _form(institution: Any) -> Any:
    form: Any = EmploymentForm()
    roles = employment_roles(institution.kind.family)
    form.role.choices = choices((role.value, role.label) for role in roles)
    return form


def _back(institution_id: int) -> str:
    if g.actor.role is Role.INSTITUTION:
        return url_for("employments.own")
    return url_for("institutions.show", key=institution_id, tab="people")


def _problems(form: Any) -> Refused:
    """What was wrongly typed, with the way back to the page it was typed on."""
    words = (str(error) for errors in form.errors.values() for error in errors)
    return Refused("；".join(words) or "没有收到内容。", cure="请返回原页面更正后重新提交。")


@employments.post("/institutions/<int:key>/employments")
@permit(Permission.STATE_EMPLOYMENT)
def employ(key: int) -> ResponseReturnValue:
    institution = take("institution", key)
    form = _form(institution)
    if not form.validate_on_submit():
        raise _problems(form)
    given = act.Contract(
        role=ROLES[form.role.data],
        name=form.name.data,
        id_number=form.id_number.data,
        certificate=form.certificate.data or "",
        certificate_number=form.certificate_number.data or "",
        registered_here=form.registered_here.data,
        full_time=form.full_time.data,
        contract_from=form.contract_from.data,
        contract_to=form.contract_to.data,
    )
    row = act.employ(institution, given, actor=g.actor, on=clock.today())
    return done(f"已登记{row.role.label}{row.name}", _back(key))


@employments.post("/employments/<int:key>/renew")
@permit(Permission.STATE_EMPLOYMENT)
def renew(key: int) -> ResponseReturnValue:
    row, form = take("employment", key), RenewForm()
    if not form.validate_on_submit():
        raise _problems(form)
    act.renew(row, contract_to=form.contract_to.data, actor=g.actor, on=clock.today())
    return done(f"{row.name}的劳动合同已续签", _back(row.institution_id))


@employments.post("/employments/<int:key>/leave")
@permit(Permission.STATE_EMPLOYMENT)
def leave(key: int) -> ResponseReturnValue:
    row, form = take("employment", key), LeaveForm()
    if not form.validate_on_submit() or form.left_on.data is None:
        raise _problems(form)
    act.leave(row, left_on=form.left_on.data, actor=g.actor, on=clock.today())
    return done(f"已登记{row.name}离职", _back(row.institution_id))


@employments.post("/institutions/<int:key>/insurance-department")
@permit(Permission.STATE_EMPLOYMENT)
def department(key: int) -> ResponseReturnValue:
    institution, form = take("institution", key), DepartmentForm()
    if not form.validate_on_submit():
        raise _problems(form)
    act.name_department(institution, form.name.data or "", actor=g.actor, on=clock.today())
    return done("已登记内部医保管理部门", _back(key))
