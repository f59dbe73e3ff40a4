"""信用方案 in words a lawyer reads: on file, of others to prove the engine, frozen with a cycle."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import scheme_drafts as act
from blueprints import case
from blueprints.access import done, permit
from queries import credit_facts, cycles, scheme_drafts
from queries import schemes as offers
from rules.permissions import Permission, may
from scoring import catalogue
from scoring.explain import describe
from scoring.scheme import Scheme
from scoring.scheme_words import CONFIDENCE, STATUS

schemes = Blueprint("schemes", __name__)


@schemes.get("/schemes")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    return render_template(
        "schemes/list.html",
        heading="信用方案",
        rows=catalogue.everything(),
        status=STATUS,
        trust=CONFIDENCE,
        editions=offers.editions(g.actor.pooling_region) if _staff() else [],
        approved=_approved() if _staff() else {},
        waiting=scheme_drafts.waiting(g.actor.pooling_region),
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _approved() -> dict[str, Any]:
    """Key of a scheme on file → its approval as it is written."""
    region = g.actor.pooling_region
    found = {
        one.key: offers.approval(one.key, catalogue.text(one.key), region)
        for one in catalogue.startable()
    }
    return {key: row for key, row in found.items() if row is not None}


def _staff() -> bool:
    """Drafts and editions are pages of the agency, and of the bureau that may approve them."""
    return may(g.actor, Permission.VIEW_SCHEME_DRAFT)


@schemes.get("/schemes/<key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: str) -> ResponseReturnValue:
    cycle = cycles.find(request.args.get("cycle", 0, type=int), g.actor)
    scheme = cycles.scheme_of(cycle) if cycle and cycle.scheme == key else _on_file(key)
    return render_template(
        "schemes/show.html",
        scheme=scheme,
        cycle=cycle,
        sections=describe(scheme),
        unsourced=[] if scheme in catalogue.published() else credit_facts.unsourced(scheme),
        crumbs_items=case.crumbs("信用方案", "schemes.index", scheme.label),
        **_approval(key) if cycle is None and _staff() else {},
    )


def _approval(key: str) -> dict[str, Any]:
    """Whether the scheme on file may be used as it is written, and who may ask for it."""
    if all(one.key != key for one in catalogue.startable()):
        return {}
    region = g.actor.pooling_region
    asked = [row for row in offers.as_written(key, region) if row.state in act.OPEN]
    return {
        "startable": True,
        "approved": offers.approval(key, catalogue.text(key), region),
        "asked": asked[0] if asked else None,
    }


@schemes.post("/schemes/<key>/approval")
@permit(Permission.DRAFT_SCHEME)
def ask_as_written(key: str) -> ResponseReturnValue:
    """按原文批准: the bureau is asked to approve the scheme on file as it is written."""
    purpose = request.form.get("purpose", "")
    row = act.ask_as_written(key, purpose, actor=g.actor, on=clock.today())
    return done("已提请医疗保障行政部门批准", url_for("scheme_drafts.show", key=row.id))


def _on_file(key: str) -> Scheme:
    return next((one for one in catalogue.everything() if one.key == key), None) or abort(404)
