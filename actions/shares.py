"""机构人员占比: whoever confirms was warned of what it reaches; what is reached comes before the case desk at once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from actions import holds, indications
from database import session
from models import Agreement, Deduction, Institution
from queries import deductions, practitioners, shares
from queries import indications as pointed
from rules.agreement_forms import DESIGNATING
from rules.refusal import Refused


def hold_sites(practitioner_id: int, on: date) -> None:
    """Keep every other measure on the person's sites waiting, before numbers of letters are taken."""
    holds.lock(*(place.id for place in practitioners.sites(practitioner_id, on)))


def check_warned(deduction: Deduction, warned: str | None, *, on: date) -> None:
    """Hold the sites, and refuse when a measure reaches a threshold of which whoever confirms was not warned.

    `warned`: the word of the warning that was seen, "" where there was none; None when nobody was asked.
    """
    hold_sites(deduction.practitioner_id, on)
    if warned is None or deductions.outlook(deduction, on).change is None:
        return
    found = shares.crossings(deduction.practitioner_id, on)
    if shares.token(found) == warned:
        return
    told = "；".join(one.sentence for one in found) or "现在不会达到联动比例"
    raise Refused(
        f"本次确认对机构人员占比的影响没有经您核对：{told}。",
        basis=found[0].after.basis_of(found[0].after.step) if found else "",
        cure="请刷新页面，核对联动提示并勾选已知悉，再确认。",
    )


def watch(institution: Institution, *, on: date) -> None:
    """After a measure: whatever its institution's share points to is put on the list. It decides nothing."""
    query = select(Agreement.id).where(
        Agreement.institution_id == institution.id,
        Agreement.state.in_(pointed.LIVE),
        Agreement.form.in_(DESIGNATING),
    )
    for key in session.scalars(query.order_by(Agreement.id)).all():
        indications.find(key, on)
