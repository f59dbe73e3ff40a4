"""credit information

Revision ID: b758426e3938
Revises: 7c4e19a2d5b8
"""

import sqlalchemy as sa
from alembic import op


revision = "b758426e3938"
down_revision = "7c4e19a2d5b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_information",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("pooling_region", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("person_index", sa.String(length=64), nullable=True),
        sa.Column("person_name", sa.String(length=64), nullable=False),
        sa.Column("masked_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_credit_information_confirmed_has_person"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('rejected', 'revoked') OR reason <> ''",
            name=op.f("ck_credit_information_ended_has_reason"),
        ),
        sa.CheckConstraint(
            "CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END + CASE WHEN practitioner_id IS NULL THEN 0 ELSE 1 END + CASE WHEN person_index IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_credit_information_one_subject"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id",
            name=op.f("ck_credit_information_two_persons"),
        ),
        sa.CheckConstraint("valid_to >= happened_on", name=op.f("ck_credit_information_period")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_credit_information_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_credit_information_institution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_credit_information_practitioner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_credit_information_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["blob.sha256"], name=op.f("fk_credit_information_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_information")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_information_number")),
    )
    with op.batch_alter_table("credit_information", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credit_information_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credit_information_person_index"), ["person_index"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credit_information_pooling_region"), ["pooling_region"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credit_information_practitioner_id"), ["practitioner_id"], unique=False
        )
        batch_op.create_index("ix_credit_information_state", ["state", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("credit_information", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_information_state")
        batch_op.drop_index(batch_op.f("ix_credit_information_practitioner_id"))
        batch_op.drop_index(batch_op.f("ix_credit_information_pooling_region"))
        batch_op.drop_index(batch_op.f("ix_credit_information_person_index"))
        batch_op.drop_index(batch_op.f("ix_credit_information_institution_id"))

    op.drop_table("credit_information")
