"""单位签名证书 and 电子送达 in the portal: what an institution states about how it signs and how it is served."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import institution_keys as act
from actions import service
from blueprints import files
from blueprints.access import done, look, permit, take
from forms.documents import ConsentForm
from forms.seals import KeyForm, RetireForm, SignedForm
from queries import institution_keys as ask
from queries import portal_agreements
from queries import service as ask_service
from rules.permissions import Permission
from rules.refusal import Refused

portal_keys = Blueprint("portal_keys", __name__)


def _errors(form: Any) -> str:
    return "；".join(str(error) for errors in form.errors.values() for error in errors)


@portal_keys.get("/portal/keys")
@permit(Permission.HOLD_KEY)
def index() -> ResponseReturnValue:
    today = clock.today()
    rows = [
        {"key": row, "state": ask.stands(row, today)}
        for row in ask.of_institution(g.actor.institution_id)
    ]
    return render_template(
        "portal/keys.html",
        rows=rows,
        form=KeyForm(),
        signed_form=SignedForm(),
        retire_form=RetireForm(),
    )


@portal_keys.post("/portal/keys")
@permit(Permission.HOLD_KEY)
def register() -> ResponseReturnValue:
    form: Any = KeyForm()
    if not form.validate_on_submit():
        raise Refused(_errors(form))
    row = act.register(
        take("institution", g.actor.institution_id),
        form.file.data.read(),
        form.passphrase.data,
        actor=g.actor,
        on=clock.today(),
    )
    return done(
        f"已登记证书 {row.certificate_number}，等待经办机构核准", url_for("portal_keys.index")
    )


@portal_keys.get("/portal/keys/sample.pdf")
@permit(Permission.HOLD_KEY)
def sample() -> ResponseReturnValue:
    """What a certificate on a device signs to be registered."""
    content = act.sample(look("institution", g.actor.institution_id))
    return files.send(content, "签名证书核对页.pdf", "application/pdf")


@portal_keys.post("/portal/keys/signed")
@permit(Permission.HOLD_KEY)
def register_signed() -> ResponseReturnValue:
    row = act.register_signed(
        take("institution", g.actor.institution_id), _signed(), actor=g.actor, on=clock.today()
    )
    return done(
        f"已登记证书 {row.certificate_number}，等待经办机构核准", url_for("portal_keys.index")
    )


def _signed() -> bytes:
    form: Any = SignedForm()
    if not form.validate_on_submit():
        raise Refused(_errors(form))
    content: bytes = form.signed.data.read()
    return content


@portal_keys.post("/portal/keys/<int:key>/retire")
@permit(Permission.RETIRE_KEY)
def retire(key: int) -> ResponseReturnValue:
    form: Any = RetireForm()
    if not form.validate_on_submit():
        raise Refused(_errors(form))
    row = take("institution_key", key)
    act.retire(row, form.reason.data, actor=g.actor, on=clock.today())
    return done(f"证书 {row.certificate_number} 已停用", url_for("portal_keys.index"))


@portal_keys.route("/portal/agreements/<int:key>/signature", methods=["GET", "POST"])
@permit(Permission.HOLD_KEY)
def sign(key: int) -> ResponseReturnValue:
    """The institution's signature in the file that the agency signed before."""
    letter: Any = portal_agreements.letter(look("agreement", key)) or abort(404)
    form: Any = KeyForm()
    if form.validate_on_submit():
        act.sign(
            take("document", letter.id),
            form.file.data.read(),
            form.passphrase.data,
            actor=g.actor,
            on=clock.today(),
        )
        return done(
            f"{letter.number} 已加盖单位电子签名", url_for("portal_agreements.show", key=key)
        )
    if not ask.awaits_signature(letter):
        abort(404)
    number = ask.number_in_use(letter.institution_id, clock.today())
    page = render_template(
        "portal/signature.html",
        letter=letter,
        agreement_id=key,
        number=number,
        form=form,
        signed_form=SignedForm(),
    )
    return page, 400 if form.errors else 200


@portal_keys.get("/portal/agreements/<int:key>/to-sign.pdf")
@permit(Permission.HOLD_KEY)
def to_sign(key: int) -> ResponseReturnValue:
    """The file as the agency signed it, to be signed with a key on a device."""
    letter: Any = portal_agreements.letter(look("agreement", key)) or abort(404)
    answer = files.letter(letter.id, lambda number: look("document", number))
    answer.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(letter.number)}.pdf"
    )
    return answer


@portal_keys.post("/portal/agreements/<int:key>/signed")
@permit(Permission.HOLD_KEY)
def accept(key: int) -> ResponseReturnValue:
    """The file that came back with the institution's signature."""
    letter: Any = portal_agreements.letter(look("agreement", key)) or abort(404)
    act.accept(take("document", letter.id), _signed(), actor=g.actor, on=clock.today())
    return done(f"{letter.number} 已加盖单位电子签名", url_for("portal_agreements.show", key=key))


@portal_keys.get("/portal/service-consent")
@permit(Permission.CONSENT_TO_SERVICE)
def consent() -> ResponseReturnValue:
    key = g.actor.institution_id
    return render_template(
        "portal/service_consent.html",
        consent=ask_service.standing_consent(key),
        consents=ask_service.consents(key),
        form=ConsentForm(),
    )


@portal_keys.post("/portal/service-consent")
@permit(Permission.CONSENT_TO_SERVICE)
def give_consent() -> ResponseReturnValue:
    form: Any = ConsentForm()
    if not form.validate_on_submit() or not form.agreed.data:
        raise Refused(_errors(form) or "请勾选同意。", cure="勾选同意后再确认。")
    place = take("institution", g.actor.institution_id)
    service.give_consent(place, contact=form.contact.data, actor=g.actor, on=clock.today())
    return done("已确认电子送达", url_for("portal_keys.consent"))


@portal_keys.post("/portal/service-consent/<int:key>/withdraw")
@permit(Permission.CONSENT_TO_SERVICE)
def withdraw_consent(key: int) -> ResponseReturnValue:
    row = take("service_consent", key)
    service.withdraw_consent(row, actor=g.actor, on=clock.today())
    return done("已撤回电子送达确认", url_for("portal_keys.consent"))
