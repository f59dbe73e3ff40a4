"""评估 and 公示: the team, each member's own opinion, the confirmed result, the notice and its objections."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import evaluations as act
from actions import notices
from blueprints import case
from blueprints.access import done, permit, take
from forms import applications as counter
from queries import evaluations as ask
from queries import evaluators
from queries.paging import asked
from rules import evaluation as rule
from rules.permissions import Permission
from rules.refusal import Refused

evaluations = Blueprint("evaluations", __name__)
FORMS = ("现场评估", "书面评估")


@evaluations.get("/evaluations")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    rows, page = ask.page(g.actor, asked(request.args))
    return render_template(
        "evaluations/list.html",
        heading="评估评分",
        rows=rows,
        page=page,
        printed={"by": g.actor.name, "at": clock.now()},
    )


@evaluations.post("/applications/<int:key>/team")
@permit(Permission.FORM_TEAM)
def start(key: int) -> ResponseReturnValue:
    application = take("application", key)
    ids = [
        int(word)
        for word in request.form.getlist("evaluators")
        if word.isascii() and word.isdigit()
    ]
    members = evaluators.chosen(ids, application)
    act.start(application, members, form=_form(), actor=g.actor, on=clock.today())
    return done("评估组已组建，成员可以开始评估", url_for("applications.show", key=key))


def _form() -> str:
    given = request.form.get("form", "")
    return given if given in FORMS else FORMS[0]


@evaluations.get("/evaluations/opinions/<int:key>")
@permit(Permission.EVALUATE)
def opinion(key: int) -> ResponseReturnValue:
    row, evaluation = _own(key)
    application = evaluation.application
    context = case.frame(application, related=[("opinion", key)])
    items = rule.items(application.institution.kind.family, on=evaluation.started_on)
    answers = {item["key"]: item for item in row.items}
    return render_template(
        "evaluations/opinion.html",
        opinion=row,
        evaluation=evaluation,
        items=items,
        answers=answers,
        specialties=rule.specialty_labels(
            application.institution.kind.family, on=evaluation.started_on
        ),
        crumbs_items=case.crumbs("待办事项", "worklist.index", application.number),
        **context,
    )


@evaluations.post("/evaluations/opinions/<int:key>")
@permit(Permission.EVALUATE)
def sign(key: int) -> ResponseReturnValue:
    row, evaluation = _own(key)
    take("application", evaluation.application_id)
    items = {
        item.key: {
            "passed": {"yes": True, "no": False}.get(request.form.get(f"result_{item.key}", "")),
            "remark": request.form.get(f"remark_{item.key}", "").strip()[:500],
        }
        for item in rule.items(
            evaluation.application.institution.kind.family, on=evaluation.started_on
        )
    }
    remark = request.form.get("remark", "").strip()[:1000]
    act.give_opinion(row, evaluation, items, remark=remark, actor=g.actor, on=clock.today())
    return done("评估意见已签署", url_for("worklist.index"))


def _own(key: int) -> tuple[Any, Any]:
    """The person's own opinion with its evaluation; anybody else's does not exist for this person."""
    found = ask.own_opinion(key, g.actor)
    return found or abort(404)


@evaluations.post("/applications/<int:key>/result")
@permit(Permission.CONFIRM_EVALUATION)
def confirm(key: int) -> ResponseReturnValue:
    application = take("application", key)
    if not application.evaluations:
        raise Refused("本件还没有评估。")
    act.confirm(
        application.evaluations[-1],
        passed=request.form.get("decision") == "pass",
        reasons=request.form.get("reasons", "")[:2000],
        advice=request.form.get("advice", "")[:2000],
        actor=g.actor,
        on=clock.today(),
    )
    return done("评估结果已确认，结果告知书已印发", url_for("applications.show", key=key))


@evaluations.post("/applications/<int:key>/notice")
@permit(Permission.POST_NOTICE)
def post_notice(key: int) -> ResponseReturnValue:
    application = take("application", key)
    form = counter.NoticeForm()
    if not form.validate_on_submit():
        raise Refused("；".join(form.channel.errors) or "请填写异议受理渠道。")
    notices.post(application, channel=form.channel.data or "", actor=g.actor, on=clock.today())
    return done(f"已公示至 {application.notice_to}", url_for("applications.show", key=key))


@evaluations.post("/applications/<int:key>/objection")
@permit(Permission.REGISTER_OBJECTION)
def raise_objection(key: int) -> ResponseReturnValue:
    application = take("application", key)
    given = {name: request.form.get(name, "")[:2000] for name in ("raised_by", "text")}
    notices.raise_objection(application, **given, actor=g.actor, on=clock.today())
    return done("异议已登记，公示停钟", url_for("applications.show", key=key))


@evaluations.post("/applications/<int:key>/objection/answer")
@permit(Permission.ANSWER_OBJECTION)
def answer_objection(key: int) -> ResponseReturnValue:
    application = take("application", key)
    objection = ask.open_objection(application)
    if objection is None:
        raise Refused("没有待答复的异议。")
    notices.answer_objection(
        application,
        objection,
        upheld=request.form.get("upheld") == "yes",
        answer=request.form.get("answer", "")[:2000],
        actor=g.actor,
        on=clock.today(),
    )
    return done("异议已答复", url_for("applications.show", key=key))


@evaluations.post("/applications/<int:key>/notice/end")
@permit(Permission.END_NOTICE)
def end_notice(key: int) -> ResponseReturnValue:
    notices.end(take("application", key), actor=g.actor, on=clock.today())
    return done("公示期满，可以拟定协议", url_for("applications.show", key=key))


@evaluations.get("/notices")
@permit(Permission.VIEW_BUSINESS)
def notice_list() -> ResponseReturnValue:
    rows, page = ask.notices(g.actor, asked(request.args), on=clock.today())
    return render_template(
        "notices/list.html", heading="公示", rows=rows, page=page, today=clock.today()
    )
