"""Who else is hit by the measure of a case: as it is now, and as it was looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from models import Effect, Violation
from queries import affected, own_matters
from queries.affected import Hit
from rules import bans, measures
from rules import effects as rules
from rules.effects import Choice, Line
from rules.measures import TERMINATE


def hits(violation: Violation, day: date) -> list[Hit]:
    """Everybody who would be hit if the measure were decided on the day, information included.

    Nobody else is hit where the agreement itself goes on.
    """
    if violation.measure is None:
        return []
    found = affected.affected(
        violation.institution, violation.measure, day, responsible_on=violation.found_on
    )
    chained = _may_chain(violation, day)
    return [hit for hit in found if chained or not hit.chain]


def _may_chain(violation: Violation, day: date) -> bool:
    """Branches follow only when persons broke the law: not where the ground says that it is something else."""
    if violation.measure != TERMINATE:
        return False
    family = violation.institution.kind.family
    row = measures.ground(violation.ground, TERMINATE, day, family)
    return row is not None and (row.extra["ban"] == bans.ILLEGAL or bool(row.extra.get("ban_open")))


def binding(violation: Violation, day: date) -> list[Hit]:
    """Those about whom something has to be decided."""
    return [hit for hit in hits(violation, day) if not hit.information]


def information(violation: Violation, day: date) -> list[Hit]:
    return [hit for hit in hits(violation, day) if hit.information]


def addressed(hit: Hit, row: Effect) -> Hit:
    """The hit with the agency that is written to."""
    return replace(hit, addressee=row.reason if row.choice is Choice.LETTER else "")


def key_of(hit: Hit) -> str:
    return f"{hit.institution_id}:{hit.agreement_id or 0}:{'chain' if hit.chain else 'region'}"


def line_of_hit(hit: Hit) -> Line:
    return Line(key_of(hit), hit.name, hit.relation, hit.effect, hit.agreement_id is not None)


def line_of(row: Effect) -> Line:
    return Line(
        row.key,
        row.name,
        row.relation,
        row.effect,
        row.agreement_id is not None,
        row.choice,
        row.reason,
    )


@dataclass(frozen=True)
class Shown:
    """`changed`: how the set differs from what was looked at; empty when it does not."""

    rows: tuple[Effect, ...]
    found: tuple[Hit, ...]
    information: tuple[Hit, ...]
    matters: tuple[str, ...]
    looked_on: date | None
    changed: str

    @property
    def open(self) -> int:
        return sum(row.choice is None for row in self.rows)


def shown(violation: Violation, day: date) -> Shown:
    """The card «who else is hit»: after the decision as it was decided, before it also what is new."""
    rows = tuple(violation.effects)
    if violation.decided_on is not None:
        return Shown(rows, (), (), (), violation.looked_on, "")
    found = hits(violation, day)
    now = [line_of_hit(hit) for hit in found if not hit.information]
    return Shown(
        rows=rows,
        found=tuple(hit for hit in found if not hit.information),
        information=tuple(hit for hit in found if hit.information),
        matters=tuple(own_matters.of(violation.institution_id, violation.id)),
        looked_on=violation.looked_on,
        changed=rules.changes(map(line_of, rows), now) if violation.looked_on else "",
    )
