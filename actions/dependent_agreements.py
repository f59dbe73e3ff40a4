"""补充协议 and 固定协议 with its 年度协议: agreements that stand beside another one and end with it."""

from __future__ import annotations

from datetime import date

import regulations
from actions import agreements, holds
from database import session
from models import Agreement
from queries import agreement_terms, published_ratings
from rules import agreement_forms, standing
from rules.agreement_forms import AgreementForm
from rules.lifecycle import AgreementState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


def supplement(
    parent: Agreement, *, covers: str, term_from: date, actor: Actor, on: date
) -> Agreement:
    """A supplementary agreement to a living one, for what is named in it (an internet hospital, a service point).

    Refused without a living agreement to stand on, without a name, twice for the same, and beyond the parent's term.
    """
    institution = parent.institution
    require(actor, Permission.DRAFT_AGREEMENT, institution)
    holds.lock(institution.id)
    covers = " ".join(covers.split())
    _require_living(parent, on)
    if not covers:
        raise Refused(
            "补充协议须写明所补充的内容。",
            cure="互联网医院请填写其名称，药店请填写所增加的服务。",
        )
    if not parent.term_from <= term_from <= parent.term_to:
        raise Refused(
            f"补充协议应当在主协议期限（{parent.term_from} 至 {parent.term_to}）内开始。",
            cure="请改正起始日期。",
        )
    same = [one for one in parent.dependents if one.covers == covers and one.state in _ALIVE]
    if same:
        raise Refused(
            f"“{covers}”已有补充协议 {same[0].number}。", cure="请打开该补充协议继续办理。"
        )
    agreement = agreements.new(
        institution,
        term_from=term_from,
        state=AgreementState.NEGOTIATING,
        on=on,
        form=AgreementForm.SUPPLEMENTARY,
        parent=parent,
    )
    agreement.covers = covers
    agreements.begin(agreement, actor=actor, on=on)
    return agreement


_ALIVE = (AgreementState.NEGOTIATING, *agreement_terms.ON_ITS_WAY)


def _require_living(parent: Agreement, on: date) -> None:
    word = standing.standing(agreement_terms.facts_of(parent), on).word
    holding = parent.state is AgreementState.CONCLUDED
    if (
        parent.form is AgreementForm.SUPPLEMENTARY
        or not holding
        or word not in (standing.Word.IN_FORCE, standing.Word.PENDING)
    ):
        raise Refused(
            "没有有效的服务协议，不能签订补充协议。",
            cure="互联网医院依托的实体医疗机构取得定点资格后，再办理补充协议。",
        )


def fix(previous: Agreement, *, actor: Actor, on: date) -> tuple[Agreement, Agreement]:
    """Follow an agreement by a lasting part and its first yearly annex (令2 Art 41).

    For medical institutions of a good grade only; refused otherwise, and whenever the agreement may not be followed.
    """
    institution = previous.institution
    require(actor, Permission.DRAFT_AGREEMENT, institution)
    grade = published_ratings.latest_grade(institution.id, on=on)
    agreement_forms.require_fixed(institution.kind.family, grade, on=on)
    term_from = agreements.require_next(previous, on=on)
    state = AgreementState.NEGOTIATING
    months = regulations.at(on, institution.kind.family).agreement.fixed_term.value
    lasting = agreements.new(
        institution,
        term_from=term_from,
        state=state,
        on=on,
        form=AgreementForm.FIXED,
        months=months,
    )
    agreements.begin(lasting, actor=actor, on=on)
    session.flush()
    annex = agreements.new(
        institution,
        term_from=term_from,
        state=state,
        on=on,
        form=AgreementForm.ANNUAL,
        parent=lasting,
    )
    annex.previous = previous
    agreements.carry_special(previous, annex, actor=actor, on=on)
    agreements.begin(annex, actor=actor, on=on)
    return lasting, annex
