"""Whether an agreement may be followed by another one: 续签 needs an agreement that still holds."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from rules import terms
from rules.agreement_forms import DESIGNATING, AgreementForm
from rules.lifecycle import AgreementState
from rules.refusal import Refused
from rules.standing import AgreementFacts, Word, standing

_AGAIN = "请按新申请定点办理。"


class Follower(Protocol):
    """The agreement that already follows."""

    number: str


def require_next(
    state: AgreementState,
    facts: AgreementFacts,
    follower: Follower | None,
    *,
    term_from: date,
    on: date,
    basis: str,
    form: AgreementForm = AgreementForm.MAIN,
    parent_to: date | None = None,
) -> None:
    """Refused with the reason, the article and the cure unless the next agreement may be offered now."""
    if form not in DESIGNATING:
        raise Refused(
            f"{form.label}不单独续签。", basis=basis, cure="请在其所依附的协议续签后另行办理。"
        )
    _require_living(state, facts, on=on, basis=basis)
    if follower is not None:
        raise Refused(
            f"该机构的后续协议 {follower.number} 已经送签或者签订，不能重复续签。",
            cure="请打开该协议继续办理。",
        )
    begins = terms.next_from(facts.term_to)
    if term_from != begins:
        raise Refused(
            f"续签的协议应当自 {begins} 起，即本期协议届满的次日。",
            basis=basis,
            cure="请改正协议起始日期。",
        )
    if parent_to is not None and term_from > parent_to:
        raise Refused(
            f"固定协议 {parent_to} 届满，不能再续签年度协议。",
            basis=basis,
            cure="请重新办理固定协议和年度协议，或者拟定服务协议。",
        )


def _require_living(state: AgreementState, facts: AgreementFacts, *, on: date, basis: str) -> None:
    if state not in (AgreementState.CONCLUDED, AgreementState.SUSPENDED):
        why = {
            AgreementState.TERMINATED: "本期协议已经解除，不能续签。",
            AgreementState.LAPSED: "本期协议已经终止，不能续签。",
        }
        raise Refused(why.get(state, "本期协议还没有签订，不能续签。"), basis=basis, cure=_AGAIN)
    word = standing(facts, on).word
    if state is AgreementState.SUSPENDED or word is Word.SUSPENDED:
        raise Refused(
            "本期协议处于中止状态，不能续签。",
            basis=basis,
            cure="请先依申请恢复协议，恢复后再办理续签。",
        )
    if word in (Word.EXPIRED, Word.TERMINATED, Word.LAPSED):
        raise Refused("本期协议已经到期或者终止，不能续签。", basis=basis, cure=_AGAIN)
