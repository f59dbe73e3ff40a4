"""changes and restorations of grades of persons for whom no institution answers

Revision ID: 9b0e62d7c4f1
Revises: 3b8f60d2c7a1
"""

import sqlalchemy as sa
from alembic import op


revision = "9b0e62d7c4f1"
down_revision = "3b8f60d2c7a1"
branch_labels = None
depends_on = None

NAME = "ck_grade_change_is_placed"


def upgrade() -> None:
    with op.batch_alter_table("grade_change", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("region", sa.String(length=12), nullable=False, server_default=sa.text("''"))
        )
        batch_op.alter_column("institution_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(op.f(NAME), "institution_id IS NOT NULL OR region <> ''")


def downgrade() -> None:
    """Fails while there is a change of such a person: nothing could hold it."""
    with op.batch_alter_table("grade_change", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.alter_column("institution_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("region")
