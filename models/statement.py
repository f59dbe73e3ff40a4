from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.agreement import Agreement
from models.claim import Claim
from models.columns import Discussed, Moving, Numbered, OfInstitution, Versioned, Word
from rules import coded_services
from rules.insurance import InsuranceKind
from rules.lifecycle import StatementState
from rules.statements import STOPPED, Post

if TYPE_CHECKING:
    from models.collective_decision import CollectiveDecision

_DIVIDED = (StatementState.SETTLED, StatementState.APPROVED, StatementState.PAID)
_LIVING = "state NOT IN ('returned', 'withdrawn')"


class Statement(Discussed, Numbered, OfInstitution, Moving, Versioned, Base):
    """费用申报: what an institution claims of one kind of insurance for one month under one agreement.

    `month` is its first day; from `claimed_on` the time for paying runs. Totals as declared, in 分. Recorder, both
    auditors, settler, approver and payer are different persons, whatever posts they hold; `former_settlers` settled it
    before it was sent back, `took_part` names for each post of the audit everybody who worked in it.
    """

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint("total > 0 AND line_count > 0", name="declares_something"),
        CheckConstraint("state <> 'returned' OR reason <> ''", name="returned_has_reason"),
        CheckConstraint(
            "second_auditor_id IS NULL OR second_auditor_id <> first_auditor_id", name="two_auditors"
        ),
        CheckConstraint(
            "paid_by_id IS NULL OR (paid_by_id <> first_auditor_id AND paid_by_id <> second_auditor_id"
            " AND paid_by_id <> approved_by_id AND paid_by_id <> settled_by_id)",
            name="payer_apart",
        ),
        CheckConstraint(
            "recorded_by_id <> settled_by_id AND recorded_by_id <> approved_by_id"
            " AND recorded_by_id <> paid_by_id",
            name="recorder_apart",
        ),
        CheckConstraint("state <> 'paid' OR paid_on IS NOT NULL", name="paid_has_day"),
        Index(
            "uq_statement_living", "agreement_id", "insurance", "month", unique=True,
            sqlite_where=text(_LIVING), postgresql_where=text(_LIVING),
        ),
        Index("ix_statement_state", "state", "month"),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(String(32), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    state: Mapped[StatementState] = mapped_column(Word(StatementState))
    insurance: Mapped[InsuranceKind] = mapped_column(Word(InsuranceKind))
    month: Mapped[date]
    claimed_on: Mapped[date]
    total: Mapped[int] = mapped_column(BigInteger)
    line_count: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    first_auditor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    first_audited_on: Mapped[date | None]
    second_auditor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_audited_on: Mapped[date | None]
    notified_on: Mapped[date | None]
    notices: Mapped[int] = mapped_column(default=0)
    appealed_on: Mapped[date | None]
    appeal_text: Mapped[str] = mapped_column(String(2000), default="")
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    judged_on: Mapped[date | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_on: Mapped[date | None]
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    paid_on: Mapped[date | None]
    former_settlers: Mapped[list[Any]] = mapped_column(JSON, default=list)
    took_part: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    agreement: Mapped[Agreement] = relationship()
    claims: Mapped[list[Claim]] = relationship(back_populates="statement", order_by=Claim.line)
    findings: Mapped[list[AuditFinding]] = relationship(
        back_populates="statement", order_by="AuditFinding.id"
    )
    disbursements: Mapped[list[Disbursement]] = relationship(
        back_populates="statement", order_by="Disbursement.id"
    )

    discussions: Mapped[list[CollectiveDecision]] = relationship(
        order_by="CollectiveDecision.id", back_populates="statement"
    )

    @property
    def proposer_id(self) -> int | None:
        """Whoever settled it does not sit in the group that decides about paying."""
        return self.settled_by_id

    @property
    def looks(self) -> int:
        """How often it was settled before: what a group decided about another settlement does not carry."""
        return len(self.former_settlers)

    @property
    def auditor_user_ids(self) -> set[int]:
        """Whoever found something or gave it up, drew a sample, ended an audit, or judged an objection."""
        return self._of(Post.RECORD, Post.FIRST_AUDIT, Post.SECOND_AUDIT, Post.JUDGE)

    @property
    def first_auditor_ids(self) -> set[int]:
        return self._of(Post.FIRST_AUDIT)

    def note(self, post: Post, user_id: int | None) -> None:
        """Somebody worked in this post; once is enough."""
        known = self.took_part.get(post, [])
        if user_id is not None and user_id not in known:
            self.took_part = self.took_part | {str(post): [*known, user_id]}

    def _of(self, *posts: Post) -> set[int]:
        return {key for post in posts for key in self.took_part.get(post, [])}

    @property
    def settler_user_ids(self) -> set[int]:
        """Whoever ever settled it: sending it back makes nobody its approver or payer."""
        return {key for key in (self.settled_by_id, *self.former_settlers) if key}

    @property
    def payer_user_ids(self) -> set[int]:
        """Whoever transferred money of it: a second transfer is settled and approved by others again."""
        paid = {one.paid_by_id for one in self.disbursements}
        return {key for key in paid | {self.paid_by_id} if key}

    @property
    def divided(self) -> bool:
        """Its lines have their fate in the ledger; once a part was paid only what was held is looked at again."""
        return bool(self.disbursements) or self.state in _DIVIDED

    @property
    def reopened(self) -> bool:
        """A part was paid; what was held of the rest was told anew and is not decided yet."""
        return bool(self.disbursements) and self.state not in _DIVIDED

    @property
    def year(self) -> int:
        """The settlement year it counts in."""
        return self.month.year

    @property
    def involved_user_ids(self) -> set[int]:
        """Whoever audited here, or wrote an objection down, does not judge what is said against it."""
        return self._of(Post.FIRST_AUDIT, Post.SECOND_AUDIT, Post.APPEAL)


class AuditFinding(Numbered, Base):
    """拒付明细: what of a line is not paid, why, by whom it was found. In 分.

    `notice`: with which of the statement's notices it was told, 0 before. `contested`: why the institution objects;
    `answer`: what was said to that. `struck_on`: it was given up, by an auditor or upon an appeal, with the reason;
    then it takes off nothing.
    """

    __tablename__ = "audit_finding"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("struck_on IS NULL OR struck_reason <> ''", name="struck_has_reason"),
        Index("ix_audit_finding_statement", "statement_id"),
    )

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    reason: Mapped[str] = mapped_column(String(32))
    reason_text: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(200))
    amount: Mapped[int] = mapped_column(BigInteger)
    remark: Mapped[str] = mapped_column(String(300), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_on: Mapped[date]
    notice: Mapped[int] = mapped_column(default=0)
    contested: Mapped[str] = mapped_column(String(500), default="")
    answer: Mapped[str] = mapped_column(String(300), default="")
    struck_on: Mapped[date | None]
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    struck_reason: Mapped[str] = mapped_column(String(300), default="")

    statement: Mapped[Statement] = relationship(back_populates="findings")
    claim: Mapped[Claim] = relationship(back_populates="findings")

    @property
    def curable(self) -> bool:
        """Would the code of whoever served, supplied now, speak against it?"""
        return self.reason == STOPPED and coded_services.curable(
            self.claim.stopped, self.claim.service_date
        )

    @property
    def reason_told(self) -> str:
        """The reason with the remark beside it, as the letter and the portal say it."""
        return self.reason_text + (f"（{self.remark}）" if self.remark else "")

    @property
    def supplied_code(self) -> str:
        return self.claim.supplied_code

    @property
    def stands(self) -> bool:
        return self.struck_on is None

    @property
    def open(self) -> bool:
        """It was told with the latest notice and not answered since: it may be objected to, and judged then."""
        return self.stands and self.notice == self.statement.notices and not self.answer

    @property
    def line(self) -> int:
        """The number of its line in the statement."""
        return self.claim.line


class Disbursement(Numbered, OfInstitution, Base):
    """拨付: money of a statement that was transferred, with its voucher. What was held may follow in a second one.

    `offset`: what was payable and kept back for claims against the institution. Both in 分.
    """

    __tablename__ = "disbursement"
    __table_args__ = (
        CheckConstraint('amount >= 0 AND "offset" >= 0 AND amount + "offset" > 0', name="amount"),
        CheckConstraint("voucher <> ''", name="has_voucher"),
        UniqueConstraint("statement_id", "voucher"),
    )

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    amount: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    paid_on: Mapped[date]
    voucher: Mapped[str] = mapped_column(String(100))
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    statement: Mapped[Statement] = relationship(back_populates="disbursements")
