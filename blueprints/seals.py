"""电子印章: the system administrator registers one with its key, the security administrator approves it."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import institution_keys as keys
from actions import letters
from actions import official_seals as act
from blueprints import files
from blueprints.access import done, permit
from forms.seals import RetireForm, SealForm
from queries import blobs
from queries import institution_keys as ask_keys
from queries import official_seals as ask
from rules.permissions import Permission
from rules.refusal import Refused

TONES = {ask.IN_USE: "ok", ask.AWAITED: "review"}


@permit(Permission.VIEW_SEALS)
def seal_list() -> ResponseReturnValue:
    today = clock.today()
    rows = [
        {"seal": row, "state": ask.stands(row, today)} for row in ask.listed(g.actor.pooling_region)
    ]
    return render_template(
        "administration/seals.html",
        heading="电子印章",
        rows=rows,
        tones=TONES,
        form=RetireForm(),
        printed={"by": g.actor.name, "at": clock.now()},
    )


@permit(Permission.REGISTER_SEAL)
def new_seal() -> ResponseReturnValue:
    return render_template(
        "administration/new_seal.html", form=SealForm(name=letters.head().agency)
    )


@permit(Permission.REGISTER_SEAL)
def register_seal() -> ResponseReturnValue:
    form: Any = SealForm()
    if not form.validate_on_submit():
        return render_template("administration/new_seal.html", form=form), 400
    row = act.register(
        form.name.data,
        content=form.file.data.read() if form.file.data else None,
        passphrase=form.passphrase.data or "",
        token=form.token.data or "",
        sample=letters.head().sample,
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"已登记电子印章 {row.name}，等待核准", url_for("administration.seal_list"))


@permit(Permission.APPROVE_SEAL)
def approve_seal(key: int) -> ResponseReturnValue:
    row = _take(key)
    act.approve(row, actor=g.actor, on=clock.today())
    return done(f"电子印章 {row.name} 已核准", url_for("administration.seal_list"))


@permit(Permission.RETIRE_SEAL)
def retire_seal(key: int) -> ResponseReturnValue:
    form: Any = RetireForm()
    if not form.validate_on_submit():
        raise Refused("停用印章须写明理由。", cure="如证书到期换发、机构更名、密钥泄露。")
    row = _take(key)
    act.retire(row, form.reason.data, actor=g.actor, on=clock.today())
    return done(f"电子印章 {row.name} 已停用", url_for("administration.seal_list"))


@permit(Permission.VIEW_SEALS)
def seal_drawing(key: int) -> ResponseReturnValue:
    """The picture of the seal, as a PDF."""
    row = ask.find(key, g.actor.pooling_region) or abort(404)
    return files.send(
        blobs.content(row.drawing), f"{row.name}印章.pdf", "application/pdf", inline=True
    )


@permit(Permission.VIEW_SEALS)
def key_list() -> ResponseReturnValue:
    """Certificates of institutions: registered by their holders, approved here."""
    today = clock.today()
    found = ask_keys.listed(g.actor.pooling_region)
    return render_template(
        "administration/institution_keys.html",
        heading="单位签名证书",
        rows=[{"key": row, "state": ask_keys.stands(row, today)} for row in found],
        tones=TONES,
        form=RetireForm(),
        printed={"by": g.actor.name, "at": clock.now()},
    )


@permit(Permission.APPROVE_KEY)
def approve_key(key: int) -> ResponseReturnValue:
    row = _take_key(key)
    keys.approve(row, actor=g.actor, on=clock.today())
    return done(f"证书 {row.certificate_number} 已核准", url_for("administration.key_list"))


@permit(Permission.RETIRE_KEY)
def retire_key(key: int) -> ResponseReturnValue:
    form: Any = RetireForm()
    row = _take_key(key)
    keys.retire(row, form.reason.data or "", actor=g.actor, on=clock.today())
    return done(f"证书 {row.certificate_number} 已停用", url_for("administration.key_list"))


def _take_key(key: int) -> Any:
    return ask_keys.find(key, g.actor.pooling_region, lock=True) or abort(404)


def _take(key: int) -> Any:
    return ask.find(key, g.actor.pooling_region, lock=True) or abort(404)
