"""接口令牌: keys of other systems; the system administrator issues one, the security administrator approves it."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import api_tokens as act
from blueprints.access import done, permit
from forms.tokens import TokenForm
from queries import api_tokens as ask
from rules.api_scopes import Scope
from rules.permissions import Permission

TONES = {ask.OPEN: "ok", "待核准": "review"}


@permit(Permission.VIEW_TOKENS)
def token_list() -> ResponseReturnValue:
    today = clock.today()
    rows = [
        {"token": row, "state": ask.stands(row, today)}
        for row in ask.listed(g.actor.pooling_region)
    ]
    return render_template(
        "administration/tokens.html",
        heading="接口令牌",
        rows=rows,
        tones=TONES,
        words={str(scope): scope.label for scope in Scope},
        printed={"by": g.actor.name, "at": clock.now()},
    )


@permit(Permission.ISSUE_TOKEN)
def new_token() -> ResponseReturnValue:
    return render_template("administration/new_token.html", form=TokenForm())


@permit(Permission.ISSUE_TOKEN)
def issue_token() -> ResponseReturnValue:
    form: Any = TokenForm()
    if not form.validate_on_submit():
        return render_template("administration/new_token.html", form=form), 400
    scopes = [Scope(word) for word in form.scopes.data]
    row, key = act.propose(
        form.name.data, scopes, form.expires_on.data, actor=g.actor, on=clock.today(), sender=form.sender,
    )  # fmt: skip
    return _shown_once(row, key)


def _shown_once(row: Any, key: str) -> ResponseReturnValue:
    """The answer itself shows the key: neither the address nor the database remembers it."""
    done(f"已签发接口令牌 {row.name}，等待核准", url_for("administration.token_list"))
    return render_template("administration/token_key.html", token=row, key=key)


@permit(Permission.APPROVE_TOKEN)
def approve_token(key: int) -> ResponseReturnValue:
    row = _take(key)
    act.approve(row, actor=g.actor, on=clock.today())
    return done(f"接口令牌 {row.name} 已核准", url_for("administration.token_list"))


@permit(Permission.REVOKE_TOKEN)
def revoke_token(key: int) -> ResponseReturnValue:
    row = _take(key)
    act.revoke(row, actor=g.actor, on=clock.today())
    return done(f"接口令牌 {row.name} 已停用", url_for("administration.token_list"))


def _take(key: int) -> Any:
    """The key for a decision, held; only of the administrator's own region."""
    row = ask.find(key, lock=True)
    if row is None or row.pooling_region != g.actor.pooling_region:
        abort(404)
    return row
