"""payers apart

Revision ID: 0cce5a1d27b4
Revises: 0cce5a1d27b3
"""

import sqlalchemy as sa
from alembic import op

from database import CannotMigrate

revision = "0cce5a1d27b4"
down_revision = "0cce5a1d27b3"
branch_labels = None
depends_on = None

PAID = {
    "retention_release": "质量保证金清退",
    "annual_settlement": "年终清算",
    "prepayment": "预付金",
}
LIVING = sa.text("state NOT IN ('declined', 'withdrawn')")
TWICE_ADVANCED = """SELECT number FROM prepayment AS one WHERE state NOT IN ('declined', 'withdrawn') AND EXISTS (
    SELECT 1 FROM prepayment AS other WHERE other.id <> one.id AND other.institution_id = one.institution_id
    AND other.year = one.year AND other.insurance = one.insurance AND other.state NOT IN ('declined', 'withdrawn'))
    ORDER BY number"""


def upgrade() -> None:
    for table, what in PAID.items():
        _refuse_one_person(table, what)
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_check_constraint(
                batch_op.f(f"ck_{table}_payer_apart"), "paid_by_id <> decided_by_id"
            )
    _refuse_two_advances()
    _advances("institution_id")


def downgrade() -> None:
    _advances("agreement_id")
    for table in PAID:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_payer_apart"), type_="check")


def _refuse_one_person(table: str, what: str) -> None:
    """Money that left is not called back, and no step rewrites who paid it."""
    same = f"SELECT number FROM {table} WHERE paid_by_id = decided_by_id ORDER BY number"  # noqa: S608 — our own names
    found = op.get_bind().exec_driver_sql(same).scalars().all()
    if found:
        raise CannotMigrate(
            f"{what} {'、'.join(found)} 由同一人决定并支付，新版本不再容许。"
            f"请核实实际支付人，把 {table}.paid_by_id 改为该人账号（无法核实的置空）并书面记录，再升级。"
        )


def _refuse_two_advances() -> None:
    found = op.get_bind().exec_driver_sql(TWICE_ADVANCED).scalars().all()
    if found:
        raise CannotMigrate(
            f"基金预付 {'、'.join(found)} 与同一机构同一年度、险种的另一笔预付并存，新版本不再容许。"
            "请先在升级前的版本中撤回、不予预付其中一笔，或者收回以后核实登记，再升级。"
        )


def _advances(owner: str) -> None:
    """One living advance of an owner, year and insurance."""
    op.drop_index("uq_prepayment_living", table_name="prepayment")
    op.create_index(
        "uq_prepayment_living",
        "prepayment",
        [owner, "year", "insurance"],
        unique=True,
        sqlite_where=LIVING,
        postgresql_where=LIVING,
    )
