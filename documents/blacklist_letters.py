"""Letters on the list of serious dishonesty: what is intended, who is listed, and who comes off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.facts import WrongFact
from documents.letter import FUND_REGULATIONS, Letter, in_order
from documents.letter_kind import LetterKind

BASIS = f"{FUND_REGULATIONS}第三十三条"


@dataclass(frozen=True, kw_only=True)
class Entry(Letter):
    """Whom it concerns: `subject` as the letter names it, `personal` where it is not for the institution to read."""

    subject: str
    personal: bool
    entry_number: str
    ground: str
    basis: str

    @property
    def you(self) -> str:
        return "你" if self.personal else super().you


@dataclass(frozen=True, kw_only=True)
class BlacklistNotice(Entry):
    facts_text: str
    evidence: str = ""
    months: int
    consequences: tuple[str, ...]
    views_due_on: date


@dataclass(frozen=True, kw_only=True)
class BlacklistListing(Entry):
    """`public_until` is left out where nothing of it is public."""

    facts_text: str
    statement: str = ""
    council: str
    listed_on: date
    until: date
    public_until: date | None = None
    removal_from: date
    consequences: tuple[str, ...]

    def __post_init__(self) -> None:
        in_order("blacklist_listing", self.listed_on, self.until)


@dataclass(frozen=True, kw_only=True)
class BlacklistRemoval(Entry):
    """The answer: off the list (`granted`) with its cause, or not, with the reason and the last day of the term."""

    granted: bool
    cause: str = ""
    removed_on: date | None = None
    until: date
    listed_on: date
    reason: str = ""

    def __post_init__(self) -> None:
        if self.granted and (self.removed_on is None or not self.cause):
            raise WrongFact(
                "blacklist_removal：移出的，必须写明移出日期和原因（removed_on、cause）。"
            )
        if not self.granted and not self.reason:
            raise WrongFact("blacklist_removal：不予移出的，必须写明理由（reason）。")


BLACKLIST_KINDS = (
    LetterKind(
        "blacklist_notice",
        "D12",
        "拟列入严重失信主体名单告知书",
        "信告",
        BlacklistNotice,
        f"{BASIS}；{FUND_REGULATIONS}第十三条",
    ),
    LetterKind(
        "blacklist_listing",
        "D24",
        "列入严重失信主体名单决定书",
        "信列",
        BlacklistListing,
        BASIS,
    ),
    LetterKind(
        "blacklist_removal",
        "D24",
        "严重失信主体名单移出结果告知书",
        "信移",
        BlacklistRemoval,
        BASIS,
    ),
)
