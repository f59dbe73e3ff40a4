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
# Gathered, and weighed by no scheme of the house on purpose; a bureau may still write them into its own scheme.
CONTEXT = {
    "clues_open": "线索没有查实，不作为减分的依据；立案后按未结案件计",
    "rectifications": "收到整改通知本身不减分，逾期没有完成的才减分",
}
