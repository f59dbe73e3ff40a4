"""What every letter has: number, parties, day, signer, verification code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.facts import WrongFact

PHARMACY_ORDER = "《零售药店医疗保障定点管理暂行办法》"
MEDICAL_ORDER = "《医疗机构医疗保障定点管理暂行办法》"
FUND_REGULATIONS = "《医疗保障基金使用监督管理条例》"
QUALIFICATION_OPINION = "《关于建立定点医药机构相关人员医保支付资格管理制度的指导意见》"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Facts common to all letters. `sample` prints 样章·无效 in every seal.

    `sealed_by`: the certificate by whose key the letter is sealed and signed after printing; its place is left free
    then. Without one only a sample is drawn: a letter of an agency without electronic seal is stamped by hand.
    `verify_address`: the public page where the code is checked, for the QR; without one the QR holds the code.

    `family` ("medical" | "pharmacy") chooses between 你单位 and 你店; left out, it follows from the
    order the letter cites, else the neutral 你单位 is written. `preview`: printed before it is decided, without a
    number of its own, crossed with the word 预览 instead of sealed.
    """

    number: str
    agency: str
    bureau: str
    addressee: str
    issued_on: date
    signer: str
    sample: bool
    verify_code: str
    family: Literal["", "medical", "pharmacy"] = ""
    preview: bool = False
    sealed_by: str = ""
    verify_address: str = ""

    @property
    def checked_at(self) -> str:
        """What the QR says."""
        return f"{self.verify_address}{self.verify_code}"

    @property
    def is_pharmacy(self) -> bool:
        if self.family:
            return self.family == "pharmacy"
        return getattr(self, "kind_label", "") == "零售药店" or PHARMACY_ORDER in repr(self)

    @property
    def you(self) -> str:
        return "你店" if self.is_pharmacy else "你单位"


def in_order(where: str, first: date, last: date) -> None:
    """Refuses a period that ends before it begins."""
    if last < first:
        raise WrongFact(f"{where}：截止日 {last} 早于起始日 {first}。")
