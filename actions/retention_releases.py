"""质量保证金返还: proposed from the ledger and the assessment, decided by the leader, paid by finance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions import ledger, letters, lifecycle, numbering
from database import session
from models import Agreement, Document, RetentionRelease
from queries import proposals
from queries import retention_releases as ask
from rules import retention as rule
from rules.insurance import InsuranceKind
from rules.ledger import Kind, Transfer, split
from rules.lifecycle import RetentionReleaseState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.retention import Outcome, Way

HUNDREDTHS = 100


@dataclass(frozen=True)
class Plan:
    """`judged`: the percentage where the ladder leaves it to a person; `reason` why that one."""

    way: Way
    ladder: str = ""
    score: Decimal | None = None
    score_source: str = ""
    judged: Decimal | None = None
    reason: str = ""


def propose(
    agreement: Agreement, year: int, plan: Plan, *, actor: Actor, on: date
) -> RetentionRelease:
    """What is to be given back of the sum retained under the agreement in a year that is over.

    Refused while the year runs, when nothing is retained, and while another case of the same year is under way.
    """
    require(actor, Permission.PROPOSE_RETENTION, agreement)
    ledger.lock(agreement.institution_id, agreement_id=agreement.id)
    _check(agreement, year, on)
    outcome, proposal_id = _outcome(agreement, plan, on)
    percent = rule.settled_percent(outcome, plan.judged)
    if outcome.percent is None and not plan.reason.strip():
        raise Refused("酌情确定返还比例的，请写明理由。", basis=outcome.basis)
    row = _row(agreement, year, plan, outcome, percent, proposal_id)
    row.number, row.recorded_by_id = numbering.case_number("BZJ", on.year), actor.id
    lifecycle.begin(
        row, "propose", "拟定质量保证金返还", actor=actor, on=on, basis=outcome.basis,
        held=row.held, released=row.released, kept=row.kept,
    )  # fmt: skip
    session.flush()
    return row


def _row(
    agreement: Agreement,
    year: int,
    plan: Plan,
    outcome: Outcome,
    percent: Decimal,
    proposal_id: int | None,
) -> RetentionRelease:
    held = ask.held(agreement.id, year)
    released, kept = rule.divided(held, percent)
    return RetentionRelease(
        state=RetentionReleaseState.DRAFTED,
        institution=agreement.institution,
        agreement=agreement,
        year=year,
        held=held,
        way=plan.way,
        ladder=plan.ladder if plan.way is Way.LADDER else "",
        score=int(plan.score * HUNDREDTHS) if plan.score is not None else None,
        score_source=plan.score_source.strip()[:200],
        proposal_id=proposal_id,
        percent=int(percent * HUNDREDTHS),
        released=released,
        kept=kept,
        label=outcome.label[:200],
        basis=outcome.basis[:300],
        confidence=outcome.confidence,
        follows=outcome.follows[:200],
        reason=plan.reason.strip()[:500],
    )


def _check(agreement: Agreement, year: int, on: date) -> None:
    if on <= date(year, 12, 31):
        raise Refused(
            f"{year} 年度还没有结束，不能返还质量保证金。", cure="请在年度结束、考核完成以后办理。"
        )
    known = ask.under_way(agreement.id, year)
    if known is not None:
        raise Refused(
            f"该协议 {year} 年度的质量保证金正由 {known.number} 办理。",
            cure="请先办完该件，再办理以后预留的部分。",
        )
    if ask.held(agreement.id, year) <= 0:
        raise Refused(f"该协议 {year} 年度没有预留的质量保证金。", cure="请核对年度和结算台账。")


def _outcome(agreement: Agreement, plan: Plan, on: date) -> tuple[Outcome, int | None]:
    if plan.way is Way.LADDER:
        if plan.score is None or not plan.score_source.strip():
            raise Refused("请填写考核得分和得分的出处。", cure="得分以年度考核结果文书为准。")
        return rule.by_score(plan.ladder, plan.score, on), None
    found = proposals.in_force(agreement.institution_id, "retention_release", on=on)
    if found is None:
        raise Refused(
            "没有已经采用的信用返还建议。",
            cure="请先在信用应用建议中采用，或者按考核得分阶梯办理。",
        )
    label = f"{found.cycle}信用等级{found.grade}，{found.label}"
    percent = Decimal(found.value)
    return Outcome(percent, label, found.basis, found.confidence), found.proposal_id


def decide(row: RetentionRelease, *, actor: Actor, on: date) -> Document:
    """The leader agrees: what is not given back falls to the fund at once, the rest waits for its transfer.

    Refused when the ledger holds another sum than was proposed upon.
    """
    _hold(row)
    basis = row.basis
    verb = "decide" if row.released else "keep"
    lifecycle.move(
        row, verb, actor=actor, on=on, basis=basis, decided_by_id=actor.id, decided_on=on
    )
    _post(row, Kind.FORFEIT, row.kept, actor=actor, on=on)
    return _letter(row, actor=actor, on=on)


def _hold(row: RetentionRelease) -> None:
    """Institution and agreement are held, as whatever writes the ledger does; then it is asked again."""
    ledger.lock(row.institution_id, agreement_id=row.agreement_id)
    session.refresh(row, with_for_update=True)
    held = ask.held(row.agreement_id, row.year)
    if held != row.held:
        raise Refused(
            f"台账中的质量保证金已经变为 {held / 100:,.2f} 元，与拟定时不同。",
            cure="请退回，按现在的金额重新拟定。",
        )


def pay(row: RetentionRelease, *, voucher: str, actor: Actor, on: date) -> None:
    """Finance has transferred what is given back. Refused without a voucher."""
    if not voucher.strip():
        raise Refused("请填写凭证号。")
    ledger.lock(row.institution_id, agreement_id=row.agreement_id)
    session.refresh(row, with_for_update=True)
    lifecycle.move(
        row, "pay", actor=actor, on=on, basis=row.basis,
        paid_by_id=actor.id, paid_on=on, voucher=voucher.strip()[:100],
    )  # fmt: skip
    _post(row, Kind.PAY_RETENTION, row.released, actor=actor, on=on)


def _post(row: RetentionRelease, kind: Kind, amount: int, *, actor: Actor, on: date) -> None:
    """Each fund bears its part of what is retained now."""
    held = {one: ask.held(row.agreement_id, row.year, one) for one in InsuranceKind}
    for fund, part in zip(held, split(amount, list(held.values())), strict=True):
        ledger.post(
            [Transfer(kind, part, row.basis[:200])],
            institution=row.institution, agreement=row.agreement, cause=row, year=row.year, insurance=fund,
            actor=actor, on=on,
        )  # fmt: skip


def drop(row: RetentionRelease, *, reason: str, actor: Actor, on: date) -> None:
    """The leader sends it back; it may be proposed anew."""
    if not reason.strip():
        raise Refused("请写明退回的理由。")
    lifecycle.move(row, "drop", actor=actor, on=on, reason=reason.strip()[:500])


def _letter(row: RetentionRelease, *, actor: Actor, on: date) -> Document:
    return letters.issue(
        "retention_release",
        row,
        row.institution,
        actor=actor,
        on=on,
        institution=row.institution.name,
        agreement_number=row.agreement.number,
        release_number=row.number,
        year=row.year,
        held=row.held,
        released=row.released,
        kept=row.kept,
        percent=rule.said(Decimal(row.percent) / HUNDREDTHS),
        ground=ask.ground(row),
        follows=row.follows,
        basis=row.basis,
    )
