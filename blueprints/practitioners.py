"""登记备案人员: list, the one page of a person, registration at an institution and leaving it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import practitioners as act
from blueprints.access import done, may, permit
from blueprints.sheets import sheet
from forms.practitioners import LeaveForm, PersonForm
from queries import deductions, qualification_measures, shares, timeline
from queries import practitioners as ask
from queries.paging import asked
from rules import codes
from rules.permissions import Permission
from rules.persons import PractitionerRole
from rules.qualification import Status
from rules.refusal import Refused
from scoring.gauge import gauge

practitioners = Blueprint("practitioners", __name__)
COLUMNS = ["人员编码", "姓名", "类别", "执业机构", "当年记分", "支付资格", "截止日期"]


@practitioners.get("/practitioners")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    if given.word("format"):
        return sheet("医保医师药师", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "practitioners/list.html",
        heading="医师药师记分",
        filters=_filters(given),
        rows=rows,
        page=page,
        exportable=True,
        creates=_creates(),
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.Row) -> list[Any]:
    places = "、".join(name for _key, name in row.institutions)
    return [
        row.code,
        row.name,
        row.role_label,
        places,
        row.points,
        row.standing.status.label,
        row.standing.until,
    ]


def _filters(given: Any) -> list[dict[str, Any]]:
    choices = {
        "role": ("类别", [(role.value, role.label) for role in PractitionerRole]),
        "status": ("支付资格", [(status.value, status.label) for status in Status]),
    }
    hint = "姓名/编码/拼音"
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": hint},
        *(
            {
                "name": name,
                "label": label,
                "type": "select",
                "value": given.word(name),
                "options": options,
            }
            for name, (label, options) in choices.items()
        ),
        {
            "name": "points",
            "label": "当年记分不低于",
            "type": "text",
            "value": given.word("points"),
        },
    ]


def _creates() -> dict[str, str] | None:
    new = {"label": "登记备案", "href": url_for("practitioners.new")}
    return new if may("register_practitioner") else None


@practitioners.route("/practitioners/new", methods=["GET", "POST"])
@permit(Permission.REGISTER_PRACTITIONER)
def new() -> ResponseReturnValue:
    form: Any = PersonForm()
    if not form.validate_on_submit():
        if request.method == "GET":
            form.institution_code.data = request.args.get("institution", "")
            form.from_on.data = clock.today()
        return render_template("practitioners/new.html", form=form), 400 if form.errors else 200
    institution = ask.place(codes.tidy(form.institution_code.data), g.actor)
    if institution is None:
        raise Refused("没有这个国家编码的机构。", cure="请核对机构国家编码，或者先登记机构。")
    registration = act.register(
        institution, _person(form), actor=g.actor, on=clock.today(), from_on=form.from_on.data
    )
    message = f"{registration.practitioner.name}已在{institution.name}登记备案"
    return done(message, url_for("practitioners.show", key=registration.practitioner_id))


def _person(form: Any) -> act.Person:
    return act.Person(
        code=form.code.data,
        name=form.name.data,
        role=PractitionerRole(form.role.data),
        id_number=form.id_number.data,
        licence_number=form.licence_number.data or "",
        licence_valid_to=form.licence_valid_to.data,
    )


@practitioners.get("/practitioners/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    person, on = _look(key), clock.today()
    registrations, entries, measures = (
        ask.registrations(key),
        deductions.of(key),
        qualification_measures.measures(key),
    )
    letters = ask.letters(key)
    here = ask.sites(key, on)
    return render_template(
        "practitioners/show.html",
        person=person,
        standing=ask.status(person, on),
        gauge=gauge(deductions.total(key, on), on),
        entries=entries,
        measures=measures,
        registrations=registrations,
        letters=letters,
        shares=[(place, shares.of(place.id, on)) for place in here],
        events=timeline.of(_subjects(key, entries, measures, letters)),
        crumbs_items=_crumbs(person.name),
        today=on,
    )


def _subjects(key: int, *rows: Any) -> list[tuple[str, int]]:
    return [
        ("practitioner", key),
        *((row.__tablename__, row.id) for group in rows for row in group),
    ]


def _crumbs(name: str) -> list[dict[str, str]]:
    return [
        {"label": "医师药师记分", "href": url_for("practitioners.index")},
        {"label": name, "href": ""},
    ]


@practitioners.post("/practitioners/<int:key>/registrations/<int:registration>/leave")
@permit(Permission.REGISTER_PRACTITIONER)
def leave(key: int, registration: int) -> ResponseReturnValue:
    _look(key)
    row = next((one for one in ask.registrations(key) if one.id == registration), None) or abort(
        404
    )
    form: Any = LeaveForm()
    if not form.validate_on_submit():
        raise Refused("；".join(map(str, form.to_on.errors)))
    act.leave(row, to_on=form.to_on.data, actor=g.actor, on=clock.today())
    return done(f"已注销在{row.institution.name}的登记备案", url_for("practitioners.show", key=key))


def _look(key: int) -> Any:
    """The person in scope, else 404."""
    return ask.find(key, g.actor) or abort(404)
