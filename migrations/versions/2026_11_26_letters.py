"""letters

Revision ID: 52a42d2a4223
Revises: 3f2a9c71d8e4
"""

import sqlalchemy as sa
from alembic import op


revision = "52a42d2a4223"
down_revision = "3f2a9c71d8e4"
branch_labels = None
depends_on = None

CHECKS = {
    "announcement_has_place": "announced_on IS NULL OR service_proof <> ''",
    "signed_after_printing": "first_sha256 IS NULL OR sha256 IS NOT NULL",
}


def upgrade() -> None:
    op.create_table(
        "institution_key",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("certificate_number", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("drawing", sa.String(length=64), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "retired_on IS NULL OR retired_reason <> ''",
            name=op.f("ck_institution_key_retired_why"),
        ),
        sa.CheckConstraint(
            "(approved_on IS NULL) = (approved_by_id IS NULL)",
            name=op.f("ck_institution_key_approved_by_whom"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_institution_key_term")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_institution_key_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drawing"], ["blob.sha256"], name=op.f("fk_institution_key_drawing")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_institution_key_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["account.id"], name=op.f("fk_institution_key_registered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_key")),
        sa.UniqueConstraint(
            "certificate_number", name=op.f("uq_institution_key_certificate_number")
        ),
    )
    with op.batch_alter_table("institution_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_institution_key_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            "uq_institution_key_in_use",
            ["institution_id"],
            unique=True,
            sqlite_where=sa.text("approved_on IS NOT NULL AND retired_on IS NULL"),
            postgresql_where=sa.text("approved_on IS NOT NULL AND retired_on IS NULL"),
        )

    op.create_table(
        "service_consent",
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= given_on",
            name=op.f("ck_service_consent_order"),
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_service_consent_given_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_service_consent_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_consent")),
    )
    with op.batch_alter_table("service_consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_consent_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            "uq_service_consent_in_force",
            ["institution_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        )

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("announced_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_document_first_sha256"), "blob", ["first_sha256"], ["sha256"]
        )
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_document_{name}"), condition)


def downgrade() -> None:
    with op.batch_alter_table("document", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_document_{name}"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_document_first_sha256"), type_="foreignkey")
        batch_op.drop_column("announced_on")
        batch_op.drop_column("first_sha256")

    with op.batch_alter_table("service_consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_service_consent_in_force",
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_service_consent_institution_id"))

    op.drop_table("service_consent")
    with op.batch_alter_table("institution_key", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_institution_key_in_use",
            sqlite_where=sa.text("approved_on IS NOT NULL AND retired_on IS NULL"),
            postgresql_where=sa.text("approved_on IS NOT NULL AND retired_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_institution_key_institution_id"))

    op.drop_table("institution_key")
