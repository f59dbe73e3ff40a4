"""年度资金 as the institution sees it: retained money, settlements sent to it, advances. Whitelists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models import AnnualSettlement, Prepayment
from queries import annual_settlements, prepayments, retention_releases
from queries.portal_matters import Matter
from rules.clocks import Light
from rules.lifecycle import ANNUAL_SETTLEMENT, PREPAYMENT, RETENTION_RELEASE
from rules.permissions import Actor


@dataclass(frozen=True)
class Retained:
    """One agreement in one year, in 分. `result`: what was decided, once it was."""

    year: int
    agreement: str
    rate: int
    withheld: int
    released: int
    kept: int
    held: int
    state: Light


@dataclass(frozen=True)
class Settled:
    id: int
    number: str
    year: int
    insurance: str
    due: int
    sent_on: date | None
    state: Light


@dataclass(frozen=True)
class Advanced:
    id: int
    number: str
    year: int
    insurance: str
    asked: int
    amount: int | None
    state: Light


@dataclass(frozen=True)
class Money:
    retained: list[Retained]
    settled: list[Settled]
    advanced: list[Advanced]


def of_institution(institution_id: int) -> Money:
    """Newest first. A release that is only proposed does not exist here."""
    return Money(
        [_retained(one) for one in retention_releases.of_institution(institution_id)],
        [settled(row) for row in annual_settlements.of_institution(institution_id)],
        [_advanced(row) for row in prepayments.of_institution(institution_id)],
    )


def _retained(one: retention_releases.Held) -> Retained:
    decided = next((row for row in one.cases if row.decided_on), None)
    shown = RETENTION_RELEASE.states[decided.state] if decided else None
    return Retained(
        year=one.year,
        agreement=one.agreement.number,
        rate=one.rate,
        withheld=one.withheld,
        released=one.released,
        kept=one.kept,
        held=one.held,
        state=Light(shown.light, shown.public) if shown else Light("na", "未返还"),
    )


def settled(row: AnnualSettlement) -> Settled:
    shown = ANNUAL_SETTLEMENT.states[row.state]
    return Settled(
        row.id,
        row.number,
        row.year,
        row.insurance.label,
        row.due or 0,
        row.sent_on,
        Light(shown.light, shown.public),
    )


def _advanced(row: Prepayment) -> Advanced:
    shown = PREPAYMENT.states[row.state]
    granted = row.amount if row.decided_on else None
    return Advanced(
        row.id, row.number, row.year, row.insurance.label, row.asked, granted,
        Light(shown.light, shown.public),
    )  # fmt: skip


def own_settlement(key: int, actor: Actor) -> AnnualSettlement | None:
    """A settlement that was sent to the institution; a draft is not found."""
    rows = annual_settlements.of_institution(actor.institution_id or 0)
    return next((row for row in rows if row.id == key), None)


def matters(institution_id: int) -> list[Matter]:
    """Settlements that wait for the institution's word."""
    return [
        Matter(
            "annual_settlement",
            row.id,
            f"{row.year}年度{row.insurance.label}清算表 {row.number}",
            settled(row).state,
            mine=True,
            until="请尽快核对",
            todo="核对并确认年度清算表",
        )
        for row in annual_settlements.of_institution(institution_id)
        if row.state == "sent"
    ]
