"""Conditions of an application that the registry's facts decide (令3 Art 5, 令2 Art 6)."""

from __future__ import annotations

from datetime import date

import regulations
from rules.clocks import add_months
from rules.refusal import Refused


def require_operating_time(operating_since: date | None, *, on: date, law: regulations.Law) -> None:
    """Refused before the institution has operated at its address for the shortest time, or when that day is unknown."""
    least = law.apply.min_operating
    if operating_since is None:
        raise Refused(
            "没有登记开业日期，无法核对经营时间。",
            basis=least.basis,
            cure="请先在机构档案中登记正式营业的日期。",
        )
    reached = add_months(operating_since, least.value)
    if on < reached:
        raise Refused(
            f"自 {operating_since} 正式营业至今未满 {least.value} 个月。",
            basis=least.basis,
            cure=f"{reached} 起可以提交申请。",
        )


def refusal_choices(kind: str, *, on: date) -> list[tuple[str, str]]:
    """Grounds of refusal a person may state, as choices: key and «article label»."""
    rows = regulations.at(on, kind).table("refusal_grounds")
    return [(row.key, f"{row.article} {row.label}") for row in rows]
