"""The facts as the scheme declares them: every column there, typed, defaults filled, each subject once."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from rules.refusal import Refused
from scoring.formula import number
from scoring.scheme import Scheme
from scoring.sources import Fact

YES = ("是", "有", "true", "yes", "y", "1", "1.0")
NO = ("否", "无", "false", "no", "n", "0", "0.0")
TYPES: Mapping[str, pl.DataType] = {
    "number": pl.Float64(),
    "flag": pl.Boolean(),
    "text": pl.String(),
    "date": pl.Date(),
}
WANTED = {"number": "数字", "flag": "是或否", "text": "文字", "date": "日期"}
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%m/%d/%Y")


def prepared(facts: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """Only the columns of the scheme, in its order. Refused when one is absent or holds what it must not."""
    absent = [name for name in scheme.key_columns if name not in facts.columns]
    absent += [f.heading for f in scheme.facts if not f.optional and _heading(facts, f) is None]
    if absent:
        raise Refused(
            f"事实表缺少列：{'、'.join(absent)}。",
            cure="请按方案 facts 部分补齐列名，没有数据的留空。",
        )
    typed = [typed_column(facts, fact, scheme.missing_marks) for fact in scheme.facts]
    frame = facts.select(*(_key(scheme, name) for name in scheme.key_columns), *typed)
    _once_each(frame, scheme)
    _of_known_kind(frame, scheme)
    return frame


def _heading(facts: pl.DataFrame, fact: Fact) -> str | None:
    """A file gives the published heading, a query of ours the scheme's own name."""
    return next((name for name in (fact.heading, fact.column) if name in facts.columns), None)


def _key(scheme: Scheme, name: str) -> pl.Expr:
    """The subject's key keeps its type; families and peers are words."""
    return pl.col(name) if name == scheme.subject.key else pl.col(name).cast(pl.String)


def typed_column(facts: pl.DataFrame, fact: Fact, marks: tuple[str, ...]) -> pl.Series:
    """The column as the fact's type under the fact's name. Refused when a cell is something else."""
    heading = _heading(facts, fact)
    if heading is None:
        column = pl.Series(fact.column, [None] * facts.height, TYPES[fact.type])
    else:
        column = facts[heading].alias(fact.column)
    if column.dtype == pl.String:
        column = _unmarked(column, marks)
    typed = _read(column, fact)
    lost = column.filter(typed.is_null() & column.is_not_null())
    if len(lost):
        wanted = WANTED[fact.type]
        why = f"列 {fact.heading}（{fact.label}）有{len(lost)}格不是{wanted}，如“{lost[0]}”。"
        raise Refused(why, cure=_cure(fact, str(lost[0])))
    return typed if fact.default is None else typed.fill_null(fact.default)


def _read(column: pl.Series, fact: Fact) -> pl.Series:
    if fact.type == "number":
        return _numbers(column, percent=fact.unit == "%")
    return {"flag": _flags, "text": _texts, "date": _days}[fact.type](column)


def _cure(fact: Fact, cell: str) -> str:
    if fact.type == "number" and cell.endswith("%"):
        return '百分数的列请在方案中写 unit: "%"。'
    return "请改正，或在方案的 missing_marks 中写明这是缺数的记号。"


def _unmarked(column: pl.Series, marks: tuple[str, ...]) -> pl.Series:
    plain = column.str.strip_chars()
    frame = pl.DataFrame({column.name: plain})
    missing = pl.col(column.name).is_in(["", *marks])
    return frame.select(pl.when(~missing).then(pl.col(column.name)))[column.name]


def _numbers(column: pl.Series, *, percent: bool) -> pl.Series:
    plain = column.cast(pl.Float64, strict=False)
    if column.dtype == pl.String and (plain.is_null() & column.is_not_null()).any():
        plain = plain.zip_with(plain.is_not_null(), _written(column, percent=percent))
    return pl.DataFrame({column.name: plain}).select(
        number(pl.col(column.name)).alias(column.name)
    )[column.name]


def _written(column: pl.Series, *, percent: bool) -> pl.Series:
    """Numbers as people publish them: `38.33%` in a column of percent, `7 out of 10`, `$1,234.50`."""
    text = column.str.replace(r"^(-?[0-9.]+) out of [0-9.]+$", "$1")
    if percent:
        text = text.str.replace(r"^(-?[0-9.,]+)\s*[%％]$", "$1")
    text = text.str.replace(r"^(-?)[$¥￥](.*)$", "$1$2")
    grouped = r"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$"
    bare = pl.DataFrame({"t": text}).select(
        pl.when(pl.col("t").str.contains(grouped))
        .then(pl.col("t").str.replace_all(",", ""))
        .otherwise(pl.col("t"))
    )["t"]
    return bare.cast(pl.Float64, strict=False)


def _days(column: pl.Series) -> pl.Series:
    """Year first or, as some publishers write, month/day/year; one way for the whole column."""
    if column.dtype != pl.String:
        return column.cast(pl.Date, strict=False)
    bare = column.str.replace(r"[T ]\d{1,2}:.*$", "")
    read = [bare.str.to_date(form, strict=False) for form in DAYS]
    return min(read, key=lambda days: days.null_count())


def _flags(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Boolean:
        return column
    words = column.cast(pl.String).str.to_lowercase()
    known = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    return words.replace_strict(known, default=None, return_dtype=pl.Boolean)


def _texts(column: pl.Series) -> pl.Series:
    if column.dtype == pl.List:
        return column.cast(pl.List(pl.String)).list.join("、")
    return column.cast(pl.String)


def _once_each(frame: pl.DataFrame, scheme: Scheme) -> None:
    keys = frame[scheme.subject.key]
    if keys.null_count():
        raise Refused(
            f"有{keys.null_count()}行没有{scheme.subject.label}的编号。",
            cure="请补上，或删去该行。",
        )
    twice = keys.filter(keys.is_duplicated()).unique(maintain_order=True)
    if len(twice):
        raise Refused(
            f"{scheme.subject.label}“{twice[0]}”出现了不止一次。", cure="每个对象只留一行。"
        )


def _of_known_kind(frame: pl.DataFrame, scheme: Scheme) -> None:
    if scheme.subject.kind is None:
        return
    odd = frame.filter(~pl.col(scheme.subject.kind).fill_null("").is_in(list(scheme.subject.kinds)))
    if len(odd):
        who, kind = odd[scheme.subject.key][0], odd[scheme.subject.kind][0]
        names = "、".join(scheme.subject.kinds)
        raise Refused(
            f"{scheme.subject.label}“{who}”的类别“{kind or '空'}”不在方案之内。",
            cure=f"应为：{names}。",
        )
