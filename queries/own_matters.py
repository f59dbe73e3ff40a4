"""What else of the institution itself is under way when a measure is decided: it does not stop by itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from database import session
from models import Amendment, Application, Hold, Renewal, Violation, Withdrawal
from queries import ledger
from rules.ladder import yuan
from rules.ledger import Account
from rules.lifecycle import AMENDMENT, APPLICATION, RENEWAL, VIOLATION, WITHDRAWAL, Lifecycle

ENDED_CASES = ("closed", "dismissed", "set_aside")
# What goes on beside a measure: the table, how it is called, its states, and those in which nothing is open.
UNDER_WAY: tuple[tuple[Any, str, Lifecycle, tuple[str, ...]], ...] = (
    (
        Application,
        "定点申请",
        APPLICATION,
        ("draft", "signed", "unsettled", "failed", "barred", "declined", "withdrawn"),
    ),
    (Renewal, "续签事项", RENEWAL, ("renewed", "ended", "withdrawn")),
    (Amendment, "信息变更申请", AMENDMENT, ("draft", "approved", "refused", "withdrawn")),
    (Withdrawal, "退出申请", WITHDRAWAL, ("done", "declined", "recalled", "void")),
)


def of(institution_id: int, violation_id: int = 0) -> list[str]:
    """What is open of every kind, other open cases and holds on settlement, one sentence each."""
    cases = session.scalars(
        select(Violation).where(
            Violation.institution_id == institution_id,
            Violation.id != violation_id,
            Violation.state.not_in(ENDED_CASES),
        )
    )
    said = [
        f"{word} {row.number} 正在办理：{table.states[row.state].label}"
        for model, word, table, ended in UNDER_WAY
        for row in _open(model, institution_id, ended)
    ]
    said += [f"另有违规案件 {row.number}：{VIOLATION.states[row.state].label}" for row in cases]
    return said + _holds(institution_id)


def _open(model: Any, institution_id: int, ended: tuple[str, ...]) -> list[Any]:
    query = select(model).where(model.institution_id == institution_id, model.state.not_in(ended))
    return list(session.scalars(query.order_by(model.id)))


def _holds(institution_id: int) -> list[str]:
    running = select(func.count(Hold.id), func.min(Hold.from_on))
    running = running.where(Hold.institution_id == institution_id, Hold.to_on.is_(None))
    count, first = session.execute(running).one()
    kept = ledger.balances(institution_id=institution_id).get(Account.HELD, 0)
    if not count:
        return []
    return [
        f"已有 {count} 项未结束的暂停结算，最早自{first}起，暂缓 {yuan(kept)} 元，新的处理与其并行"
    ]
