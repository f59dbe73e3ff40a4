"""违规费用 in the portal: the money that decided cases claim from the institution, and what is still open of it."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

import clock
from blueprints.access import permit
from queries import portal_claims as ask
from rules.permissions import Permission

portal_claims = Blueprint("portal_claims", __name__)


@portal_claims.get("/portal/claims")
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    found = ask.of_institution(g.actor.institution_id, on=clock.today())
    return render_template("portal/claims.html", claims=found)
