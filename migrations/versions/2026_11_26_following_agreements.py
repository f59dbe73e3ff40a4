"""following agreements

Revision ID: 5c1e0a7d4b21
Revises: 7eae10f32d82
"""

import sqlalchemy as sa
from alembic import op


revision = "5c1e0a7d4b21"
down_revision = "7eae10f32d82"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agreement") as table:
        table.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_agreement_previous_id"), "agreement", ["previous_id"], ["id"]
        )
        table.create_index("ix_agreement_previous_id", ["previous_id"])


def downgrade() -> None:
    with op.batch_alter_table("agreement") as table:
        table.drop_index("ix_agreement_previous_id")
        table.drop_constraint(op.f("fk_agreement_previous_id"), type_="foreignkey")
        table.drop_column("previous_id")
