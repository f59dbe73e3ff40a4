"""An institution's own certificate: shown by its holder, approved, put under an agreement after the agency's.

The key is in the hands of whoever signs and nobody else (电子签名法第十三条): it comes with a request and goes with it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

import documents
from actions import events, letters, official_seals
from database import session
from documents import seal_keys, signed_outside, signing
from models import Document, Institution, InstitutionKey
from queries import blobs
from queries import institution_keys as ask
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

FIELD = "institution"


def register(
    institution: Institution, content: bytes, passphrase: str, *, actor: Actor, on: date
) -> InstitutionKey:
    """The certificate of this key; the key signs once on trial and is not kept. It counts once it is approved.

    Refused when the key does not open, its certificate is not valid today, names another institution or is known.
    """
    require(actor, Permission.HOLD_KEY, institution)
    drawing = documents.render_seal(institution.name, sample=letters.head().sample)
    told = official_seals.examined(content, passphrase, "", drawing, on)
    return _kept(institution, told, drawing, actor=actor, on=on)


def _kept(
    institution: Institution,
    told: seal_keys.Certificate,
    drawing: bytes,
    *,
    actor: Actor,
    on: date,
) -> InstitutionKey:
    if told.name.strip() != institution.name:
        raise Refused(
            f"证书上的名称是“{told.name}”，与机构名称“{institution.name}”不一致。",
            cure="请使用以本机构名称申领的单位证书；机构已经更名的，先办理变更。",
        )
    if ask.by_certificate(told.number) is not None:
        raise Refused(f"证书 {told.number} 已经登记过。", cure="请在证书列表中查看。")
    row = InstitutionKey(
        institution=institution,
        name=told.name,
        drawing=letters.keep(drawing, "application/pdf"),
        registered_on=on,
        registered_by_id=actor.id,
        **official_seals.columns(told),
    )
    session.add(row)
    session.flush()
    events.record(row, "register_key", "登记单位签名证书", actor=actor, on=on, number=told.number)
    return row


def approve(row: InstitutionKey, *, actor: Actor, on: date) -> None:
    """From now on it signs. Denied to whoever registered it; refused while another one of the institution signs."""
    require(actor, Permission.APPROVE_KEY, row)
    if row.approved_on is not None or row.retired_on is not None:
        raise Refused(f"证书 {row.certificate_number} 已经核准或者停用。")
    other = ask.signing(row.institution_id)
    if other is not None:
        raise Refused(
            f"该机构的证书 {other.certificate_number} 还没有停用，同时只能使用一个。",
            cure="请先停用原证书。",
        )
    row.approved_on, row.approved_by_id = on, actor.id
    events.record(
        row, "approve_key", "核准单位签名证书", actor=actor, on=on, number=row.certificate_number
    )


def retire(row: InstitutionKey, reason: str, *, actor: Actor, on: date) -> None:
    """It signs nothing any more, by its holder or by an administrator; what it signed stays valid."""
    require(actor, Permission.RETIRE_KEY, row)
    if row.retired_on is not None:
        raise Refused(f"证书 {row.certificate_number} 已经停用。")
    if not reason.strip():
        raise Refused("停用证书须写明理由。", cure="如证书到期换发、机构更名、密钥泄露。")
    row.retired_on, row.retired_reason = on, reason.strip()
    events.record(row, "retire_key", "停用单位签名证书", actor=actor, on=on, reason=reason.strip())


def register_signed(
    institution: Institution, content: bytes, *, actor: Actor, on: date
) -> InstitutionKey:
    """The same for a key that stays on a device: its holder signs our sample (`sample`) outside and hands it in."""
    require(actor, Permission.HOLD_KEY, institution)
    drawing = sample(institution)
    told = _signed_by(drawing, content)
    if not told.valid_from <= on <= told.valid_to:
        raise Refused(
            f"证书有效期为 {told.valid_from} 至 {told.valid_to}，今天不在其中。",
            cure="请换用有效的证书。",
        )
    return _kept(institution, told, drawing, actor=actor, on=on)


def sample(institution: Institution) -> bytes:
    """The sheet that is signed for registering a certificate: the seal of the institution, the same every time."""
    return documents.render_seal(institution.name, sample=letters.head().sample)


def _signed_by(ours: bytes, theirs: bytes, field: str = "") -> seal_keys.Certificate:
    try:
        pem = signed_outside.certificate_in(ours, theirs, field)
        return seal_keys.told(seal_keys.certificate(pem))
    except signed_outside.NotSound as wrong:
        raise Refused(str(wrong), cure=signed_outside.AGAIN) from wrong
    except seal_keys.NoKey as wrong:
        raise Refused(str(wrong), cure="请核对证书后重新签名。") from wrong


def sign(letter: Document, content: bytes, passphrase: str, *, actor: Actor, on: date) -> None:
    """Append the institution's signature to the agency's on a printed agreement.

    The file as the agency left it stays inside, byte for byte, and is remembered by its hash. Refused before it is
    printed, twice, and with another key than the one in use.
    """
    require(actor, Permission.HOLD_KEY, letter)
    row = _turn(letter, on)
    try:
        key = seal_keys.key_of(content, passphrase)
        _require_registered(seal_keys.certificate_of(key), row)
        signed = signing.sign(
            blobs.content(str(letter.sha256)),
            FIELD,
            key,
            seal=blobs.content(row.drawing),
            reason=f"{letter.title} {letter.number}",
            timestamper=official_seals.timestamper(),
        )
    except seal_keys.NoKey as wrong:
        raise Refused(str(wrong), cure="请核对证书文件和口令后重新签名。") from wrong
    _put(letter, signed, row, actor=actor, on=on)


def accept(letter: Document, content: bytes, *, actor: Actor, on: date) -> None:
    """Take the agreement back with the signature that the institution made outside, with a key on its own device.

    Refused unless it is exactly our file with one signature more: in the place that was left for it, by the
    certificate in use, and nothing else changed.
    """
    require(actor, Permission.HOLD_KEY, letter)
    row = _turn(letter, on)
    _require_registered(_signed_by(blobs.content(str(letter.sha256)), content, FIELD), row)
    _put(letter, content, row, actor=actor, on=on)


def _require_registered(told: seal_keys.Certificate, row: InstitutionKey) -> None:
    """The very certificate: a number alone is chosen by whoever makes one."""
    if told.pem != row.certificate:
        raise Refused(
            f"所用的不是登记的证书 {row.certificate_number}。", cure="请使用登记并核准的证书。"
        )


def _put(letter: Document, signed: bytes, row: InstitutionKey, *, actor: Actor, on: date) -> None:
    _replace(letter, signed)
    number = row.certificate_number
    events.record(letter, "add_signature", "加盖单位电子签名", actor=actor, on=on, number=number)


def _turn(letter: Document, on: date) -> InstitutionKey:
    """The key whose turn it is."""
    if not letter.facts.get("institution_sealed_by"):
        raise Refused(
            f"{letter.number} 没有留出单位电子签名的位置。",
            cure="签订时没有登记签名证书的，请打印后盖章。",
        )
    if not ask.awaits_signature(letter):
        raise Refused(f"{letter.number} 已经加盖单位电子签名。")
    if letter.sha256 is None:
        raise Refused(
            "协议文本还没有生成。", cure="请先打开协议文本（PDF）核对，再加盖单位电子签名。"
        )
    row = ask.in_use(letter.institution.id, on)
    if row is None:
        raise Refused("您单位没有使用中的签名证书。", cure="请登记证书，经安全管理员核准后再签名。")
    return row


def _replace(letter: Document, signed: bytes) -> None:
    """The signed file takes the place of the one it was made from; whoever comes second finds another one there."""
    before, after = letter.sha256, letters.keep(signed, "application/pdf")
    changed = session.execute(
        update(Document)
        .where(Document.id == letter.id, Document.sha256 == before, Document.first_sha256.is_(None))
        .values(sha256=after, first_sha256=before)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]  # of an UPDATE it is there
        raise Refused(f"{letter.number} 已经加盖单位电子签名。")
    session.refresh(letter)
