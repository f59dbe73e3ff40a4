"""Facts of a letter: checked against the annotations of its frozen dataclass, dumped as plain JSON values.

A fact without a default must be given and must not be empty. A text with the default "" may be left out.
"""

from __future__ import annotations

import dataclasses
import math
import types
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, NewType, TypeVar, get_args, get_origin, get_type_hints

Figure = NewType("Figure", str)
"""A number printed as it was given; int, float, Decimal or text are taken, frozen as text."""

LONGEST_TEXT = 20_000
MOST_ROWS = 2_000

Made = TypeVar("Made")


class WrongFact(ValueError):
    """A letter was given a fact too few, too many, or of the wrong shape. The text names it."""


def build(shape: type[Made], given: Any, where: str) -> Made:
    """An instance of the frozen dataclass `shape`; raises WrongFact, naming `where` and the fact."""
    if not isinstance(given, Mapping):
        if not dataclasses.is_dataclass(given) or isinstance(given, type):
            raise WrongFact(f"{where}：应为一组事实，实际为 {type(given).__name__}。")
        given = {field.name: getattr(given, field.name) for field in dataclasses.fields(given)}
    fields = {field.name: field for field in dataclasses.fields(shape)}  # type: ignore[arg-type]
    missing = [n for n, f in fields.items() if n not in given and not _has_default(f)]
    extra = [str(name) for name in given if name not in fields]
    if missing:
        raise WrongFact(f"{where}：缺少事实 {'、'.join(missing)}。")
    if extra:
        raise WrongFact(f"{where}：不认识的事实 {'、'.join(extra)}。")
    hints = get_type_hints(shape)
    return shape(
        **{
            name: _take(
                hints[name], value, f"{where}.{name}", may_be_empty=_has_default(fields[name])
            )
            for name, value in given.items()
        }
    )


def dump(value: Any) -> Any:
    """Plain JSON values: days as ISO text, rows as dictionaries and lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: dump(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [dump(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _has_default(field: dataclasses.Field) -> bool:
    return field.default is not dataclasses.MISSING


def _take(wanted: Any, value: Any, where: str, *, may_be_empty: bool) -> Any:
    origin = get_origin(wanted)
    if origin is types.UnionType:  # only `date | None` occurs
        return None if value in (None, "") else _day(value, where)
    if origin is Literal:
        return _one_of(get_args(wanted), value, where)
    if origin is tuple:
        return _rows(get_args(wanted)[0], value, where, may_be_empty=may_be_empty)
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        return build(wanted, value, where)
    return _plain(wanted, value, where, may_be_empty=may_be_empty)


def _plain(wanted: Any, value: Any, where: str, *, may_be_empty: bool) -> Any:
    if wanted is date:
        return _day(value, where)
    if wanted is Figure:
        return _figure(value, where)
    if wanted in (bool, int):
        return _exactly(wanted, value, where)
    return _text(value, where, may_be_empty=may_be_empty)


def _rows(wanted: Any, value: Any, where: str, *, may_be_empty: bool) -> tuple:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise WrongFact(f"{where}：应为一列，实际为 {type(value).__name__}。")
    rows = tuple(
        _take(wanted, each, f"{where}[{n}]", may_be_empty=False) for n, each in enumerate(value)
    )
    if not rows and not may_be_empty:
        raise WrongFact(f"{where}：至少应有一项。")
    if len(rows) > MOST_ROWS:
        raise WrongFact(f"{where}：最多 {MOST_ROWS} 项，实际 {len(rows)} 项。")
    return rows


def _one_of(allowed: tuple, value: Any, where: str) -> str:
    text = value.value if isinstance(value, Enum) else value
    if text not in allowed:
        raise WrongFact(
            f"{where}：应为 {'、'.join(filter(None, allowed))} 之一，实际为 {value!r}。"
        )
    return str(text)


def _day(value: Any, where: str) -> date:
    """A legal day. An instant is refused: which day it falls on is not the letter's to decide."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise WrongFact(f"{where}：应为日期，实际为 {value!r}。") from None


def _figure(value: Any, where: str) -> Figure:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise WrongFact(f"{where}：应为有限的数，实际为 {value!r}。")
        return Figure(str(value))
    return Figure(_text(value, where, may_be_empty=False))


def _exactly(wanted: type, value: Any, where: str) -> Any:
    if type(value) is not wanted:
        name = "是否（bool）" if wanted is bool else "整数"
        raise WrongFact(f"{where}：应为{name}，实际为 {value!r}。")
    return value


def _text(value: Any, where: str, *, may_be_empty: bool) -> str:
    """Text in NFC. An enumeration with a Chinese label is printed by its label."""
    if isinstance(value, Enum):
        value = getattr(value, "label", value.value)
    if value is None and may_be_empty:
        return ""
    if not isinstance(value, str):
        raise WrongFact(f"{where}：应为文字，实际为 {value!r}。")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if not text and not may_be_empty:
        raise WrongFact(f"{where}：不能为空。")
    if len(text) > LONGEST_TEXT:
        raise WrongFact(f"{where}：最多 {LONGEST_TEXT} 字，实际 {len(text)} 字。")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise WrongFact(f"{where}：含有不能打印的控制字符。")
    return text
