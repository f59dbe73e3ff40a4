"""whole schemes handed in as a file

Revision ID: 3b8f60d2c7a1
Revises: 52a42d2a4223
"""

import sqlalchemy as sa
from alembic import op


revision = "3b8f60d2c7a1"
down_revision = "52a42d2a4223"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scheme_draft", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("file", sa.String(length=120), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("base_text", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
    op.execute(
        "UPDATE scheme_draft SET base_text = COALESCE("
        "(SELECT scheme_text FROM cycle WHERE cycle.id = scheme_draft.cycle_id), scheme_text)"
    )


def downgrade() -> None:
    with op.batch_alter_table("scheme_draft", schema=None) as batch_op:
        batch_op.drop_column("base_text")
        batch_op.drop_column("file")
