"""A scheme somebody wrote elsewhere, as the house could rate by it: whom, in which columns, with which names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.credit_subjects import CreditSubject
from scoring import catalogue, reading, yaml_text
from scoring.kept import DIGITS
from scoring.problems import Problem
from scoring.reading import SchemeError
from scoring.scheme import Scheme

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
LENGTHS = {"edition": 32, "grade": 16, "use": 32, "label": 64, "basis": 300}  # of their columns


def load(text: str) -> Scheme:
    """Raises SchemeError with every fault and its line."""
    written = text if text.endswith("\n") else f"{text}\n"
    scheme = reading.load(written)
    problems = list(_problems(scheme))
    if problems:
        root, _ = yaml_text.parsed(written)
        raise SchemeError((yaml_text.line_of(root, one.where), one) for one in problems)
    return scheme


def _problems(scheme: Scheme) -> Iterator[Problem]:
    if not KEY.fullmatch(scheme.key):
        why = f"方案的编号“{scheme.key[:40]}”只能用小写字母、数字和下划线，字母开头，不超过64个"
        yield Problem(("key",), why, "写成 county_four_grades 的样子")
    if scheme.key in [one.key for one in catalogue.published()]:
        yield Problem(("key",), f"“{scheme.key}”是检验用的公布方案，不能用于评价", "另取编号")
    yield from _subject(scheme)
    yield from _lengths(scheme)
    for where, key in _keys(scheme):
        if "." in key:
            yield Problem(where, f"“{key}”里不能有句点", "换成下划线")


def _keys(scheme: Scheme) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Names that stand in the path of a number, cut at its points."""
    for part in ("domains", "grades", "indicators", "vetoes"):
        for n, one in enumerate(getattr(scheme, part)):
            yield (part, n, "key"), one.key
    yield from ((("uses", key), key) for key in scheme.uses)
    yield from ((("parameters", n, "name"), one.name) for n, one in enumerate(scheme.parameters))
    for n, source in enumerate(scheme.sources):
        for m, tally in enumerate(source.tallies):
            yield ("sources", n, "tallies", m, "column"), tally.column


def _subject(scheme: Scheme) -> Iterator[Problem]:
    """The house gathers facts of its own subjects, in the columns by which its registers know them."""
    subjects = {str(one): one.label for one in CreditSubject}
    if scheme.subject.key not in subjects:
        known = "、".join(f"{key}（{label}）" for key, label in subjects.items())
        why = f"评价对象“{scheme.subject.key}”不是本系统的信用主体"
        yield Problem(("subject", "key"), why, f"可用的有：{known}")
        return
    alike = [one for one in catalogue.startable() if one.subject.key == scheme.subject.key]
    known_columns = {column for one in alike for column in one.key_columns}
    for column in scheme.key_columns:
        if column not in known_columns:
            where = ("peers",) if scheme.peers and column == scheme.peers.column else ("subject",)
            cure = f"可用的有：{'、'.join(sorted(known_columns))}"
            yield Problem(where, f"本系统取数时没有列“{column}”", cure)


def _lengths(scheme: Scheme) -> Iterator[Problem]:
    if scheme.rounding.digits > DIGITS:
        why = f"得分保留{scheme.rounding.digits}位小数，存档只留{DIGITS}位"
        yield Problem(("rounding", "digits"), why, f"改为不大于{DIGITS}的数")
    if not scheme.grades:
        yield Problem((), "没有写等级，不能用于评价周期", "补上 grades")
    named: list[tuple[tuple[str | int, ...], str, str]] = [
        (("edition",), "edition", scheme.edition)
    ]
    named += [(("grades", n, "key"), "grade", one.key) for n, one in enumerate(scheme.grades)]
    for key, use in scheme.uses.items():
        named += [(("uses", key), "use", key), (("uses", key, "label"), "label", use.label)]
        named += [(("uses", key, "basis"), "basis", use.basis)]
        named += [(("uses", key, "choices", k), "label", word) for k, word in use.choices.items()]
    for where, what, word in named:
        if len(word) > LENGTHS[what]:
            yield Problem(where, f"“{word[:20]}…”超过{LENGTHS[what]}个字", "改短")
