"""Electronic seals: registered with their key, approved by another, put on printed letters, retired."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import documents
from actions import events, private_files
from database import session
from documents import RenderFailed, seal_keys, signatures, signing
from models import Blob, Document, OfficialSeal
from queries import blobs, institution_keys
from queries import official_seals as ask
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

FIELD = "agency"


@dataclass(frozen=True)
class Devices:
    """Library and PIN of the device that keeps keys (PKCS#11), address of the time stamping authority; '' for none."""

    pkcs11_module: str = ""
    pkcs11_pin: str = ""
    timestamp_url: str = ""


_devices: dict[str, Devices] = {}
_ring = seal_keys.Ring()


def use(devices: Devices) -> None:
    """Name the devices. Called once at start."""
    _devices["now"] = devices


@contextmanager
def _opened(
    content: bytes | None, passphrase: str, token: str | None, *, kept: bool = False
) -> Iterator[seal_keys.Signer]:
    """The key, for as long as it is needed; one of our own may be `kept` open. Raises seal_keys.NoKey."""
    devices = _devices["now"]
    if not token:
        yield (_ring if kept else seal_keys).key_of(content or b"", passphrase)
    elif not devices.pkcs11_module:
        raise seal_keys.NoKey("没有设置密码设备（PKCS11_MODULE）。")
    else:
        with seal_keys.key_on_token(devices.pkcs11_module, token, devices.pkcs11_pin) as key:
            yield key


def register(
    name: str,
    *,
    content: bytes | None = None,
    passphrase: str = "",
    token: str = "",
    sample: bool,
    actor: Actor,
    on: date,
) -> OfficialSeal:
    """A seal that seals nothing until another administrator approves it.

    Its key is a PKCS#12 file (`content`, `passphrase`) or stays on a device (`token`). Refused for both or neither,
    when the key does not open, when its certificate is not valid today, and when it is known already.
    """
    require(actor, Permission.REGISTER_SEAL)
    if not name.strip():
        raise Refused("请写明印章上的单位名称。", cure="应当与单位法定名称一致。")
    drawing = documents.render_seal(name.strip(), sample=sample)
    told = _unknown(examined(content, passphrase, token.strip(), drawing, on))
    row = OfficialSeal(
        name=name.strip(),
        pooling_region=actor.pooling_region,
        key_file=private_files.keep(content, "application/x-pkcs12") if content else None,
        passphrase=passphrase if content else None,
        token=token.strip() or None,
        drawing=_kept(drawing),
        sample=sample,
        registered_on=on,
        registered_by_id=actor.id,
        **columns(told),
    )
    session.add(row)
    session.flush()
    events.record(
        row, "register_seal", "登记电子印章", actor=actor, on=on, name=row.name, number=told.number
    )
    return row


def _unknown(told: seal_keys.Certificate) -> seal_keys.Certificate:
    if ask.by_certificate(told.number) is not None:
        raise Refused(f"证书 {told.number} 已经登记过。", cure="请在印章列表中查看。")
    return told


def columns(told: seal_keys.Certificate) -> dict[str, Any]:
    """What is kept of a certificate."""
    return {
        "certificate": told.pem,
        "certificate_number": told.number,
        "issuer": told.issuer,
        "valid_from": told.valid_from,
        "valid_to": told.valid_to,
    }


def examined(
    content: bytes | None, passphrase: str, token: str, drawing: bytes, on: date
) -> seal_keys.Certificate:
    """What the certificate of the key says, or why the key cannot be taken. The key signs once on trial."""
    if bool(content) == bool(token):
        raise Refused("请上传证书文件，或者填写密码设备的标签，二者选一。")
    try:
        with _opened(content, passphrase, token) as key:
            told = seal_keys.certificate_of(key)
            tried = signing.trial(drawing, key)
    except seal_keys.NoKey as wrong:
        raise Refused(str(wrong), cure="请核对后重新登记。") from wrong
    roots = [seal_keys.certificate(told.pem)]
    if not all(one.valid for one in signatures.read(tried, roots)):
        raise Refused(
            "用这个密钥试签的签名通不过查验。", cure="请换用 RSA 或者 ECDSA 算法的签名证书。"
        )
    if not told.valid_from <= on <= told.valid_to:
        raise Refused(
            f"证书有效期为 {told.valid_from} 至 {told.valid_to}，今天不在其中。",
            cure="请换用有效的证书。",
        )
    return told


def _kept(pdf: bytes) -> str:
    sha256 = blobs.digest(pdf)
    if session.get(Blob, sha256) is None:
        session.add(Blob(sha256=sha256, media_type="application/pdf", size=len(pdf), content=pdf))
        session.flush()
    return sha256


def approve(row: OfficialSeal, *, actor: Actor, on: date) -> None:
    """From now on it seals. Denied to whoever registered it; refused while another one seals."""
    require(actor, Permission.APPROVE_SEAL, row)
    if row.approved_on is not None or row.retired_on is not None:
        raise Refused(f"印章“{row.name}”已经核准或者停用。")
    other = ask.sealing(row.pooling_region)
    if other is not None:
        raise Refused(
            f"“{other.name}”（证书 {other.certificate_number}）还没有停用，同时只能有一枚印章使用。",
            cure="请先停用原印章。",
        )
    row.approved_on, row.approved_by_id = on, actor.id
    events.record(row, "approve_seal", "核准电子印章", actor=actor, on=on, name=row.name)


def retire(row: OfficialSeal, reason: str, *, actor: Actor, on: date) -> None:
    """It seals nothing any more; what it sealed stays valid. Letters that wait are sealed by the one after it."""
    require(actor, Permission.RETIRE_SEAL)
    if row.retired_on is not None:
        raise Refused(f"印章“{row.name}”已经停用。")
    if not reason.strip():
        raise Refused("停用印章须写明理由。", cure="如证书到期换发、机构更名、密钥泄露。")
    row.retired_on, row.retired_reason = on, reason.strip()
    events.record(row, "retire_seal", "停用电子印章", actor=actor, on=on, reason=reason.strip())


def put(pdf: bytes, document: Document) -> bytes:
    """The printed letter with its seal and signature; as it is, when none was in use on its day.

    A letter whose seal was retired before it was printed gets the one in use now. Raises RenderFailed when the key
    cannot be used or there is none; nothing is stored then.
    """
    if not document.sealed_by:
        return pdf
    row = ask.by_certificate(document.sealed_by)
    if row is None or row.retired_on is not None:
        row = ask.sealing(document.pooling_region)
    if row is None:
        raise RenderFailed(
            "文书未能加盖电子印章：原印章已经停用，还没有新的印章。请告知系统管理员。"
        )
    drawing = blobs.content(row.drawing)
    try:
        content = private_files.fetch(row.key_file) if row.key_file else None
        stamp = timestamper()
        with _opened(content, row.passphrase or "", row.token, kept=True) as key:
            told = f"{document.title} {document.number}"
            return signing.sign(
                pdf,
                FIELD,
                key,
                seal=drawing,
                making=_fields(document),
                reason=told,
                timestamper=stamp,
            )
    except seal_keys.NoKey as wrong:
        raise RenderFailed(f"文书未能加盖电子印章：{wrong}请告知系统管理员。") from wrong


def _fields(document: Document) -> list[str]:
    """Every field of the letter, made before the first signature."""
    return [FIELD, "institution"] if document.facts.get("institution_sealed_by") else [FIELD]


def timestamper() -> Any:
    """The time stamping authority, if one is set."""
    return signing.timestamping(_devices["now"].timestamp_url)


def checked(pdf: bytes) -> list[dict[str, Any]]:
    """Every signature of a file as plain data. Raises ValueError for what is no readable PDF."""
    known = [*ask.certificates(), *institution_keys.certificates()]
    roots = [seal_keys.certificate(pem) for pem in known]
    return [signatures.plain(one) for one in signatures.read(pdf, roots)]
