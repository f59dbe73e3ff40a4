"""续签: the worklist with exceptions first, one renewal with its decision sheet, and what is done in batches."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import batch_kinds, batches
from actions import renewals as act
from blueprints import case, renewal_lists
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.renewals import DecisionForm, OpinionForm, SendBackForm
from queries import renewals as ask
from queries.paging import Asked, Page, asked
from rules import renewals as rule
from rules.lifecycle import RenewalState
from rules.permissions import Permission, may
from rules.refusal import Refused
from rules.renewals import Advice

renewals = Blueprint("renewals", __name__)


@renewals.get("/renewals")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    tab = renewal_lists.tab_of(given)
    if tab == "candidates":
        rows, page = ask.candidates(g.actor, given, on=on)
    else:
        rows, page = ask.page(g.actor, tab, given)
    if given.word("format"):
        cells = [renewal_lists.cells(row) for row in rows]
        return sheet("协议续签", renewal_lists.COLUMNS, cells)
    return render_template(
        "renewals/list.html",
        heading="协议续签",
        tab=tab,
        tabs=renewal_lists.tabs(ask.counts(g.actor, on=on), tab),
        filters=renewal_lists.filters(given, tab),
        rows=rows,
        page=page,
        verb=_verb(tab),
        clean=_clean(tab, given, page) if _verb(tab) else 0,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _verb(tab: str) -> dict[str, str] | None:
    """What this person can do with many of this tab at once."""
    kind = renewal_lists.BATCHES.get(tab)
    if kind is None or not may(g.actor, batch_kinds.KINDS[kind].permission):
        return None
    href = url_for("renewals.prepare", kind=kind, **_filtered(tab))
    return {"label": batch_kinds.KINDS[kind].label, "href": href, "kind": kind}


def _clean(tab: str, given: Asked, page: Page) -> int:
    """How many «all without exceptions» are: everybody where nothing was assessed yet."""
    return page.total if tab in ("candidates", "assess") else len(ask.clean(g.actor, tab, given))


def _filtered(tab: str) -> dict[str, Any]:
    """The filter of the list goes along, so that «all without exceptions» means all that is shown."""
    names = ("q", "kind_of", "advice")
    given = {name: request.args[name] for name in names if request.args.get(name)}
    if request.args.get("kind"):
        given["kind_of"] = request.args["kind"]
    return {"tab": tab, **given}


@renewals.post("/renewals/batches/<kind>")
@permit(Permission.VIEW_BUSINESS)
def prepare(kind: str) -> ResponseReturnValue:
    """The ticked ones, or all without exceptions, as a batch that waits to be confirmed."""
    if kind not in batch_kinds.KINDS:
        abort(404)
    given = asked({**request.args, "kind": request.args.get("kind_of", ""), "format": "all"})
    items = renewal_lists.items(kind, given, request.form, actor=g.actor, on=clock.today())
    batch = batches.prepare(kind, items, actor=g.actor, on=clock.today())
    return done(f"已列出 {len(items)} 件，请核对后确认", url_for("batches.show", key=batch.id))


@renewals.get("/renewals/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    renewal = look("renewal", key)
    agreement = renewal.agreement
    family = renewal.institution.kind.family
    related = [("agreement", agreement.id)]
    related += [("agreement", renewal.next_agreement_id)] if renewal.next_agreement_id else []
    return render_template(
        "renewals/show.html",
        **{
            **case.frame(renewal, related=related),
            "crumbs_items": case.crumbs("协议续签", "renewals.index", renewal.number),
            "window": rule.window(agreement.term_to, renewal.sheet_on or clock.today(), family),
            "waiting": case.waiting_for(renewal),
            "form": DecisionForm() if renewal.state == RenewalState.PROPOSED else OpinionForm(),
            "steps": renewal_lists.steps(renewal.state),
        },
    )


@renewals.post("/agreements/<int:key>/renewal")
@permit(Permission.COLLECT_RENEWAL)
def collect(key: int) -> ResponseReturnValue:
    renewal = act.collect(take("agreement", key), actor=g.actor, on=clock.today())
    return done(f"{renewal.number} 已列入续签", url_for("renewals.show", key=renewal.id))


@renewals.post("/renewals/<int:key>/assess")
@permit(Permission.ASSESS_RENEWAL)
def assess(key: int) -> ResponseReturnValue:
    act.assess(take("renewal", key), actor=g.actor, on=clock.today())
    return done("评议表已形成，等待复核岗提出意见", url_for("renewals.show", key=key))


@renewals.post("/renewals/<int:key>/propose")
@permit(Permission.PROPOSE_RENEWAL)
def propose(key: int) -> ResponseReturnValue:
    decision, text = _opinion()
    renewal = take("renewal", key)
    act.propose(renewal, decision, opinion=text, actor=g.actor, on=clock.today())
    return done("评议意见已提出，等待分管领导决定", url_for("renewals.show", key=key))


@renewals.post("/renewals/<int:key>/decide")
@permit(Permission.DECIDE_RENEWAL)
def decide(key: int) -> ResponseReturnValue:
    decision, text = _opinion()
    renewal = take("renewal", key)
    act.decide(renewal, decision, reason=text, actor=g.actor, on=clock.today())
    told = "已决定不予续签，告知书已印发" if decision is Advice.NOT_RENEW else "已同意续签"
    return done(told, url_for("renewals.show", key=key))


@renewals.post("/renewals/<int:key>/send-back")
@permit(Permission.DECIDE_RENEWAL)
def send_back(key: int) -> ResponseReturnValue:
    form: Any = SendBackForm()
    if not form.validate_on_submit():
        raise Refused("；".join(map(str, form.reason.errors)) or "表单内容无法识别。")
    act.send_back(take("renewal", key), reason=form.reason.data, actor=g.actor, on=clock.today())
    return done("已退回重新评议", url_for("renewals.show", key=key))


@renewals.post("/renewals/<int:key>/offer")
@permit(Permission.OFFER_RENEWAL)
def offer(key: int) -> ResponseReturnValue:
    following = act.offer(take("renewal", key), actor=g.actor, on=clock.today())
    return done(
        f"续签协议 {following.number} 已送机构签署，续签通知书已印发",
        url_for("renewals.show", key=key),
    )


def _opinion() -> tuple[Advice, str]:
    form: Any = OpinionForm()
    if not form.validate_on_submit():
        errors = [str(error) for found in form.errors.values() for error in found]
        raise Refused("；".join(errors) or "表单内容无法识别。")
    return Advice(form.decision.data), str(form.opinion.data or "")
