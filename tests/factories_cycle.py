"""Institutions with a known past and the cycles that rate them; names are obviously invented."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from actions import cycle_decisions as act_decide
from actions import cycle_notices, cycles, deductions, scheme_drafts, violations
from actions import letters as act_letters
from database import session
from models import (
    Application,
    Cycle,
    Document,
    Evaluation,
    Evaluator,
    Institution,
    Opinion,
    Registration,
    SchemeDraft,
    Violation,
)
from queries import cycle_acts, schemes
from rules.permissions import Actor, Role
from tests import factories
from tests import factories_agreement as agreements
from tests import factories_practitioner as people

YEAR = (date(2026, 1, 1), date(2026, 5, 31))
ON = date(2026, 6, 15)
LONG_AGO = date(2020, 1, 1)
SCHEME = "county_four_grades"
NOTICE = timedelta(days=12)  # from 3 June the five working days end on 10 June
CHANNEL = "示例县医疗保障局门户网站"
COUNCIL = (Role.LEADER, Role.FINANCE, Role.INSPECTOR)  # the chief looks into objections afterwards


def quiet(kind: str, **values) -> Institution:
    """Nothing ever happened here; the agreement is this year's."""
    place = factories.institution(kind, **values)
    agreements.concluded(place)
    return place


def troubled(kind: str, staff: dict[Role, Actor]) -> Institution:
    """One of everything. Registered: 4 people. Points: 3 and 9 in the year, 2 in the year before."""
    place = factories.institution(kind)
    first = agreements.concluded(
        place, on=date(2023, 3, 1), term_from=date(2023, 3, 1), term_to=date(2024, 2, 29)
    )
    agreement = agreements.concluded(place)
    assert first.number != agreement.number
    _decided(agreement, staff, on=date(2026, 3, 2))
    agreements.case(agreement, staff, on=date(2026, 5, 20), measure="terminate")
    agreements.case(agreement, staff, on=date(2026, 6, 10), measure="terminate")  # after the period
    _points(place, kind, staff)
    _application(place)
    return place


def _decided(agreement, staff: dict[Role, Actor], *, on: date) -> Violation:
    """Suspended from 2 March to 31 March, resumed on 1 April."""
    case = agreements.reviewed(
        agreements.case(agreement, staff, on=on, from_on=on, to_on=date(2026, 3, 31)), staff, on=on
    )
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=on)
    row = agreement.suspensions[-1]
    row.ended_on, row.end_reason = date(2026, 4, 1), "期满恢复"
    agreement.state = "concluded"
    session.flush()
    return case


def _points(place: Institution, kind: str, staff: dict[Role, Actor]) -> None:
    for points, day in ((3, date(2026, 2, 2)), (9, date(2026, 4, 7)), (2, date(2025, 11, 3))):
        row, _ = people.practitioner(kind, place)
        entry = people.recorded(row, place, points, staff[Role.CLERK], decided_on=day)
        deductions.confirm(entry, actor=staff[Role.REVIEWER], on=day)
    row, _ = people.practitioner(kind, place)
    people.recorded(row, place, 4, staff[Role.CLERK], decided_on=date(2026, 5, 6))  # not confirmed
    gone, _ = people.practitioner(kind, place)
    query = select(Registration).where(Registration.practitioner_id == gone.id)
    session.scalars(query).one().to_on = date(2026, 1, 31)
    session.flush()


def _application(place: Institution) -> Application:
    """Supplemented once; two members, of six items one found wanting by the second."""
    row = Application(
        number=f"DD2026{place.id:06d}",
        institution=place,
        state="passed",
        state_since=date(2026, 4, 20),
        created_on=date(2026, 1, 12),
        received_on=date(2026, 1, 12),
        supplement_requested_on=date(2026, 1, 14),
        supplemented_on=date(2026, 1, 20),
        accepted_on=date(2026, 1, 21),
        evaluated_on=date(2026, 4, 20),
    )
    evaluation = Evaluation(
        application=row, started_on=date(2026, 4, 1), finished_on=date(2026, 4, 20), passed=False
    )
    session.add(evaluation)
    for failed in (None, "item_3"):
        evaluation.opinions.append(_opinion(failed))
    session.flush()
    return row


def _opinion(failed: str | None) -> Opinion:
    user = factories.user(Role.CLERK)
    evaluator = Evaluator(user_id=user.id, specialty="finance")
    session.add(evaluator)
    session.flush()
    keys = [f"item_{number}" for number in range(1, 7)]
    items = [{"key": key, "passed": key != failed, "remark": ""} for key in keys]
    signed = date(2026, 4, 20)
    return Opinion(
        evaluator=evaluator,
        specialty="finance",
        items=items,
        passed=failed is None,
        signed_on=signed,
    )


def started(staff: dict[Role, Actor], name: str = "2026年上半年", **values) -> Cycle:
    given = {"from_on": YEAR[0], "to_on": YEAR[1], "scheme": SCHEME, "on": ON, **values}
    return cycles.start(name, actor=staff[Role.CLERK], **given)


def announced(staff: dict[Role, Actor], name: str = "2026年上半年", **values) -> Cycle:
    """Started, reviewed and put on notice that many days before, so that the notice is over on the day itself."""
    early = values.pop("on", ON) - NOTICE
    cycle = started(staff, name, **values, on=early)
    reviewed(cycle, staff, on=early)
    cycle_notices.announce(cycle, channel=CHANNEL, actor=staff[Role.CLERK], on=early)
    session.flush()
    return cycle


def approved(cycle: Cycle, staff: dict[Role, Actor]) -> Cycle:
    """The bureau approved its scheme as it is written, long before."""
    text, region = cycle.scheme_text, cycle.pooling_region
    if schemes.approval(cycle.scheme, text, region) is None:
        row = scheme_drafts.ask_as_written(
            cycle.scheme, "逐项核对无误。", actor=staff[Role.CLERK], on=LONG_AGO
        )
        scheme_drafts.adopt(
            row, edition=cycle.edition, in_force_on=LONG_AGO, minutes="局务会审议通过。",
            actor=staff[Role.BUREAU], on=LONG_AGO,
        )  # fmt: skip
    return cycle


def reviewed(cycle: Cycle, staff: dict[Role, Actor], *, on: date = ON) -> Cycle:
    """By the second person; its scheme is approved."""
    approved(cycle, staff)
    cycles.review(cycle, actor=staff[Role.REVIEWER], on=on, opinion="同意。")
    return cycle


def decided(cycle: Cycle, staff: dict[Role, Actor], *, on: date = ON) -> Cycle:
    """Three members agree; one of them called them together and writes the minutes."""
    members = [staff[role] for role in COUNCIL]
    act_decide.convene(cycle, [one.id for one in members], actor=staff[Role.LEADER], on=on)
    for vote in cycle.votes:
        member = next(one for one in members if one.id == vote.user_id)
        act_decide.cast(vote, ballot="for", remark="", actor=member, on=on)
    act_decide.conclude(cycle, minutes="同意拟定等级。", actor=staff[Role.LEADER], on=on)
    return cycle


def published(staff: dict[Role, Actor], name: str = "2026年上半年", **values) -> Cycle:
    on = values.get("on", ON)
    cycle = decided(announced(staff, name, **values), staff, on=on)
    cycles.publish(cycle, actor=staff[Role.LEADER], on=on, opinion="同意公布。")
    session.flush()
    return cycle


def served(cycle: Cycle, staff: dict[Role, Actor], *, on: date = ON) -> Cycle:
    """Every letter of the cycle is handed over on the day."""
    for letter in cycle_acts.letters(cycle.id):
        act_letters.serve(
            letter, actor=staff[Role.CLERK], on=on, method="直接送达", proof="示例回证"
        )
    return cycle


def closed(cycle: Cycle, staff: dict[Role, Actor]) -> Cycle:
    """What was started on the day runs through: reviewed, on notice, decided and published afterwards."""
    noticed(reviewed(cycle, staff), staff)
    cycles.publish(cycle, actor=staff[Role.LEADER], on=ON + NOTICE)
    session.flush()
    return cycle


def noticed(cycle: Cycle, staff: dict[Role, Actor]) -> Cycle:
    """On notice from the day, decided when it is over."""
    cycle_notices.announce(cycle, channel=CHANNEL, actor=staff[Role.CLERK], on=ON)
    return decided(cycle, staff, on=ON + NOTICE)


def drafts(cycle: Cycle, staff: dict[Role, Actor], *, on: date = ON) -> list[SchemeDraft]:
    """A scheme tried on a cycle: one draft to be laid beside the other, which waits for approval."""
    found = []
    for name, line in (("样例草案甲", "81"), ("样例草案乙", "89")):
        changes = {"grades.good.at_least": line}
        found.append(
            scheme_drafts.draft(cycle, name, changes, "示例理由。", actor=staff[Role.CLERK], on=on)
        )
    scheme_drafts.submit(found[-1], actor=staff[Role.CLERK], on=on)
    session.flush()
    return found


def letters_of(institution: Institution) -> list[Document]:
    query = select(Document).where(
        Document.institution_id == institution.id, Document.kind == "grade"
    )
    return list(session.scalars(query))
