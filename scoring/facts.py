"""The facts as the scheme declares them: every column there, typed, defaults filled, each subject once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
SHOWN = 8  # columns named in a sentence
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%m/%d/%Y")


def prepared(facts: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """Only the columns of the scheme, in its order. Refused when one is absent or holds what it must not."""
    absent = [name for name in scheme.key_columns if name not in facts.columns]
    absent += [f.heading for f in scheme.facts if not f.optional and _heading(facts, f) is None]
    if absent:
        more = f"等{len(absent)}列" if len(absent) > SHOWN else ""
        raise Refused(
            f"事实表缺少列：{'、'.join(absent[:SHOWN])}{more}。",
            cure="请按方案 facts 部分补齐列名，没有数据的留空。",
        )
    keys = [_key(scheme, name) for name in scheme.key_columns]
    typed = typed_columns(facts, scheme.facts, scheme.missing_marks, who=facts[scheme.subject.key])
    frame = pl.concat([facts.select(keys), typed], how="horizontal")
    _once_each(frame, scheme)
    _of_known_kind(frame, scheme)
    return frame


def _heading(facts: pl.DataFrame, fact: Fact) -> str | None:
    """A file gives the published heading, a query of ours the scheme's own name."""
    return next((name for name in (fact.heading, fact.column) if name in facts.columns), None)


def _key(scheme: Scheme, name: str) -> pl.Expr:
    """The subject's key keeps its type; families and peers are words."""
    return pl.col(name) if name == scheme.subject.key else pl.col(name).cast(pl.String)


def typed_columns(
    table: pl.DataFrame, facts: Sequence[Fact], marks: tuple[str, ...], *, who: pl.Series
) -> pl.DataFrame:
    """Each column as its fact's type under its fact's name. Refused when a cell is something else.

    `who`: whom each row is about, named beside the cell that is wrong.
    """
    raw = table.select(_raw(table, fact, marks) for fact in facts)
    typed = raw.select(_READ[fact.type](pl.col(fact.column), raw, fact) for fact in facts)
    odd = _lost(raw, typed)
    forms = [fact for fact in facts if fact.type == "number" and fact.column in odd]
    if forms:
        typed = typed.with_columns(raw.select(_written(fact) for fact in forms))
        odd = _lost(raw, typed)
    for fact in facts:
        if fact.column in odd:
            _refuse(raw, typed, fact, who)
    filled = [fact for fact in facts if fact.default is not None]
    return typed.with_columns(pl.col(fact.column).fill_null(fact.default) for fact in filled)


def _lost(raw: pl.DataFrame, typed: pl.DataFrame) -> set[str]:
    """The columns in which a cell said something and nothing was understood."""
    said, read = raw.null_count().row(0, named=True), typed.null_count().row(0, named=True)
    return {name for name, nulls in read.items() if nulls > said[name]}


def _refuse(raw: pl.DataFrame, typed: pl.DataFrame, fact: Fact, who: pl.Series) -> None:
    odd = typed[fact.column].is_null() & raw[fact.column].is_not_null()
    lost, whose = raw[fact.column].filter(odd), who.filter(odd)[0]
    wanted = WANTED[fact.type]
    why = (
        f"列 {fact.heading}（{fact.label}）有{len(lost)}格不是{wanted}，如“{whose}”的“{lost[0]}”。"
    )
    cure = "请改正，或在方案的 missing_marks 中写明这是缺数的记号。"
    if fact.type == "number" and str(lost[0]).endswith("%"):
        cure = '百分数的列请在方案中写 unit: "%"。'
    raise Refused(why, cure=cure)


def _raw(table: pl.DataFrame, fact: Fact, marks: tuple[str, ...]) -> pl.Expr:
    """The cell without blanks around it; a missing mark is no cell at all."""
    heading = _heading(table, fact)
    if heading is None:
        return pl.lit(None, TYPES[fact.type]).alias(fact.column)
    cell = pl.col(heading)
    if table.schema[heading] == pl.String:
        cell = cell.str.strip_chars()
        cell = pl.when(~cell.is_in(["", *marks])).then(cell)
    return cell.alias(fact.column)


def _number(cell: pl.Expr, _raw: pl.DataFrame, _fact: Fact) -> pl.Expr:
    return number(cell.cast(pl.Float64, strict=False)).name.keep()


def _written(fact: Fact) -> pl.Expr:
    """Numbers as people publish them: `38.33%` in a column of percent, `7 out of 10`, `$1,234.50`."""
    text = pl.col(fact.column).str.replace(r"^(-?[0-9.]+) out of [0-9.]+$", "$1")
    if fact.unit == "%":
        text = text.str.replace(r"^(-?[0-9.,]+)\s*[%％]$", "$1")
    text = text.str.replace(r"^(-?)[$¥￥](.*)$", "$1$2")
    grouped = text.str.contains(r"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
    bare = pl.when(grouped).then(text.str.replace_all(",", "")).otherwise(text)
    return number(bare.cast(pl.Float64, strict=False)).alias(fact.column)


def _day(cell: pl.Expr, raw: pl.DataFrame, fact: Fact) -> pl.Expr:
    """Year first or, as some publishers write, month/day/year."""
    if raw.schema[fact.column] != pl.String:
        return cell.cast(pl.Date, strict=False)
    bare = cell.str.replace(r"[T ]\d{1,2}:.*$", "")
    return pl.coalesce(bare.str.to_date(form, strict=False) for form in DAYS)


def _flag(cell: pl.Expr, raw: pl.DataFrame, fact: Fact) -> pl.Expr:
    if raw.schema[fact.column] == pl.Boolean:
        return cell
    known = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    words = cell.cast(pl.String).str.to_lowercase()
    return words.replace_strict(known, default=None, return_dtype=pl.Boolean)


def _text(cell: pl.Expr, raw: pl.DataFrame, fact: Fact) -> pl.Expr:
    if raw.schema[fact.column] == pl.List:
        return cell.cast(pl.List(pl.String)).list.join("、")
    return cell.cast(pl.String)


_READ = {"number": _number, "flag": _flag, "text": _text, "date": _day}


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
