"""rating objections

Revision ID: 1e9b9b38629a
Revises: b1ac71157ed0
"""

import sqlalchemy as sa
from alembic import op


revision = "1e9b9b38629a"
down_revision = "b1ac71157ed0"
branch_labels = None
depends_on = None

CURRENT = "state <> 'superseded' AND replaces_id IS NULL"


def upgrade() -> None:
    op.create_table(
        "cycle_vote",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ballot", sa.String(length=32), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ballot IS NULL) = (voted_on IS NULL)", name=op.f("ck_cycle_vote_vote_has_day")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_vote_cycle_id")),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_cycle_vote_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_vote")),
        sa.UniqueConstraint("cycle_id", "user_id", name=op.f("uq_cycle_vote_cycle_id_user_id")),
    )
    with op.batch_alter_table("cycle_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cycle_vote_user_id"), ["user_id"], unique=False)

    op.create_table(
        "self_assessment",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_self_assessment_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_self_assessment_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_self_assessment_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessment")),
    )
    with op.batch_alter_table("self_assessment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_self_assessment_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            "uq_self_assessment_cycle", ["cycle_id", "institution_id"], unique=True
        )

    op.create_table(
        "grade_change",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("from_grade", sa.String(length=16), nullable=False),
        sa.Column("to_grade", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("examined_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("opinion", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'effective') = (effective_on IS NOT NULL)", name=op.f("ck_grade_change_day")
        ),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'effective') OR (reason <> '' AND basis <> '')",
            name=op.f("ck_grade_change_is_founded"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'effective') OR (to_grade <> '' AND to_grade <> from_grade)",
            name=op.f("ck_grade_change_changes_something"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR ((recorded_by_id IS NULL OR decided_by_id <> recorded_by_id) AND (examined_by_id IS NULL OR decided_by_id <> examined_by_id))",
            name=op.f("ck_grade_change_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_grade_change_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["examined_by_id"], ["account.id"], name=op.f("fk_grade_change_examined_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_grade_change_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name=op.f("fk_grade_change_rating_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_grade_change_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_change")),
        sa.UniqueConstraint("number", name=op.f("uq_grade_change_number")),
    )
    with op.batch_alter_table("grade_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_grade_change_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_grade_change_rating_id"), ["rating_id"], unique=False)
        batch_op.create_index(
            "uq_grade_change_open",
            ["rating_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('requested', 'proposed')"),
            postgresql_where=sa.text("state IN ('requested', 'proposed')"),
        )

    op.create_table(
        "rating_objection",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_by", sa.String(length=100), nullable=False),
        sa.Column("contact", sa.String(length=255), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('raised', 'accepted', 'withdrawn') OR (answered_on IS NOT NULL AND opinion <> '')",
            name=op.f("ck_rating_objection_answer_is_whole"),
        ),
        sa.CheckConstraint(
            "handled_by_id IS NULL OR recorded_by_id IS NULL OR handled_by_id <> recorded_by_id",
            name=op.f("ck_rating_objection_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["account.id"], name=op.f("fk_rating_objection_handled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_rating_objection_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name=op.f("fk_rating_objection_rating_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_rating_objection_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_objection")),
        sa.UniqueConstraint("number", name=op.f("uq_rating_objection_number")),
    )
    with op.batch_alter_table("rating_objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rating_objection_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rating_objection_rating_id"), ["rating_id"], unique=False
        )
        batch_op.create_index(
            "uq_rating_objection_open",
            ["rating_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('raised', 'accepted') AND source <> 'online'"),
            postgresql_where=sa.text("state IN ('raised', 'accepted') AND source <> 'online'"),
        )

    op.create_table(
        "fact_correction",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason <> '' AND evidence <> ''", name=op.f("ck_fact_correction_is_founded")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_fact_correction_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["rating_objection.id"], name=op.f("fk_fact_correction_objection_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_fact_correction_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["cycle.id"], name=op.f("fk_fact_correction_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_correction")),
    )
    with op.batch_alter_table("fact_correction", schema=None) as batch_op:
        batch_op.create_index("ix_fact_correction_cycle", ["cycle_id", "run_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_fact_correction_objection_id"), ["objection_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_fact_correction_run_id"), ["run_id"], unique=False)

    op.drop_index("uq_cycle_current", table_name="cycle")
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("assess_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("announced_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("notice_to", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("notice", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("convened_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("minutes", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("result", sa.String(length=200), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(sa.Column("archived_on", sa.Date(), nullable=True))
        batch_op.create_index(
            "uq_cycle_correction",
            ["replaces_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_cycle_replaces_id"), "cycle", ["replaces_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_cycle_decided_has_minutes"), "decided_on IS NULL OR minutes <> ''"
        )
    _one_current(CURRENT)


def _one_current(where: str) -> None:
    op.create_index(
        "uq_cycle_current", "cycle", ["name", "pooling_region"], unique=True,
        sqlite_where=sa.text(where), postgresql_where=sa.text(where),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_cycle_current", table_name="cycle")
    op.execute("UPDATE cycle SET state = 'reviewed' WHERE state IN ('announced', 'decided')")
    op.execute("UPDATE cycle SET state = 'published' WHERE state = 'archived'")
    op.execute(
        """UPDATE cycle SET state = 'superseded' WHERE state IN ('frozen', 'self_assessing')
        OR (replaces_id IS NOT NULL AND state <> 'published')"""
    )
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_cycle_decided_has_minutes"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_cycle_replaces_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_cycle_correction",
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        )
        batch_op.drop_column("archived_on")
        batch_op.drop_column("result")
        batch_op.drop_column("minutes")
        batch_op.drop_column("decided_on")
        batch_op.drop_column("convened_on")
        batch_op.drop_column("notice")
        batch_op.drop_column("notice_to")
        batch_op.drop_column("announced_on")
        batch_op.drop_column("assess_until")
        batch_op.drop_column("replaces_id")
    _one_current("state <> 'superseded'")

    with op.batch_alter_table("fact_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fact_correction_run_id"))
        batch_op.drop_index(batch_op.f("ix_fact_correction_objection_id"))
        batch_op.drop_index("ix_fact_correction_cycle")

    op.drop_table("fact_correction")
    with op.batch_alter_table("rating_objection", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rating_objection_open",
            sqlite_where=sa.text("state IN ('raised', 'accepted') AND source <> 'online'"),
            postgresql_where=sa.text("state IN ('raised', 'accepted') AND source <> 'online'"),
        )
        batch_op.drop_index(batch_op.f("ix_rating_objection_rating_id"))
        batch_op.drop_index(batch_op.f("ix_rating_objection_institution_id"))

    op.drop_table("rating_objection")
    with op.batch_alter_table("grade_change", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_grade_change_open",
            sqlite_where=sa.text("state IN ('requested', 'proposed')"),
            postgresql_where=sa.text("state IN ('requested', 'proposed')"),
        )
        batch_op.drop_index(batch_op.f("ix_grade_change_rating_id"))
        batch_op.drop_index(batch_op.f("ix_grade_change_institution_id"))

    op.drop_table("grade_change")
    with op.batch_alter_table("self_assessment", schema=None) as batch_op:
        batch_op.drop_index("uq_self_assessment_cycle")
        batch_op.drop_index(batch_op.f("ix_self_assessment_institution_id"))

    op.drop_table("self_assessment")
    with op.batch_alter_table("cycle_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cycle_vote_user_id"))

    op.drop_table("cycle_vote")
