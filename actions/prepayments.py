"""基金预付: asked for in January, examined by finance, granted by the leader, paid, set off with the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import regulations
from actions import ledger, letters, lifecycle, numbering
from database import session
from models import Agreement, Document, Prepayment
from queries import agreements, annual_ledger, annual_settlements
from queries import prepayments as ask
from rules import prepayment as rule
from rules.insurance import InsuranceKind
from rules.ladder import MOST_AMOUNT
from rules.ledger import Kind, Transfer
from rules.lifecycle import PrepaymentState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.standing import Word


@dataclass(frozen=True)
class Request:
    """`amount` in 分."""

    insurance: InsuranceKind
    purpose: str
    amount: int
    text: str = ""


def request(agreement: Agreement, given: Request, *, actor: Actor, on: date) -> Prepayment:
    """Ask for an advance. Refused outside the first days of January, twice, and for other purposes."""
    require(actor, Permission.REQUEST_PREPAYMENT, agreement)
    rule.check_window(on)
    _check_standing(agreement, on)
    purpose = rule.check_purpose(given.purpose, on)
    if not 0 < given.amount < MOST_AMOUNT:
        raise Refused("请填写申请预付的金额。")
    known = ask.living(agreement.institution_id, on.year, given.insurance)
    if known is not None:
        raise Refused(f"本年度{given.insurance.label}的预付已由 {known.number} 申请。")
    row = Prepayment(
        number=numbering.case_number("YF", on.year),
        state=PrepaymentState.REQUESTED,
        institution=agreement.institution,
        agreement=agreement,
        year=on.year,
        insurance=given.insurance,
        purpose=purpose.key,
        asked=given.amount,
        text=given.text.strip()[:1000],
        requested_on=on,
        recorded_by_id=actor.id,
    )
    lifecycle.begin(
        row, "request", "申请基金预付", actor=actor, on=on, basis=purpose.basis,
        asked=given.amount, purpose=purpose.key,
    )  # fmt: skip
    session.flush()
    return row


def _check_standing(agreement: Agreement, on: date) -> None:
    word = agreements.standing_of(agreement, on=on).word
    if word is not Word.IN_FORCE:
        raise Refused(
            f"服务协议{word.label}，不能预付基金。", cure="协议恢复有效以后，在申请期内再申请。"
        )


def _check_year(row: Prepayment, on: date) -> None:
    """An advance is set off with its year: afterwards there is nothing left to set it off with."""
    cure = "请由机构撤回预付申请，需要预付的在下一年度申请期内重新申请。"
    if on.year > row.year:
        raise Refused(
            f"{row.year} 年度已经结束，不能再预付该年度的基金。",
            basis=regulations.at(row.requested_on).prepay.size.basis,
            cure=cure,
        )
    family = row.institution.kind.family
    annual_settlements.check_open(
        row.agreement_id, row.year, row.insurance, family=family, cure=cure
    )


def examine(
    row: Prepayment, *, years: Sequence[int], amount: int, opinion: str, actor: Actor, on: date
) -> None:
    """The fund is tested, the base counted, an amount proposed. `years`: paid, newest first; all in 分.

    Refused while a test of the fund fails, for more than the base allows or than was asked for, and on a base that
    another insurance has advanced upon.
    """
    day = row.requested_on
    fund = ask.fund(row)
    if fund is None:
        raise Refused(
            f"还没有登记 {row.year} 年{row.insurance.label}的基金收支。",
            cure="请先在总额预算页登记累计结余、月均支出和收支预测。",
        )
    rule.check_fund(fund, day)
    monthly = rule.base(years, day)
    _check_base(row, years)
    rule.check_amount(amount, monthly, day)
    if amount > row.asked:
        raise Refused("核定的金额不能超过机构申请的金额。")
    if not opinion.strip():
        raise Refused("请写明审核意见。")
    lifecycle.move(
        row, "examine", actor=actor, on=on, basis=regulations.at(day).prepay.size.basis,
        years=list(years), monthly=monthly, amount=amount, tests=_tests(fund, day),
        examination=opinion.strip()[:1000], examined_by_id=actor.id, examined_on=on,
    )  # fmt: skip


def _check_base(row: Prepayment, years: Sequence[int]) -> None:
    """Each fund advances on what it paid itself."""
    twin = ask.same_base(row, years)
    if twin is not None:
        raise Refused(
            f"填写的拨付金额与{twin.insurance.label}预付 {twin.number} 的基数相同，同一基数不能预付两次。",
            basis=regulations.at(row.requested_on).prepay.size.basis,
            cure=f"请按险种分别填写{row.insurance.label}基金历年拨付的金额。",
        )


def _tests(fund: rule.Fund, day: date) -> list[dict[str, object]]:
    return [asdict(one) for one in rule.tests(fund, day)]


def grant(row: Prepayment, *, opinion: str, actor: Actor, on: date) -> Document:
    """The leader agrees, if the agreement still holds and the grade does not forbid it."""
    _take(row)
    _check_standing(row.agreement, on)
    _check_year(row, on)
    credit, found = ask.credit(row, on)
    rule.check_credit(credit, opinion, found.basis if found else "")
    lifecycle.move(
        row, "grant", actor=actor, on=on, basis=regulations.at(row.requested_on).prepay.size.basis,
        opinion=opinion.strip()[:1000], decided_by_id=actor.id, decided_on=on,
        proposal_id=found.proposal_id if found else None,
    )  # fmt: skip
    return _letter(row, actor=actor, on=on)


def decline(row: Prepayment, *, opinion: str, actor: Actor, on: date) -> Document:
    """Not this year, for a written reason."""
    if not opinion.strip():
        raise Refused("请写明不予预付的理由。")
    lifecycle.move(
        row, "decline", actor=actor, on=on, basis=regulations.at(row.requested_on).prepay.size.basis,
        opinion=opinion.strip()[:1000], decided_by_id=actor.id, decided_on=on,
    )  # fmt: skip
    return _letter(row, actor=actor, on=on)


def withdraw(row: Prepayment, *, actor: Actor, on: date) -> None:
    lifecycle.move(row, "withdraw", actor=actor, on=on)


def pay(row: Prepayment, *, voucher: str, actor: Actor, on: date) -> None:
    """Finance has transferred it. Refused once the agreement is suspended or ended, or its year settled."""
    if not voucher.strip():
        raise Refused("请填写凭证号。")
    _take(row)
    _check_standing(row.agreement, on)
    _check_year(row, on)
    lifecycle.move(
        row,
        "pay",
        actor=actor,
        on=on,
        paid_by_id=actor.id,
        paid_on=on,
        voucher=voucher.strip()[:100],
    )
    ledger.post(
        [Transfer(Kind.ADVANCE, row.amount or 0, regulations.at(row.requested_on).prepay.size.basis)],
        institution=row.institution, agreement=row.agreement, cause=row, year=row.year, insurance=row.insurance,
        actor=actor, on=on,
    )  # fmt: skip


def repay(row: Prepayment, *, voucher: str, actor: Actor, on: date) -> None:
    """The institution brings an advance back before the year is settled, as it must when its agreement ends."""
    if not voucher.strip():
        raise Refused("请填写凭证号。")
    _take(row)
    open_ = annual_ledger.advance_open(row.agreement_id, row.year, row.insurance)
    basis = regulations.at(row.requested_on).prepay.size.basis
    lifecycle.move(
        row, "clear", actor=actor, on=on, basis=basis, note=f"收回，凭证 {voucher.strip()[:100]}"
    )
    ledger.post(
        [Transfer(Kind.REPAY_ADVANCE, min(row.amount or 0, open_), basis)],
        institution=row.institution, agreement=row.agreement, cause=row, year=row.year, insurance=row.insurance,
        actor=actor, on=on,
    )  # fmt: skip


def _take(row: Prepayment) -> None:
    """Institution and agreement first: whoever suspends holds them as well."""
    ledger.lock(row.institution_id, agreement_id=row.agreement_id)
    session.refresh(row, with_for_update=True)


def _letter(row: Prepayment, *, actor: Actor, on: date) -> Document:
    granted = row.state == PrepaymentState.GRANTED
    purpose = rule.check_purpose(row.purpose, row.requested_on)
    return letters.issue(
        "prepayment_result",
        row,
        row.institution,
        actor=actor,
        on=on,
        institution=row.institution.name,
        agreement_number=row.agreement.number,
        prepayment_number=row.number,
        requested_on=row.requested_on,
        insurance=row.insurance.label,
        purpose=purpose.label,
        asked=row.asked,
        granted=granted,
        amount=row.amount or 0 if granted else 0,
        monthly=row.monthly or 0 if granted else 0,
        opinion=row.opinion,
        basis=purpose.basis,
    )
