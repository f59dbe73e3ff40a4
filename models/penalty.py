from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base
from models.columns import Numbered, Versioned
from models.institution import Institution


class Penalty(Numbered, Versioned, Base):
    """行政处罚 of another authority, kept as a fact: what was decided, until when, and whether it was performed.

    This agency never imposes one (令3 Art 3): the row says what somebody else decided, and where that is written.
    `due_on` is the last day for performing it. `act` is the key of the article in the table of penalised acts, empty
    where it is none of them; `loss` what the fund lost, in 分; `department_months` how long a department stands still.
    `filed_on`, `told_on`, `served_on`: when the case was filed, the penalty announced, the decision served.
    """

    __tablename__ = "penalty"
    __table_args__ = (
        UniqueConstraint("pooling_region", "number"),
        CheckConstraint("(institution_id IS NULL) <> (person_index IS NULL)", name="one_subject"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("due_on >= decided_on", name="due"),
        CheckConstraint("loss >= 0", name="loss"),
        CheckConstraint("(department = '') = (department_months = 0)", name="department"),
        CheckConstraint("conduct_on IS NULL OR conduct_on <= decided_on", name="conduct"),
        CheckConstraint("served_on IS NULL OR served_on >= decided_on", name="served"),
        CheckConstraint("performed_on IS NULL OR performed_on >= decided_on", name="performed"),
        CheckConstraint(
            "performed_on IS NULL OR performed_proof <> ''", name="performed_has_proof"
        ),
    )

    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    person_index: Mapped[str | None] = mapped_column(String(64), index=True)
    person_name: Mapped[str] = mapped_column(String(64), default="")
    pooling_region: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(100))
    authority: Mapped[str] = mapped_column(String(200))
    article: Mapped[str] = mapped_column(String(200))
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    decided_on: Mapped[date]
    due_on: Mapped[date]
    performed_on: Mapped[date | None]
    performed_proof: Mapped[str] = mapped_column(String(300), default="")
    act: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    conduct_on: Mapped[date | None]
    loss: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    department: Mapped[str] = mapped_column(String(100), default="", server_default=text("''"))
    department_months: Mapped[int] = mapped_column(default=0, server_default="0")
    filed_on: Mapped[date | None]
    told_on: Mapped[date | None]
    served_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    institution: Mapped[Institution | None] = relationship()

    @property
    def subject_name(self) -> str:
        return self.institution.name if self.institution else self.person_name
