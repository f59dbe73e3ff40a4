"""rated subjects

Revision ID: 80954b84269e
Revises: 8ab51733815a
"""

import sqlalchemy as sa
from alembic import op


revision = "80954b84269e"
down_revision = "8ab51733815a"
branch_labels = None
depends_on = None

ONE = (
    "CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN practitioner_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN person_index IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    op.add_column(
        "cycle",
        sa.Column(
            "subject", sa.String(32), server_default=sa.text("'institution'"), nullable=False
        ),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.add_column(sa.Column("practitioner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("person_index", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("subject_name", sa.String(200), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("peer_group", sa.String(64), server_default=sa.text("''"), nullable=False)
        )
        batch_op.alter_column("institution_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(batch_op.f("ix_rating_person_index"), ["person_index"])
        batch_op.create_index(batch_op.f("ix_rating_practitioner_id"), ["practitioner_id"])
        batch_op.create_index("uq_rating_person", ["cycle_id", "person_index"], unique=True)
        batch_op.create_index(
            "uq_rating_practitioner", ["cycle_id", "practitioner_id"], unique=True
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_rating_practitioner_id"), "practitioner", ["practitioner_id"], ["id"]
        )
        batch_op.create_check_constraint(batch_op.f("ck_rating_one_subject"), ONE)
    op.execute(
        """UPDATE rating SET subject_name =
        (SELECT name FROM institution WHERE institution.id = rating.institution_id)"""
    )


def downgrade() -> None:
    op.execute(
        """DELETE FROM proposal WHERE rating_id IN
        (SELECT id FROM rating WHERE institution_id IS NULL)"""
    )
    op.execute("DELETE FROM rating WHERE institution_id IS NULL")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_rating_one_subject"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_rating_practitioner_id"), type_="foreignkey")
        batch_op.drop_index("uq_rating_practitioner")
        batch_op.drop_index("uq_rating_person")
        batch_op.drop_index(batch_op.f("ix_rating_practitioner_id"))
        batch_op.drop_index(batch_op.f("ix_rating_person_index"))
        batch_op.alter_column("institution_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("peer_group")
        batch_op.drop_column("subject_name")
        batch_op.drop_column("person_index")
        batch_op.drop_column("practitioner_id")
    op.drop_column("cycle", "subject")
