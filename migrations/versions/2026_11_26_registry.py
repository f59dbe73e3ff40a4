"""registry: commitments, the role at a site, personal certificates

Revision ID: 7a4f0c9b21d6
Revises: 5b0e8d41c7f3
"""

import sqlalchemy as sa
from alembic import op


revision = "7a4f0c9b21d6"
down_revision = "5b0e8d41c7f3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("practitioner") as table:
        table.add_column(
            sa.Column(
                "licence_scope", sa.String(length=100), server_default=sa.text("''"), nullable=False
            )
        )
        table.add_column(
            sa.Column("title", sa.String(length=40), server_default=sa.text("''"), nullable=False)
        )
    with op.batch_alter_table("registration") as table:
        table.add_column(sa.Column("role", sa.String(length=32), nullable=True))
        table.add_column(
            sa.Column(
                "department", sa.String(length=60), server_default=sa.text("''"), nullable=False
            )
        )
        table.add_column(sa.Column("licence_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("warned_days", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_registration_licence_id"), "licence", ["licence_id"], ["id"]
        )
    op.create_table(
        "commitment",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("text_key", sa.String(length=40), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (file_name = '')", name=op.f("ck_commitment_copy_has_name")
        ),
        sa.CheckConstraint(
            "signed_on <= recorded_on", name=op.f("ck_commitment_signed_before_recorded")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_commitment_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_commitment_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_commitment_registration_id")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_commitment_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint(
            "registration_id", "text_key", name=op.f("uq_commitment_registration_id_text_key")
        ),
    )
    with op.batch_alter_table("commitment") as table:
        table.create_index(op.f("ix_commitment_institution_id"), ["institution_id"], unique=False)


def downgrade() -> None:
    op.drop_table("commitment")
    with op.batch_alter_table("registration") as table:
        table.drop_constraint(op.f("fk_registration_licence_id"), type_="foreignkey")
        table.drop_column("warned_days")
        table.drop_column("licence_id")
        table.drop_column("department")
        table.drop_column("role")
    with op.batch_alter_table("practitioner") as table:
        table.drop_column("title")
        table.drop_column("licence_scope")
