"""negotiation

Revision ID: 3f9d27c6e8a4
Revises: ceb72c520f48
"""

import sqlalchemy as sa
from alembic import op


revision = "3f9d27c6e8a4"
down_revision = "ceb72c520f48"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_clause",
        sa.Column("pooling_region", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("chapter", sa.String(length=32), nullable=False),
        sa.Column("family", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'proposed' OR (reviewed_by_id IS NOT NULL AND reviewed_by_id <> recorded_by_id)",
            name=op.f("ck_local_clause_reviewed_by_another"),
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_local_clause_period")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_local_clause_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["account.id"], name=op.f("fk_local_clause_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_clause")),
    )
    with op.batch_alter_table("local_clause") as table:
        table.create_index("ix_local_clause_region", ["pooling_region", "key"], unique=False)

    op.create_table(
        "agreement_draft",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("chapters", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_draft_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_agreement_draft_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_draft")),
        sa.UniqueConstraint(
            "agreement_id", "serial", name=op.f("uq_agreement_draft_agreement_id_serial")
        ),
    )
    with op.batch_alter_table("agreement_draft") as table:
        table.create_index(
            table.f("ix_agreement_draft_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "clause_comment",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_institution", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_clause_comment_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_clause_comment_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_comment")),
    )
    with op.batch_alter_table("clause_comment") as table:
        table.create_index(
            table.f("ix_clause_comment_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "special_clause",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("carried_from", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("by_institution", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_special_clause_has_reason")),
        sa.CheckConstraint(
            "state = 'proposed' OR answered_on IS NOT NULL",
            name=op.f("ck_special_clause_answer_has_day"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_special_clause_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_special_clause_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_special_clause_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_special_clause_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_clause")),
        sa.UniqueConstraint("agreement_id", "key", name=op.f("uq_special_clause_agreement_id_key")),
    )
    with op.batch_alter_table("special_clause") as table:
        table.create_index(
            table.f("ix_special_clause_agreement_id"), ["agreement_id"], unique=False
        )
        table.create_index(
            table.f("ix_special_clause_institution_id"), ["institution_id"], unique=False
        )

    with op.batch_alter_table("agreement") as table:
        table.add_column(
            sa.Column("form", sa.String(length=32), server_default="main", nullable=False)
        )
        table.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("covers", sa.String(length=200), server_default=sa.text("''"), nullable=False)
        )
        table.add_column(sa.Column("text_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("institution_read_on", sa.Date(), nullable=True))
        table.add_column(
            sa.Column(
                "institution_capacity",
                sa.String(length=32),
                server_default=sa.text("''"),
                nullable=False,
            )
        )
        table.add_column(
            sa.Column(
                "institution_mandate",
                sa.String(length=200),
                server_default=sa.text("''"),
                nullable=False,
            )
        )
        table.add_column(
            sa.Column(
                "agency_mandate",
                sa.String(length=200),
                server_default=sa.text("''"),
                nullable=False,
            )
        )
        table.add_column(sa.Column("failed_on", sa.Date(), nullable=True))
        table.add_column(
            sa.Column(
                "failure_reason",
                sa.String(length=500),
                server_default=sa.text("''"),
                nullable=False,
            )
        )
        table.create_index(table.f("ix_agreement_parent_id"), ["parent_id"], unique=False)
        table.create_foreign_key(
            table.f("fk_agreement_parent_id"), "agreement", ["parent_id"], ["id"]
        )
    # an agreement that was already sent holds the wording of the day it was signed, or of its first day
    op.execute(
        "UPDATE agreement SET text_on = COALESCE(institution_signed_on, state_since, term_from)"
    )
    with op.batch_alter_table("agreement") as table:
        table.alter_column("text_on", existing_type=sa.Date(), nullable=False)
        table.create_check_constraint(
            "failure_has_reason", "state <> 'failed' OR failure_reason <> ''"
        )
        table.create_check_constraint(
            "dependent_has_parent",
            "form NOT IN ('supplementary', 'annual') OR parent_id IS NOT NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("agreement") as table:
        table.drop_constraint("dependent_has_parent", type_="check")
        table.drop_constraint("failure_has_reason", type_="check")
        table.drop_constraint(table.f("fk_agreement_parent_id"), type_="foreignkey")
        table.drop_index(table.f("ix_agreement_parent_id"))
        table.drop_column("failure_reason")
        table.drop_column("failed_on")
        table.drop_column("agency_mandate")
        table.drop_column("institution_mandate")
        table.drop_column("institution_capacity")
        table.drop_column("institution_read_on")
        table.drop_column("text_on")
        table.drop_column("covers")
        table.drop_column("parent_id")
        table.drop_column("form")

    with op.batch_alter_table("special_clause") as table:
        table.drop_index(table.f("ix_special_clause_institution_id"))
        table.drop_index(table.f("ix_special_clause_agreement_id"))

    op.drop_table("special_clause")
    with op.batch_alter_table("clause_comment") as table:
        table.drop_index(table.f("ix_clause_comment_agreement_id"))

    op.drop_table("clause_comment")
    with op.batch_alter_table("agreement_draft") as table:
        table.drop_index(table.f("ix_agreement_draft_agreement_id"))

    op.drop_table("agreement_draft")
    with op.batch_alter_table("local_clause") as table:
        table.drop_index("ix_local_clause_region")

    op.drop_table("local_clause")
