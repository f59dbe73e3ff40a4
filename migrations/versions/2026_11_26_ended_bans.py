"""ended bans

Revision ID: 5b0e8d41c7f3
Revises: d74c15707d3c
"""

import sqlalchemy as sa
from alembic import op


revision = "5b0e8d41c7f3"
down_revision = "d74c15707d3c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ban") as table:
        table.add_column(sa.Column("ended_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ban") as table:
        table.drop_column("ended_on")
