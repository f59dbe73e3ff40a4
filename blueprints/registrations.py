"""登记备案 one by one: department, commitment, certificate, leaving."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import registrations as act
from blueprints import case, files
from blueprints import registration_steps as steps
from blueprints.access import done, look, permit, take
from forms.registrations import CommitmentForm, DepartmentForm, LeaveForm, PersonalLicenceForm
from queries import practitioners, timeline
from queries import registrations as ask
from rules.permissions import Permission

registrations = Blueprint("registrations", __name__)


@registrations.get("/registrations/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("registration", key)
    person, shown = row.practitioner, steps.shown(row)
    signed = [("commitment", one.id) for one, _text in shown["commitments"]]
    crumbs = case.crumbs("医师药师记分", "practitioners.index", row.institution.name)
    back = {"label": person.name, "href": url_for("practitioners.show", key=person.id)}
    return render_template(
        "registrations/show.html",
        **shown,
        standing=practitioners.status(person, clock.today()),
        identity=case.identity(row.institution),
        commitment_form_of=CommitmentForm(),
        department_form=DepartmentForm(department=row.department),
        leave_form=LeaveForm(to_on=clock.today()),
        licence_form=PersonalLicenceForm(),
        warned=ask.waits(row.id),
        events=timeline.of([("registration", row.id), *signed]),
        crumbs_items=[crumbs[0], back, crumbs[1]],
    )


def _page(key: int) -> str:
    return url_for("registrations.show", key=key)


@registrations.get("/registrations/<int:key>/commitment")
@permit(Permission.VIEW_BUSINESS)
def sheet(key: int) -> ResponseReturnValue:
    """The text to be printed and signed."""
    shown = steps.sheet(look("registration", key))
    return render_template("registrations/sheet.html", back=_page(key), **shown)


@registrations.post("/registrations/<int:key>/commitment")
@permit(Permission.REGISTER_PRACTITIONER)
def commit(key: int) -> ResponseReturnValue:
    return steps.commit(take("registration", key), _page(key))


@registrations.get("/registrations/<int:key>/commitments/<int:commitment>/file")
@permit(Permission.VIEW_BUSINESS)
def copy(key: int, commitment: int) -> ResponseReturnValue:
    row = look("commitment", commitment)
    return files.handed_in(row) if row.registration_id == key else abort(404)


@registrations.post("/registrations/<int:key>/department")
@permit(Permission.REGISTER_PRACTITIONER)
def assign(key: int) -> ResponseReturnValue:
    return steps.assign(take("registration", key), _page(key))


@registrations.post("/registrations/<int:key>/licence")
@permit(Permission.REGISTER_PRACTITIONER)
def renew_licence(key: int) -> ResponseReturnValue:
    row = take("registration", key)
    return steps.renew_licence(ask.held_person(row), _page(key))


@registrations.post("/registrations/<int:key>/leave")
@permit(Permission.REGISTER_PRACTITIONER)
def leave(key: int) -> ResponseReturnValue:
    return steps.leave(take("registration", key), _page(key))


@registrations.post("/registrations/<int:key>/remind")
@permit(Permission.CORRECT_PERSON)
def remind(key: int) -> ResponseReturnValue:
    text = request.form.get("opinion", "")[:1000].replace("\x00", "")
    row: Any = take("registration", key)
    act.reminded(row, text=text, actor=g.actor, on=clock.today())
    return done("已记录提醒", _page(key))
