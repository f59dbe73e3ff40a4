"""years paid once

Revision ID: 0cce5a1d27b3
Revises: 5ea15ea15ea1
"""

import sqlalchemy as sa
from alembic import op


revision = "0cce5a1d27b3"
down_revision = "5ea15ea15ea1"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('drafted', 'decided')")
LIVING = sa.text("state <> 'dropped'")


def upgrade() -> None:
    op.drop_index("uq_retention_release_living", table_name="retention_release")
    _create("uq_retention_release_open", OPEN)


def downgrade() -> None:
    """Fails while a year has two releases: the older structure cannot hold them."""
    op.drop_index("uq_retention_release_open", table_name="retention_release")
    _create("uq_retention_release_living", LIVING)


def _create(name: str, where: sa.TextClause) -> None:
    op.create_index(
        name,
        "retention_release",
        ["agreement_id", "year"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
