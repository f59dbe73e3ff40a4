"""Questions by the thousand: institution, person, day, emergency → what stands against payment. Whole columns, pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

ASKED = ["place", "person", "department", "day", "emergency"]
NOT_REGISTERED, NO_AGREEMENT = "not_registered", "agreement_none"
UNKNOWN_PLACE, UNKNOWN_PERSON = "unknown_institution", "unknown_practitioner"
_SIDES = {  # which lines a question meets: by the person (0: nobody's) and the institution (0: anywhere)
    "own": ("place", None, None),
    "of_department": ("place", None, "department"),
    "of_person": (None, "person", None),
    "here": ("place", "person", None),
}


def book(lines: Mapping[str, Sequence[Any]]) -> pl.DataFrame:
    """The lines of the book as a table sorted by day, as `answer` wants it."""
    schema = {
        "institution_id": pl.Int64, "practitioner_id": pl.Int64, "department": pl.String, "from_on": pl.Date,
        "to_on": pl.Date, "codes": pl.String, "emergency_codes": pl.String,
    }  # fmt: skip
    return pl.DataFrame(dict(lines), schema=schema).sort("from_on")


def answer(questions: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """`payable` and `reasons` (codes with ; between) for each row of the columns ASKED, in their order.

    A key that is null was not found: refused as unknown. `person` 0: no person is asked about.
    """
    asked = questions.with_row_index("row").sort("day")
    for name, keys in _SIDES.items():
        asked = _met(asked, lines, name, *keys)
    nobody = pl.col("person") == 0
    known = pl.col("place").is_not_null() & pl.col("person").is_not_null()
    unfiled = known & ~nobody & ~pl.col("here_found")
    told = [
        pl.when(pl.col("place").is_null()).then(pl.lit(UNKNOWN_PLACE)),
        pl.when(pl.col("person").is_null()).then(pl.lit(UNKNOWN_PERSON)),
        pl.when(pl.col("place").is_not_null() & ~pl.col("own_found")).then(pl.lit(NO_AGREEMENT)),
        pl.col("own"),
        pl.when(pl.col("department") != "").then(pl.col("of_department")),
        pl.when(~nobody).then(pl.col("of_person")),
        pl.when(unfiled).then(pl.lit(NOT_REGISTERED)).when(~nobody).then(pl.col("here")),
    ]
    parts = [pl.when(part != "").then(part) for part in told]
    reasons = pl.concat_str(parts, separator=";", ignore_nulls=True)
    found = asked.select("row", reasons=reasons).sort("row")
    return found.select(payable=pl.col("reasons") == "", reasons="reasons")


def _met(
    asked: pl.DataFrame,
    lines: pl.DataFrame,
    name: str,
    place: str | None,
    person: str | None,
    department: str | None,
) -> pl.DataFrame:
    """Add the codes of the line that covers the day: the last that began by then, if it is not over."""
    keyed = lines.filter(
        (pl.col("institution_id") != 0) if place else (pl.col("institution_id") == 0),
        (pl.col("practitioner_id") != 0) if person else (pl.col("practitioner_id") == 0),
        (pl.col("department") != "") if department else (pl.col("department") == ""),
    ).select(
        pl.col("institution_id").alias("_place"),
        pl.col("practitioner_id").alias("_person"),
        pl.col("department").alias("_department"),
        "from_on",
        "to_on",
        "codes",
        "emergency_codes",
    )
    by = {"_place": place, "_person": person, "_department": department}
    by_left = [column for column in by.values() if column]
    by_right = [key for key, column in by.items() if column]
    joined = asked.join_asof(
        keyed,
        left_on="day",
        right_on="from_on",
        by_left=by_left,
        by_right=by_right,
        strategy="backward",
        check_sortedness=False,
    )
    covers = pl.col("to_on").is_not_null() & (pl.col("day") <= pl.col("to_on"))
    codes = pl.when(pl.col("emergency")).then(pl.col("emergency_codes")).otherwise(pl.col("codes"))
    return joined.with_columns(
        pl.when(covers).then(codes).otherwise(pl.lit("")).alias(name), covers.alias(f"{name}_found")
    ).select(*asked.columns, name, f"{name}_found")
