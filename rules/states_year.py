"""States of the money of a year. Their meaning stands in `rules.lifecycles_year`."""

from __future__ import annotations

from enum import StrEnum


class RetentionReleaseState(StrEnum):
    DRAFTED = "drafted"
    DECIDED = "decided"
    PAID = "paid"
    KEPT = "kept"
    DROPPED = "dropped"


class AnnualBudgetState(StrEnum):
    DRAFTED = "drafted"
    FIXED = "fixed"


class AnnualSettlementState(StrEnum):
    DRAFTED = "drafted"
    SENT = "sent"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    DECIDED = "decided"
    CARRIED = "carried"
    CLOSED = "closed"
    DROPPED = "dropped"


class PrepaymentState(StrEnum):
    REQUESTED = "requested"
    EXAMINED = "examined"
    GRANTED = "granted"
    PAID = "paid"
    CLEARED = "cleared"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
