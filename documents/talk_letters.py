"""Letters of a regulatory talk: the notice that calls somebody, and the record of what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.letter import FUND_REGULATIONS, MEDICAL_ORDER, PHARMACY_ORDER, Letter
from documents.letter_kind import LetterKind

TALKING = f"{PHARMACY_ORDER}第三十五条；{MEDICAL_ORDER}第三十八条；{FUND_REGULATIONS}第十三条"


@dataclass(frozen=True, kw_only=True)
class TalkNotice(Letter):
    """`host`: the agency talks to the institution, or the institution to its own practitioner.

    `moved_from`: the day it was planned for before.
    """

    institution: str
    talk_number: str
    host: Literal["agency", "institution"]
    called: tuple[str, ...]
    practitioner: str = ""
    practitioner_code: str = ""
    reason: str
    planned_on: date
    planned_time: str = ""
    place: str
    moved_from: date | None = None
    moved_for: str = ""
    basis: str


@dataclass(frozen=True, kw_only=True)
class TalkRecord(Letter):
    """What is printed for the signatures. `absent`: called, but not there."""

    addressee: str = ""

    institution: str
    talk_number: str
    host: Literal["agency", "institution"]
    held_on: date
    place: str
    came: tuple[str, ...]
    absent: tuple[str, ...] = ()
    staff: tuple[str, ...]
    others: tuple[str, ...] = ()
    reason: str
    minutes: str
    demands: str = ""
    basis: str


TALKS = (
    LetterKind("talk_notice", "D11", "约谈通知书", "约", TalkNotice, TALKING),
    LetterKind("talk_record", "D11", "约谈记录", "约记", TalkRecord, TALKING),
)
