"""What the registry says now about one fact that a change may replace."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from database import session
from models import Institution, Office
from rules.amendments import UNGRADED, masked_account
from rules.persons import OfficeRole

ROLES = {str(role): role for role in OfficeRole}


@dataclass(frozen=True)
class Present:
    """`text` is what pages show; `secret` the whole number of an account or of a person."""

    text: str
    secret: str | None = None
    id_index: str = ""


def present(institution: Institution, field: str) -> Present:
    """The fact as it stands; an empty text where nothing is on record."""
    if field in ROLES:
        return _holder(institution.id, ROLES[field])
    value = getattr(institution, field)
    if field == "bank_account":
        return Present(masked_account(value or ""), value)
    if field == "level":
        return Present(value or UNGRADED)
    return Present("" if value is None else str(getattr(value, "label", value)))


def _holder(institution_id: int, role: OfficeRole) -> Present:
    query = select(Office).where(Office.institution_id == institution_id, Office.role == role)
    found = session.scalar(
        query.where(Office.to_on.is_(None)).order_by(Office.from_on.desc(), Office.id.desc())
    )
    return Present(found.name, found.id_number, found.id_index) if found else Present("")
