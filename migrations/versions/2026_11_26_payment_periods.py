"""payment periods

Revision ID: 630e9988caec
Revises: 1e9b9b38629a
"""

import sqlalchemy as sa
from alembic import op


revision = "630e9988caec"
down_revision = "1e9b9b38629a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_period",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("emergency_codes", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "institution_id <> 0 OR practitioner_id <> 0",
            name=op.f("ck_payment_period_has_subject"),
        ),
        sa.CheckConstraint(
            "known_until IS NULL OR known_until >= known_from", name=op.f("ck_payment_period_known")
        ),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_payment_period_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_period")),
    )
    with op.batch_alter_table("payment_period", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_period_practitioner", ["practitioner_id", "institution_id"], unique=False
        )
        batch_op.create_index(
            "uq_payment_period_current",
            ["institution_id", "practitioner_id", "department", "from_on"],
            unique=True,
            sqlite_where=sa.text("known_until IS NULL"),
            postgresql_where=sa.text("known_until IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("payment_period", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payment_period_current",
            sqlite_where=sa.text("known_until IS NULL"),
            postgresql_where=sa.text("known_until IS NULL"),
        )
        batch_op.drop_index("ix_payment_period_practitioner")

    op.drop_table("payment_period")
