"""信用承诺 in the portal: the pledge is signed, an entry on the list answered, its removal asked for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import blacklistings as act_blacklistings
from actions import credit_pledges as act
from blueprints.access import done, look, permit, take
from blueprints.typed import valid
from forms import blacklistings as counter
from queries import blacklistings, portal
from queries import credit_pledges as ask
from rules import credit_pledges as rule
from rules.blacklistings import BlacklistSubject, earliest
from rules.clocks import add_months
from rules.lifecycle import BLACKLISTING
from rules.permissions import Permission

portal_credit = Blueprint("portal_credit", __name__)


@portal_credit.get("/portal/credit")
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    place, on = look("institution", g.actor.institution_id), clock.today()
    rows = ask.of_institution(place.id)
    text = rule.text(place.kind.family, on)
    standing = ask.standing(place.id)
    return render_template(
        "portal/credit.html",
        place=place,
        text=text,
        signs=standing is None or (standing.text_key != text.key and standing.state == "signed"),
        pledges=[(row, rule.by_key(row.text_key, on).label, ask.badge(row)) for row in rows],
        entries=[_entry(row, on) for row in blacklistings.of_place(place.id)],
        today=on,
    )


def _entry(row: Any, on: Any) -> dict[str, Any]:
    first = add_months(row.listed_on, earliest(row.listed_on).value) if row.listed_on else None
    return {
        "row": row,
        "state": BLACKLISTING.states[row.state],
        "letters": portal.of_subject("blacklisting", row.id),
        "first": first,
        "may_ask": row.state == "listed" and first is not None and on >= first,
    }


@portal_credit.post("/portal/credit/pledge")
@permit(Permission.SIGN_PLEDGE)
def sign() -> ResponseReturnValue:
    """Signed in the portal by the account's own person, on the day."""
    place, on = take("institution", g.actor.institution_id or 0), clock.today()
    form = valid(counter.TickForm())
    act.sign(place, signer=form.signer.data, signed_on=on, actor=g.actor, on=on)
    return done("信用承诺书已签署并公开", url_for("portal_credit.index"))


@portal_credit.post("/portal/credit/entries/<int:key>/views")
@permit(Permission.RECORD_VIEWS)
def hear(key: int) -> ResponseReturnValue:
    row, form = _own(key), valid(counter.TextForm())
    act_blacklistings.hear(row, text=form.text.data, actor=g.actor, on=clock.today())
    return done("陈述申辩已提交", url_for("portal_credit.index"))


@portal_credit.post("/portal/credit/entries/<int:key>/request")
@permit(Permission.REQUEST_DELISTING)
def request_removal(key: int) -> ResponseReturnValue:
    row, form = _own(key), valid(counter.RequestForm())
    said = {"correction": form.correction.data, "corrected_on": form.corrected_on.data}
    act_blacklistings.request(row, **said, actor=g.actor, on=clock.today())
    return done("移出申请已提交", url_for("portal_credit.index"))


def _own(key: int) -> Any:
    """An entry of the institution itself that it has been told of; anybody else's does not exist here."""
    row = take("blacklisting", key)
    own = row.subject is BlacklistSubject.INSTITUTION and row.views_due_on is not None
    return row if own else abort(404)
