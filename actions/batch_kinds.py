"""What can be done in batches: each kind by its word, with who may and how one subject is treated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from actions import letters, renewals, service, signatures
from database import session
from models import Agreement, Document, Renewal
from queries import documents
from rules.permissions import Actor, Permission
from rules.refusal import Refused
from rules.renewals import Advice


class Act(Protocol):
    """Treats one subject by its number and says in one sentence what was done; Refused says why not."""

    def __call__(
        self, key: int, parameters: Mapping[str, Any], /, *, actor: Actor, on: date
    ) -> str: ...


@dataclass(frozen=True)
class BatchKind:
    """`letter`: the kind of letter that every row issues on its subject.

    `make`: long work that only reads, done before the row's transaction; what it made comes with the parameters.
    """

    label: str
    permission: Permission
    act: Act
    letter: str = ""
    make: Callable[[int], Any] | None = None


MADE = "made"


def _collect(key: int, _given: Mapping[str, Any], /, *, actor: Actor, on: date) -> str:
    renewal = renewals.collect(_taken(Agreement, key), actor=actor, on=on)
    return f"{renewal.number} 已列入续签，{_assessed(renewal, actor, on)}"


def _assess(key: int, _given: Mapping[str, Any], /, *, actor: Actor, on: date) -> str:
    return _assessed(_taken(Renewal, key), actor, on)


def _assessed(renewal: Renewal, actor: Actor, on: date) -> str:
    renewals.assess(renewal, actor=actor, on=on)
    return f"评议结果：{renewal.advice.label if renewal.advice else ''}"


def _propose(key: int, _given: Mapping[str, Any], /, *, actor: Actor, on: date) -> str:
    """In a batch nobody writes reasons, so what has exceptions is refused and dealt with one by one."""
    renewals.propose(_taken(Renewal, key), Advice.RENEW, opinion="", actor=actor, on=on)
    return "已提出续签意见"


def _agree(key: int, _given: Mapping[str, Any], /, *, actor: Actor, on: date) -> str:
    renewals.decide(_taken(Renewal, key), Advice.RENEW, reason="", actor=actor, on=on)
    return "已同意续签"


def _offer(key: int, _given: Mapping[str, Any], /, *, actor: Actor, on: date) -> str:
    following = renewals.offer(_taken(Renewal, key), actor=actor, on=on)
    return f"续签协议 {following.number} 已送签，期限 {following.term_from} 至 {following.term_to}"


def _countersign(key: int, _given: Mapping[str, Any], /, *, actor: Actor, on: date) -> str:
    agreement = _taken(Agreement, key)
    signatures.countersign(agreement, actor=actor, on=on)
    return f"协议 {agreement.number} 已签订，期限 {agreement.term_from} 至 {agreement.term_to}"


def printed(key: int) -> bytes | None:
    """A letter's bytes; nothing for one that has them."""
    document = session.get_one(Document, key, populate_existing=True)
    return letters.printed(document) if document.sha256 is None else None


def _print(key: int, given: Mapping[str, Any], /, *, actor: Actor, on: date) -> str:
    document = session.get_one(Document, key, populate_existing=True)
    if not documents.is_open(document, actor):
        raise Refused(f"{document.number} 您不能查看。", cure="请由没有回避的人员印制。")
    if document.sha256 is None:
        letters.store(document, given[MADE])
    return f"{document.number} 已于 {on} 印制"


def _serve(key: int, _given: Mapping[str, Any], /, *, actor: Actor, on: date) -> str:
    document = _taken(Document, key)
    if not documents.is_open(document, actor):
        raise Refused(f"{document.number} 您不能查看。", cure="请由没有回避的人员送达。")
    consent = service.serve_electronically(document, actor=actor, on=on)
    return f"{document.number} 已电子送达，依据 {consent.given_on} 电子送达确认书"


def _taken(model: type[Any], key: int) -> Any:
    """The row, locked and read anew."""
    return session.get_one(model, key, with_for_update=True, populate_existing=True)


KINDS: dict[str, BatchKind] = {
    "collect": BatchKind("组织续签并评议", Permission.COLLECT_RENEWAL, _collect),
    "assess": BatchKind("生成评议表", Permission.ASSESS_RENEWAL, _assess),
    "propose": BatchKind("提出续签意见", Permission.PROPOSE_RENEWAL, _propose),
    "agree": BatchKind("同意续签", Permission.DECIDE_RENEWAL, _agree),
    "offer": BatchKind("送签续签协议", Permission.OFFER_RENEWAL, _offer, letter="renewal_notice"),
    "countersign": BatchKind(
        "签署协议", Permission.SIGN_FOR_AGENCY, _countersign, letter="agreement"
    ),
    "serve": BatchKind("电子送达", Permission.RECORD_SERVICE, _serve),
    "print": BatchKind("印制文书", Permission.RECORD_SERVICE, _print, make=printed),
}
