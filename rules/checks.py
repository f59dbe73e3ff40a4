"""What a check of one line of the law comes to: conditions are met or not, grounds of refusal stand or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from regulations import Row
from rules.words import Labelled

MACHINE, PERSON = "machine", "person"


class Result(Labelled):
    """`fine`: the application may go on; `against`: it may not; `open`: somebody still has to look."""

    FINE = "fine", "通过"
    AGAINST = "against", "不通过"
    OPEN = "open", "待核实"


CONDITION_WORDS = {Result.FINE: "符合", Result.AGAINST: "不符合", Result.OPEN: "待核实"}
GROUND_WORDS = {Result.FINE: "通过", Result.AGAINST: "命中", Result.OPEN: "待核实"}
LIGHTS = {Result.FINE: "ok", Result.AGAINST: "over", Result.OPEN: "soon"}


@dataclass(frozen=True)
class Finding:
    """What was found on one line. `source`: where the fact comes from; `cure`: what would change the result."""

    result: Result
    fact: str
    source: str
    cure: str = ""


CLERK = "经办人员核验"
NOBODY = Finding(Result.OPEN, "", CLERK, "请核验后填写所见事实。")


@dataclass(frozen=True)
class Said:
    """What a person put on record about a line: fact, remark, who and when."""

    result: Result
    fact: str
    remark: str
    by: str
    on: date


@dataclass(frozen=True)
class Line:
    """One line of the law with what was found. `check`: machine or person; `by` and `on`: who said so, when."""

    key: str
    label: str
    basis: str
    article: str
    confidence: str
    check: str
    finding: Finding
    material: str = ""
    remark: str = ""
    by: str = ""
    on: date | None = None

    @property
    def result(self) -> Result:
        return self.finding.result


def machine_line(row: Row, finding: Finding, *, on: date) -> Line:
    """A line that registered facts decide, as of the day."""
    return Line(**_of(row), finding=finding, on=on)


def person_line(row: Row, said: Said | None) -> Line:
    """A line that a person decides, with the finding on record or none."""
    if said is None:
        return Line(**_of(row), finding=NOBODY)
    finding = Finding(said.result, said.fact, CLERK)
    return Line(**_of(row), finding=finding, remark=said.remark, by=said.by, on=said.on)


def _of(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "basis": row.basis,
        "article": row.article,
        "confidence": row.confidence,
        "check": row.extra["check"],
        "material": row.extra.get("material", ""),
    }
