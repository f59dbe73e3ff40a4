"""Where the facts of an institution's rating come from, theme by theme; a source is a few statements for a region."""

from __future__ import annotations

from queries import (
    credit_carried,
    credit_conduct,
    credit_entered,
    credit_honesty,
    credit_people,
    credit_service,
)
from queries.credit_period import Source

SOURCES: tuple[Source, ...] = (
    *credit_conduct.SOURCES,
    *credit_people.SOURCES,
    *credit_service.SOURCES,
    *credit_entered.SOURCES,
    *credit_honesty.SOURCES,
    *credit_carried.SOURCES,
)
