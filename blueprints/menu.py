"""The side menu, from the permission map: an entry is shown to whoever the page will let in."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for

from blueprints.doors import MENU
from queries import worklist
from rules import permissions
from rules.permissions import Role

HOMES = {  # pages that lie under another address than their entry: by endpoint, or all of a blueprint
    "case_measures": "violations.index",
    "remittances": "violations.index",
    "registrations": "practitioners.index",
    "blacklistings.new": "blacklistings.index",
    "credit_pledges.new": "credit_pledges.index",
    "rectifications.new": "rectifications.index",
    "referrals.new": "referrals.index",
    "restorations.new": "restorations.index",
    "reversals.new": "reversals.index",
    "appeals.lodge": "appeals.index",
}


def me() -> dict[str, str] | None:
    """The signed-in person as pages show it."""
    actor = g.get("actor")
    return {"name": actor.name, "role_label": actor.role.label} if actor else None


def waiting() -> int:
    """How many work items wait for the signed-in person's desk."""
    actor = g.get("actor")
    if actor is None or actor.role in {
        Role.INSTITUTION,
        Role.SYSADMIN,
        Role.SECADMIN,
        Role.LOGADMIN,
    }:
        return 0
    if "waiting" not in g:
        g.waiting = worklist.waiting_count(actor)
    return int(g.waiting)


def groups() -> list[dict[str, Any]]:
    """Groups with at least one entry this person may open."""
    shown = []
    for label, entries in MENU:
        items = [_item(*entry) for entry in entries if permissions.may(g.actor, entry[3])]
        if items:
            shown.append({"label": label, "items": items})
    return shown


def _item(label: str, endpoint: str, icon: str, _permission: Any) -> dict[str, Any]:
    href = url_for(endpoint)
    home = HOMES.get(request.endpoint or "") or HOMES.get(request.blueprint or "")
    under = request.path == href or request.path.startswith(href.rstrip("/") + "/")
    return {
        "label": label,
        "href": href,
        "icon": icon,
        "count": waiting() if endpoint == "worklist.index" else 0,
        "current": endpoint == home if home else under,
    }
