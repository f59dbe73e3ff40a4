"""official seals

Revision ID: 5ea15ea15ea1
Revises: bc510b13e581
"""

import sqlalchemy as sa
from alembic import op


revision = "5ea15ea15ea1"
down_revision = "bc510b13e581"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "official_seal",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pooling_region", sa.String(length=12), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("certificate_number", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("key_file", sa.String(length=64), nullable=True),
        sa.Column("passphrase", sa.String(length=400), nullable=True),
        sa.Column("token", sa.String(length=100), nullable=True),
        sa.Column("drawing", sa.String(length=64), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "retired_on IS NULL OR retired_reason <> ''", name=op.f("ck_official_seal_retired_why")
        ),
        sa.CheckConstraint(
            "(key_file IS NULL) <> (token IS NULL)", name=op.f("ck_official_seal_one_key")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR registered_by_id IS NULL OR approved_by_id <> registered_by_id",
            name=op.f("ck_official_seal_two_persons"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_official_seal_term")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_official_seal_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drawing"], ["blob.sha256"], name=op.f("fk_official_seal_drawing")
        ),
        sa.ForeignKeyConstraint(
            ["key_file"], ["blob.sha256"], name=op.f("fk_official_seal_key_file")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["account.id"], name=op.f("fk_official_seal_registered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_seal")),
        sa.UniqueConstraint("certificate_number", name=op.f("uq_official_seal_certificate_number")),
    )
    with op.batch_alter_table("official_seal", schema=None) as batch_op:
        batch_op.create_index(
            "uq_official_seal_in_use",
            ["pooling_region"],
            unique=True,
            sqlite_where=sa.text("approved_on IS NOT NULL AND retired_on IS NULL"),
            postgresql_where=sa.text("approved_on IS NOT NULL AND retired_on IS NULL"),
        )

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sealed_by", sa.String(length=64), nullable=False, server_default="")
        )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.alter_column("sealed_by", existing_type=sa.String(length=64), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_column("sealed_by")

    with op.batch_alter_table("official_seal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_official_seal_in_use",
            sqlite_where=sa.text("approved_on IS NOT NULL AND retired_on IS NULL"),
            postgresql_where=sa.text("approved_on IS NOT NULL AND retired_on IS NULL"),
        )

    op.drop_table("official_seal")
