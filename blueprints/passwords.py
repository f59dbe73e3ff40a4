"""Everybody's own password."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import sessions
from actions import users as act
from blueprints.access import carry, signed_in
from database import session
from forms.users import PasswordForm
from rules.permissions import Role
from rules.refusal import Refused


@signed_in
def password() -> ResponseReturnValue:
    return _page(PasswordForm())


@signed_in
def change_password() -> ResponseReturnValue:
    """A refusal stays on the page: nobody wants to type three passwords again elsewhere."""
    form, user = PasswordForm(), g.web_session.user
    if not form.validate_on_submit():
        return _page(form), 400
    try:
        act.change_password(
            user, old=form.old.data or "", new=form.new.data or "", actor=g.actor, on=clock.today()
        )
    except Refused as refused:
        session.rollback()
        form.new.errors = [refused.why]
        return _page(form), 409
    token = sessions.open_session(user)
    session.commit()
    flash("密码已修改，其他地方的登录均已退出。", "success")
    return carry(redirect(url_for("access.home"), 303), token)


def _page(form: PasswordForm) -> str:
    layout = "portal/base.html" if g.actor.role is Role.INSTITUTION else "base.html"
    must = g.web_session.user.must_change_password
    return render_template("administration/password.html", form=form, layout=layout, must=must)


# Without a one-time id: its record would hold a fast hash over the passwords. Sent twice, the second one finds the
# old password gone.
change_password.no_operation = True  # type: ignore[attr-defined]  # read by the guard
