"""Why points are taken back, and what restores them, as in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused

APPEAL = "appeal"


def causes(on: date) -> Mapping[str, regulations.Row]:
    return {row.key: row for row in regulations.at(on).table("reversal_causes")}


def stated(on: date) -> Mapping[str, regulations.Row]:
    """Those that a clerk may state; only an appeal leads to the other."""
    return {key: row for key, row in causes(on).items() if key != APPEAL}


def cause(key: str, on: date) -> regulations.Row:
    """One cause. Refused when that day knew none of the name."""
    found = causes(on).get(key)
    if found is None:
        raise Refused("没有选择有效的更正原因。", cure="请选择更正的原因。")
    return found


def activities(on: date) -> Mapping[str, str]:
    """Word and label of what may restore points."""
    return {row.key: row.label for row in regulations.at(on).table("restoration_activities")}


def activity(key: str, on: date) -> regulations.Row:
    """One activity. Refused when that day knew none of the name."""
    rows = {row.key: row for row in regulations.at(on).table("restoration_activities")}
    if key not in rows:
        raise Refused("没有选择可以修复记分的活动。", cure="请选择参加的活动。")
    return rows[key]


@dataclass(frozen=True)
class Limit:
    """How many points one activity takes off, and how many a year at most."""

    each: int
    most: int
    basis: str
    confidence: str


def limit(on: date) -> Limit:
    """The limit in force on a day."""
    law = regulations.at(on)
    most = law.staff.repair_max
    return Limit(law.staff.repair_each.value, most.value, most.basis, most.confidence)
