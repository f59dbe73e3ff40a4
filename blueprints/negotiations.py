"""协商签约: the workspace of an agreement under negotiation, its drafts compared, and the agency's signature."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import agreements as drafts
from actions import dependent_agreements, signatures
from actions import negotiations as act
from blueprints import case
from blueprints.access import chosen, done, look, permit, take
from forms.agreements import OfferForm, SupplementForm
from queries import negotiations as ask
from rules.permissions import Permission
from rules.refusal import Refused

negotiations = Blueprint("negotiations", __name__)


@negotiations.get("/agreements/<int:key>/negotiation")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    agreement, on = look("agreement", key), clock.today()
    table = ask.table(agreement, request.args, on=on)
    crumbs = case.crumbs("服务协议", "agreements.index", agreement.number)
    crumbs[-1]["href"] = url_for("agreements.show", key=key)
    crumbs.append({"label": "协商", "href": ""})
    return render_template(
        "agreements/negotiation.html", agreement=agreement, table=table, crumbs_items=crumbs
    )


@negotiations.post("/applications/<int:key>/negotiation")
@permit(Permission.DRAFT_AGREEMENT)
def start(key: int) -> ResponseReturnValue:
    application, form = take("application", key), OfferForm()
    if not form.validate_on_submit() or form.term_from.data is None:
        raise Refused("；".join(form.term_from.errors) or "请填写协议起始日期。")
    agreement = drafts.negotiate(
        application, term_from=form.term_from.data, actor=g.actor, on=clock.today()
    )
    return done(f"协议 {agreement.number} 已拟定草案，开始协商", _back(agreement.id))


@negotiations.post("/agreements/<int:key>/comments")
@permit(Permission.DRAFT_AGREEMENT)
def comment(key: int) -> ResponseReturnValue:
    act.comment(
        take("agreement", key),
        clause=request.form.get("clause", ""),
        text=request.form.get("text", "")[:2000],
        actor=g.actor,
        on=clock.today(),
    )
    return done("意见已提出", _back(key))


@negotiations.post("/agreements/<int:key>/special-clauses")
@permit(Permission.DRAFT_AGREEMENT)
def propose(key: int) -> ResponseReturnValue:
    special = act.propose(
        take("agreement", key),
        text=request.form.get("text", "")[:2000],
        reason=request.form.get("reason", "")[:500],
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"专门约定 {special.key} 已写入草案", _back(key))


@negotiations.post("/agreements/<int:key>/special-clauses/<int:special>/answer")
@permit(Permission.ANSWER_SPECIAL_CLAUSE)
def answer(key: int, special: int) -> ResponseReturnValue:
    take("agreement", key)
    row = take("special_clause", special)
    act.answer(
        row,
        agreed=chosen("result", yes="agreed", no="refused"),
        reason=request.form.get("reason", "")[:500],
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"专门约定 {row.key} {row.state.label}", _back(row.agreement_id))


@negotiations.post("/agreements/<int:key>/clauses")
@permit(Permission.DRAFT_AGREEMENT)
def revise(key: int) -> ResponseReturnValue:
    draft = act.revise(
        take("agreement", key),
        clause=request.form.get("clause", ""),
        text=request.form.get("text", "")[:2000],
        reason=request.form.get("reason", "")[:480],
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"条款已修改，形成第 {draft.serial} 稿", _back(key))


@negotiations.post("/agreements/<int:key>/refresh")
@permit(Permission.DRAFT_AGREEMENT)
def refresh(key: int) -> ResponseReturnValue:
    draft = act.refresh(take("agreement", key), actor=g.actor, on=clock.today())
    return done(f"已按现行范本更新，形成第 {draft.serial} 稿", _back(key))


@negotiations.post("/agreements/<int:key>/send")
@permit(Permission.DRAFT_AGREEMENT)
def send(key: int) -> ResponseReturnValue:
    agreement = take("agreement", key)
    act.send(agreement, actor=g.actor, on=clock.today())
    return done(
        f"协议 {agreement.number} 已送机构签署", url_for("agreements.show", key=agreement.id)
    )


@negotiations.post("/agreements/<int:key>/reopen")
@permit(Permission.REOPEN_NEGOTIATION)
def reopen(key: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")[:500]
    act.reopen(take("agreement", key), reason=reason, actor=g.actor, on=clock.today())
    return done("已退回协商", url_for("agreements.show", key=key))


@negotiations.post("/agreements/<int:key>/failure")
@permit(Permission.END_NEGOTIATION)
def fail(key: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")[:500]
    act.fail(take("agreement", key), reason=reason, actor=g.actor, on=clock.today())
    return done("已认定谈判不成并印发告知书", url_for("agreements.show", key=key))


@negotiations.get("/agreements/<int:key>/sign")
@permit(Permission.SIGN_FOR_AGENCY)
def sign(key: int) -> ResponseReturnValue:
    """Opens only when it is the agency's turn; before that it says whose turn it is."""
    agreement, on = look("agreement", key), clock.today()
    authority = signatures.require_turn(agreement, on=on)
    return render_template(
        "agreements/sign.html",
        agreement=agreement,
        authority=authority,
        changes=ask.since_last(agreement, on=on),
        crumbs_items=[
            {"label": "服务协议", "href": url_for("agreements.index")},
            {"label": agreement.number, "href": url_for("agreements.show", key=key)},
            {"label": "签署", "href": ""},
        ],
    )


@negotiations.post("/agreements/<int:key>/supplements")
@permit(Permission.DRAFT_AGREEMENT)
def supplement(key: int) -> ResponseReturnValue:
    parent, form = take("agreement", key), SupplementForm()
    if not form.validate_on_submit() or form.term_from.data is None:
        raise Refused("；".join(str(e) for one in form.errors.values() for e in one))
    agreement = dependent_agreements.supplement(
        parent,
        covers=form.covers.data or "",
        term_from=form.term_from.data,
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"补充协议 {agreement.number} 已拟定草案", _back(agreement.id))


@negotiations.post("/agreements/<int:key>/fixed")
@permit(Permission.DRAFT_AGREEMENT)
def fix(key: int) -> ResponseReturnValue:
    lasting, annex = dependent_agreements.fix(
        take("agreement", key), actor=g.actor, on=clock.today()
    )
    message = f"固定协议 {lasting.number} 和年度协议 {annex.number} 已拟定草案"
    return done(message, _back(lasting.id))


def _back(key: int) -> str:
    return url_for("negotiations.show", key=key)
