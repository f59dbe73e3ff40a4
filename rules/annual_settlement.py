"""年度清算: from the year's ledger, the budget and the points to what is still due. Pure; money in 分.

Points are held in thousandths. Where no text says how a line is counted it is assumed, and the table of lines says so
(regulations/tables/annual_lines.yaml).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import regulations
from rules import ledger
from rules.insurance import InsuranceKind
from rules.refusal import Refused
from rules.retention import ALL, portion
from rules.words import Labelled

WHOLE = 100  # 分


class Method(Labelled):
    POINTS = "points", "按病组点数"
    ITEMS = "items", "按项目"


@dataclass(frozen=True)
class Booked:
    """What the ledger holds of the year. `offset`: damages and recoveries taken out of payables.

    `advances`: not yet set off, and not part of `paid`; `carried`: from the year before, below nothing where the
    institution owes it.
    """

    claimed: int = 0
    denied: int = 0
    retained: int = 0
    held: int = 0
    offset: int = 0
    paid: int = 0
    advances: int = 0
    carried: int = 0

    @property
    def audited(self) -> int:
        return self.claimed - self.denied


@dataclass(frozen=True)
class Basis:
    """`share`: what the points bring; `cap`: the budget told to the institution; None: there is none."""

    method: Method
    share: int | None = None
    cap: int | None = None
    reduction_percent: Decimal = Decimal(0)


@dataclass(frozen=True)
class Line:
    key: str
    label: str
    amount: int
    formula: str
    basis: str
    confidence: str


@dataclass(frozen=True)
class Outcome:
    amounts: dict[str, int]
    lines: tuple[Line, ...]

    @property
    def difference(self) -> int:
        return self.amounts["difference"]

    @property
    def due(self) -> int:
        return self.amounts["due"]


def closed(year: int, insurance: InsuranceKind, known: str, *, cure: str, family: str) -> Refused:
    """What is paid beside a settled year is never counted again. `known`: its settlement, in words."""
    rows = regulations.at(date(year, 12, 31), family).table("annual_lines")
    return Refused(
        f"该协议 {year} 年度{insurance.label}的费用已经清算（{known}）。",
        basis=next(row.basis for row in rows if row.key == "claimed"),
        cure=cure or "请核对申报月份；已经清算的年度不再另行申报和拨付。",
    )


def fund_of(budget: int, percent: int) -> tuple[int, int]:
    """The adjusting fund, and what is left to be divided: together the budget."""
    fund = portion(budget, percent)
    return fund, budget - fund


def net_points(points: int, deducted: int) -> int:
    """What is left after the points of violating cases. Refused for more than there are."""
    if points < 0 or not 0 <= deducted <= points:
        raise Refused("扣除的点数不能超过全年点数。", cure="请核对违规病例的点数。")
    return points - deducted


def shares(sum_: int, points: Sequence[int]) -> list[int]:
    """The sum divided by net points to the last 分. Refused while nobody has a point."""
    if sum(points) <= 0:
        raise Refused("没有可供分配的点数。", cure="请先登记各机构的全年点数。")
    return ledger.split(sum_, points)


def point_value(sum_: int, points: int) -> Decimal:
    """元 for one point, four places: shown beside the sums, which never come from it."""
    if points <= 0:
        return Decimal(0)
    exact = Decimal(sum_) / 100 / (Decimal(points) / 1000)
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def group_limit(day: date) -> regulations.Value:
    """元 from which a group decides before a year is settled."""
    limit: regulations.Value = regulations.at(day).annual.collective_from
    return limit


def needs_group(difference: int | None, due: int | None, day: date) -> bool:
    """Does a group decide before so much (分) moves, either way?"""
    most = max(abs(difference or 0), abs(due or 0))
    return bool(most >= group_limit(day).value * WHOLE)


def settle(booked: Booked, basis: Basis, *, day: date, family: str) -> Outcome:
    """Every line of the year with its formula. `day`: the last of the year, whose law holds."""
    if not 0 <= basis.reduction_percent <= ALL:
        raise Refused("核减比例应当在0至100之间。")
    amounts = _booked(booked)
    amounts |= _by_points(basis) if basis.method is Method.POINTS else _by_items(booked, basis)
    amounts["difference"] = amounts["settled"] - booked.audited
    done = booked.retained + booked.held + booked.offset + booked.paid + booked.advances
    amounts["due"] = amounts["settled"] - done + booked.carried
    rows = regulations.at(day, family).table("annual_lines")
    lines = tuple(_line(row, amounts[row.key]) for row in rows if row.key in amounts)
    return Outcome(amounts, lines)


def _booked(booked: Booked) -> dict[str, int]:
    return {
        "claimed": booked.claimed,
        "denied": booked.denied,
        "audited": booked.audited,
        "retained": booked.retained,
        "held": booked.held,
        "offset": booked.offset,
        "paid": booked.paid,
        "advances": booked.advances,
        "carried": booked.carried,
    }


def _by_points(basis: Basis) -> dict[str, int]:
    if basis.share is None:
        raise Refused("本机构的点数还没有核定。", cure="请先登记全年点数，核定点值。")
    reduction = portion(basis.share, basis.reduction_percent)
    return {"share": basis.share, "reduction": reduction, "settled": basis.share - reduction}


def _by_items(booked: Booked, basis: Basis) -> dict[str, int]:
    """Without a budget there is nothing to reduce: what was found good is settled."""
    if basis.cap is None:
        return {"cap": booked.audited, "reduction": 0, "settled": booked.audited}
    reduction = portion(basis.cap, basis.reduction_percent)
    return {
        "cap": min(booked.audited, basis.cap),
        "reduction": reduction,
        "settled": min(booked.audited, basis.cap - reduction),
    }


def _line(row: regulations.Row, amount: int) -> Line:
    return Line(row.key, row.label, amount, row.extra["formula"], row.basis, row.confidence)
