"""Agreements and cases for tests, made the shortest honest way."""

from __future__ import annotations

import itertools
from datetime import date

from actions import collective_decisions, effects, letters, suspensions, violations
from database import session
from models import Agreement, CollectiveDecision, Document, Institution, Suspension, Violation
from models.violation import Measure
from rules import measures
from rules.lifecycle import AgreementState
from rules.permissions import Actor, Role

_serial = itertools.count(1)
SIGNED = date(2025, 12, 20)


def concluded(
    institution: Institution,
    *,
    on: date = SIGNED,
    term_from: date = date(2026, 1, 1),
    term_to: date = date(2026, 12, 31),
) -> Agreement:
    """A row as if both had signed on the day: the only place that writes an agreement without its actions."""
    row = Agreement(
        number=f"XYT2026{next(_serial):06d}",
        institution=institution,
        state=AgreementState.CONCLUDED,
        state_since=on,
        term_from=term_from,
        term_to=term_to,
        chapters=[],
        text_on=on,
        institution_signer="示例签署人",
        institution_signed_on=on,
        agency_signer="示例负责人",
        agency_signed_on=on,
    )
    session.add(row)
    session.flush()
    return row


def ground(
    institution: Institution, measure: str, number: int, day: date = date(2026, 6, 15)
) -> str:
    """The key of the ground by its number in the article of the institution's own order."""
    rows = measures.grounds(measure, day, institution.kind.family)
    return next(row.key for row in rows if row.extra["number"] == number)


def case(
    agreement: Agreement,
    staff: dict[Role, Actor],
    *,
    on: date,
    measure: str = "suspend",
    number: int = 1,
    **more,
) -> Violation:
    """A registered case."""
    return violations.register(
        agreement,
        measure=Measure(measure),
        ground=ground(agreement.institution, measure, number),
        facts_text="经查，部分费用与记录不符。",
        found_on=more.pop("found_on", on),
        actor=staff[Role.INSPECTOR],
        on=on,
        **more,
    )


def heard(violation: Violation, staff: dict[Role, Actor], *, on: date) -> Violation:
    violations.give_notice(violation, actor=staff[Role.INSPECTOR], on=on)
    violations.record_views(
        violation, text="对事实无异议，愿意整改。", actor=staff[Role.INSPECTOR], on=on
    )
    return violation


def reviewed(violation: Violation, staff: dict[Role, Actor], *, on: date) -> Violation:
    """Ready for the leader."""
    heard(violation, staff, on=on)
    violations.propose(
        violation, opinion="建议按拟处理意见办理。", actor=staff[Role.INSPECTOR], on=on
    )
    settled(violation, staff, on=on)
    violations.review(violation, opinion="同意。", actor=staff[Role.REVIEWER], on=on)
    if violation.measure == Measure.TERMINATE:
        collectively(violation, staff, on=on)
    return violation


def collectively(violation: Violation, staff: dict[Role, Actor], *, on: date) -> CollectiveDecision:
    """Three members agree unanimously."""
    members = {staff[role].id: staff[role] for role in (Role.LEADER, Role.CHIEF, Role.FINANCE)}
    row = collective_decisions.convene(violation, members, actor=staff[Role.CHIEF], on=on)
    for vote in row.votes:
        collective_decisions.cast(vote, ballot="for", remark="", actor=members[vote.user_id], on=on)
    collective_decisions.conclude(row, minutes="一致同意处理建议。", actor=staff[Role.CHIEF], on=on)
    return row


def settled(violation: Violation, staff: dict[Role, Actor], *, on: date) -> Violation:
    """Whoever else is hit follows, or is told by letter."""
    for line in violation.effects:
        reason = "" if line.agreement_id else "示例统筹区经办机构"
        effects.decide(
            line, choice=line.choices[0], reason=reason, actor=staff[Role.INSPECTOR], on=on
        )
    return violation


def suspended(
    agreement: Agreement,
    staff: dict[Role, Actor],
    *,
    on: date,
    to_on: date | None = None,
    served: date | None = None,
) -> Suspension:
    """Suspended from the day, the notice served on `served` or not at all."""
    row = suspensions.suspend(
        agreement,
        ground=ground(agreement.institution, "suspend", 1),
        facts_text="经查，部分费用与记录不符。",
        from_on=on,
        to_on=to_on,
        actor=staff[Role.LEADER],
        on=on,
    )
    if served:
        letters.serve(
            row.document,
            actor=staff[Role.INSPECTOR],
            on=served,
            method="直接送达",
            proof="示例回证1号",
        )
    return row


def serve_all(documents: list[Document], staff: dict[Role, Actor], *, on: date) -> None:
    for document in documents:
        letters.serve(
            document, actor=staff[Role.INSPECTOR], on=on, method="直接送达", proof="示例回证1号"
        )
