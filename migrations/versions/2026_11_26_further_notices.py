"""further notices: with which notice a finding was told

Revision ID: 8e60bf43b9d2
Revises: 7d5fae32a8c1
"""

import sqlalchemy as sa
from alembic import op

revision = "8e60bf43b9d2"
down_revision = "7d5fae32a8c1"
branch_labels = None
depends_on = None

COLUMNS = {"statement": "notices", "audit_finding": "notice"}
TOLD = (
    "UPDATE audit_finding SET notice = 1"
    " WHERE statement_id IN (SELECT id FROM statement WHERE notified_on IS NOT NULL)"
)


def upgrade() -> None:
    for table, column in COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE statement SET notices = 1 WHERE notified_on IS NOT NULL")
    op.execute(TOLD)
    for table, column in COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                column, existing_type=sa.Integer(), existing_nullable=False, server_default=None
            )


def downgrade() -> None:
    for table, column in COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
