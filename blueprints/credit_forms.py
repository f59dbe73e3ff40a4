"""评分表, 核查报告, 异议申请书 as PDF, for the agency and the bureau."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, g

import clock
import formatting
from actions import credit_forms as act
from blueprints import files
from blueprints.access import look, may, permit
from queries import rating_objections, rating_sheets, ratings
from rules.permissions import Permission
from rules.rating_objections import ONLINE

credit_forms = Blueprint("credit_forms", __name__)
ANSWERED = ("upheld", "corrected", "declined")


@credit_forms.get("/ratings/<int:key>/sheet.pdf")
@permit(Permission.VIEW_BUSINESS)
def rating_sheet(key: int) -> Response:
    rating = ratings.find(key, g.actor) or abort(404)
    shown = act.rating_sheet(rating_sheets.of(rating), by=_by())
    return _pdf(shown, f"评分表 {rating.name} {rating.cycle.name}")


@credit_forms.get("/ratings/<int:key>/objection-form.pdf")
@permit(Permission.VIEW_BUSINESS)
def blank(key: int) -> Response:
    """To be filled in by hand at the counter."""
    return blank_form(ratings.find(key, g.actor))


def blank_form(rating: Any) -> Response:
    """404 for a rating that is not this person's to see."""
    if rating is None:
        abort(404)
    until = rating_objections.window(rating).until
    return _pdf(
        act.objection_form(rating, None, until=until, by=_by()), f"异议申请书 {rating.name}"
    )


@credit_forms.get("/rating-objections/<int:key>/application.pdf")
@permit(Permission.VIEW_BUSINESS)
def application(key: int) -> Response:
    return filled_form(look("rating_objection", key))


def filled_form(row: Any) -> Response:
    """As it was raised; 404 for what came from the public."""
    if row.source == ONLINE:
        abort(404)
    until = rating_objections.window(row.rating).until
    return _pdf(
        act.objection_form(row.rating, row, until=until, by=_by()), f"异议申请书 {row.number}"
    )


@credit_forms.get("/rating-objections/<int:key>/report.pdf")
@permit(Permission.VIEW_BUSINESS)
def report(key: int) -> Response:
    """For the agency and the bureau, once the objection is answered."""
    row = look("rating_objection", key)
    if row.state not in ANSWERED:
        abort(404)
    told = may("handle_rating_objection", row)
    return _pdf(act.check_report(row, open_name=told, by=_by()), f"核查报告 {row.number}")


def _by() -> str:
    return f"{g.actor.name} {formatting.day(clock.today())} 打印"


def _pdf(shown: Any, name: str) -> Response:
    return files.send(act.printed(shown), f"{name}.pdf", "application/pdf", inline=True)
