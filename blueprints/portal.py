"""机构服务: the first page, letters, own people, own credit. All that is not the institution's own is not found."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints import files
from blueprints.access import look, permit
from queries import portal as ask
from queries import (
    portal_evidence,
    portal_peers,
    portal_ratings,
    published_ratings,
    reaches,
    self_assessments,
)
from queries.paging import asked
from queries.portal_matters import Matter
from rules.permissions import Permission, Role

portal = Blueprint("portal", __name__)
MENU = [
    ("首页", "portal.home"),
    ("定点申请", "portal_applications.index"),
    ("服务协议", "portal_agreements.index"),
    ("信息变更", "portal_amendments.index"),
    ("协议续签", "portal_renewals.index"),
    ("整改", "portal_rectifications.index"),
    ("人员与合同", "employments.own"),
    ("主动退出", "portal_withdrawals.index"),
    ("人员与记分", "portal_people.index"),
    ("约谈", "portal_talks.index"),
    ("费用结算", "portal_settlements.index"),
    ("违规费用", "portal_claims.index"),
    ("年度清算", "portal_year.index"),
    ("信用等级", "portal.grades"),
    ("信用承诺", "portal_credit.index"),
    ("文书", "portal.letters"),
]
PAGES = {
    "application": "portal_applications.show",
    "agreement": "portal_agreements.show",
    "renewal": "portal_renewals.show",
    "opening": "portal_renewals.apply",
    "violation": "portal_agreements.views",
    "amendment": "portal_amendments.show",
    "rectification": "portal_rectifications.show",
    "withdrawal": "portal_withdrawals.show",
    "talk": "portal_talks.show",
    "statement": "portal_settlements.show",
    "self_assessment": "portal_ratings.assess",
    "annual_settlement": "portal_year.settlement",
}
LISTS = {
    "case_measure": "portal_claims.index",
    "unfiled_change": "portal_amendments.index",
    "licence": "portal_amendments.tell",
    "registration": "portal_people.index",
}  # matters without a page of their own

HOMES = {  # pages that lie under another address than their entry
    "portal_keys.consent": "portal.letters",
    "portal_keys": "portal_agreements.index",
    "portal_renewals.apply": "portal_renewals.index",
    "portal_people.board": "portal_people.index",
    "portal_points": "portal_people.index",
    "portal_ratings": "portal.grades",
    "portal_year": "portal_year.index",
}


@portal.app_context_processor
def _menu() -> dict[str, Any]:
    """The portal's own menu, also around its error pages."""
    actor = g.get("actor")
    if actor is None or actor.role is not Role.INSTITUTION:
        return {}
    home = HOMES.get(request.endpoint or "") or HOMES.get(request.blueprint or "")
    path = url_for(home) if home else request.path
    items = [{"label": label, "href": url_for(endpoint)} for label, endpoint in MENU]
    for item in items:
        item["current"] = path == item["href"] or (
            item["href"] != "/portal/" and path.startswith(item["href"])
        )  # type: ignore[assignment]  # a flag beside texts
    return {"portal_menu": items}


@portal.get("/portal/")
@permit(Permission.USE_PORTAL)
def home() -> ResponseReturnValue:
    shown = ask.home(g.actor.institution_id, on=clock.today())
    return render_template(
        "portal/home.html", home=shown, first=_status(shown.first), todo=_todo(shown.waiting)
    )


def _status(first: Matter | None) -> dict[str, Any] | None:
    if first is None:
        return None
    return {"matter": first, "href": _href(first)}


def _todo(waiting: list[Matter]) -> list[dict[str, Any]]:
    return [
        {"name": matter.todo, "note": matter.title, "light": matter.state, "href": _href(matter)}
        for matter in waiting
    ]


def _href(matter: Matter) -> str:
    if matter.subject in LISTS:
        return url_for(LISTS[matter.subject])
    return url_for(PAGES[matter.subject], key=matter.subject_id)


@portal.get("/portal/documents")
@permit(Permission.USE_PORTAL)
def letters() -> ResponseReturnValue:
    given = asked(request.args)
    found, page = ask.letters(g.actor.institution_id, given)
    return render_template("portal/letters.html", letters=found, page=page, query=given.q)


@portal.get("/portal/documents/<int:key>")
@permit(Permission.USE_PORTAL)
def letter(key: int) -> ResponseReturnValue:
    """The PDF of a letter to this institution; made on first need, afterwards only read."""
    return files.letter(key, _letter)


def _letter(key: int) -> Any:
    row = look("document", key)
    return row if ask.is_addressed(row) else abort(404)


@portal.get("/portal/grades")
@permit(Permission.USE_PORTAL)
def grades() -> ResponseReturnValue:
    found = published_ratings.of_institution(g.actor.institution_id, on=clock.today())
    here, on = g.actor.institution_id, clock.today()
    keys = [row.rating_id for row in found]
    lines = [line for row in found for line in row.lines]
    return render_template(
        "portal/grades.html",
        grades=found,
        records=portal_evidence.own(lines, here),
        among=portal_peers.of_rating(keys[0], on=on) if keys else None,
        advice=reaches.of_institution(here, on=on),
        posted=portal_ratings.posted(here, on=on),
        mine=portal_ratings.mine(here),
        people=portal_ratings.people(here, on=on),
        assessments=self_assessments.open_for(here, on),
        may_object=portal_ratings.to_object(keys, on=on),
        may_restore=portal_ratings.to_restore(keys, on=on),
    )
