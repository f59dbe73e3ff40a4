"""Who served: which services must name the person, and where naming him later speaks against a denial. Pure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import regulations
from rules.kinds import PHARMACY
from rules.statements import INPATIENT, Stay

OUTPATIENT, PURCHASE = "outpatient", "purchase"


def needs_person(line: Stay, family: str) -> bool:
    """Must a service of this kind and day name who served (`coded_services`)?"""
    service = PURCHASE if family == PHARMACY else INPATIENT if line.inpatient else OUTPATIENT
    return service in _coded(regulations.at(line.service_date, family))


@lru_cache(maxsize=4096)
def _coded(law: regulations.Law) -> frozenset[str]:
    try:
        rows = law.table("coded_services")
    except regulations.NotInForce:
        return frozenset()
    return frozenset(row.key for row in rows if row.extra["needed"])


def curable(codes: str, day: date) -> bool:
    """May the code of a person be supplied against what stopped a service of this day (codes; between)?"""
    rows = regulations.at(day).table("payment_stops")
    return any(row.key in codes.split(";") and row.extra.get("supply") for row in rows)
