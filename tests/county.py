"""A small furnished house for looking at its pages: one of everything, for one kind of institution."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import clock
from actions import (
    applications,
    case_measures,
    deductions,
    findings,
    materials,
    remittances,
    violations,
)
from database import session
from models import Agreement, Rating
from rules.findings import Found
from rules.ladder import Plan, Step
from rules.permissions import Actor, Role
from tests import (
    factories,
    factories_credit,
    factories_cycle,
    factories_intake,
    factories_negotiation,
)
from tests import factories_agreement as made
from tests import factories_practitioner as people

CHECKS = ("materials", "conditions", "refusal-checks")
PAPER = materials.Upload("示例材料.pdf", b"%PDF-1.4 sample", "application/pdf")


class County(NamedTuple):
    """Who looks, and the addresses there are to look at, by who may see them."""

    staff: dict[Role, Actor]
    applicant: Actor
    suspended: Actor
    negotiator: Actor
    pages: dict[str, list[str]]


def furnish(kind: str) -> County:
    """Applications in three states, a case, a suspension, points, a published cycle."""
    staff, on = factories.staff(), clock.today()
    agreement = made.concluded(factories.institution(kind))
    case = made.reviewed(made.case(agreement, staff, on=on), staff, on=on)
    planned, rung = _ladder(kind, staff)
    pause, stopped = _suspension(kind, staff)
    person, entry = _points(kind, staff)
    factories_cycle.troubled(kind, staff)
    cycle = factories_cycle.published(staff)
    first, second = factories_cycle.drafts(cycle, staff, on=on)
    rating = session.query(Rating).filter_by(cycle_id=cycle.id).order_by(Rating.rank).first()
    factories_credit.recorded(agreement.institution, "honest", on, staff)
    noted = factories_credit.confirmed(agreement.institution, "slight", on, staff)
    negotiator = factories_negotiation.furnish(kind, staff, on=on)
    table, turn = _on_their_way()
    states = [_submitted(kind, staff, step) for step in ("submitted", "supplementing", "accepted")]
    applicant, back = states[1]
    session.commit()
    return County(
        staff, applicant, stopped, negotiator,
        {
            "clerk": [
                "/worklist", *(f"/applications/{key}" for _, key in states), "/applications",
                f"/institutions/{agreement.institution_id}", f"/agreements/{agreement.id}",
                "/agreements", f"/agreements/{table}/negotiation", "/clauses", "/clauses/G03", "/clauses/holders",
                "/clauses/new", f"/practitioners/{person}", "/ratings", f"/ratings/{rating.id}", "/schemes/drafts",
                f"/ratings/cycles/{cycle.id}/what-if?grades.good.at_least=89&elimination.percent=50", "/institutions/new",
                "/credit-information", "/credit-information/new", f"/credit-information/{noted.id}",
            ],
            "inspector": [f"/suspensions/{pause}", f"/cases/clues/new?agreement={agreement.id}",
                          f"/cases/{planned}", f"/cases/{planned}/findings/new", f"/cases/{planned}/measures/recover",
                          f"/cases/{planned}/measures/suspend_staff", f"/case-measures/{rung}",
                          f"/cases/{planned}/contents", f"/cases/new?agreement={agreement.id}",
                          f"/deductions/new?practitioner={person}"],
            "negotiator": [
                f"/portal/agreements/{table}", f"/portal/agreements/{table}/negotiation",
            ],
            "leader": [
                f"/agreements/{turn}/sign",f"/cases/{case.id}", "/proposals/renewals", f"/ratings/cycles/{cycle.id}",
                       f"/deductions/{entry}", f"/schemes/drafts/{second.id}",
                       f"/schemes/drafts/compare?first={first.id}&second={second.id}"],
            "applicant": ["/portal/", "/portal/employments", f"/portal/applications/{back}",
                          f"/portal/applications/{back}/check"],
            "suspended": ["/portal/", "/portal/agreements", "/portal/documents", "/portal/grades"],
            "guest": [f"/public/institutions/{agreement.institution_id}"],
        },
    )  # fmt: skip


def _on_their_way() -> tuple[int, int]:
    """An agreement under negotiation, and one that waits for the agency's signature."""
    rows = session.query(Agreement).order_by(Agreement.id)
    return (
        rows.filter_by(state="negotiating", form="main").first().id,
        rows.filter_by(state="countersigning").first().id,
    )


def _submitted(kind: str, staff: dict[Role, Actor], step: str) -> tuple[Actor, int]:
    """An application brought to a state by its real actions; returns who applied, and its id."""
    place, on, clerk = factories.institution(kind), clock.today(), staff[Role.CLERK]
    owner = factories.actor(Role.INSTITUTION, institution=place, name="示例机构经办人")
    row = applications.open_draft(place, actor=owner, on=on)
    session.flush()
    for item in row.materials:
        materials.hand_in(item, row, PAPER, actor=owner, on=on)
    applications.submit(row, actor=owner, on=on)
    session.commit()
    session.refresh(row)
    if step == "supplementing":
        item = row.materials[1]
        materials.check_material(
            item, row, passed=False, reason="第三页缺少签名", actor=clerk, on=on
        )
    if step != "submitted":
        materials.pass_all_given(row, actor=clerk, on=on)
        if step == "accepted":
            factories_intake.verified(row, actor=clerk, on=on)
        settle = applications.accept if step == "accepted" else applications.request_supplement
        settle(row, actor=clerk, on=on)
    return owner, row.id


def _ladder(kind: str, staff: dict[Role, Actor]) -> tuple[int, int]:
    """A case whose measures are being planned, and a recovery of another one that waits for its money."""
    place, on, inspector = (
        made.concluded(factories.institution(kind)),
        clock.today(),
        staff[Role.INSPECTOR],
    )
    cases = []
    for _ in range(2):
        row = violations.register(place, facts_text="查实。", found_on=on, actor=inspector, on=on)
        session.flush()
        findings.add(row, Found("A38_4", amount=100_000, records=3), actor=inspector, on=on)
        plan = Plan(Step.RECOVER, amount=100_000, paid_on=date(2026, 5, 29))
        cases.append((row, case_measures.plan(row, plan, actor=inspector, on=on)))
    (planned, _own), (decided, rung) = cases
    made.reviewed(decided, staff, on=on)
    violations.approve(decided, opinion="同意。", actor=staff[Role.LEADER], on=on)
    remittances.record(
        rung, amount=40_000, received_on=on, voucher="示凭1号", actor=staff[Role.CLERK], on=on
    )
    session.commit()
    return planned.id, rung.id


def _suspension(kind: str, staff: dict[Role, Actor]) -> tuple[int, Actor]:
    place, on = factories.institution(kind), clock.today()
    row = made.suspended(made.concluded(place), staff, on=on, served=on)
    return row.id, factories.actor(Role.INSTITUTION, institution=place, name="示例中止机构经办人")


def _points(kind: str, staff: dict[Role, Actor]) -> tuple[int, int]:
    """Nine points confirmed, three more waiting; returns the person and the entry that waits."""
    person, place = people.practitioner(kind)
    on, clerk = clock.today(), staff[Role.CLERK]
    first = people.recorded(person, place, 9, clerk, decided_on=on)
    deductions.confirm(first, actor=staff[Role.REVIEWER], on=on)
    return person.id, people.recorded(person, place, 3, clerk, decided_on=on).id
