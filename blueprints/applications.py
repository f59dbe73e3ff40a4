"""定点申请 on the agency's side: list, case page and the steps up to a public notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import applications as act
from actions import clarifications, materials
from blueprints import case, files
from blueprints.access import done, look, may, permit, take
from blueprints.sheets import sheet
from forms import applications as counter
from forms.agreements import OfferForm
from forms.base import choices
from queries import applications as ask
from queries import evaluators, filings, lookalikes, objections, refusals
from queries.paging import Asked, asked
from rules import conditions
from rules import evaluation as rule
from rules.lifecycle import APPLICATION
from rules.permissions import Permission
from rules.refusal import Refused

applications = Blueprint("applications", __name__)
COLUMNS = ["受理号", "机构名称", "类型", "状态", "受理日期", "办理时限"]


@applications.get("/applications")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    if given.word("format"):
        cells = [
            [r.number, r.institution, r.kind_label, r.state.text, r.received_on, r.due.text]
            for r in rows
        ]
        return sheet("定点申请", COLUMNS, cells)
    return render_template(
        "applications/list.html",
        heading="定点申请",
        filters=_filters(given),
        rows=rows,
        page=page,
        exportable=True,
        creates={"label": "代机构填报", "href": url_for("applications.new")}
        if may("apply")
        else None,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _filters(given: Asked) -> list[dict[str, Any]]:
    counts = ask.state_counts(g.actor)
    options = [
        (word, f"{state.label} {counts.get(word, 0)}") for word, state in APPLICATION.states.items()
    ]
    return [
        {
            "name": "q",
            "label": "关键字",
            "type": "text",
            "value": given.q,
            "placeholder": "机构/受理号/拼音",
        },
        {
            "name": "state",
            "label": "状态",
            "type": "select",
            "value": given.word("state"),
            "options": options,
        },
        files.kind_filter(given.word("kind")),
        {
            "name": "flag",
            "label": "提示",
            "type": "select",
            "value": given.word("flag"),
            "options": [(name, label) for name, (label, _condition) in ask.FLAGS.items()],
        },
    ]


@applications.route("/applications/new", methods=["GET", "POST"])
@permit(Permission.APPLY)
def new() -> ResponseReturnValue:
    form = counter.OpenForm()
    rows = ask.applicants(g.actor)
    form.institution_id.choices = choices(
        (row.id, f"{row.name}（{row.code or '未赋码'}）") for row in rows
    )
    if form.validate_on_submit():
        institution = take("institution", form.institution_id.data)
        application = act.open_draft(institution, actor=g.actor, on=clock.today())
        return done(
            f"已建立申请 {application.number}", url_for("applications.show", key=application.id)
        )
    return render_template("applications/new.html", form=form), 400 if form.errors else 200


@applications.get("/applications/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    return _page(look("application", key))


def _page(application: Any, status: int = 200, **forms: Any) -> ResponseReturnValue:
    on = clock.today()
    hits = refusals.hits(application.institution, on)
    evaluation = application.evaluations[-1] if application.evaluations else None
    context = {
        **case.frame(application),
        "crumbs_items": case.crumbs("定点申请", "applications.index", application.number),
        "progress": ask.steps(application),
        "materials": ask.materials(application),
        "materials_note": ask.materials_note(application),
        "hits": hits,
        "evaluation": evaluation,
        "related": _related(application, hits),
        "waiting": case.waiting_for(application),
        "today": on,
        "filings": filings.of_subject("evaluation", evaluation.id) if evaluation else [],
        "opinion": evaluators.opinion_of(application, g.actor.id),
        "refusal_grounds": conditions.refusal_choices(application.institution.kind.family, on=on),
        "offer_form": OfferForm(),
        "objections": objections.of_notice(application),
        "specialties": rule.specialty_labels(application.institution.kind.family, on=on),
        "me_id": g.actor.id,
        **(_before_acceptance(application, on) if application.state == "submitted" else {}),
        "agreement": ask.agreement_of(application),
        **forms,
    }
    return render_template("applications/show.html", **context), status


def _before_acceptance(application: Any, on: date) -> dict[str, Any]:
    """What stands between a complete application and its acceptance, each with the page on which it is done."""
    conditions_light, grounds_light = (
        ask.conditions_note(application, on),
        ask.grounds_note(application, on),
    )
    pages = (
        ("申请条件核验", "intake.conditions_page", conditions_light),
        ("不予受理核对", "intake.refusal_checks", grounds_light),
    )
    return {
        "checks": [
            {"name": name, "href": url_for(page, key=application.id), "light": light}
            for name, page, light in pages
        ],
        "found_against": grounds_light.state == "over",
        "may_tell_again": conditions.may_tell_again(application.supplements, on=on),
    }


def _related(application: Any, hits: tuple[Any, ...]) -> list[dict[str, str]]:
    notes = _departures(application)
    notes += [{"text": f"{hit.text}（{hit.basis}）"} for hit in hits]
    for other, why in lookalikes.resembling(application.institution, clock.today()):
        href = url_for("institutions.show", key=other.id)
        notes.append(
            {"text": f"与被解除或者不予受理的“{other.name}”{why}，请核实是否换壳重开", "href": href}
        )
    if application.proxy_by_id:
        notes.append({"text": "本件由工作人员代为填报，代填人不参与审核。"})
    return notes or [{"text": "没有发现不予受理情形。"}]


def _departures(application: Any) -> list[dict[str, str]]:
    """What departs from the usual course and should be known to whoever opens the case."""
    notes = []
    if application.again_reason:
        text = f"本件再次告知补正，不符合“一次性告知”的规定。理由：{application.again_reason}"
        notes.append({"text": text})
    if application.reminders and application.state == "supplementing":
        text = (
            f"机构没有补正，已提醒 {application.reminders} 次，最近一次 {application.reminded_on}"
        )
        notes.append({"text": text})
    return notes


@applications.get("/applications/<int:key>/materials/<int:material>")
@permit(Permission.VIEW_BUSINESS)
def material_file(key: int, material: int) -> ResponseReturnValue:
    return files.material(look("application", key), material)


@applications.post("/applications/<int:key>/materials/<int:material>/file")
@permit(Permission.SUBMIT_APPLICATION)
def upload(key: int, material: int) -> ResponseReturnValue:
    application = take("application", key)
    form = counter.MaterialForm()
    if not form.validate_on_submit():
        raise Refused("；".join(form.file.errors) or "没有收到文件。")
    row = files.material_row(application, material)
    materials.hand_in(
        row, application, files.upload_of(form.file.data), actor=g.actor, on=clock.today()
    )
    return done(f"已上传“{row.label}”", url_for("applications.show", key=key))


@applications.post("/applications/<int:key>/submit")
@permit(Permission.SUBMIT_APPLICATION)
def submit(key: int) -> ResponseReturnValue:
    application = take("application", key)
    act.submit(application, actor=g.actor, on=clock.today())
    return done(f"申请 {application.number} 已提交", url_for("applications.show", key=key))


@applications.post("/applications/<int:key>/supplement")
@permit(Permission.SUPPLEMENT)
def supplement(key: int) -> ResponseReturnValue:
    application = take("application", key)
    if application.state == "clarifying":
        clarifications.supply(application, actor=g.actor, on=clock.today())
        return done("补充材料已提交，评估继续", url_for("applications.show", key=key))
    act.supplement(application, actor=g.actor, on=clock.today())
    return done("补正材料已提交", url_for("applications.show", key=key))


@applications.post("/applications/<int:key>/materials/<int:material>/check")
@permit(Permission.CHECK_MATERIAL)
def check(key: int, material: int) -> ResponseReturnValue:
    application = take("application", key)
    form, row = counter.CheckForm(), files.material_row(application, material)
    if not form.validate_on_submit():
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
    passed = form.result.data == "passed"
    materials.check_material(
        row,
        application,
        passed=passed,
        reason=form.reason.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    word = "通过" if passed else "退回"
    back = url_for("applications.show", key=key) + "#materials"
    if request.form.get("page") == "materials":
        following = request.form.get("next", type=int) or row.id
        back = url_for("intake.materials_page", key=key, item=following)
    return done(f"“{row.label}”已{word}", back)


@applications.post("/applications/<int:key>/check-all")
@permit(Permission.CHECK_MATERIAL)
def check_all(key: int) -> ResponseReturnValue:
    application = take("application", key)
    number = materials.pass_all_given(application, actor=g.actor, on=clock.today())
    return done(f"{number} 项材料审核通过", url_for("applications.show", key=key))


@applications.post("/applications/<int:key>/request-supplement")
@permit(Permission.REQUEST_SUPPLEMENT)
def request_supplement(key: int) -> ResponseReturnValue:
    application = take("application", key)
    reason = request.form.get("again_reason", "")[:500]
    act.request_supplement(application, again_reason=reason, actor=g.actor, on=clock.today())
    return done("已发出一次性补正告知书，时限停钟", url_for("applications.show", key=key))


@applications.post("/applications/<int:key>/accept")
@permit(Permission.ACCEPT_APPLICATION)
def accept(key: int) -> ResponseReturnValue:
    act.accept(take("application", key), actor=g.actor, on=clock.today())
    return done("已受理，评估时限开始计算", url_for("applications.show", key=key))


@applications.post("/applications/<int:key>/decline")
@permit(Permission.DECLINE_APPLICATION)
def decline(key: int) -> ResponseReturnValue:
    application = take("application", key)
    ground, reason = request.form.get("ground", ""), request.form.get("reason", "")
    act.decline(application, ground=ground, reason=reason[:1000], actor=g.actor, on=clock.today())
    return done("已作出不予受理决定", url_for("applications.show", key=key))
