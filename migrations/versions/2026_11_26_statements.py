"""statements

Revision ID: 5b1f0c3e7a21
Revises: a7d05c3be914
"""

import sqlalchemy as sa
from alembic import op


revision = "5b1f0c3e7a21"
down_revision = "a7d05c3be914"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statement",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("insurance", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("claimed_on", sa.Date(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("first_auditor_id", sa.Integer(), nullable=True),
        sa.Column("first_audited_on", sa.Date(), nullable=True),
        sa.Column("second_auditor_id", sa.Integer(), nullable=True),
        sa.Column("second_audited_on", sa.Date(), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("appealed_on", sa.Date(), nullable=True),
        sa.Column("appeal_text", sa.String(length=2000), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("paid_by_id", sa.Integer(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("former_settlers", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'paid' OR paid_on IS NOT NULL", name=op.f("ck_statement_paid_has_day")
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR reason <> ''", name=op.f("ck_statement_returned_has_reason")
        ),
        sa.CheckConstraint(
            "paid_by_id IS NULL OR (paid_by_id <> first_auditor_id AND paid_by_id <> second_auditor_id AND paid_by_id <> approved_by_id AND paid_by_id <> settled_by_id)",
            name=op.f("ck_statement_payer_apart"),
        ),
        sa.CheckConstraint(
            "second_auditor_id IS NULL OR second_auditor_id <> first_auditor_id",
            name=op.f("ck_statement_two_auditors"),
        ),
        sa.CheckConstraint(
            "total > 0 AND line_count > 0", name=op.f("ck_statement_declares_something")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_statement_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_statement_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_auditor_id"], ["account.id"], name=op.f("fk_statement_first_auditor_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_statement_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["account.id"], name=op.f("fk_statement_judged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_id"], ["account.id"], name=op.f("fk_statement_paid_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_statement_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_auditor_id"], ["account.id"], name=op.f("fk_statement_second_auditor_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_statement_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("number", name=op.f("uq_statement_number")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_statement_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index("ix_statement_state", ["state", "month"], unique=False)
        batch_op.create_index(
            "uq_statement_living",
            ["agreement_id", "insurance", "month"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('returned', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('returned', 'withdrawn')"),
        )

    op.create_table(
        "disbursement",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.String(length=100), nullable=False),
        sa.Column("paid_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("voucher <> ''", name=op.f("ck_disbursement_has_voucher")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_disbursement_amount")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_disbursement_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_id"], ["account.id"], name=op.f("fk_disbursement_paid_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_disbursement_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement")),
        sa.UniqueConstraint(
            "statement_id", "voucher", name=op.f("uq_disbursement_statement_id_voucher")
        ),
    )
    with op.batch_alter_table("disbursement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_disbursement_institution_id"), ["institution_id"], unique=False
        )

    op.create_table(
        "ledger_entry",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("debit", sa.String(length=32), nullable=False),
        sa.Column("credit", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=200), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_entry_amount")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_entry_two_accounts")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_ledger_entry_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_ledger_entry_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_ledger_entry_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_ledger_entry_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entry_reverses_id")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entry_agreement", ["agreement_id", "year"], unique=False)
        batch_op.create_index("ix_ledger_entry_cause", ["cause", "cause_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ledger_entry_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_entry_statement_id"), ["statement_id"], unique=False
        )

    op.create_table(
        "claim",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("voucher", sa.String(length=64), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("admission_date", sa.Date(), nullable=True),
        sa.Column("practitioner_code", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("inpatient", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("drg_group", sa.String(length=32), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("fate", sa.String(length=32), nullable=True),
        sa.Column("disbursement_id", sa.Integer(), nullable=True),
        sa.Column("stopped", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "disbursement_id IS NULL OR fate = 'pay'", name=op.f("ck_claim_only_payable_is_paid")
        ),
        sa.CheckConstraint(
            "NOT inpatient OR admission_date IS NOT NULL",
            name=op.f("ck_claim_inpatient_has_admission"),
        ),
        sa.CheckConstraint(
            "admission_date IS NULL OR admission_date <= service_date",
            name=op.f("ck_claim_admitted_before_service"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claim_amount")),
        sa.ForeignKeyConstraint(
            ["disbursement_id"], ["disbursement.id"], name=op.f("fk_claim_disbursement_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_claim_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_claim_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("statement_id", "line", name=op.f("uq_claim_statement_id_line")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_disbursement_id"), ["disbursement_id"], unique=False
        )
        batch_op.create_index("ix_claim_voucher", ["institution_id", "voucher"], unique=False)

    op.create_table(
        "audit_finding",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("reason_text", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("contested", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("struck_on", sa.Date(), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "struck_on IS NULL OR struck_reason <> ''",
            name=op.f("ck_audit_finding_struck_has_reason"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_audit_finding_amount")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_audit_finding_claim_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_audit_finding_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_audit_finding_statement_id")
        ),
        sa.ForeignKeyConstraint(
            ["struck_by_id"], ["account.id"], name=op.f("fk_audit_finding_struck_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_finding")),
    )
    with op.batch_alter_table("audit_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_finding_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index("ix_audit_finding_statement", ["statement_id"], unique=False)

    with op.batch_alter_table("collective_decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statement_id", sa.Integer(), nullable=True))
        batch_op.alter_column("violation_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            batch_op.f("ix_collective_decision_statement_id"), ["statement_id"], unique=False
        )
        batch_op.create_index(
            "uq_collective_decision_open_payment",
            ["statement_id"],
            unique=True,
            sqlite_where=sa.text("state = 'convened'"),
            postgresql_where=sa.text("state = 'convened'"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_collective_decision_statement_id"), "statement", ["statement_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_collective_decision_one_matter"),
            "(violation_id IS NULL) <> (statement_id IS NULL)",
        )


def downgrade() -> None:
    op.execute(
        "DELETE FROM vote WHERE decision_id IN"
        " (SELECT id FROM collective_decision WHERE violation_id IS NULL)"
    )
    op.execute("DELETE FROM collective_decision WHERE violation_id IS NULL")
    with op.batch_alter_table("collective_decision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_collective_decision_one_matter"), type_="check")
        batch_op.drop_constraint(
            batch_op.f("fk_collective_decision_statement_id"), type_="foreignkey"
        )
        batch_op.drop_index(
            "uq_collective_decision_open_payment",
            sqlite_where=sa.text("state = 'convened'"),
            postgresql_where=sa.text("state = 'convened'"),
        )
        batch_op.drop_index(batch_op.f("ix_collective_decision_statement_id"))
        batch_op.alter_column("violation_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("statement_id")

    with op.batch_alter_table("audit_finding", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_finding_statement")
        batch_op.drop_index(batch_op.f("ix_audit_finding_claim_id"))

    op.drop_table("audit_finding")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_voucher")
        batch_op.drop_index(batch_op.f("ix_claim_disbursement_id"))

    op.drop_table("claim")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_statement_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entry_institution_id"))
        batch_op.drop_index("ix_ledger_entry_cause")
        batch_op.drop_index("ix_ledger_entry_agreement")

    op.drop_table("ledger_entry")
    with op.batch_alter_table("disbursement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disbursement_institution_id"))

    op.drop_table("disbursement")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_statement_living",
            sqlite_where=sa.text("state NOT IN ('returned', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('returned', 'withdrawn')"),
        )
        batch_op.drop_index("ix_statement_state")
        batch_op.drop_index(batch_op.f("ix_statement_institution_id"))

    op.drop_table("statement")
