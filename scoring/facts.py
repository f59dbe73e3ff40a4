"""The facts as the scheme declares them: every column there, typed, defaults filled, each subject once."""

from __future__ import annotations

import polars as pl

from rules.refusal import Refused
from scoring.formula import number
from scoring.scheme import Fact, Scheme

YES = ("是", "有", "true", "yes", "y", "1", "1.0")
NO = ("否", "无", "false", "no", "n", "0", "0.0")


def prepared(facts: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """Only the columns of the scheme, in its order. Refused when one is absent or holds what it must not."""
    absent = [name for name in scheme.fact_columns if name not in facts.columns]
    if absent:
        raise Refused(
            f"事实表缺少列：{'、'.join(absent)}。",
            cure="请按方案 facts 部分补齐列名，没有数据的留空。",
        )
    typed = [_typed(facts, fact, scheme.missing_marks) for fact in scheme.facts]
    frame = facts.select(*(_key(scheme, name) for name in scheme.key_columns), *typed)
    _once_each(frame, scheme)
    _of_known_kind(frame, scheme)
    return frame


def _key(scheme: Scheme, name: str) -> pl.Expr:
    """The subject's key keeps its type; families and peers are words."""
    return pl.col(name) if name == scheme.subject.key else pl.col(name).cast(pl.String)


def _typed(facts: pl.DataFrame, fact: Fact, marks: tuple[str, ...]) -> pl.Series:
    column = facts[fact.column]
    if column.dtype == pl.String:
        column = _unmarked(column, marks)
    read = {"number": _numbers, "flag": _flags, "text": _texts}[fact.type]
    typed = read(column)
    lost = column.filter(typed.is_null() & column.is_not_null())
    if len(lost):
        wanted = {"number": "数字", "flag": "是或否", "text": "文字"}[fact.type]
        why = f"列 {fact.column}（{fact.label}）有{len(lost)}格不是{wanted}，如“{lost[0]}”。"
        raise Refused(why, cure="请改正，或在方案的 missing_marks 中写明这是缺数的记号。")
    return typed if fact.default is None else typed.fill_null(fact.default)


def _unmarked(column: pl.Series, marks: tuple[str, ...]) -> pl.Series:
    plain = column.str.strip_chars()
    frame = pl.DataFrame({column.name: plain})
    missing = pl.col(column.name).is_in(["", *marks])
    return frame.select(pl.when(~missing).then(pl.col(column.name)))[column.name]


def _numbers(column: pl.Series) -> pl.Series:
    plain = column.cast(pl.Float64, strict=False)
    return pl.DataFrame({column.name: plain}).select(
        number(pl.col(column.name)).alias(column.name)
    )[column.name]


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
