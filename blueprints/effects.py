"""还会影响谁: looking at the set anew, and the decision about each one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import effects as act
from blueprints.access import done, permit, take
from forms.violations import EffectForm
from rules.permissions import Permission
from rules.refusal import Refused

effects = Blueprint("effects", __name__)


@effects.post("/cases/<int:key>/effects")
@permit(Permission.DECIDE_EFFECT)
def look(key: int) -> ResponseReturnValue:
    row = take("violation", key)
    act.look(row, actor=g.actor, on=clock.today())
    return done(f"已核对影响范围，共 {len(row.effects)} 项", _page(key))


@effects.post("/cases/<int:key>/effects/<int:line>")
@permit(Permission.DECIDE_EFFECT)
def decide(key: int, line: int) -> ResponseReturnValue:
    case: Any = take("violation", key)
    row = next((one for one in case.effects if one.id == line), None) or abort(404)
    form = EffectForm()
    if not form.validate_on_submit():
        raise Refused("；".join(str(error) for errors in form.errors.values() for error in errors))
    act.decide(
        row,
        choice=form.choice.data or "",
        reason=form.reason.data or "",
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"{row.name}：{row.choice.label}", _page(key))


def _page(key: int) -> str:
    return url_for("violations.show", key=key, _anchor="affected")
