"""separated posts of paying, one key for the ways of writing a bill's number, supplied codes

Revision ID: 6c4e9d21f7b0
Revises: d41b7c90e6a5
"""

import sqlalchemy as sa
from alembic import op

from rules import names

revision = "6c4e9d21f7b0"
down_revision = "d41b7c90e6a5"
branch_labels = None
depends_on = None

AT_ONCE = 5000
LONGEST = 64
WORKED = "id first_auditor_id second_auditor_id judged_by_id recorded_by_id"
LATER = ("settled_by_id", "approved_by_id", "paid_by_id")
DRAWERS = "SELECT drawn_by_id FROM draw WHERE subject = 'statement' AND subject_id = :key"
FINDERS = (
    "SELECT recorded_by_id FROM audit_finding WHERE statement_id = :key"
    " UNION SELECT struck_by_id FROM audit_finding WHERE statement_id = :key"
)


def upgrade() -> None:
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("voucher_key", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("supplied_code", sa.String(length=32), nullable=False, server_default="")
        )
        batch_op.drop_index("ix_claim_voucher")
    _write_keys()
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.alter_column(
            "voucher_key",
            existing_type=sa.String(length=64),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.alter_column(
            "supplied_code",
            existing_type=sa.String(length=32),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.create_index("ix_claim_voucher_key", ["institution_id", "voucher_key"])
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("took_part", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
    _note_posts()
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_statement_recorder_apart"),
            "recorded_by_id <> settled_by_id AND recorded_by_id <> approved_by_id"
            " AND recorded_by_id <> paid_by_id",
        )
        batch_op.alter_column(
            "took_part", existing_type=sa.JSON(), existing_nullable=False, server_default=None
        )


def _write_keys() -> None:
    claim = sa.table("claim", sa.column("id"), sa.column("voucher"), sa.column("voucher_key"))
    bind, last = op.get_bind(), 0
    update = (
        claim.update()
        .where(claim.c.id == sa.bindparam("key"))
        .values(voucher_key=sa.bindparam("to"))
    )
    while rows := bind.execute(
        sa.select(claim.c.id, claim.c.voucher)
        .where(claim.c.id > last)
        .order_by(claim.c.id)
        .limit(AT_ONCE)
    ).all():
        given = [
            {"key": key, "to": "".join(names.clean(v).split()).casefold()[:LONGEST]}
            for key, v in rows
        ]
        bind.execute(update, given)
        last = rows[-1][0]


def _note_posts() -> None:
    """Who audited, as far as the rows tell: a finding of neither auditor was made in the first audit.

    Whoever recorded a statement and went on to settle, approve or pay it, as was possible before, is named under
    `record` and no longer in the column that keeps them apart from now on.
    """
    bind = op.get_bind()
    statement = sa.table(
        "statement",
        *map(sa.column, (*WORKED.split(), *LATER)),
        sa.column("took_part", sa.JSON()),
    )
    for row in bind.execute(sa.select(statement)).all():
        second = {row.second_auditor_id, *_known(DRAWERS, row.id)}
        finders = _known(FINDERS, row.id) - second - {row.judged_by_id}
        again = {row.recorded_by_id} & {getattr(row, name) for name in LATER}
        posts = {
            "record": again,
            "first_audit": {row.first_auditor_id, *finders},
            "second_audit": second,
            "judge": {row.judged_by_id},
        }
        noted = {post: sorted(keys - {None}) for post, keys in posts.items() if keys - {None}}
        kept = None if again else row.recorded_by_id
        change = statement.update().where(statement.c.id == row.id)
        bind.execute(change.values(took_part=noted, recorded_by_id=kept))


def _recorders_back() -> None:
    bind = op.get_bind()
    statement = sa.table(
        "statement", *map(sa.column, ("id", "recorded_by_id")), sa.column("took_part", sa.JSON())
    )
    for row in bind.execute(sa.select(statement)).all():
        for account in row.took_part.get("record", []):
            change = statement.update().where(statement.c.id == row.id)
            bind.execute(change.values(recorded_by_id=account))


def _known(query: str, key: int) -> set[int]:
    return set(op.get_bind().execute(sa.text(query), {"key": key}).scalars()) - {None}


def downgrade() -> None:
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_statement_recorder_apart"), type_="check")
    _recorders_back()
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_column("took_part")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_voucher_key")
        batch_op.drop_column("voucher_key")
        batch_op.drop_column("supplied_code")
        batch_op.create_index("ix_claim_voucher", ["institution_id", "voucher"])
