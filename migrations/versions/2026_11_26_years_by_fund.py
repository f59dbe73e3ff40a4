"""years by fund

Revision ID: 3f2a9c71d8e4
Revises: 8e60bf43b9d2
"""

import sqlalchemy as sa
from alembic import op

from database import CannotMigrate

revision = "3f2a9c71d8e4"
down_revision = "8e60bf43b9d2"
branch_labels = None
depends_on = None

LIVING = sa.text("state <> 'dropped'")
CONVENED = sa.text("state = 'convened'")
ONE_MATTER = (
    "(violation_id IS NOT NULL AND statement_id IS NULL AND annual_settlement_id IS NULL)"
    " OR (violation_id IS NULL AND statement_id IS NOT NULL AND annual_settlement_id IS NULL)"
    " OR (violation_id IS NULL AND statement_id IS NULL AND annual_settlement_id IS NOT NULL)"
)
# What can be told of what was entered before: the fund of a statement, of an advance, the only one of a year.
OF_STATEMENTS = """UPDATE ledger_entry SET insurance = (SELECT insurance FROM statement WHERE id = statement_id)
    WHERE statement_id IS NOT NULL"""
OF_ADVANCES = """UPDATE ledger_entry SET insurance = (SELECT insurance FROM prepayment WHERE id = cause_id)
    WHERE cause = 'prepayment'"""
OF_TWO_FUNDS = """SELECT number FROM annual_settlement WHERE state <> 'dropped' AND (
    SELECT COUNT(DISTINCT known.insurance) FROM ledger_entry AS known
    WHERE known.agreement_id = annual_settlement.agreement_id AND known.year = annual_settlement.year) > 1"""
OF_YEARS = """UPDATE annual_settlement SET insurance = COALESCE((
    SELECT MIN(known.insurance) FROM ledger_entry AS known
    WHERE known.agreement_id = annual_settlement.agreement_id AND known.year = annual_settlement.year), 'employee')"""
OF_BUDGETS = """UPDATE annual_budget SET insurance = COALESCE((
    SELECT MIN(insurance) FROM annual_settlement WHERE budget_id = annual_budget.id), 'employee')"""
OF_DIFFERENCES = """UPDATE ledger_entry SET insurance = (
    SELECT insurance FROM annual_settlement WHERE id = cause_id) WHERE cause = 'annual_settlement'"""
OF_RELEASES = """UPDATE ledger_entry SET insurance = (
    SELECT CASE WHEN COUNT(DISTINCT known.insurance) = 1 THEN MIN(known.insurance) END FROM ledger_entry AS known
    WHERE known.agreement_id = ledger_entry.agreement_id AND known.year = ledger_entry.year)
    WHERE cause = 'retention_release'"""


def upgrade() -> None:
    """Fails where a settlement counted two funds together: nobody can take that apart afterwards."""
    _loosen()
    for table in ("ledger_entry", "annual_settlement", "annual_budget"):
        op.add_column(table, sa.Column("insurance", sa.String(length=32), nullable=True))
    for statement in (OF_STATEMENTS, OF_ADVANCES):
        op.execute(statement)
    _refuse_two_funds()
    for statement in (OF_YEARS, OF_BUDGETS, OF_DIFFERENCES, OF_RELEASES):
        op.execute(statement)
    op.drop_index("uq_annual_settlement_living", table_name="annual_settlement")
    with op.batch_alter_table("annual_settlement", schema=None) as batch_op:
        batch_op.alter_column("insurance", existing_type=sa.String(length=32), nullable=False)
        batch_op.add_column(sa.Column("looks", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE annual_settlement SET looks = 1 WHERE sent_on IS NOT NULL")
    _index(
        "annual_settlement",
        "uq_annual_settlement_living",
        ["agreement_id", "year", "insurance"],
        LIVING,
    )
    with op.batch_alter_table("annual_budget", schema=None) as batch_op:
        batch_op.alter_column("insurance", existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_annual_budget_pooling_region_year"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_annual_budget_pooling_region_year_insurance"),
            ["pooling_region", "year", "insurance"],
        )
    with op.batch_alter_table("collective_decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("annual_settlement_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_collective_decision_one_matter"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_collective_decision_one_matter"), ONE_MATTER
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_collective_decision_annual_settlement_id"),
            "annual_settlement",
            ["annual_settlement_id"],
            ["id"],
        )
        batch_op.create_index(
            batch_op.f("ix_collective_decision_annual_settlement_id"),
            ["annual_settlement_id"],
            unique=False,
        )
    _index(
        "collective_decision",
        "uq_collective_decision_open_year",
        ["annual_settlement_id"],
        CONVENED,
    )


def downgrade() -> None:
    """Fails while a year of an agreement has two settlements, or a budget for each fund."""
    op.execute("""DELETE FROM vote WHERE decision_id IN (
        SELECT id FROM collective_decision WHERE annual_settlement_id IS NOT NULL)""")
    op.execute("DELETE FROM collective_decision WHERE annual_settlement_id IS NOT NULL")
    op.drop_index("uq_collective_decision_open_year", table_name="collective_decision")
    with op.batch_alter_table("collective_decision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_collective_decision_one_matter"), type_="check")
        batch_op.drop_constraint(
            batch_op.f("fk_collective_decision_annual_settlement_id"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_collective_decision_annual_settlement_id"))
        batch_op.drop_column("annual_settlement_id")
        batch_op.create_check_constraint(
            batch_op.f("ck_collective_decision_one_matter"),
            "(violation_id IS NULL) <> (statement_id IS NULL)",
        )
    with op.batch_alter_table("annual_budget", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_annual_budget_pooling_region_year_insurance"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_annual_budget_pooling_region_year"), ["pooling_region", "year"]
        )
        batch_op.drop_column("insurance")
    op.drop_index("uq_annual_settlement_living", table_name="annual_settlement")
    with op.batch_alter_table("annual_settlement", schema=None) as batch_op:
        batch_op.drop_column("looks")
        batch_op.drop_column("insurance")
    _index("annual_settlement", "uq_annual_settlement_living", ["agreement_id", "year"], LIVING)
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_column("insurance")


def _loosen() -> None:
    """The guards come back when the step is done (env.py): on PostgreSQL with one function for all three tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER IF EXISTS ledger_entry_append_only ON ledger_entry")
        for name in ("event", "points", "ledger"):
            op.execute(f"DROP FUNCTION IF EXISTS refuse_{name}_change() CASCADE")
    else:
        op.execute("DROP TRIGGER IF EXISTS ledger_entry_no_update")


def _refuse_two_funds() -> None:
    mixed = [row[0] for row in op.get_bind().exec_driver_sql(OF_TWO_FUNDS)]
    if mixed:
        raise CannotMigrate(
            f"年终清算 {'、'.join(mixed)} 把两种险种合在一起计算，事后无法分开。"
            "请先在升级前的版本中撤销这些清算，升级后按险种重新编制。"
        )


def _index(table: str, name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
