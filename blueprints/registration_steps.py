"""What is done to a registration, alike at the counter and in the portal; each goes back where it came from."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.typing import ResponseReturnValue

import clock
from actions import commitments, personal_files, practitioners, registrations
from blueprints.access import done
from blueprints.files import uploads_of
from forms.registrations import CommitmentForm, DepartmentForm, LeaveForm, PersonalLicenceForm
from queries import commitments as signed
from queries import registrations as ask
from rules import commitments as rule
from rules import licences
from rules.clocks import Light
from rules.permissions import Role
from rules.refusal import Refused
from rules.registrations import Person


def problems(form: Any) -> Refused:
    """What was wrongly typed, with the way back to the page it was typed on."""
    words = (str(error) for errors in form.errors.values() for error in errors)
    return Refused("；".join(words) or "没有收到内容。", cure="请返回原页面更正后重新提交。")


def person_of(form: Any) -> Person:
    return Person(
        code=form.code.data,
        name=form.name.data,
        role=form.chosen_role,
        id_number=form.id_number.data,
        licence_number=form.licence_number.data or "",
        licence_valid_to=form.licence_valid_to.data,
        licence_scope=form.licence_scope.data or "",
        title=form.title.data or "",
        department=form.department.data or "",
        committed_on=form.committed_on.data,
    )


def commit(row: Any, back: str) -> ResponseReturnValue:
    form: Any = CommitmentForm()
    if not form.validate_on_submit():
        raise problems(form)
    copies = uploads_of([form.copy.data] if form.copy.data else [])
    commitments.record(
        row,
        signed_on=form.signed_on.data,
        copy=next(iter(copies), None),
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已登记{row.practitioner.name}的服务承诺书", back)


def leave(row: Any, back: str) -> ResponseReturnValue:
    form: Any = LeaveForm()
    if not form.validate_on_submit():
        raise problems(form)
    practitioners.leave(row, to_on=form.to_on.data, actor=g.actor, on=clock.today())
    return done(f"已注销{row.practitioner.name}在{row.institution.name}的登记备案", back)


def assign(row: Any, back: str) -> ResponseReturnValue:
    form: Any = DepartmentForm()
    if not form.validate_on_submit():
        raise problems(form)
    registrations.assign(
        row, department=form.department.data or "", actor=g.actor, on=clock.today()
    )
    return done("已变更科室", back)


def renew_licence(person: Any, back: str) -> ResponseReturnValue:
    form: Any = PersonalLicenceForm()
    if not form.validate_on_submit():
        raise problems(form)
    personal_files.renew_licence(
        person, number=form.number.data or "", valid_to=form.valid_to.data, actor=g.actor, on=clock.today()
    )  # fmt: skip
    return done(f"已登记{person.name}的执业证书延续", back)


def shown(row: Any) -> dict[str, Any]:
    """What both pages of a registration show: the person here, the certificate, the commitments and what is asked."""
    on, family = clock.today(), row.institution.kind.family
    signatures = signed.of_registrations([row.id])[row.id]
    ends = row.practitioner.licence_valid_to
    return {
        "registration": row,
        "person": row.practitioner,
        "today": on,
        "commitments": [(one, rule.by_key(one.text_key, on)) for one in signatures],
        "to_sign": _to_sign(family, {one.text_key for one in signatures}, on),
        "commitment_light": rule.light(
            row.from_on, signatures[0].signed_on if signatures else None, on
        ),
        "licence_light": licences.light(ends, on) if ends else Light("na", "未登记有效期"),
        "doubts": ask.doubts(row, on=on) if row.to_on is None else [],
        "editable": row.to_on is None,
        "by_institution": g.actor.role is Role.INSTITUTION,
    }


def _to_sign(family: str, keys: set[str], on: Any) -> Any:
    """The text in force, as long as it was not signed."""
    text = rule.text(family, on)
    return text if text is not None and text.key not in keys else None


def sheet(row: Any) -> dict[str, Any]:
    """The text in force with the lines for the signature."""
    on = clock.today()
    text = rule.text(row.institution.kind.family, on)
    if text is None:
        raise Refused("还没有服务承诺书的文本。", cure="请在参数依据中核对文本的起始日期。")
    return {"registration": row, "person": row.practitioner, "text": text, "today": on}
