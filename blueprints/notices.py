"""公示: what it will look like, posting and ending it, the inbox of objections and their answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import notices as act
from actions import objections
from blueprints import case, files
from blueprints.access import chosen, done, look, may, permit, take
from blueprints.sheets import sheet
from forms import applications as intake
from forms import evaluations as counter
from queries import notices as posted
from queries import objections as ask
from queries.paging import asked
from rules import objections as rule
from rules.lifecycle import OBJECTION
from rules.permissions import Permission
from rules.refusal import Refused

notices = Blueprint("notices", __name__)
COLUMNS = ["受理号", "机构名称", "类型", "公示起", "公示止", "公示期", "异议", "未答复", "状态"]
INBOX = ["异议编号", "机构名称", "类型", "来源", "提出日期", "状态", "答复时限", "答复日期"]


@notices.get("/notices")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = posted.page(g.actor, given, on=clock.today())
    if given.word("format"):
        return sheet("公示", COLUMNS, [_cells(row) for row in rows])
    states = [("now", "正在公示"), ("objected", "异议核查"), ("past", "已结束")]
    return render_template(
        "notices/list.html",
        heading="公示",
        tabs=_tabs("notices.index"),
        filters=[
            _text(given.q),
            {"name": "state", "label": "状态", "type": "select", "value": given.word("state"), "options": states},
            files.kind_filter(given.word("kind")),
        ],
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )  # fmt: skip


def _text(value: str) -> dict[str, Any]:
    hint = "机构/编号"
    return {"name": "q", "label": "关键字", "type": "text", "value": value, "placeholder": hint}


def _tabs(here: str) -> list[dict[str, Any]]:
    pages = {"notices.index": "公示", "notices.inbox": "公示异议"}
    return [
        {"label": label, "href": url_for(endpoint), "current": endpoint == here}
        for endpoint, label in pages.items()
    ]


def _cells(row: posted.NoticeRow) -> list[Any]:
    known = [row.number, row.institution, row.kind_label, row.from_on, row.to_on]
    return [*known, row.left.text, row.objections, row.open, row.state.text]


@notices.get("/applications/<int:key>/notice/preview")
@permit(Permission.POST_NOTICE)
def preview(key: int) -> ResponseReturnValue:
    """The entry of the public site as it will stand there from today, before anybody sees it."""
    application = look("application", key)
    if application.state != "passed":
        raise Refused("只有评估合格、尚未公示的申请可以预览公示。")
    return render_template(
        "notices/preview.html",
        notice=posted.preview(application, on=clock.today()),
        explain=posted.period(application, on=clock.today()),
        form=intake.NoticeForm(),
        crumbs_items=[
            *case.crumbs("定点申请", "applications.index", "")[:1],
            {"label": application.number, "href": url_for("applications.show", key=key)},
            {"label": "公示预览", "href": ""},
        ],
        **case.frame(application),
    )


@notices.post("/applications/<int:key>/notice")
@permit(Permission.POST_NOTICE)
def post_notice(key: int) -> ResponseReturnValue:
    application = take("application", key)
    form = intake.NoticeForm()
    if not form.validate_on_submit():
        raise Refused("；".join(form.channel.errors) or "请填写异议受理渠道。")
    act.post(application, channel=form.channel.data or "", actor=g.actor, on=clock.today())
    return done(f"已公示至 {application.notice_to}", url_for("applications.show", key=key))


@notices.post("/applications/<int:key>/notice/end")
@permit(Permission.END_NOTICE)
def end_notice(key: int) -> ResponseReturnValue:
    act.end(take("application", key), actor=g.actor, on=clock.today())
    return done("公示期满，可以拟定协议", url_for("applications.show", key=key))


@notices.post("/applications/<int:key>/objection")
@permit(Permission.REGISTER_OBJECTION)
def raise_objection(key: int) -> ResponseReturnValue:
    application, form = take("application", key), counter.ObjectionForm()
    if not form.validate_on_submit():
        raise Refused(counter.faults(form), cure="请补充后重新登记。")
    said = objections.Said(form.raised_by.data or "", form.text.data or "", form.contact.data or "")
    row = objections.raise_objection(application, said, actor=g.actor, on=clock.today())
    return done(f"异议 {row.number} 已登记，公示停钟", url_for("applications.show", key=key))


@notices.get("/objections")
@permit(Permission.VIEW_BUSINESS)
def inbox() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    if given.word("format"):
        return sheet("公示异议", INBOX, [_objection_cells(row) for row in rows])
    states = [(word, state.label) for word, state in OBJECTION.states.items()]
    return render_template(
        "notices/inbox.html",
        heading="公示异议",
        tabs=_tabs("notices.inbox"),
        filters=[
            _text(given.q),
            {"name": "state", "label": "状态", "type": "select", "value": given.word("state"), "options": states},
            files.kind_filter(given.word("kind")),
        ],
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )  # fmt: skip


def _objection_cells(row: ask.ObjectionRow) -> list[Any]:
    known = [row.number, row.institution, row.kind_label, row.source, row.raised_on]
    return [*known, row.state.text, row.due.text, row.answered_on]


@notices.get("/objections/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def objection(key: int) -> ResponseReturnValue:
    row = look("objection", key)
    application = ask.application_of(row)
    other_hand = row.recorded_by_id != g.actor.id and g.actor.id not in application.team_user_ids
    frame = case.frame(row, related=[("application", application.id)])
    return render_template(
        "notices/objection.html",
        objection=row,
        application=application,
        source=rule.SOURCES[row.source],
        siblings=[one for one in ask.of_notice(application) if one.id != row.id],
        outcomes=rule.outcomes_on(clock.today()),
        answering=row.answered_on is None and other_hand and may("answer_objection", row),
        waiting=case.waiting_for(row),
        crumbs_items=case.crumbs("公示异议", "notices.inbox", row.number),
        **frame,
    )


@notices.post("/objections/<int:key>/answer")
@permit(Permission.ANSWER_OBJECTION)
def answer(key: int) -> ResponseReturnValue:
    """The case first, then the objection: in this order everybody locks."""
    seen = look("objection", key)
    application = ask.application_of(seen, lock=True)
    row = take("objection", key)
    objections.answer(
        row,
        application,
        upheld=chosen("upheld", yes="yes", no="no"),
        outcome=request.form.get("outcome", ""),
        text=request.form.get("answer", "")[:2000],
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"异议 {row.number} 已答复", url_for("notices.objection", key=key))


@notices.post("/objections/<int:key>/extend")
@permit(Permission.ANSWER_OBJECTION)
def extend(key: int) -> ResponseReturnValue:
    row = take("objection", key)
    reason = request.form.get("reason", "")[:500]
    objections.extend(row, reason=reason, actor=g.actor, on=clock.today())
    return done("已转会同核查，按会同核查的时限答复", url_for("notices.objection", key=key))
