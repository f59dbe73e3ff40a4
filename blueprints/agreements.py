"""服务协议: ledger, page, sending to sign, the agency's signature."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import agreements as act
from actions import batches, signatures
from blueprints import case, files, letter_lists, typed
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from forms.agreements import OfferForm
from queries import agreements as ask
from queries import annual_settlements, clock_views, renewals, retention_releases
from queries.paging import Asked, asked
from rules import prepayment
from rules.agreement_forms import AgreementForm
from rules.lifecycle import AgreementState
from rules.permissions import Permission, may
from rules.refusal import Refused

agreements = Blueprint("agreements", __name__)
COLUMNS = ["协议编号", "机构名称", "类型", "形式", "状态", "起始日期", "截止日期"]


@agreements.get("/agreements")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    if given.word("format"):
        cells = [
            [
                r.number,
                r.institution,
                r.kind_label,
                r.form_label,
                r.standing.label,
                r.term_from,
                r.term_to,
            ]
            for r in rows
        ]
        return sheet("服务协议", COLUMNS, cells)
    buckets = ask.expiry_tabs(g.actor, on=clock.today())
    return render_template(
        "agreements/list.html",
        heading="服务协议",
        tabs=_tabs(buckets, given.word("expiry")),
        filters=_filters(given, buckets),
        rows=rows,
        page=page,
        signs=_signs(given),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _filters(given: Asked, buckets: list[tuple[str, str, int]]) -> list[dict[str, Any]]:
    return [
        {
            "name": "q",
            "label": "关键字",
            "type": "text",
            "value": given.q,
            "placeholder": "机构/协议编号/拼音",
        },
        {
            "name": "state",
            "label": "状态",
            "type": "select",
            "value": given.word("state"),
            "options": ask.STATES,
        },
        {
            "name": "form",
            "label": "形式",
            "type": "select",
            "value": given.word("form"),
            "options": [(str(one), one.label) for one in AgreementForm],
        },
        files.kind_filter(given.word("kind")),
        {
            "name": "expiry",
            "label": "到期",
            "type": "select",
            "value": given.word("expiry"),
            "options": [(key, label) for key, label, _ in buckets],
        },
    ]


def _signs(given: Asked) -> str:
    """Where the agency signs many at once, while the list shows what waits for its signature, for whoever may."""
    waits = given.word("state") == AgreementState.COUNTERSIGNING
    if not waits or not may(g.actor, Permission.SIGN_FOR_AGENCY):
        return ""
    names = ("q", "state", "form", "kind", "expiry")
    chosen: dict[str, Any] = {n: request.args[n] for n in names if request.args.get(n)}
    return url_for("agreements.sign_many", **chosen)


@agreements.post("/agreements/batches")
@permit(Permission.SIGN_FOR_AGENCY)
def sign_many() -> ResponseReturnValue:
    """The ticked ones, or all of the filter, as a batch that waits to be confirmed; only what waits for signature."""
    given = {**request.args, "state": str(AgreementState.COUNTERSIGNING), "format": "all"}
    rows, _ = ask.page(g.actor, asked(given), on=clock.today())
    if request.form.get("which") != "all":
        ticked = set(typed.keys(request.form.getlist("id")))
        rows = [row for row in rows if row.id in ticked]
    items = letter_lists.agreements(reversed(rows))
    batch = batches.prepare("countersign", items, actor=g.actor, on=clock.today())
    return done(f"已列出 {len(items)} 件，请核对后确认", url_for("batches.show", key=batch.id))


def _tabs(buckets: list[tuple[str, str, int]], current: str) -> list[dict[str, Any]]:
    """Expiry buckets as links with their numbers."""
    every = {"label": "全部", "href": url_for("agreements.index"), "current": not current}
    return [every] + [
        {
            "label": label,
            "count": number,
            "href": url_for("agreements.index", expiry=key),
            "current": key == current,
        }
        for key, label, number in buckets
    ]


@agreements.get("/agreements/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    agreement = look("agreement", key)
    related = [("suspension", row.id) for row in agreement.suspensions]
    related += [("termination", row.id) for row in agreement.terminations]
    frame = case.frame(agreement, related=related)
    ended = clock_views.of_all(agreement.terminations, on=clock.today())
    return render_template(
        "agreements/show.html",
        **{
            **frame,
            "clocks": frame["clocks"] + ended,
            "crumbs_items": case.crumbs("服务协议", "agreements.index", agreement.number),
            "standing": ask.standing_of(agreement, on=clock.today()),
            "waiting": case.waiting_for(agreement),
            "today": clock.today(),
            "bar": ask.bar(agreement, on=clock.today()),
            "differing": ask.differing(agreement, on=clock.today()),
            "renewing": renewals.of_agreement(agreement, on=clock.today()),
            "retained": retention_releases.of_agreement(key),
            "settled": annual_settlements.of_agreement(key),
            "asks": prepayment.is_open(clock.today()),
        },
    )


@agreements.post("/applications/<int:key>/agreement")
@permit(Permission.DRAFT_AGREEMENT)
def offer(key: int) -> ResponseReturnValue:
    application = take("application", key)
    form = OfferForm()
    if not form.validate_on_submit() or form.term_from.data is None:
        raise Refused("；".join(form.term_from.errors) or "请填写协议起始日期。")
    agreement = act.offer(
        application, term_from=form.term_from.data, actor=g.actor, on=clock.today()
    )
    return done(
        f"协议 {agreement.number} 已送机构签署", url_for("agreements.show", key=agreement.id)
    )


@agreements.post("/agreements/<int:key>/countersign")
@permit(Permission.SIGN_FOR_AGENCY)
def countersign(key: int) -> ResponseReturnValue:
    agreement = take("agreement", key)
    if request.form.get("read") != "y":
        raise Refused("请先确认已核对协议内容。", cure="勾选确认后再签署。")
    signatures.countersign(agreement, actor=g.actor, on=clock.today())
    return done(f"协议 {agreement.number} 已签订", url_for("agreements.show", key=key))
