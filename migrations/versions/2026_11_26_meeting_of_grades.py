"""who called the meeting on the grades together and who wrote its minutes

Revision ID: 6c1de0a94b72
Revises: 0cce5a1d27b4
"""

import sqlalchemy as sa
from alembic import op


revision = "6c1de0a94b72"
down_revision = "0cce5a1d27b4"
branch_labels = None
depends_on = None

COLUMNS = ("convened_by_id", "concluded_by_id")
# for the cycles there are, by whom the log says it was done
CONVENED = (
    "UPDATE cycle SET convened_by_id = (SELECT max(event.actor_id) FROM event"
    " JOIN account ON account.id = event.actor_id WHERE event.subject = 'cycle'"
    " AND event.subject_id = cycle.id AND event.verb = 'convene')"
)
CONCLUDED = (
    "UPDATE cycle SET concluded_by_id = (SELECT max(event.actor_id) FROM event"
    " JOIN account ON account.id = event.actor_id WHERE event.subject = 'cycle'"
    " AND event.subject_id = cycle.id AND event.verb IN ('decide', 'turn_down'))"
)


def upgrade() -> None:
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
    op.execute(CONVENED)
    op.execute(CONCLUDED)
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.create_foreign_key(op.f(f"fk_cycle_{name}"), "account", [name], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.drop_constraint(op.f(f"fk_cycle_{name}"), type_="foreignkey")
            batch_op.drop_column(name)
