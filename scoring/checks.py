"""What a scheme must mean: names that exist, weights that can be borne, grades in order, uses for every grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

from scoring.operators import Earned, Ladder, Shown
from scoring.problems import Path, Problem, columns, known_name, sql_problems, types_of
from scoring.scheme import Indicator, Item, Scheme, Veto
from scoring.step_checks import facts_problems, ladder_problems, sources_problems, steps_problems
from scoring.uses import Use

RESERVED = ("bonus", "malus", "score_grade", "vetoes", "score", "grade", "grade_label", "rank")
WHOLE = 100  # percent


def problems_of(scheme: Scheme) -> list[Problem]:
    """Every fault of a well-formed scheme, with the path of the part that has it."""
    checks = (
        _names,
        facts_problems,
        sources_problems,
        steps_problems,
        _items,
        _domains,
        _combine,
        _vetoes,
        _grades,
        _ranking,
        _elimination,
        _uses,
    )
    return [problem for check in checks for problem in check(scheme)]


def _names(scheme: Scheme) -> Iterator[Problem]:
    named = [*columns(scheme), *(domain.key for domain in scheme.domains)]
    items = [*(i.key for i in scheme.indicators), *(i.key for _, i in scheme.extras)]
    for names in (named, items + [v.key for v in scheme.vetoes], [g.key for g in scheme.grades]):
        for name, times in Counter(names).items():
            if times > 1:
                yield Problem(
                    _where(scheme, name), f"名称“{name}”用了{times}次", "改成各不相同的名称"
                )
    for name in set(named) & set(RESERVED):
        yield Problem(_where(scheme, name), f"“{name}”是结果表自用的列名", "换一个名称")


def _where(scheme: Scheme, name: str) -> Path:
    """The last part bearing the name: the one to be renamed."""
    parts = (
        ("facts", [f.column for f in scheme.facts]),
        ("parameters", [one.name for one in scheme.parameters]),
        ("steps", [s.name for s in scheme.steps]),
        ("domains", [d.key for d in scheme.domains]),
        ("indicators", [i.key for i in scheme.indicators]),
        ("vetoes", [v.key for v in scheme.vetoes]),
        ("grades", [g.key for g in scheme.grades]),
    )
    hits: list[Path] = [(p, n) for p, keys in parts for n, key in enumerate(keys) if key == name]
    return hits[-1] if hits else ()


def _items(scheme: Scheme) -> Iterator[Problem]:
    for n, indicator in enumerate(scheme.indicators):
        yield from _item(scheme, indicator, ("indicators", n))
        yield from _indicator(scheme, indicator, ("indicators", n))
    for part, group in (("bonus", scheme.bonus), ("malus", scheme.malus)):
        for n, item in enumerate(group.items if group else ()):
            yield from _item(scheme, item, (part, "items", n))


def _item(scheme: Scheme, item: Item, at: Path) -> Iterator[Problem]:
    known = columns(scheme)
    if (item.fact is None) == (item.sql is None):
        yield Problem(at, f"“{item.key}”须且只须写 fact、sql 之一", "直接取列用 fact，要计算用 sql")
    elif item.sql:
        types = types_of(scheme, known)
        yield from sql_problems((*at, "sql"), item.sql, "number", types)
    else:
        yield from known_name((*at, "fact"), item.fact, known, "事实列")
    if isinstance(item.rule, Earned):
        steps = [step.name for step in scheme.steps]
        yield from known_name((*at, "rule", "step"), item.rule.step, steps, "步骤")
    if isinstance(item.rule, Ladder):
        yield from ladder_problems(item.rule, at)
    yield from _shared(scheme, item, at)


def _shared(scheme: Scheme, part: Item | Veto, at: Path) -> Iterator[Problem]:
    yield from known_name((*at, "evidence"), part.evidence, columns(scheme), "证据列")
    if isinstance(part, Item):
        yield from known_name((*at, "footnote"), part.footnote, columns(scheme), "脚注列")
        types = types_of(scheme, columns(scheme))
        for n, one in enumerate(part.remarks):
            yield from sql_problems((*at, "remarks", n, "when"), one.when, "condition", types)
    for kind in part.kinds:
        yield from known_name((*at, "kinds"), kind, scheme.subject.kinds, "机构类别")


def _indicator(scheme: Scheme, item: Indicator, at: Path) -> Iterator[Problem]:
    yield from known_name((*at, "domain"), item.domain, [d.key for d in scheme.domains], "维度")
    if item.unknown:
        types = types_of(scheme, columns(scheme))
        yield from sql_problems((*at, "unknown", "when"), item.unknown.when, "condition", types)
        if scheme.combine.method == "step":
            cure = "由步骤得出空值，删去 unknown"
            yield Problem((*at, "unknown"), "总分取自步骤，unknown 不起作用", cure)
    if (item.missing == "stated") != (item.missing_points is not None):
        yield Problem(
            at, f"“{item.key}”的缺数处理不完整", "missing: stated 与 missing_points 要一起写"
        )
    if scheme.combine.method == "sum" and item.missing == "reweight":
        yield Problem((*at, "missing"), "累加计分没有权重可以分担", "改用 zero、neutral 或 stated")
    if scheme.combine.method == "weighted_mean" and item.rule.full <= 0:
        yield Problem((*at, "rule"), f"“{item.key}”的满分为0，无法加权", "写出大于0的满分")
    if isinstance(item.rule, Shown) and scheme.combine.method != "step":
        yield Problem((*at, "rule"), "shown 不计分，本方案要由指标得出总分", "改用计分的办法")
    if item.missing_points is not None and item.missing_points > item.rule.full:
        yield Problem((*at, "missing_points"), "缺数时的得分高于满分", f"不超过{item.rule.full:g}")


def _domains(scheme: Scheme) -> Iterator[Problem]:
    for n, domain in enumerate(scheme.domains):
        size = len(scheme.in_domain(domain.key))
        if size < domain.minimum:
            cure = f"至少要有{domain.minimum}个指标归入它，或者删去该维度"
            yield Problem(("domains", n), f"维度“{domain.label}”只有{size}个指标", cure)


def _combine(scheme: Scheme) -> Iterator[Problem]:
    combine = scheme.combine
    if combine.floor >= combine.ceiling:
        yield Problem(("combine", "floor"), "最低分不低于最高分", "floor 要小于 ceiling")
    if (combine.method == "step") != (combine.step is not None):
        yield Problem(("combine",), "method: step 与 step 要一起写", "写明哪一步的结果就是总分")
    steps = [step.name for step in scheme.steps]
    yield from known_name(("combine", "step"), combine.step, steps, "步骤")
    if combine.minimum > len(scheme.domains):
        cure = f"不超过{len(scheme.domains)}"
        yield Problem(("combine", "minimum"), "至少要有的维度多于全部维度", cure)
    if (scheme.subject.kind is None) != (not scheme.subject.kinds):
        yield Problem(("subject",), "类别列与类别名单要一起写", "补上 kind 或 kinds")


def _vetoes(scheme: Scheme) -> Iterator[Problem]:
    grades = [grade.key for grade in scheme.grades]
    for n, veto in enumerate(scheme.vetoes):
        at: Path = ("vetoes", n)
        types = types_of(scheme, columns(scheme))
        yield from sql_problems((*at, "when"), veto.when, "condition", types)
        yield from _shared(scheme, veto, at)
        if (veto.cap is None) == (veto.grade is None):
            yield Problem(
                at, f"“{veto.key}”须且只须写 cap、grade 之一", "封顶用 cap，直接定级用 grade"
            )
        for field in ("cap", "grade"):
            yield from known_name((*at, field), getattr(veto, field), grades, "等级")


def _grades(scheme: Scheme) -> Iterator[Problem]:
    steps = [step.name for step in scheme.steps]
    yield from known_name(("graded_by",), scheme.graded_by, steps, "步骤")
    if len(scheme.grades) == 1:
        yield Problem(("grades",), "只有一个等级，分不出高低", "至少写两个等级，或整段删去")
    for part in ("graded_by", "vetoes", "uses"):
        if getattr(scheme, part) and not scheme.grades:
            yield Problem((part,), f"没有等级，{part} 无从说起", f"补上 grades，或删去 {part}")
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
        yield from known_name(
            ("ranking", "then", n, "fact"), tiebreak.fact, columns(scheme), "事实列"
        )


def _elimination(scheme: Scheme) -> Iterator[Problem]:
    for n, name in enumerate(scheme.elimination.within if scheme.elimination else ()):
        yield from known_name(("elimination", "within", n), name, columns(scheme), "分组的列")


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
            yield from known_name(at, str(value), use.choices, "处理建议")
        elif isinstance(value, str) or not 0 <= value <= WHOLE:
            yield Problem(at, f"“{use.label}”的百分比“{value}”不对", "写 0 到 100 之间的数")
