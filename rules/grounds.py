"""Grounds that refuse an application, one by one: facts on record, what a person found. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import regulations
from rules.checks import MACHINE, Finding, Line, Result, Said, machine_line, person_line
from rules.refusal import Refused, whole_article

ON_RECORD = "解除和限制期、行政处罚、失信人名单登记"


@dataclass(frozen=True)
class Hit:
    """One fact on record against an applicant. `fact` says which ground it belongs to.

    `until` is the last day of a period and may lie in the past: then an obligation keeps the ban standing. The rest is
    the person concerned: the role here, and the institution, role and day there.
    """

    fact: str
    text: str
    basis: str
    cure: str
    since: date | None = None
    until: date | None = None
    owed: str = ""
    person: str = ""
    person_index: str = ""
    role_here: str = ""
    there: str = ""
    there_id: int | None = None
    role_there: str = ""


@dataclass(frozen=True)
class Ground:
    """One enumerated ground with everything that was found on it."""

    line: Line
    hits: tuple[Hit, ...] = ()

    @property
    def result(self) -> Result:
        return Result.AGAINST if self.hits else self.line.result


def check(hits: Sequence[Hit], said: Mapping[str, Said], *, family: str, on: date) -> list[Ground]:
    """Every ground in the order of the text. What fits none of them stands under the last: other cases of the law."""
    rows = regulations.at(on, family).table("refusal_grounds")
    own = {row.key: [hit for hit in hits if hit.fact in _facts(row)] for row in rows}
    placed = {id(hit) for found in own.values() for hit in found}
    own[rows[-1].key] += [hit for hit in hits if id(hit) not in placed]
    return [Ground(_line(row, own[row.key], said, on), tuple(own[row.key])) for row in rows]


def basis(fact: str, *, family: str, on: date) -> str:
    """The citation of the ground that this kind of fact belongs to."""
    rows = regulations.at(on, family).table("refusal_grounds")
    return next(row.basis for row in rows if fact in _facts(row))


def _facts(row: regulations.Row) -> set[str]:
    return {row.key, row.extra.get("fact", row.key)}


def _line(row: regulations.Row, hits: list[Hit], said: Mapping[str, Said], on: date) -> Line:
    if row.extra["check"] != MACHINE:
        return person_line(row, said.get(row.key))
    if hits:
        finding = Finding(Result.AGAINST, f"{len(hits)} 项", ON_RECORD, hits[0].cure)
        return machine_line(row, finding, on=on)
    return machine_line(row, Finding(Result.FINE, "没有发现", ON_RECORD), on=on)


def require_none(found: Sequence[Ground]) -> None:
    """Refused while a ground stands (then only declining is left) or while nobody has looked at one."""
    against = [one for one in found if one.result is Result.AGAINST]
    if against:
        first = against[0]
        text = (
            first.hits[0].text if first.hits else f"{first.line.label}：{first.line.finding.fact}"
        )
        raise Refused(
            f"存在不予受理的情形：{text}",
            basis=first.hits[0].basis if first.hits else first.line.basis,
            cure="应当作出不予受理决定。",
        )
    waiting = [one.line.label for one in found if one.result is Result.OPEN]
    if waiting:
        raise Refused(
            f"不予受理情形尚未核对：{'、'.join(waiting)}。",
            basis=whole_article(found[0].line.basis),
            cure="请在“不予受理核对”中逐项填写核验的事实。",
        )
