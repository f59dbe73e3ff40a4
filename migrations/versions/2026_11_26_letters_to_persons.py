"""letters and objections of persons for whom no institution answers; schemes approved as written; help of others asked

Revision ID: d41b7c90e6a5
Revises: 6c1de0a94b72
"""

import sqlalchemy as sa
from alembic import op


revision = "d41b7c90e6a5"
down_revision = "6c1de0a94b72"
branch_labels = None
depends_on = None

OWNED = ("document", "rating_objection")
EMPTY = sa.text("''")
PLACED = "institution_id IS NOT NULL OR region <> ''"


def upgrade() -> None:
    for table in OWNED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("region", sa.String(length=12), nullable=False, server_default=EMPTY)
            )
            batch_op.alter_column("institution_id", existing_type=sa.Integer(), nullable=True)
            batch_op.create_check_constraint(op.f(f"ck_{table}_is_placed"), PLACED)
    with op.batch_alter_table("rating_objection", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("assisted_by", sa.String(length=100), nullable=False, server_default=EMPTY)
        )
        batch_op.add_column(sa.Column("assisted_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("assist_matter", sa.String(length=500), nullable=False, server_default=EMPTY)
        )
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.alter_column("institution_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("scheme_draft", schema=None) as batch_op:
        batch_op.alter_column("cycle_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Fails while there is a letter to such a person or a scheme approved as written: nothing could hold them."""
    with op.batch_alter_table("scheme_draft", schema=None) as batch_op:
        batch_op.alter_column("cycle_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.alter_column("institution_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("rating_objection", schema=None) as batch_op:
        batch_op.drop_column("assist_matter")
        batch_op.drop_column("assisted_on")
        batch_op.drop_column("assisted_by")
    for table in reversed(OWNED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_is_placed"), type_="check")
            batch_op.alter_column("institution_id", existing_type=sa.Integer(), nullable=False)
            batch_op.drop_column("region")
