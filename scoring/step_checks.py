"""Checks of what a scheme reads and works out: facts, events, steps in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from scoring.facts import TYPES
from scoring.operators import Ladder
from scoring.problems import Path, Problem, known_name, sql_problems, types_of
from scoring.scheme import Scheme
from scoring.sources import Fact, Source, Tally
from scoring.steps import Step
from scoring.works import Work


def facts_problems(scheme: Scheme) -> Iterator[Problem]:
    for n, fact in enumerate(scheme.facts):
        yield from _default(fact, ("facts", n, "default"))
        if isinstance(fact.up_to, str):
            numbers = [one.column for one in scheme.facts if one.type == "number"]
            yield from known_name(("facts", n, "up_to"), fact.up_to, numbers, "事实的数字列")


def _default(fact: Fact, where: Path) -> Iterator[Problem]:
    right: dict[str, tuple[type, ...]] = {"number": (float,), "flag": (bool,), "text": (str,)}
    if fact.default is not None and not isinstance(fact.default, right.get(fact.type, ())):
        yield Problem(where, f"“{fact.column}”的默认值与类型不符", "改默认值或 type")


def sources_problems(scheme: Scheme) -> Iterator[Problem]:
    for n, source in enumerate(scheme.sources):
        for m, fact in enumerate(source.facts):
            yield from _default(fact, ("sources", n, "facts", m, "default"))
        for m, tally in enumerate(source.tallies):
            yield from _tally(scheme, source, tally, ("sources", n, "tallies", m))


def _tally(scheme: Scheme, source: Source, tally: Tally, at: Path) -> Iterator[Problem]:
    """`where` and `sum` speak of the event; `dated` is a day of the event, `as_of` a day of the subject."""
    types = {fact.column: TYPES[fact.type] for fact in source.facts}
    numbers = [fact.column for fact in source.facts if fact.type == "number"]
    days = [fact.column for fact in source.facts if fact.type == "date"]
    yield from known_name((*at, "sum"), tally.sum, numbers, "事件的数字列")
    yield from known_name((*at, "dated"), tally.dated, days, "事件的日期列")
    if tally.where:
        yield from sql_problems((*at, "where"), tally.where, "condition", types)
    if isinstance(tally.as_of, str):
        own = [fact.column for fact in scheme.facts if fact.type == "date"]
        yield from known_name((*at, "as_of"), tally.as_of, own, "事实的日期列")


def steps_problems(scheme: Scheme) -> Iterator[Problem]:
    """A step reads facts, parameters and the steps before it."""
    known = [*scheme.fact_columns, *(tally.column for tally in scheme.tallies)]
    known += [one.name for one in scheme.parameters]
    for n, step in enumerate(scheme.steps):
        yield from _step(scheme, step, ("steps", n), known)
        known.append(step.name)


def _step(scheme: Scheme, step: Step, at: Path, known: Sequence[str]) -> Iterator[Problem]:
    sources = (step.fact is not None) + (step.sql is not None)
    if isinstance(step.rule, Work):
        if sources:
            cure = "删去 fact、sql，要取的列写在 rule 里"
            yield Problem(at, f"“{step.name}”的算法自己写明取哪些列", cure)
        yield from _work(scheme, step.rule, (*at, "rule"), known)
    elif sources != 1:
        yield Problem(at, f"“{step.name}”须且只须写 fact、sql 之一", "取列用 fact，要计算用 sql")
    if step.sql:
        yield from sql_problems((*at, "sql"), step.sql, "number", types_of(scheme, known))
    yield from known_name((*at, "fact"), step.fact, known, "事实列")
    if isinstance(step.rule, Ladder):
        yield from ladder_problems(step.rule, at)


def _work(scheme: Scheme, work: Work, at: Path, known: Sequence[str]) -> Iterator[Problem]:
    types = types_of(scheme, known)
    for sql in work.conditions:
        yield from sql_problems(at, sql, "condition", types)
    for name in (*work.operands, *work.groups):
        if isinstance(name, str):
            yield from known_name(at, name, known, "算法用到的列")
    for name in work.operands:
        if isinstance(name, str) and name in types and not types[name].is_numeric():
            yield Problem(at, f"算法用到的列“{name}”不是数字", "换成数字列，或先用一步换算")


def ladder_problems(rule: Ladder, at: Path) -> Iterator[Problem]:
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
