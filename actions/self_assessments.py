"""自评: an institution looks at its own frozen facts and says where it holds something else. It changes no fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from actions import events
from database import session
from models import Cycle, Institution, SelfAssessment
from queries import self_assessments as ask
from rules import self_assessments as rule
from rules.permissions import Actor, Permission, require


def submit(
    cycle: Cycle,
    institution: Institution,
    stated: Mapping[str, tuple[str, str]],
    *,
    text: str = "",
    actor: Actor,
    on: date,
) -> SelfAssessment:
    """Hand in what differs: fact → (stated, remark); nothing stated means that the facts are agreed to.

    Until the last day it may be handed in again; the last one counts. Refused outside the period, for whoever is not
    rated, and for a difference without its reason.
    """
    rule.require_open(cycle.state, cycle.assess_until, on)
    row = ask.of_institution(cycle.id, institution.id) or SelfAssessment(
        cycle=cycle, institution=institution, institution_id=institution.id
    )
    require(actor, Permission.ASSESS_ONESELF, row)
    facts = ask.facts_of(cycle, institution.id)
    row.items = rule.items(facts, stated)
    row.text, row.submitted_on, row.submitted_by_id = text.strip()[:2000], on, actor.id
    session.add(row)
    session.flush()
    events.record(row, "submit", "提交信用自评", actor=actor, on=on, differs=len(row.items))
    return row
