"""Issuing letters: number and facts are frozen with the decision, bytes are made once and kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

import documents
from actions import events, numbering, official_seals, operations, wordings
from database import session
from documents import letters as register
from documents import print_file
from models import Blob, Document, Institution
from queries import blobs
from queries import official_seals as seals
from queries.documents import TO_THE_PUBLIC
from rules.kinds import MEDICAL
from rules.permissions import SYSTEM, Actor, Permission, require
from rules.refusal import Refused


@dataclass(frozen=True)
class Letterhead:
    """Who issues: set once from the settings."""

    agency: str
    bureau: str
    prefix: str
    sample: bool
    level: str = "prefecture"
    mandate: str = ""
    verify_address: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)


_head: dict[str, Letterhead] = {}


def issue_as(head: Letterhead) -> None:
    """Name the issuing agency. Called once at start."""
    _head["now"] = head


def titles() -> list[tuple[str, str]]:
    """Every kind of letter with its title."""
    return [(kind.key, kind.title) for kind in register.KINDS.values()]


def head() -> Letterhead:
    """Who issues and signs, at which level."""
    return _head["now"]


def you(institution: Institution) -> str:
    """How a letter addresses it."""
    return "你店" if institution.kind.family == "pharmacy" else "你单位"


def bureau() -> str:
    """The administrative side of the same level, which receives reports."""
    return _head["now"].bureau


def issue(
    kind: str,
    subject: Any,
    institution: Institution | None,
    /,
    *,
    actor: Actor,
    on: date,
    addressee: str | None = None,
    **facts: Any,
) -> Document:
    """Give the letter its number in its series and freeze its facts, in the transaction of the decision.

    A letter to a person for whom no institution answers names its addressee and lies in the region of its subject.
    The PDF is made afterwards (`render`), from these facts alone. Facts that the kind does not know, or that are
    missing, raise before anything is stored. Free paragraphs are worded as the form in hand says (`wordings`).
    """
    session.flush()
    letter = register.KINDS[kind]
    facts, reworded = wordings.applied(kind, facts, actor=actor)
    serial = numbering.take(letter.series, on.year)
    number = f"{_head['now'].prefix}{letter.series}〔{on.year}〕{serial}号"
    common = _common(institution, number, actor, on)
    region = institution.pooling_region if institution else subject.pooling_region
    common["sealed_by"] = seals.number_in_use(region, on)
    if addressee is None and institution is not None:
        addressee = institution.name
    frozen = register.freeze(kind, **common, addressee=addressee, **facts)
    document = Document(kind=kind, title=letter.title, number=number, facts=frozen, issued_on=on)
    document.institution, document.region = institution, "" if institution else region
    document.series, document.year, document.serial = letter.series, on.year, serial
    document.subject, document.subject_id = subject.__tablename__, subject.id
    document.verify_code, document.sealed_by = common["verify_code"], common["sealed_by"]
    return _recorded(document, reworded, actor=actor, on=on)


def _recorded(document: Document, reworded: list[str], *, actor: Actor, on: date) -> Document:
    session.add(document)
    session.flush()
    title, number = f"印发{document.title}", document.number
    events.record(document, "issue", title, actor=actor, on=on, number=number)
    if reworded:
        told = "、".join(reworded)
        events.record(document, "word", "改写文书段落", actor=actor, on=on, paragraphs=told)
    return operations.issued(document)


def preview(
    kind: str,
    institution: Institution,
    /,
    *,
    actor: Actor,
    on: date,
    addressee: str | None = None,
    **facts: Any,
) -> bytes:
    """The PDF that `issue` would lead to, from the same facts: crossed with 预览, without number, code or seal.

    Takes no number and stores nothing, so that it may be looked at as often as wanted (also by a GET). The facts are
    those of `issue` without its subject; wrong ones raise WrongFact, an unprintable letter RenderFailed.
    """
    letter = register.KINDS[kind]
    number = f"{_head['now'].prefix}{letter.series}〔{on.year}〕（预览）号"
    frozen = register.freeze(
        kind,
        **_common(institution, number, actor, on) | {"verify_code": "预览", "preview": True},
        addressee=institution.name if addressee is None else addressee,
        **facts,
    )
    return documents.render(kind, frozen)


def drafted() -> list[tuple[str, dict[str, Any]]]:
    """Kind and facts of the letters that the form in hand has issued so far, as their previews would have them."""
    return [(row.kind, as_preview(row)) for row in operations.take_issued()]


def print_drafts(drafts: Iterable[tuple[str, dict[str, Any]]]) -> bytes:
    """All of them as one PDF; nothing is stored."""
    pages = [print_frozen(kind, facts) for kind, facts in drafts]
    return pages[0] if len(pages) == 1 else print_file.merged(pages)


def as_preview(document: Document) -> dict[str, Any]:
    """Facts of an issued letter as its preview would have had them: for an issue that is going to be taken back."""
    number = f"{_head['now'].prefix}{document.series}〔{document.year}〕（预览）号"
    return {**document.facts, "number": number, "verify_code": "预览", "preview": True}


def receipt(document: Document, *, actor: Actor) -> bytes:
    """送达回证 of a letter, to be signed by hand; nothing is stored."""
    place = document.institution  # none where a person has nobody who answers
    common = {name: document.facts[name] for name in ("agency", "bureau", "sample", "verify_code")}
    frozen = register.freeze(
        "service_receipt",
        **common,
        number=document.number,
        issued_on=document.issued_on,
        signer=actor.name,
        family=document.facts.get("family", ""),
        verify_address=document.facts.get("verify_address", ""),
        institution=document.facts.get("addressee") or document.recipient,
        served_title=document.title,
        served_number=document.number,
        address=(place and place.address) or "未登记",
        basis=register.KINDS["service_receipt"].basis,
    )
    return documents.render("service_receipt", frozen)


def posted(kind: str, /, *, actor: Actor, on: date, **facts: Any) -> dict[str, Any]:
    """The frozen facts of a notice about many, with its number; it is filed with its subject, to no institution."""
    letter = register.KINDS[kind]
    number = f"{_head['now'].prefix}{letter.series}〔{on.year}〕{numbering.take(letter.series, on.year)}号"
    return register.freeze(kind, **_named("medical", number, actor, on), addressee="", **facts)


def print_frozen(kind: str, frozen: dict[str, Any]) -> bytes:
    """The PDF of any letter from its frozen facts alone; nothing is stored."""
    return documents.render(kind, frozen)


def for_printer(rows: Iterable[Document]) -> bytes:
    """Printed letters as one file for the printer, each from a front side on."""
    return print_file.merged(blobs.content(str(row.sha256)) for row in rows)


def _common(institution: Institution | None, number: str, actor: Actor, on: date) -> dict[str, Any]:
    """What every letter prints."""
    return _named(institution.kind.family if institution else MEDICAL, number, actor, on)


def _named(family: str, number: str, actor: Actor, on: date) -> dict[str, Any]:
    head = _head["now"]
    return {
        "number": number,
        "agency": head.agency,
        "bureau": head.bureau,
        "issued_on": on,
        "signer": actor.name,
        "sample": head.sample,
        "verify_code": secrets.token_hex(8).upper(),
        "verify_address": head.verify_address,
        "family": family,
    }


def render(document: Document) -> bytes:
    """The letter's only bytes: made and stored on first need, afterwards read. Raises RenderFailed, storing nothing."""
    if document.sha256 is None:
        store(document, printed(document))
    return blobs.content(str(document.sha256))


def printed(document: Document) -> bytes:
    """The bytes made from the frozen facts, sealed and signed where a seal was in use on the day; not stored.

    Takes its time: not inside a transaction that writes.
    """
    return official_seals.put(documents.render(document.kind, document.facts), document)


def many_presses() -> AbstractContextManager[int]:
    """While it lasts, so many threads as it says print at once."""
    return documents.presses().many()


def store(document: Document, content: bytes) -> None:
    """Keep what `printed` made. The first bytes that are stored stay: whoever comes second waits, and keeps nothing."""
    session.refresh(document, with_for_update=True)
    if document.sha256 is None:
        document.sha256 = keep(content, "application/pdf")
        session.flush()


def keep(content: bytes, media_type: str) -> str:
    """Store bytes once under their SHA-256 and return it."""
    sha256 = blobs.digest(content)
    if session.get(Blob, sha256) is None:
        session.add(Blob(sha256=sha256, media_type=media_type, size=len(content), content=content))
        session.flush()
    return sha256


def serve(document: Document, *, actor: Actor, on: date, method: str, proof: str) -> None:
    """Record the service (送达) with its proof; it starts the clock that runs from it, if any.

    Refused before the issue day, twice, or without proof.
    """
    if actor is not SYSTEM:
        require(actor, Permission.RECORD_SERVICE, document)
    note_service(document, actor=actor, on=on, method=method, proof=proof)


def note_service(document: Document, *, actor: Actor, on: date, method: str, proof: str) -> None:
    """The same for whoever may by another permission, which the caller has asked for."""
    if document.served_on is not None:
        raise Refused(f"{document.number} 已于 {document.served_on} 送达，不能重复登记。")
    if on < document.issued_on:
        raise Refused("送达日期早于文书印发日期。", cure="请核对送达回证上的日期。")
    if not method.strip() or not proof.strip():
        raise Refused("登记送达须写明方式和凭证。", cure="请填写送达方式和送达回证编号或者签收人。")
    document.served_on, document.service_method, document.service_proof = on, method, proof
    told = "" if document.kind == TO_THE_PUBLIC else proof  # it may name who took the letter
    events.record(
        document, "serve", f"送达{document.title}", actor=actor, on=on, method=method, proof=told
    )


def of(subject: Any, kind: str | None = None) -> list[Document]:
    """The letters issued on a subject, newest first."""
    query = select(Document).where(
        Document.subject == subject.__tablename__, Document.subject_id == subject.id
    )
    if kind:
        query = query.where(Document.kind == kind)
    return list(session.scalars(query.order_by(Document.id.desc())))
