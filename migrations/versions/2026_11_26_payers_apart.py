"""payers apart

Revision ID: 0cce5a1d27b4
Revises: 0cce5a1d27b3
"""

import sqlalchemy as sa
from alembic import op


revision = "0cce5a1d27b4"
down_revision = "0cce5a1d27b3"
branch_labels = None
depends_on = None

PAID = ("retention_release", "annual_settlement", "prepayment")
LIVING = sa.text("state NOT IN ('declined', 'withdrawn')")


def upgrade() -> None:
    for table in PAID:
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_check_constraint(
                batch_op.f(f"ck_{table}_payer_apart"), "paid_by_id <> decided_by_id"
            )
    _advances("institution_id")


def downgrade() -> None:
    _advances("agreement_id")
    for table in PAID:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_payer_apart"), type_="check")


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
