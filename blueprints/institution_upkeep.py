"""Upkeep of an institution's file by the clerk: office holders, licences, and a look at a whole ID number."""

from __future__ import annotations

from flask import abort, g, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import institutions as act
from actions import licences, operations
from blueprints import portraits
from blueprints.access import done, look, permit, take
from database import session
from forms.institutions import LicenceForm, OfficeForm
from queries import institutions as ask
from rules.permissions import Permission
from rules.persons import OfficeRole


@permit(Permission.REGISTER_INSTITUTION)
def appoint(key: int) -> ResponseReturnValue:
    row = take("institution", key)
    form = OfficeForm()
    if not form.validate_on_submit():
        return portraits.page(row, office_form=form), 422
    role = next(role for role in OfficeRole if role == form.role.data)
    act.appoint(
        row,
        role,
        name=form.name.data or "",
        id_number=form.id_number.data or "",
        from_on=form.from_on.data or clock.today(),
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已登记{role.label}", url_for("institutions.show", key=key))


@permit(Permission.REGISTER_INSTITUTION)
def licence(key: int) -> ResponseReturnValue:
    row = take("institution", key)
    form = LicenceForm()
    if not form.validate_on_submit():
        return portraits.page(row, licence_form=form), 422
    licences.add(
        row, kind=form.kind.data, number=form.number.data or "", valid_from=form.valid_from.data or clock.today(),
        valid_to=form.valid_to.data, actor=g.actor, on=clock.today(),
    )  # fmt: skip
    return done("已登记证照", url_for("institutions.show", key=key))


@permit(Permission.REVEAL_ID)
def reveal(key: int, office: int) -> ResponseReturnValue:
    """The number is shown once, in the answer to the logged request; it is in no address and no cookie."""
    row = look("institution", key)
    holder = next((one for one in ask.offices(row.id) if one.id == office), None) or abort(404)
    number = act.reveal(
        row, holder, reason=request.form.get("reason", ""), actor=g.actor, on=clock.today()
    )
    shown = holder.id
    operations.answer(
        url_for("institutions.show", key=key), "完整证件号码只显示一次，再次查看请重新填写理由"
    )
    session.commit()
    return portraits.page(row, revealed={shown: number})
