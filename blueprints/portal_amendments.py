"""信息变更 in the portal: what must be filed and until when, the request, the written notice of all else."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import amendments as act
from actions import change_notices
from blueprints import amendment_items as items
from blueprints.access import done, look, permit, take
from forms.amendments import NoticeForm
from queries import portal
from queries import portal_amendments as ask
from rules.permissions import Permission

portal_amendments = Blueprint("portal_amendments", __name__)
FOLDER = "/portal/amendments"


@portal_amendments.get(FOLDER)
@permit(Permission.USE_PORTAL)
def index() -> ResponseReturnValue:
    on, key = clock.today(), g.actor.institution_id
    return render_template(
        "portal/amendments.html",
        amendments=ask.of_institution(key, on=on),
        findings=ask.findings(key, on=on),
        notices=ask.notices(key),
        duty=ask.duty(key, on=on),
        drafting=ask.has_draft(key),
    )


@portal_amendments.post(FOLDER)
@permit(Permission.USE_PORTAL)
def start() -> ResponseReturnValue:
    institution = take("institution", g.actor.institution_id)
    row = act.open_draft(institution, actor=g.actor, on=clock.today())
    return done(f"已建立变更申请 {row.number}，请逐项填写", _page(row.id))


def _page(key: int) -> str:
    return url_for("portal_amendments.show", key=key)


@portal_amendments.get(f"{FOLDER}/<int:key>")
@permit(Permission.USE_PORTAL)
def show(key: int) -> ResponseReturnValue:
    row = look("amendment", key)
    letters = portal.of_subject("amendment", row.id)
    shown = ask.view(row, on=clock.today())
    return render_template("portal/amendment.html", amendment=shown, letters=letters)


@portal_amendments.route(f"{FOLDER}/<int:key>/items/<field>", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def item(key: int, field: str) -> ResponseReturnValue:
    return items.page(key, field, _page(key), "portal/amendment_item.html")


@portal_amendments.post(f"{FOLDER}/<int:key>/items/<field>/drop")
@permit(Permission.USE_PORTAL)
def drop(key: int, field: str) -> ResponseReturnValue:
    return items.drop(key, field, _page(key))


@portal_amendments.get(f"{FOLDER}/<int:key>/items/<field>/file")
@permit(Permission.USE_PORTAL)
def file(key: int, field: str) -> ResponseReturnValue:
    return items.file(look("amendment", key), field)


@portal_amendments.post(f"{FOLDER}/<int:key>/submit")
@permit(Permission.USE_PORTAL)
def submit(key: int) -> ResponseReturnValue:
    row = take("amendment", key)
    act.submit(row, actor=g.actor, on=clock.today())
    return done(f"变更申请 {row.number} 已提交", _page(key))


@portal_amendments.route(f"{FOLDER}/<int:key>/withdraw", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def withdraw(key: int) -> ResponseReturnValue:
    """A page that says what follows, then the step itself."""
    if request.method == "POST":
        row = take("amendment", key)
        act.withdraw(row, actor=g.actor, on=clock.today())
        return done(f"变更申请 {row.number} 已撤回", _page(key))
    shown = ask.view(look("amendment", key), on=clock.today())
    if not shown.may_withdraw:
        abort(404)
    return render_template("portal/amendment_withdraw.html", amendment=shown)


@portal_amendments.route("/portal/change-notices", methods=["GET", "POST"])
@permit(Permission.USE_PORTAL)
def tell() -> ResponseReturnValue:
    """Changes outside the list: told in writing, at once."""
    form = NoticeForm()
    if form.validate_on_submit() and form.changed_on.data:
        row = change_notices.tell(
            take("institution", g.actor.institution_id), matter=form.matter.data or "",
            text=form.text.data or "", changed_on=form.changed_on.data, actor=g.actor, on=clock.today(),
        )  # fmt: skip
        return done(f"已告知 {row.number}", url_for("portal_amendments.index"))
    return render_template("portal/change_notice.html", form=form), 400 if form.errors else 200
