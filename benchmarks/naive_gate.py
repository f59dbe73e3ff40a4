"""The gate as a first version would be written: objects and the rule asked anew for every service. Only measured."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from queries import eligibility, practitioners

naive_gate = Blueprint("naive_gate", __name__)


@naive_gate.get("/naive/eligibility")
def one() -> ResponseReturnValue:
    institution = eligibility.institution_by_code(request.args["institution"])
    if institution is None:
        raise LookupError("filled without this institution")
    verdict = eligibility.of_service(
        institution,
        practitioners.by_code(request.args["practitioner"]),
        date.fromisoformat(request.args["service_date"]),
    )
    return jsonify({"payable": verdict.payable, "reasons": [one.code for one in verdict.reasons]})


one.public = True  # type: ignore[attr-defined]  # the guard lets everybody in: it is served for a measurement only
