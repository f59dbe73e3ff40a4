"""SQL expressions of a scheme, read by the dataframe engine's parser; only arithmetic over columns passes."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from scoring.operators import PRECISION

QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
# The engine opens files already while it parses a sub-select, so the text is examined before the parser sees it.
FORBIDDEN = re.compile(
    r"\b(select|from|table|values|with|read_\w+|scan_\w+)\b|[\\`$;]|--|/\*", re.IGNORECASE
)


def expression(sql: str) -> pl.Expr:
    """The expression, or ValueError with a Chinese sentence. Sub-queries, comments and escapes are refused."""
    hit = FORBIDDEN.search(QUOTED.sub(" ", sql)) or re.search(r"[\\`$]", sql)
    if hit:
        raise ValueError(f"算式“{sql}”里不能用“{hit.group()}”")
    try:
        parsed = pl.sql_expr(sql)
        parsed.meta.root_names()
    except (pl.exceptions.PolarsError, AttributeError, TypeError):
        raise ValueError(f"算式“{sql}”读不懂") from None
    return parsed


def columns_of(sql: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(expression(sql).meta.root_names()))


def outcome(sql: str, schema: Mapping[str, pl.DataType]) -> pl.DataType:
    """The type the expression yields over columns of these types; ValueError when they do not go together."""
    try:
        return pl.DataFrame(schema=dict(schema)).select(expression(sql).alias("x")).schema["x"]
    except pl.exceptions.PolarsError:
        raise ValueError(f"算式“{sql}”里列的类型合不到一起") from None


def number(value: pl.Expr) -> pl.Expr:
    """As a number without binary noise; what is no finite number counts as missing.

    The engine divides a column by a constant less exactly than a single value, so every quotient passes
    here: a subject rated alone and among fifty thousand has the same score to the last bit.
    """
    return finite(value).round(PRECISION)


def finite(value: pl.Expr) -> pl.Expr:
    """As a number to its last bit: only for what is rounded by a rule of its own."""
    plain = value.cast(pl.Float64)
    return pl.when(plain.is_finite()).then(plain)


def rounded(value: pl.Expr, mode: str, digits: int) -> pl.Expr:
    """Commercial rounding (half_up, away from zero), banker's (half_even) or cutting off (down).

    84.995 is stored as a little less; it is first put back on its decimal, so that half_up gives 85.00.
    """
    scaled = (value * 10**digits).round(PRECISION - 3)
    whole = {
        "half_up": scaled.round(0, mode="half_away_from_zero"),
        "half_even": scaled.round(0, mode="half_to_even"),
        "down": scaled.abs().floor() * scaled.sign(),
    }[mode]
    return (whole / 10**digits).round(digits)
