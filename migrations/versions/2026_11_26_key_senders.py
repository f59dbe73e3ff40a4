"""key senders: a key for handing statements in names one institution, or the agency itself

Revision ID: 7d5fae32a8c1
Revises: 6c4e9d21f7b0
"""

import sqlalchemy as sa
from alembic import op

revision = "7d5fae32a8c1"
down_revision = "6c4e9d21f7b0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("institution_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("for_agency", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(
            batch_op.f("ix_api_token_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_api_token_institution_id_institution"),
            "institution",
            ["institution_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_api_token_one_sender"), "institution_id IS NULL OR NOT for_agency"
        )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.alter_column(
            "for_agency", existing_type=sa.Boolean(), existing_nullable=False, server_default=None
        )


def downgrade() -> None:
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_api_token_one_sender"), type_="check")
        batch_op.drop_constraint(
            batch_op.f("fk_api_token_institution_id_institution"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_api_token_institution_id"))
        batch_op.drop_column("for_agency")
        batch_op.drop_column("institution_id")
