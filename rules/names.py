"""Names in messy lists: one spelling, one key, and what they say about province, kind, nature and level.

The words are data: `kind_words`, `nature_words`, `level_words`, `provinces`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.mmseg import seg

from regulations import Law, Row
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]"
)
_SPACES = re.compile(r"\s+")
_CHINESE_GAP = re.compile(r"(?<=[\u3400-\u9fff（）]) | (?=[\u3400-\u9fff（）])")
_BRACKETS = str.maketrans("()[]{}〔〕【】〈〉《》「」『』", "（）" * 9)
_NOT_IN_KEY = re.compile(r"[\s·•・‧\-_—–,，.。、;；:：'\"“”‘’`*#]")
_BARE = re.compile(r"[（）]")
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_LONGEST_PHONE = 12  # area code and number
_PLAIN = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]*")
_PARTS = re.compile(r"[/;；|、,，\s]+")


class Guess(NamedTuple):
    """`sure`: the list names the kind itself; else it was read from the words of the name."""

    kind: InstitutionKind | None
    sure: bool


def clean(text: str) -> str:
    """Plain text of a cell: no HTML tags and entities, no full-width letters, no doubled or invisible spaces."""
    if _PLAIN.fullmatch(text):
        return text
    text = _TAG.sub(" ", html.unescape(text))
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _SPACES.sub(" ", text).strip()


def clean_name(text: str) -> str:
    """As it is shown: brackets full-width, no spaces between Chinese characters."""
    text = clean(text)
    if _PLAIN.fullmatch(text):
        return text
    return _CHINESE_GAP.sub("", text.translate(_BRACKETS))


def initials(name: str) -> str:
    """Pinyin initials for searching, as far as a dictionary knows them: 示例医院 → slyy."""
    spelled = "".join(_word_initials(word) for word in seg.cut(name)).casefold()
    return "".join(sign for sign in spelled if sign.isalnum())


def name_key(text: str) -> str:
    """What two spellings of the same name share: case, spaces, brackets and marks do not count."""
    return _NOT_IN_KEY.sub("", clean_name(text)).casefold()


def bare_key(text: str) -> str:
    """Stricter than `name_key`: brackets do not count either, and 一 is 1. For telling a shop that comes again."""
    return _BARE.sub("", name_key(text)).translate(_NUMERALS)


def address_key(text: str) -> str:
    """What equal addresses share: width, spaces, punctuation and the way of writing numbers do not count."""
    return re.sub(r"[\W_]+", "", clean(text)).casefold().translate(_NUMERALS)


def phone_key(text: str) -> str:
    """The digits of a telephone number, without the country's own prefix; an empty text for what is none."""
    digits = "".join(sign for sign in clean(text) if sign.isascii() and sign.isdigit())
    return (
        digits.removeprefix("0086").removeprefix("86") if len(digits) > _LONGEST_PHONE else digits
    )


def province(text: str, law: Law) -> Row | None:
    """The province meant by a name in a list (广西 → 广西壮族自治区), or None."""
    return _province_names(law).get(clean(text).replace(" ", ""))


def division(province_name: str, city: str, district: str) -> str:
    """The place in words: 上海市 上海市 黄浦区 → 上海市黄浦区."""
    parts: list[str] = []
    for part in (province_name, city, district):
        if part and part not in parts and not (parts and "".join(parts).endswith(part)):
            parts.append(part)
    return "".join(parts)


def kind(name: str, types: Iterable[str], law: Law, family: str | None = None) -> Guess:
    """What the type cells say by its very label; else a strong word of the name, of the types, a weak word.

    `family` (from a national code) rules out the other family's kinds.
    """
    cells = [clean(cell) for cell in types]
    if chosen := next((_labels(law)[cell] for cell in cells[:1] if cell in _labels(law)), None):
        return Guess(_within(chosen, family), sure=True)
    words = [part for cell in cells for part in _PARTS.split(cell) if part]
    texts = [
        (name, True),
        *((word, True) for word in words),
        (name, False),
        *((word, False) for word in words),
    ]
    found = (_by_words(text, law, strong=strong) for text, strong in texts)
    guess = next((one for one in found if one and family in (None, one.family)), None)
    return Guess(guess or _default(family), sure=False)


def nature(texts: Iterable[str], law: Law) -> str:
    """公立, 民营, 合资, 外资, 军队, or an empty text where the list does not say."""
    words = _nature_words(law)
    for text in texts:
        for part in _PARTS.split(clean(text)):
            if words.get(part):
                return words[part]
    return ""


def level(text: str, law: Law) -> str | None:
    """The level in one spelling, an empty text for 未知 and the like, None for a word nobody knows."""
    return _level_words(law).get(clean(text).replace(" ", ""))


def _within(chosen: InstitutionKind, family: str | None) -> InstitutionKind | None:
    return chosen if family in (None, chosen.family) else _default(family)


def _default(family: str | None) -> InstitutionKind | None:
    return {PHARMACY: InstitutionKind.RETAIL_PHARMACY, MEDICAL: InstitutionKind.OTHER_MEDICAL}.get(
        family or ""
    )


def _by_words(text: str, law: Law, *, strong: bool) -> InstitutionKind | None:
    if not strong and (ending := next((e for e in _endings(law) if text.endswith(e)), None)):
        return _endings(law)[ending]
    pattern, kinds = _patterns(law)[strong]
    found = pattern.match(text[::-1])
    return kinds[found.group(1)[::-1]] if found else None


@lru_cache(maxsize=16)
def _patterns(law: Law) -> dict[bool, tuple[re.Pattern[str], dict[str, InstitutionKind]]]:
    """Read backwards: the word that ends last is met first, and of several ending there the longest."""
    found = {}
    for strong in (True, False):
        kinds = {
            word: InstitutionKind(row.key)
            for row in law.table("kind_words")
            for word in (*row.extra["weak"], *(row.extra["words"] if strong else ()))
            if strong is (word in row.extra["words"])
        }
        longest_first = sorted(kinds, key=len, reverse=True)
        pattern = "|".join(re.escape(word[::-1]) for word in longest_first)
        found[strong] = (re.compile(f".*?({pattern})", re.DOTALL), kinds)
    return found


@lru_cache(maxsize=16)
def _endings(law: Law) -> dict[str, InstitutionKind]:
    """Words that say something only as the very last word of a name."""
    return {
        word: InstitutionKind(row.key)
        for row in law.table("kind_words")
        for word in row.extra.get("endings", ())
    }


@lru_cache(maxsize=16)
def _labels(law: Law) -> dict[str, InstitutionKind]:
    """Our own labels and every row's: what a list that knows the kinds writes."""
    names = {row.label: InstitutionKind(row.key) for row in law.table("kind_words")}
    return names | {one.label: one for one in InstitutionKind}


@lru_cache(maxsize=16)
def _level_words(law: Law) -> dict[str, str]:
    return _words(law.table("level_words"))


@lru_cache(maxsize=16)
def _nature_words(law: Law) -> dict[str, str]:
    return _words(law.table("nature_words"))


@lru_cache(maxsize=50_000)
def _word_initials(word: str) -> str:
    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))


def _words(rows: Iterable[Row]) -> dict[str, str]:
    return {word: row.extra["value"] for row in rows for word in (row.label, *row.extra["words"])}


@lru_cache(maxsize=16)
def _province_names(law: Law) -> dict[str, Row]:
    names: dict[str, Row] = {}
    for row in law.table("provinces"):
        short = row.extra["short"]
        for name in (
            row.label,
            short,
            f"{short}省",
            f"{short}市",
            row.key,
            f"{row.key}0000",
            *row.extra["aliases"],
        ):
            names.setdefault(str(name), row)
    return names
