"""What a scheme must mean: names that exist, weights that can be borne, grades in order, uses for every grade."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import polars as pl

from scoring.formula import columns_of, outcome
from scoring.operators import Ladder
from scoring.scheme import Indicator, Item, Scheme, Use, Veto

RESERVED = ("bonus", "malus", "score_grade", "vetoes", "score", "grade", "grade_label", "rank")
TYPES: Mapping[str, pl.DataType] = {
    "number": pl.Float64(),
    "flag": pl.Boolean(),
    "text": pl.String(),
}
WHOLE = 100  # percent
Path = tuple[str | int, ...]


class Problem(NamedTuple):
    where: Path
    why: str
    cure: str


def problems_of(scheme: Scheme) -> list[Problem]:
    """Every fault of a well-formed scheme, with the path of the part that has it."""
    checks = (_names, _facts, _steps, _items, _domains, _combine, _vetoes, _grades, _ranking, _uses)
    return [problem for check in checks for problem in check(scheme)]


def _columns(scheme: Scheme) -> list[str]:
    return [*scheme.fact_columns, *(step.name for step in scheme.steps)]


def _known(where: Path, name: str | None, known: Collection[str], what: str) -> Iterator[Problem]:
    if name is None or name in known:
        return
    close = difflib.get_close_matches(name, list(known), n=1)
    cure = f"是否应为 {close[0]}" if close else f"可用的有：{'、'.join(known)}"
    yield Problem(where, f"{what}“{name}”没有定义", cure)


def _sql(
    scheme: Scheme, where: Path, sql: str, wanted: str, known: Sequence[str]
) -> Iterator[Problem]:
    try:
        unknown = [
            p for name in columns_of(sql) for p in _known(where, name, known, "算式用到的列")
        ]
        found = None if unknown else outcome(sql, {name: _type(scheme, name) for name in known})
    except ValueError as error:
        yield Problem(
            where, str(error), "按 SQL 表达式书写列之间的算术、比较和 CASE，列名与 facts 中一致"
        )
        return
    yield from unknown
    if found is not None and wanted == "condition" and found != pl.Boolean:
        yield Problem(where, f"“{sql}”不是一个成立或不成立的条件", "写成比较，如 count > 0")
    if found is not None and wanted == "number" and not (found.is_numeric() or found == pl.Boolean):
        yield Problem(where, f"“{sql}”算出来的不是数", "改成得出数字或是否的算式")


def _type(scheme: Scheme, name: str) -> pl.DataType:
    """Key columns hold names; steps hold numbers."""
    types = {fact.column: TYPES[fact.type] for fact in scheme.facts}
    return types.get(name, pl.String() if name in scheme.key_columns else pl.Float64())


def _names(scheme: Scheme) -> Iterator[Problem]:
    columns = [*_columns(scheme), *(domain.key for domain in scheme.domains)]
    items = [*(i.key for i in scheme.indicators), *(i.key for _, i in scheme.extras)]
    for names in (columns, items + [v.key for v in scheme.vetoes], [g.key for g in scheme.grades]):
        for name, times in Counter(names).items():
            if times > 1:
                yield Problem(
                    _where(scheme, name), f"名称“{name}”用了{times}次", "改成各不相同的名称"
                )
    for name in set(columns) & set(RESERVED):
        yield Problem(_where(scheme, name), f"“{name}”是结果表自用的列名", "换一个名称")


def _where(scheme: Scheme, name: str) -> Path:
    """The last part bearing the name: the one to be renamed."""
    parts = (
        ("facts", [f.column for f in scheme.facts]),
        ("steps", [s.name for s in scheme.steps]),
        ("domains", [d.key for d in scheme.domains]),
        ("indicators", [i.key for i in scheme.indicators]),
        ("vetoes", [v.key for v in scheme.vetoes]),
        ("grades", [g.key for g in scheme.grades]),
    )
    hits: list[Path] = [(p, n) for p, keys in parts for n, key in enumerate(keys) if key == name]
    return hits[-1] if hits else ()


def _facts(scheme: Scheme) -> Iterator[Problem]:
    right = {"number": float, "flag": bool, "text": str}
    for n, fact in enumerate(scheme.facts):
        if fact.default is not None and not isinstance(fact.default, right[fact.type]):
            yield Problem(
                ("facts", n, "default"), f"“{fact.column}”的默认值与类型不符", "改默认值或 type"
            )


def _steps(scheme: Scheme) -> Iterator[Problem]:
    known = list(scheme.fact_columns)
    for n, step in enumerate(scheme.steps):
        yield from _sql(scheme, ("steps", n, "sql"), step.sql, "number", known)
        known.append(step.name)


def _items(scheme: Scheme) -> Iterator[Problem]:
    for n, indicator in enumerate(scheme.indicators):
        yield from _item(scheme, indicator, ("indicators", n))
        yield from _indicator(scheme, indicator, ("indicators", n))
    for part, group in (("bonus", scheme.bonus), ("malus", scheme.malus)):
        for n, item in enumerate(group.items if group else ()):
            yield from _item(scheme, item, (part, "items", n))


def _item(scheme: Scheme, item: Item, at: Path) -> Iterator[Problem]:
    known = _columns(scheme)
    if (item.fact is None) == (item.sql is None):
        yield Problem(at, f"“{item.key}”须且只须写 fact、sql 之一", "直接取列用 fact，要计算用 sql")
    elif item.sql:
        yield from _sql(scheme, (*at, "sql"), item.sql, "number", known)
    else:
        yield from _known((*at, "fact"), item.fact, known, "事实列")
    if isinstance(item.rule, Ladder):
        yield from _ladder(item.rule, at)
    yield from _shared(scheme, item, at)


def _ladder(rule: Ladder, at: Path) -> Iterator[Problem]:
    """Rungs are tried from the first to the last, so a wider one must not stand before a narrower one."""
    for n, (one, two) in enumerate(pairwise(rule.steps), start=1):
        where: Path = (*at, "rule", "steps", n)
        if (one.at_least is None) != (two.at_least is None):
            yield Problem(where, "同一阶梯混用了 at_least 和 at_most", "全部改用同一种界限")
        elif (one.at_least or 0) <= (two.at_least or 0) and (one.at_most or 0) >= (
            two.at_most or 0
        ):
            cure = "at_least 由大到小写，at_most 由小到大写，不得重复"
            yield Problem(where, "阶梯各档没有按先后排好", cure)


def _shared(scheme: Scheme, part: Item | Veto, at: Path) -> Iterator[Problem]:
    yield from _known((*at, "evidence"), part.evidence, _columns(scheme), "证据列")
    for kind in part.kinds:
        yield from _known((*at, "kinds"), kind, scheme.subject.kinds, "机构类别")


def _indicator(scheme: Scheme, item: Indicator, at: Path) -> Iterator[Problem]:
    yield from _known((*at, "domain"), item.domain, [d.key for d in scheme.domains], "维度")
    if (item.missing == "stated") != (item.missing_points is not None):
        yield Problem(
            at, f"“{item.key}”的缺数处理不完整", "missing: stated 与 missing_points 要一起写"
        )
    if scheme.combine.method == "sum" and item.missing == "reweight":
        yield Problem((*at, "missing"), "累加计分没有权重可以分担", "改用 zero、neutral 或 stated")
    if scheme.combine.method == "weighted_mean" and item.rule.full <= 0:
        yield Problem((*at, "rule"), f"“{item.key}”的满分为0，无法加权", "写出大于0的满分")
    if item.missing_points is not None and item.missing_points > item.rule.full:
        yield Problem((*at, "missing_points"), "缺数时的得分高于满分", f"不超过{item.rule.full:g}")


def _domains(scheme: Scheme) -> Iterator[Problem]:
    for n, domain in enumerate(scheme.domains):
        size = len(scheme.in_domain(domain.key))
        if size < domain.minimum:
            cure = f"至少要有{domain.minimum}个指标归入它，或者删去该维度"
            yield Problem(("domains", n), f"维度“{domain.label}”只有{size}个指标", cure)


def _combine(scheme: Scheme) -> Iterator[Problem]:
    if scheme.combine.floor >= scheme.combine.ceiling:
        yield Problem(("combine", "floor"), "最低分不低于最高分", "floor 要小于 ceiling")
    if (scheme.subject.kind is None) != (not scheme.subject.kinds):
        yield Problem(("subject",), "类别列与类别名单要一起写", "补上 kind 或 kinds")


def _vetoes(scheme: Scheme) -> Iterator[Problem]:
    grades = [grade.key for grade in scheme.grades]
    for n, veto in enumerate(scheme.vetoes):
        at: Path = ("vetoes", n)
        yield from _sql(scheme, (*at, "when"), veto.when, "condition", _columns(scheme))
        yield from _shared(scheme, veto, at)
        if (veto.cap is None) == (veto.grade is None):
            yield Problem(
                at, f"“{veto.key}”须且只须写 cap、grade 之一", "封顶用 cap，直接定级用 grade"
            )
        for field in ("cap", "grade"):
            yield from _known((*at, field), getattr(veto, field), grades, "等级")


def _grades(scheme: Scheme) -> Iterator[Problem]:
    last = len(scheme.grades) - 1
    bounds = [grade.at_least for grade in scheme.grades]
    for n, bound in enumerate(bounds):
        if (bound is None) != (n == last):
            yield Problem(
                ("grades", n), "除最低一级外都要写 at_least，最低一级不写", "补上或删去 at_least"
            )
    kept = [bound for bound in bounds if bound is not None]
    for n, (upper, lower) in enumerate(pairwise(kept)):
        if upper <= lower:
            yield Problem(("grades", n + 1, "at_least"), "等级没有由高到低排列", "分数线逐级降低")


def _ranking(scheme: Scheme) -> Iterator[Problem]:
    for n, tiebreak in enumerate(scheme.ranking.then):
        yield from _known(("ranking", "then", n, "fact"), tiebreak.fact, _columns(scheme), "事实列")


def _uses(scheme: Scheme) -> Iterator[Problem]:
    grades = {grade.key for grade in scheme.grades}
    for key, use in scheme.uses.items():
        for day, values in use.values.items():
            at: Path = ("uses", key, "values", str(day))
            if set(values) != grades:
                odd = "、".join(sorted(grades ^ set(values)))
                yield Problem(at, f"“{use.label}”与等级对不上：{odd}", "每个等级各写一个值")
            yield from _use_values(use, values.values(), at)


def _use_values(use: Use, values: Collection[float | str], at: Path) -> Iterator[Problem]:
    for value in values:
        if use.unit == "choice":
            yield from _known(at, str(value), use.choices, "处理建议")
        elif isinstance(value, str) or not 0 <= value <= WHOLE:
            yield Problem(at, f"“{use.label}”的百分比“{value}”不对", "写 0 到 100 之间的数")
