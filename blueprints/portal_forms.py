"""异议申请书 in the portal: blank for an own grade, filled in for an own objection."""

from __future__ import annotations

from flask import Blueprint, Response, g

from blueprints.access import look, permit
from blueprints.credit_forms import blank_form, filled_form
from queries import portal_ratings
from rules.permissions import Permission

portal_forms = Blueprint("portal_forms", __name__)


@portal_forms.get("/portal/ratings/<int:key>/objection-form.pdf")
@permit(Permission.USE_PORTAL)
def blank(key: int) -> Response:
    return blank_form(portal_ratings.own(key, g.actor.institution_id))


@portal_forms.get("/portal/rating-objections/<int:key>/application.pdf")
@permit(Permission.USE_PORTAL)
def application(key: int) -> Response:
    return filled_form(look("rating_objection", key))
