"""An institution's share of practitioners suspended or revoked in a calendar year, against the two thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import regulations


@dataclass(frozen=True)
class Share:
    """`registered` counts everybody registered at any time of the year up to the day; the text names no denominator."""

    affected: int
    registered: int
    stop_payment_at: int
    suspend_at: int
    basis: str
    confidence: str

    @property
    def percent(self) -> float:
        """To one decimal, for people; the comparison itself is exact."""
        return round(float(self._exact), 1)

    @property
    def step(self) -> str:
        """What the share allows: nothing, `stop_payment`, or `suspend`. Reaching a threshold is enough."""
        if self._exact >= self.suspend_at:
            return "suspend"
        return "stop_payment" if self._exact >= self.stop_payment_at else ""

    @property
    def _exact(self) -> Fraction:
        return Fraction(100 * self.affected, self.registered) if self.registered else Fraction(0)


def share(affected: int, registered: int, day: date) -> Share:
    """The share with the thresholds in force on the day."""
    law = regulations.at(day)
    return Share(
        affected=affected,
        registered=registered,
        stop_payment_at=law.staff.inst_pct_pay.value,
        suspend_at=law.staff.inst_pct_susp.value,
        basis=law.staff.inst_pct_pay.basis,
        confidence=law.staff.inst_pct_pay.confidence,
    )
