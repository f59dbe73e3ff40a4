"""信用等级告知书: what a rating is, line by line, told to each subject; after a correction with what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from actions import letters
from models import Rating
from queries import credit_subjects, evidence, rating_objections
from queries.rating_corrections import Difference
from rules import clocks, told_basis
from rules.cycle_decisions import FAMILY
from rules.permissions import Actor
from scoring.scheme import Scheme, UseValue


def issue(
    rating: Rating,
    scheme: Scheme,
    uses: Sequence[UseValue],
    changed: Difference | None,
    *,
    actor: Actor,
    on: date,
) -> None:
    """One letter, through the institution that answers for the subject; of an insured person to the person itself."""
    institution = credit_subjects.addressee(rating)
    family = institution.kind.family if institution else FAMILY
    letters.issue(
        "grade_correction" if changed else "grade",
        rating,
        institution,
        actor=actor,
        on=on,
        addressee=rating.name,
        institution=rating.name,
        cycle=rating.cycle.name.removesuffix("信用评价"),
        scheme=f"{scheme.label}（{scheme.edition}版）",
        score=_text(rating.score_milli),
        grade=scheme.grade(rating.grade).label,
        lines=_lines(rating),
        uses=[_used(use) for use in uses],
        objection_days=clocks.period("credit.objection", on).value,
        objection_due_on=rating_objections.last_day(on, family),
        basis=told_basis.told(scheme.basis, scheme.confidence),
        personal=rating.institution_id is None,
        **(_before(changed, scheme) if changed else {}),
    )


def _used(use: UseValue) -> str:
    """A suggestion, and whose rule it follows."""
    said = "，".join(part for part in ("建议", told_basis.standing(use.confidence)) if part)
    return f"{use.label}：{use.text}（{said}，作出决定后适用）"


def _before(changed: Difference, scheme: Scheme) -> dict[str, str]:
    return {
        "before_score": _text(changed.score_milli[0]),
        "before_grade": scheme.grade(changed.grade[0]).label,
        "reason": changed.why,
    }


def _lines(rating: Rating) -> list[dict[str, Any]]:
    numbers = {number for line in rating.lines if _cost(line) for number in line["evidence"]}
    records = evidence.found(
        numbers, institution_id=rating.institution_id, person_index=rating.person_index
    )
    return [_said(line) | {"evidence": _records(line, records)} for line in rating.lines]


def _cost(line: dict[str, Any]) -> bool:
    """Whether the line took points, left some unearned, or held the grade down."""
    return line["part"] == "veto" or line["gain_milli"] < (line["weight_milli"] or 0)


def _records(line: dict[str, Any], records: Mapping[str, evidence.Record]) -> list[dict[str, Any]]:
    """Number and day of each record the line rests on; of a paper of others only its number."""
    found = [(number, records.get(number)) for number in line["evidence"] if _cost(line)]
    return [{"number": number, "day": row.day if row else None} for number, row in found]


def _said(line: dict[str, Any]) -> dict[str, str]:
    """A line of the letter: what was earned of what the item is worth in the score, so that the column adds up."""
    worth = line["weight_milli"]
    name = f"{line['label']}（满分{_text(worth)}分）" if worth else line["label"]
    veto = line["part"] == "veto"
    return {
        "name": f"{name}：{line['remark']}" if line["remark"] else name,
        "raw": line["raw"] or "—",
        "points": "—" if veto else _text(line["gain_milli"]),
        "basis": told_basis.told(line["basis"], line.get("confidence", "")),
    }


def _text(milli: int) -> str:
    return f"{milli / 1000:.2f}".rstrip("0").rstrip(".")
