"""licence warnings

Revision ID: 3d7c61b0f2aa
Revises: 89748bda1d88
"""

import sqlalchemy as sa
from alembic import op


revision = "3d7c61b0f2aa"
down_revision = "89748bda1d88"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("licence") as table:
        table.add_column(sa.Column("warned_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("licence") as table:
        table.drop_column("warned_days")
