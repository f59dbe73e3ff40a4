"""offsets

Revision ID: c7a90f52e318
Revises: 9b0e62d7c4f1
"""

import sqlalchemy as sa
from alembic import op


revision = "c7a90f52e318"
down_revision = "9b0e62d7c4f1"
branch_labels = None
depends_on = None

SOURCE = "state <> 'planned' OR statement_id IS NOT NULL"
BOTH = 'amount >= 0 AND "offset" >= 0 AND amount + "offset" > 0'


def upgrade() -> None:
    with op.batch_alter_table("remittance") as table:
        table.add_column(sa.Column("statement_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_remittance_statement_id_statement"), "statement", ["statement_id"], ["id"]
        )
        table.create_index(op.f("ix_remittance_statement_id"), ["statement_id"])
        table.create_check_constraint(op.f("ck_remittance_offset_has_source"), SOURCE)
    with op.batch_alter_table("disbursement") as table:
        table.add_column(
            sa.Column("offset", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
        )
        table.drop_constraint(op.f("ck_disbursement_amount"), type_="check")
        table.create_check_constraint(op.f("ck_disbursement_amount"), BOTH)


def downgrade() -> None:
    """Fails while a transfer of nothing or an offset that waits is there: the older structure cannot hold them."""
    with op.batch_alter_table("disbursement") as table:
        table.drop_constraint(op.f("ck_disbursement_amount"), type_="check")
        table.create_check_constraint(op.f("ck_disbursement_amount"), "amount > 0")
        table.drop_column("offset")
    with op.batch_alter_table("remittance") as table:
        table.drop_constraint(op.f("ck_remittance_offset_has_source"), type_="check")
        table.drop_index(op.f("ix_remittance_statement_id"))
        table.drop_constraint(op.f("fk_remittance_statement_id_statement"), type_="foreignkey")
        table.drop_column("statement_id")
