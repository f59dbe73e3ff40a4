"""中止: its page, the request to resume, the resumption, and the end a person decides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import suspensions as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from forms.suspensions import DecisionForm, RequestForm
from queries import agreement_terms, clock_views, documents, recusals, timeline
from queries import suspensions as ask
from rules import suspensions as rule
from rules.permissions import Permission
from rules.refusal import Refused

suspensions = Blueprint("suspensions", __name__)


@suspensions.get("/suspensions/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row, on = look("suspension", key), clock.today()
    letters = documents.of("suspension", key)
    subjects = [("suspension", key), *(("document", letter.id) for letter in letters)]
    verdict = rule.overdue(ask.facts(row), on)
    return render_template(
        "suspensions/show.html",
        subject=row,
        case={
            "name": row.institution.name,
            "number": row.agreement.number,
            "light": ask.badge(row),
        },
        identity=case.identity(row.institution, row.agreement.number, "协议编号"),
        crumbs_items=case.crumbs("违规案件", "violations.index", "中止"),
        letters=letters,
        clocks=clock_views.of("suspension", key, on=on),
        events=timeline.of(subjects),
        last_day=rule.last_day(row.from_on, row.institution.kind.family),
        verdict=verdict,
        case_open=recusals.is_open(row.violation_id, g.actor),
        stuck=verdict.end is rule.End.ASK_A_PERSON,
    )


@suspensions.post("/agreements/<int:key>/resumption")
@permit(Permission.REQUEST_RESUMPTION)
def request_resumption(key: int) -> ResponseReturnValue:
    """By the institution itself, or typed in for it by a clerk."""
    look("agreement", key)
    row = agreement_terms.open_suspension(key)
    if row is None:
        raise Refused("该协议没有正在进行的中止。")
    text = _text(RequestForm(), "text")
    act.request_resumption(row, text=text, actor=g.actor, on=clock.today())
    return done("已登记恢复申请，等待审核", _page(row.id))


@suspensions.post("/suspensions/<int:key>/resume")
@permit(Permission.RESUME_AGREEMENT)
def resume(key: int) -> ResponseReturnValue:
    row = take("suspension", key)
    act.resume(row, opinion=_text(DecisionForm(), "opinion"), actor=g.actor, on=clock.today())
    return done("协议已恢复，结算同时恢复", _page(key))


@suspensions.post("/suspensions/<int:key>/return")
@permit(Permission.RESUME_AGREEMENT)
def send_back(key: int) -> ResponseReturnValue:
    row = take("suspension", key)
    act.send_back(row, reason=_text(DecisionForm(), "opinion"), actor=g.actor, on=clock.today())
    return done("恢复申请已退回，机构可以继续整改后再次申请", _page(key))


@suspensions.get("/suspensions/<int:key>/evidence/<int:request_id>/<int:place>")
@permit(Permission.VIEW_CASES)
def evidence(key: int, request_id: int, place: int) -> ResponseReturnValue:
    """One file of a request to resume."""
    row = look("suspension", key)
    asked = next((one for one in row.resumptions if one.id == request_id), None)
    if asked is None or not 0 <= place < len(asked.files):
        abort(404)
    return files.kept(asked.files[place])


@suspensions.post("/suspensions/<int:key>/lapse")
@permit(Permission.RESUME_AGREEMENT)
def lapse(key: int) -> ResponseReturnValue:
    row = take("suspension", key)
    act.lapse_late(row, reason=_text(DecisionForm(), "opinion"), actor=g.actor, on=clock.today())
    return done("协议已终止", _page(key))


def _text(form: Any, name: str) -> str:
    if not form.validate_on_submit():
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
    return str(form[name].data)


def _page(key: int) -> str:
    if g.actor.institution_id is not None:
        return url_for("access.home")
    return url_for("suspensions.show", key=key)
