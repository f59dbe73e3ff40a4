"""Letters on leaving: to another pooling region, and the answer to an institution that wants to leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.agreement_letters import MEASURES
from documents.facts import WrongFact
from documents.letter import MEDICAL_ORDER, PHARMACY_ORDER, QUALIFICATION_OPINION, Letter
from documents.letter_kind import LetterKind

LEAVING = f"{PHARMACY_ORDER}第四十一条；{MEDICAL_ORDER}第四十四条"


@dataclass(frozen=True, kw_only=True)
class RegionNotice(Letter):
    """To the agency of another pooling region. `subject_name`: the institution there that is concerned."""

    institution: str
    agreement_number: str
    measure: Literal["suspend", "terminate"]
    decided_on: date
    effective_on: date
    ground_text: str
    basis: str
    subject_name: str
    subject_code: str
    relation: str
    article: str

    @property
    def verb(self) -> str:
        return MEASURES[self.measure]


@dataclass(frozen=True, kw_only=True)
class WithdrawalAnswer(Letter):
    """The agency's answer to a request to suspend, to end or not to renew. `from_on`: first day without."""

    institution: str
    agreement_number: str
    act: Literal["suspend", "terminate", "not_renew"]
    agreed: bool
    requested_on: date
    from_on: date
    to_on: date | None = None
    opinion: str = ""
    basis: str

    def __post_init__(self) -> None:
        if not self.agreed and not self.opinion:
            raise WrongFact("withdrawal_answer：不同意的，必须写明理由（opinion）。")

    @property
    def verb(self) -> str:
        return {"suspend": "中止", "terminate": "解除", "not_renew": "不再续签"}[self.act]


@dataclass(frozen=True, kw_only=True)
class PersonNotice(Letter):
    """To the agency of another pooling region in which the practitioner is registered as well. `places`: where."""

    practitioner: str
    practitioner_code: str
    measure: Literal["suspend", "revoke", "reinstate"]
    from_on: date
    until: date | None = None
    bar_until: date | None = None
    total: int
    places: tuple[str, ...]
    basis: str

    def __post_init__(self) -> None:
        if self.measure == "suspend" and not self.until:
            raise WrongFact("person_notice：暂停支付资格必须写明截止日（until）。")
        if self.measure == "revoke" and not self.bar_until:
            raise WrongFact("person_notice：终止支付资格必须写明限制期的截止日（bar_until）。")

    @property
    def verb(self) -> str:
        return {"suspend": "暂停", "revoke": "终止", "reinstate": "恢复"}[self.measure]


PERSONS = LetterKind(
    "person_notice", "D21", "医疗保障支付资格跨统筹区通报函", "资函", PersonNotice, QUALIFICATION_OPINION,
    head_suffix="文件",
)  # fmt: skip
