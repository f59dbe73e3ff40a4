"""登记备案人员: list, the one page of a person, registration at an institution, upkeep of the personal file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import operations, personal_files
from actions import practitioners as act
from blueprints import dossiers
from blueprints import registration_steps as steps
from blueprints.access import done, may, permit
from blueprints.sheets import sheet
from database import session
from forms.registrations import CorrectForm, CounterPersonForm, RevealForm
from queries import (
    commitments,
    deductions,
    points_ledger,
    points_lines,
    qualification_measures,
    reinstatements,
    shares,
    talks,
    timeline,
)
from queries import practitioners as ask
from queries.paging import asked
from rules import codes
from rules import commitments as commitment_rule
from rules import registrations as rule
from rules.lifecycle import REINSTATEMENT
from rules.permissions import Permission
from rules.persons import PractitionerRole
from rules.qualification import Status
from rules.refusal import Refused
from scoring.gauge import gauge

practitioners = Blueprint("practitioners", __name__)
COLUMNS = ["人员编码", "姓名", "类别", "执业机构", "当年记分", "支付资格", "截止日期"]
LICENCES = [("due", "即将到期"), ("lapsed", "已到期")]
COMMITMENTS = [("missing", "缺服务承诺书")]


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
    stand = row.standing
    return [row.code, row.name, row.role_label, places, row.points, stand.status.label, stand.until]


def _filters(given: Any) -> list[dict[str, Any]]:
    choices = {
        "role": ("类别", [(role.value, role.label) for role in PractitionerRole]),
        "status": ("支付资格", [(status.value, status.label) for status in Status]),
        "licence": ("执业证书", LICENCES),
        "commitment": ("承诺书", COMMITMENTS),
    }
    selects = [
        {"name": name, "label": label, "type": "select", "value": given.word(name), "options": options}
        for name, (label, options) in choices.items()
    ]  # fmt: skip
    points = {"name": "points", "label": "当年记分不低于", "type": "text"}
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "姓名/编码/拼音"},
        *selects,
        {**points, "value": given.word("points")},
    ]  # fmt: skip


def _creates() -> dict[str, str] | None:
    new = {"label": "登记备案", "href": url_for("practitioners.new")}
    return new if may("register_practitioner") else None


@practitioners.route("/practitioners/new", methods=["GET", "POST"])
@permit(Permission.REGISTER_PRACTITIONER)
def new() -> ResponseReturnValue:
    form: Any = CounterPersonForm()
    if not form.validate_on_submit():
        if request.method == "GET":
            form.institution_code.data = request.args.get("institution", "")
            form.from_on.data = clock.today()
        return render_template("practitioners/new.html", form=form), 400 if form.errors else 200
    institution = ask.place(codes.tidy(form.institution_code.data), g.actor)
    if institution is None:
        raise Refused("没有这个医保编码的机构。", cure="请核对机构医保编码，或者先登记机构。")
    row = act.register(
        institution, steps.person_of(form), actor=g.actor, on=clock.today(), from_on=form.from_on.data
    )  # fmt: skip
    warning = rule.code_warning(row.practitioner.code, institution.pooling_region, clock.today())
    message = f"{row.practitioner.name}已在{institution.name}登记备案"
    return done(
        f"{message}。{warning}" if warning else message,
        url_for("practitioners.show", key=row.practitioner_id),
    )


@practitioners.get("/practitioners/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    return _page(_look(key))


def _page(person: Any, **more: Any) -> str:
    key, on = person.id, clock.today()
    registrations, letters = ask.registrations(key), ask.letters(key)
    entries, measures = deductions.of(key), qualification_measures.measures(key)
    signed = commitments.of_registrations([row.id for row in registrations])
    here, asked_for = ask.sites(key, on), reinstatements.of_practitioner(key)
    given = {
        "person": person,
        "standing": ask.status(person, on),
        "gauge": gauge(deductions.total(key, on), on),
        "entries": entries,
        "lines": points_lines.of(key),
        "taken_back": points_ledger.all_taken_back(key),
        "measures": measures,
        "registrations": [(row, _light(row, signed[row.id], on)) for row in registrations],
        "letters": letters,
        "talks": _talks(key),
        "reinstatements": [(row, REINSTATEMENT.states[row.state]) for row in asked_for],
        "may_reinstate": bool(reinstatements.possible(key, on)),
        "shares": [(place, shares.of(place.id, on)) for place in here],
        "events": timeline.of(
            _subjects(key, entries, measures, letters, registrations, asked_for, *signed.values())
        ),
        "region_warning": rule.code_warning(person.code, person.pooling_region, on),
        "correct_form": CorrectForm(data={"name": person.name, "code": person.code}),
        "reveal_form": RevealForm(),
        "revealed": "",
        "crumbs_items": _crumbs(person.name),
        "today": on,
    }
    return render_template("practitioners/show.html", **{**given, **more})


def _talks(key: int) -> list[Any]:
    """The talks about a person that whoever looks may see."""
    rows = (row for row in talks.of_practitioner(key) if may("view_cases", row))
    return [(row, talks.badge(row)) for row in rows]


def _light(row: Any, signed: list[Any], on: Any) -> Any:
    return commitment_rule.light(row.from_on, signed[0].signed_on if signed else None, on)


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


@practitioners.post("/practitioners/<int:key>/file.pdf")
@permit(Permission.PRINT_DOSSIER)
def dossier(key: int) -> ResponseReturnValue:
    """一人一档 on paper: every site, period, entry, measure, commitment and letter. Who took it stands in the log."""
    return dossiers.person(_look(key))


@practitioners.post("/practitioners/<int:key>/correct")
@permit(Permission.CORRECT_PERSON)
def correct(key: int) -> ResponseReturnValue:
    person, form = _look(key, lock=True), CorrectForm()
    if not form.validate_on_submit():
        raise steps.problems(form)
    personal_files.correct(
        person, name=form.name.data or "", code=form.code.data or "", reason=form.reason.data or "",
        actor=g.actor, on=clock.today(),
    )  # fmt: skip
    return done("已更正个人档案", url_for("practitioners.show", key=key))


@practitioners.post("/practitioners/<int:key>/reveal")
@permit(Permission.REVEAL_ID)
def reveal(key: int) -> ResponseReturnValue:
    """The number is shown once, in the answer to the logged request; it is in no address and no cookie."""
    person = _look(key)
    number = personal_files.reveal(
        person, reason=request.form.get("reason", "")[:200], actor=g.actor, on=clock.today()
    )
    operations.answer(
        url_for("practitioners.show", key=key),
        "完整证件号码只显示一次，再次查看请重新填写理由",
    )
    session.commit()
    return _page(_look(key), revealed=number)


def _look(key: int, *, lock: bool = False) -> Any:
    """The person in scope, else 404."""
    return ask.find(key, g.actor, lock=lock) or abort(404)
