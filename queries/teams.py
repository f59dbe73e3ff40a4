"""The evaluation team before it begins: who could sit, who must step aside and why, which draws were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from database import session
from models import Application, Draw, Evaluator, Office, Recusal, Tie
from models.user import User
from rules import recusal
from rules.recusal import ApplicantFacts, ExpertFacts


@dataclass(frozen=True)
class Candidate:
    """One member of the pool towards one application. With `reasons` this person must not sit."""

    evaluator: Evaluator
    reasons: tuple[str, ...]
    hints: tuple[str, ...] = ()

    @property
    def free(self) -> bool:
        return not self.reasons


def candidates(application: Application) -> list[Candidate]:
    """The active pool of the region, by specialty, each with every reason to step aside."""
    applicant = _applicant(application)
    found = []
    for row in _pool(application):
        facts = _expert(row, application)
        reasons, hints = recusal.reasons(facts, applicant), recusal.hints(facts, applicant)
        found.append(Candidate(row, reasons, hints))
    return found


def _pool(application: Application) -> list[Evaluator]:
    query = (
        select(Evaluator)
        .join(User, Evaluator.user_id == User.id)
        .where(
            Evaluator.active.is_(True),
            User.disabled_on.is_(None),
            User.pooling_region == application.pooling_region,
        )
        .order_by(Evaluator.specialty, Evaluator.id)
    )
    return list(session.scalars(query))


def _applicant(application: Application) -> ApplicantFacts:
    """Its office holders past and present: a later change does not wash the link."""
    held = session.scalars(
        select(Office).where(Office.institution_id == application.institution_id)
    ).all()
    return ApplicantFacts(
        proxy_id=application.proxy_by_id,
        office_index=frozenset(row.id_index for row in held),
        office_names=frozenset(row.name for row in held),
    )


def _expert(row: Evaluator, application: Application) -> ExpertFacts:
    ties = session.scalars(
        select(Tie).where(
            Tie.evaluator_id == row.id, Tie.institution_id == application.institution_id
        )
    )
    declared = session.scalars(
        select(Recusal.reason).where(
            Recusal.evaluator_id == row.id, Recusal.application_id == application.id
        )
    )
    return ExpertFacts(
        user_id=row.user_id,
        id_index=row.id_index,
        name=row.user.name,
        ties=tuple((tie.nature, tie.note) for tie in ties),
        declared=tuple(declared),
    )


def draws(subject: str, subject_id: int) -> list[Draw]:
    """Every draw of a subject, the newest first: none is ever taken away."""
    query = select(Draw).where(Draw.subject == subject, Draw.subject_id == subject_id)
    return list(session.scalars(query.order_by(Draw.round.desc(), Draw.turn.desc())))


def meter(labels: dict[str, str], members: list[Any]) -> list[dict[str, Any]]:
    """The four specialties with how many free members each has."""
    return [
        {"key": key, "label": label, "free": sum(m.free and m.evaluator.specialty == key for m in members)}
        for key, label in labels.items()
    ]  # fmt: skip
