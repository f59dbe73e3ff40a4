"""人员与记分 in the portal: the own people, their registration, commitments, leaving, and the notice board."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import practitioners as act
from blueprints import files
from blueprints import registration_steps as steps
from blueprints.access import done, look, permit, take
from forms.registrations import (
    CommitmentForm,
    DepartmentForm,
    LeaveForm,
    PersonalLicenceForm,
    PersonForm,
)
from queries import practitioners, status_boards
from queries import registrations as ask
from queries.paging import Asked, asked
from rules.permissions import Permission

portal_people = Blueprint("portal_people", __name__)
FOLDER = "/portal/practitioners"
MISSING = {"missing": "缺服务承诺书"}


@portal_people.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    given, on, key = asked(request.args), clock.today(), g.actor.institution_id
    words = {name: given.word(name) for name in ("commitment", "licence")}
    here = Asked(given.q, given.page, given.size, {"institution": str(key), **words})
    rows, page = practitioners.page(g.actor, here, on=on)
    return render_template(
        "portal/practitioners.html",
        rows=rows,
        registered=ask.here([row.id for row in rows], key, on),
        missing=len(ask.uncommitted(key, on)),
        page=page,
        query=given.q,
        words=words,
        year=on.year,
    )


@portal_people.route(f"{FOLDER}/new", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def new() -> ResponseReturnValue:
    institution = look("institution", g.actor.institution_id)
    form: Any = PersonForm(family=institution.kind.family)
    if not form.validate_on_submit():
        if request.method == "GET":
            form.from_on.data = clock.today()
        page = render_template("portal/practitioner_new.html", form=form, institution=institution)
        return page, 400 if form.errors else 200
    row = act.register(
        take("institution", institution.id), steps.person_of(form), actor=g.actor, on=clock.today(),
        from_on=form.from_on.data,
    )  # fmt: skip
    return done(f"{row.practitioner.name}已登记备案", _page(row.id))


def _page(key: int) -> str:
    return url_for("portal_people.show", key=key)


@portal_people.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    """Somebody registered here; where else somebody works is not this institution's business."""
    row = look("registration", key)
    return render_template(
        "portal/practitioner.html",
        **steps.shown(row),
        standing=practitioners.status(row.practitioner, clock.today()),
        commitment_form_of=CommitmentForm(),
        department_form=DepartmentForm(department=row.department),
        leave_form=LeaveForm(to_on=clock.today()),
        licence_form=PersonalLicenceForm(),
    )


@portal_people.get(f"{FOLDER}/<int:key>/commitment")
@permit(Permission.USE_PORTAL)
def sheet(key: int) -> ResponseReturnValue:
    shown = steps.sheet(look("registration", key))
    return render_template("portal/commitment_sheet.html", back=_page(key), **shown)


@portal_people.post(f"{FOLDER}/<int:key>/commitment")
@permit(Permission.USE_PORTAL)
def commit(key: int) -> ResponseReturnValue:
    return steps.commit(take("registration", key), _page(key))


@portal_people.get(f"{FOLDER}/<int:key>/commitments/<int:commitment>/file")
@permit(Permission.USE_PORTAL)
def copy(key: int, commitment: int) -> ResponseReturnValue:
    row = look("commitment", commitment)
    return files.handed_in(row) if row.registration_id == key else abort(404)


@portal_people.post(f"{FOLDER}/<int:key>/department")
@permit(Permission.USE_PORTAL)
def assign(key: int) -> ResponseReturnValue:
    return steps.assign(take("registration", key), _page(key))


@portal_people.post(f"{FOLDER}/<int:key>/licence")
@permit(Permission.USE_PORTAL)
def renew_licence(key: int) -> ResponseReturnValue:
    row = take("registration", key)
    return steps.renew_licence(ask.held_person(row), _page(key))


@portal_people.post(f"{FOLDER}/<int:key>/leave")
@permit(Permission.USE_PORTAL)
def leave(key: int) -> ResponseReturnValue:
    return steps.leave(take("registration", key), url_for("portal_people.index"))


@portal_people.get("/portal/board")
@permit(Permission.USE_PORTAL)
def board() -> ResponseReturnValue:
    """The notice to be posted in the institution, for printing."""
    institution, on = look("institution", g.actor.institution_id), clock.today()
    lines = status_boards.lines(institution.id, on=on)
    return render_template(
        "portal/board.html", institution=institution, lines=lines, counts=status_boards.counts(lines), today=on
    )  # fmt: skip
