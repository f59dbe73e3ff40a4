"""What else of the institution itself is under way when a measure is decided: it does not stop by itself."""

from __future__ import annotations

from sqlalchemy import func, select

from database import session
from models import Application, Hold, Violation
from rules.lifecycle import APPLICATION, VIOLATION

ENDED_CASES = ("closed", "dismissed")
ENDED_APPLICATIONS = ("signed", "failed", "declined", "withdrawn")


def of(institution_id: int, violation_id: int = 0) -> list[str]:
    """Open applications, other open cases and holds on settlement, one sentence each."""
    applications = session.scalars(
        select(Application).where(
            Application.institution_id == institution_id,
            Application.state.not_in(ENDED_APPLICATIONS),
        )
    )
    cases = session.scalars(
        select(Violation).where(
            Violation.institution_id == institution_id,
            Violation.id != violation_id,
            Violation.state.not_in(ENDED_CASES),
        )
    )
    said = [
        f"定点申请 {row.number} 正在办理：{APPLICATION.states[row.state].label}"
        for row in applications
    ]
    said += [f"另有违规案件 {row.number}：{VIOLATION.states[row.state].label}" for row in cases]
    return said + _holds(institution_id)


def _holds(institution_id: int) -> list[str]:
    count = session.scalar(
        select(func.count(Hold.id)).where(
            Hold.institution_id == institution_id, Hold.to_on.is_(None)
        )
    )
    return [f"已有 {count} 项未结束的暂停结算，新的处理与其并行"] if count else []
