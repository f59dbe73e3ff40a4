"""主动退出 as the institution sees it: a whitelist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models import Agreement, Withdrawal
from queries import withdrawals
from queries.portal_matters import Act, Matter
from queries.withdrawals import Way
from rules import withdrawals as rule
from rules.clocks import Light
from rules.lifecycle import WITHDRAWAL, WithdrawalState
from rules.withdrawals import ExitFacts


@dataclass(frozen=True)
class RequestView:
    id: int
    version: int
    number: str
    act: str
    agreement: str
    reason: str
    requested_on: date
    from_on: date
    to_on: date | None
    state: Light
    answer: str
    consequences: tuple[str, ...]
    may_recall: bool


def view(row: Withdrawal) -> RequestView:
    shown = WITHDRAWAL.states[row.state]
    return RequestView(
        id=row.id,
        version=row.version,
        number=row.number,
        act=row.act.label,
        agreement=row.agreement.number,
        reason=row.reason,
        requested_on=row.requested_on,
        from_on=row.from_on,
        to_on=row.to_on,
        state=Light(shown.light, shown.public),
        answer=row.opinion if row.state != WithdrawalState.REQUESTED else "",
        consequences=tuple(rule.consequences(withdrawals.facts(row))),
        may_recall=row.state in withdrawals.OPEN,
    )


def consequences(agreement: Agreement, way: Way, on: date) -> list[str]:
    """What follows if it begins on the first possible day."""
    not_renew = way.act is rule.ExitAct.NOT_RENEW
    institution = agreement.institution
    facts = ExitFacts(
        act=way.act,
        family=institution.kind.family,
        nature=institution.nature,
        requested_on=on,
        term_to=agreement.term_to,
        from_on=agreement.term_to + rule.ONE_DAY if not_renew else way.first_on,
    )
    return rule.consequences(facts)


def matters(institution_id: int) -> list[Matter]:
    """Requests the agency has not answered, or that wait for their day."""
    return [
        Matter(
            "withdrawal",
            row.id,
            f"退出申请 {row.number}：{row.act.label}",
            Light(WITHDRAWAL.states[row.state].light, WITHDRAWAL.states[row.state].public),
            mine=False,
            until=f"计划自 {row.from_on} 起",
        )
        for row in withdrawals.of_institution(institution_id)
        if row.state in withdrawals.OPEN
    ]


def acts(institution_id: int) -> list[Act]:
    return [
        Act(row.requested_on, f"申请{row.act.label}", row.number)
        for row in withdrawals.of_institution(institution_id)
    ]
