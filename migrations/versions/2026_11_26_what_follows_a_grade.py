"""what follows a grade: proposals end, corrections name their record, keys of other systems are approved

Revision ID: a7d05c3be914
Revises: 358e3b9742c2
"""

import sqlalchemy as sa
from alembic import op


revision = "a7d05c3be914"
down_revision = "358e3b9742c2"
branch_labels = None
depends_on = None

CURRENT = "state IN ('proposed', 'adopted')"


def upgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("grade", sa.String(length=16), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("adopted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.drop_index("uq_proposal_use")
    op.execute(
        "UPDATE proposal SET grade = (SELECT grade FROM rating WHERE rating.id = proposal.rating_id)"
    )
    op.execute("UPDATE proposal SET adopted_on = state_since WHERE state = 'adopted'")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.alter_column(
            "grade",
            existing_type=sa.String(length=16),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.create_index(
            "uq_proposal_use",
            ["rating_id", "use"],
            unique=True,
            sqlite_where=sa.text(CURRENT),
            postgresql_where=sa.text(CURRENT),
        )
        batch_op.drop_constraint(op.f("ck_proposal_decided_has_person"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_proposal_decided_has_person"),
            "state IN ('proposed', 'replaced') OR decided_by_id IS NOT NULL",
        )
        batch_op.drop_constraint(op.f("ck_proposal_refusal_has_reason"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_proposal_refusal_has_reason"),
            "state NOT IN ('refused', 'ended', 'replaced') OR reason <> ''",
        )
        batch_op.create_check_constraint(
            op.f("ck_proposal_adopted_has_day"),
            "(state IN ('adopted', 'ended')) = (adopted_on IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_proposal_ended_has_day"), "(state = 'ended') = (ended_on IS NOT NULL)"
        )
    _end_those_of_void_runs()
    _say_when_facts_were_frozen()
    with op.batch_alter_table("fact_correction", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("record", sa.String(length=32), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("record_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("approved_by_id", sa.Integer(), nullable=True))
    op.execute("UPDATE api_token SET approved_on = issued_on")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_api_token_approved_by_id"), "account", ["approved_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_api_token_two_persons"),
            "approved_by_id IS NULL OR issued_by_id IS NULL OR approved_by_id <> issued_by_id",
        )


def _say_when_facts_were_frozen() -> None:
    """The day of the first line of the log about a run; of a corrected run that of the one it corrects."""
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("frozen_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE cycle SET frozen_on = coalesce((SELECT min(day) FROM event"
        " WHERE event.subject = 'cycle' AND event.subject_id = cycle.id), to_on)"
    )
    for _ in range(4):  # as often as one run may have been corrected
        op.execute(
            "UPDATE cycle SET frozen_on = (SELECT old.frozen_on FROM cycle AS old"
            " WHERE old.id = cycle.replaces_id) WHERE replaces_id IS NOT NULL"
        )
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.alter_column("frozen_on", existing_type=sa.Date(), nullable=False)


def _end_those_of_void_runs() -> None:
    """What a corrected run left behind counted nowhere any more; now its state says so."""
    void = "FROM rating JOIN cycle ON cycle.id = rating.cycle_id WHERE cycle.state = 'superseded'"
    here = f"rating_id IN (SELECT rating.id {void})"
    day = f"(SELECT cycle.state_since {void} AND rating.id = proposal.rating_id)"
    reason = "'原结果由更正后的结果取代'"
    op.execute(
        f"UPDATE proposal SET state = 'ended', reason = {reason}, ended_on = {day}, state_since = {day}"  # noqa: S608 (no value comes from outside)
        f" WHERE state = 'adopted' AND {here}"
    )
    op.execute(
        f"UPDATE proposal SET state = 'replaced', reason = {reason}, state_since = {day}"  # noqa: S608 (no value comes from outside)
        f" WHERE state = 'proposed' AND {here}"
    )


def downgrade() -> None:
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_api_token_two_persons"), type_="check")
        batch_op.drop_constraint(op.f("fk_api_token_approved_by_id"), type_="foreignkey")
        batch_op.drop_column("approved_by_id")
        batch_op.drop_column("approved_on")
    with op.batch_alter_table("fact_correction", schema=None) as batch_op:
        batch_op.drop_column("record_id")
        batch_op.drop_column("record")
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.drop_column("frozen_on")
    op.execute("DELETE FROM proposal WHERE state IN ('ended', 'replaced')")
    op.execute(
        "DELETE FROM proposal WHERE id NOT IN (SELECT max(id) FROM proposal GROUP BY rating_id, use)"
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_proposal_ended_has_day"), type_="check")
        batch_op.drop_constraint(op.f("ck_proposal_adopted_has_day"), type_="check")
        batch_op.drop_constraint(op.f("ck_proposal_refusal_has_reason"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_proposal_refusal_has_reason"), "state <> 'refused' OR reason <> ''"
        )
        batch_op.drop_constraint(op.f("ck_proposal_decided_has_person"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_proposal_decided_has_person"),
            "state = 'proposed' OR decided_by_id IS NOT NULL",
        )
        batch_op.drop_index(
            "uq_proposal_use", sqlite_where=sa.text(CURRENT), postgresql_where=sa.text(CURRENT)
        )
        batch_op.create_index("uq_proposal_use", ["rating_id", "use"], unique=True)
        batch_op.drop_column("ended_on")
        batch_op.drop_column("adopted_on")
        batch_op.drop_column("grade")
