"""An institution's share of practitioners suspended or revoked in a calendar year, against the two thresholds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import regulations

STOP_PAYMENT, SUSPEND = "stop_payment", "suspend"
WORDS = {"": "未达到联动比例", STOP_PAYMENT: "达到可暂停结算的比例", SUSPEND: "达到中止协议的比例"}
LIGHTS = {"": "ok", STOP_PAYMENT: "due", SUSPEND: "over"}


@dataclass(frozen=True)
class Share:
    """`registered`: of whom; the text names no denominator, so `denominator` says which one was chosen."""

    affected: int
    registered: int
    stop_payment_at: int
    suspend_at: int
    basis: str
    suspend_basis: str
    denominator: str

    @property
    def percent(self) -> float:
        """To one decimal, for people; the comparison itself is exact."""
        return round(float(self._exact), 1)

    @property
    def step(self) -> str:
        """What the share allows: nothing, `stop_payment`, or `suspend`. Reaching a threshold is enough."""
        if self._exact >= self.suspend_at:
            return SUSPEND
        return STOP_PAYMENT if self._exact >= self.stop_payment_at else ""

    @property
    def light(self) -> dict[str, str]:
        return {"state": LIGHTS[self.step], "text": WORDS[self.step]}

    @property
    def left(self) -> int:
        """How many more persons with a measure reach the next threshold; 0 above the last one."""
        if self.step == SUSPEND:
            return 0
        threshold = self.suspend_at if self.step else self.stop_payment_at
        return -(-threshold * self.registered // 100) - self.affected

    def and_one_more(self) -> Share:
        """The share if one more of those counted got a measure."""
        return replace(self, affected=self.affected + 1)

    def basis_of(self, step: str) -> str:
        return self.suspend_basis if step == SUSPEND else self.basis

    @property
    def _exact(self) -> Fraction:
        return Fraction(100 * self.affected, self.registered) if self.registered else Fraction(0)


def denominator(day: date) -> regulations.Row:
    """Who is counted below the line: the row that the law of the day, or its local overlay, chooses."""
    rows = regulations.at(day).table("share_denominators")
    return next((row for row in rows if row.extra["chosen"]), rows[0])


def share(affected: int, registered: int, day: date) -> Share:
    """The share with the thresholds in force on the day."""
    law, chosen = regulations.at(day), denominator(day)
    return Share(
        affected=affected,
        registered=registered,
        stop_payment_at=law.staff.inst_pct_pay.value,
        suspend_at=law.staff.inst_pct_susp.value,
        basis=law.staff.inst_pct_pay.basis,
        suspend_basis=law.staff.inst_pct_susp.basis,
        denominator=f"{chosen.label}（{chosen.basis}）",
    )
