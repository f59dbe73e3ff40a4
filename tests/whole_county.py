"""One of everything designation knows, for one kind of institution, and everybody who walks through it."""

from __future__ import annotations

from datetime import date

import clock
from actions import (
    batches,
    collective_decisions,
    evaluations,
    indications,
    notices,
    objections,
    penalties,
    referrals,
    region_receipts,
    responsible_inspectors,
    untrustworthy,
    violations,
    withdrawals,
)
from actions.batches import Item
from database import session
from models import Application, Institution, User
from rules.blacklistings import BlacklistSubject as Who
from rules.permissions import Actor, Role
from rules.referrals import Paper
from tests import (
    factories,
    factories_amendment,
    factories_blacklist,
    factories_cycle,
    factories_money,
    factories_negotiation,
    factories_points,
    factories_year,
)
from tests import factories_agreement as made
from tests import factories_rectification as rectified
from tests import factories_renewal as renewal_world
from tests.conftest import TODAY
from tests.evaluation_world import House
from tests.portal_world import World
from tests.test_terminations import ILLEGAL, branch


def furnish(app, kind: str, staff: dict[Role, Actor]) -> dict[str, Actor]:
    """One kind in every stage the factories know; returns the users of institutions, by what they are about."""
    world = World(app, staff, kind)
    key = world.handed_in()
    world.accepted(key)
    world.evaluated(key)
    world.posted(key)
    second = World(app, staff, kind)
    second.returned(second.handed_in())
    _supervised(kind, staff)
    _penalised(kind, staff)
    _referred(kind, staff)
    factories_cycle.quiet(kind)
    return {
        f"leaving {kind}": _leaving(kind, staff),
        f"institution {kind}": world.user,
        f"institution {kind} returned": second.user,
        f"negotiating {kind}": factories_negotiation.furnish(kind, staff, on=TODAY),
        f"rectifying {kind}": _rectifying(kind, staff),
        **_renewing(kind, staff),
        f"suspended {kind}": _suspended(kind, staff),
        **_dishonest(kind, staff),
        f"points {kind}": factories_points.furnish(staff, kind, on=TODAY),
        f"year {kind}": factories_year.furnish(kind, staff),
        f"changing {kind}": factories_amendment.furnish(kind, staff),
        f"claiming {kind}": factories_money.furnish(kind, staff),
    }


def _supervised(kind, staff):
    factories_cycle.troubled(kind, staff)
    _discussed(kind, staff)
    for step in (made.case, _heard, made.reviewed):
        agreement = made.concluded(factories.institution(kind))
        case = made.case(agreement, staff, on=date(2026, 6, 1))
        if step is not made.case:
            step(case, staff, on=date(2026, 6, 1))
    session.commit()


def _heard(case, staff, *, on):
    made.heard(case, staff, on=on)


def _renewing(kind, staff):
    """A renewal in every stage, a batch that waits to be confirmed and one that runs; who asks in the portal."""
    rows = renewal_world.stages(kind, staff)
    for step in ("prepared", "running"):
        item = Item("renewal", rows[3].id, rows[3].institution.name)
        batch = batches.prepare("offer", [item], actor=staff[Role.CLERK], on=TODAY)
        if step == "running":
            batches.start(batch, actor=staff[Role.CLERK], on=TODAY)
    session.commit()
    opening = renewal_world.ending(kind)
    asked = factories.actor(Role.INSTITUTION, institution=rows[0].institution)
    asking = factories.actor(Role.INSTITUTION, institution=opening.institution)
    session.commit()
    return {f"renewal asked {kind}": asked, f"renewal to ask {kind}": asking}


def _referred(kind, staff):
    """A case that goes to other authorities, in every stage that waits for somebody."""
    case = made.case(made.concluded(factories.institution(kind)), staff, on=TODAY)
    session.flush()
    said = referrals.Draft(
        "health", "示例县卫生健康局", "人员不在注册地点执业。", [Paper("检查记录")]
    )
    for stage in ("drafted", "sent", "received"):
        row = referrals.draft(case, said, actor=staff[Role.CLERK], on=TODAY)
        if stage != "drafted":
            referrals.approve(row, actor=staff[Role.LEADER], on=TODAY)
        if stage == "received":
            inspector = staff[Role.INSPECTOR]
            referrals.receive(row, receipt_on=TODAY, number="收1号", actor=inspector, on=TODAY)
    session.commit()


def _penalised(kind, staff):
    """A penalty that is not performed."""
    place = factories.institution(kind)
    days = (date(2026, 5, 1), date(2026, 6, 1))
    more = penalties.More(act="art40", loss=100)
    decision = penalties.Decision(f"示罚{place.id}号", "示例局", "《示例》第一条", 100, *days, more)
    penalties.register(decision, institution=place, actor=staff[Role.BUREAU], on=TODAY)
    session.commit()


def _discussed(kind, staff):
    """Two branches of one person: a termination that a group discusses, and whom it hits."""
    number = factories.id_number(981)
    case = made.case(
        branch(number, kind=kind),
        staff,
        on=date(2026, 6, 1),
        measure="terminate",
        number=ILLEGAL[kind],
    )
    branch(number, kind=kind)
    made.heard(case, staff, on=date(2026, 6, 1))
    violations.propose(case, opinion="建议解除。", actor=staff[Role.INSPECTOR], on=date(2026, 6, 2))
    violations.review(case, opinion="同意。", actor=staff[Role.REVIEWER], on=date(2026, 6, 3))
    members = [staff[role].id for role in (Role.LEADER, Role.CHIEF, Role.FINANCE)]
    collective_decisions.convene(case, members, actor=staff[Role.CHIEF], on=date(2026, 6, 4))


def _leaving(kind, staff):
    """One who asked to leave, and one whose request waits for its day."""
    for agreed in (False, True):
        agreement = made.concluded(factories.institution(kind))
        owner = factories.actor(Role.INSTITUTION, institution=agreement.institution)
        row = withdrawals.request(
            agreement,
            act="terminate",
            reason="经营调整。",
            from_on=date(2026, 10, 1),
            actor=owner,
            on=date(2026, 6, 1),
        )
        if agreed:
            withdrawals.agree(row, opinion="", actor=staff[Role.REVIEWER], on=date(2026, 6, 2))
    _pointed(made.concluded(factories.institution(kind)), kind, staff)
    session.commit()
    return owner


def _pointed(agreement, kind, staff):
    """A fact that points to a ground, and a letter of another region."""
    given = {"actor": staff[Role.CLERK], "on": date(2026, 6, 2)}
    ground = made.ground(agreement.institution, "terminate", 1)
    indications.note(
        agreement, ground=ground, facts_text="停业。", found_on=date(2026, 6, 1), **given
    )
    days = (date(2026, 5, 1), date(2026, 5, 6))
    letter = region_receipts.Received("邻函1号", "示例邻县", "suspend", "风险。", *days)
    region_receipts.receive(agreement, letter, **given)


def _rectifying(kind, staff):
    """What has to be put right, in every stage, at one institution with a responsible inspector."""
    place = factories.institution(kind)
    owner = rectified.owner(place)
    inspector = session.get_one(User, staff[Role.INSPECTOR].id)
    responsible_inspectors.assign([place], inspector, actor=staff[Role.CHIEF], on=TODAY)
    for stage in ("ordered", "submitted", "judged", "returned", "closed"):
        row = rectified.ordered(place, staff)
        if stage != "ordered":
            rectified.reached(row, stage, owner, staff[Role.INSPECTOR])
    session.commit()
    return owner


def _dishonest(kind, staff):
    """Entries of the list in every stage, each about another kind of subject, and pledges kept and broken."""
    about = [*Who, Who.INSTITUTION, Who.INSTITUTION]
    for stage, who in zip(factories_blacklist.STAGES, about, strict=True):
        factories_blacklist.reached(kind, staff, stage, who)
    factories_blacklist.alleged(factories.institution(kind), staff)
    factories_blacklist.breached(factories.institution(kind), staff)
    rows = {}
    for stage in ("noticed", "listed"):
        row = factories_blacklist.reached(kind, staff, stage)
        rows[f"{stage} {kind}"] = factories.actor(Role.INSTITUTION, institution=row.place)
    listed = rows[f"listed {kind}"].institution_id
    factories_blacklist.signed(session.get_one(Institution, listed), actor=staff[Role.CLERK])
    session.commit()
    return rows


def _suspended(kind, staff):
    """A suspended institution, and its own user."""
    institution = factories.institution(kind)
    made.suspended(made.concluded(institution), staff, on=date(2026, 6, 1), served=date(2026, 6, 2))
    user = factories.actor(Role.INSTITUTION, institution=institution)
    session.commit()
    return user


def judge(kind: str, staff: dict[Role, Actor]) -> None:
    """A pool, a case that waits for its team, one that is scored, one that failed, and an objection to a posted one."""
    house = House(staff, kind)
    house.accepted()
    scored, failed = _neighbour(house), _neighbour(house)
    evaluation = house.started(scored)
    item = house.items(evaluation)[0]
    answers = {item: {"passed": False, "remark": "样例问题"}}
    for opinion in evaluation.opinions[:2]:
        who = house.actor_of(opinion)
        evaluations.save(opinion, evaluation, answers, remark="", actor=who, at=clock.now())
    house.judged(failed, passed=False)
    posted = _neighbour(house)
    house.judged(posted, passed=True)
    clerk = staff[Role.CLERK]
    notices.post(posted, channel="示例窗口", actor=clerk, on=TODAY)
    said = objections.Said("示例居民", "示例异议：示例科室没有开诊。", contact="示例联系方式")
    objections.raise_objection(posted, said, actor=clerk, on=TODAY)
    text = f"姓名,证件号码,案号,列入日期\n样列某,{factories.id_number(705)},示执7号,2026-01-05\n"
    untrustworthy.take_in(text.encode(), "示例名单.csv", actor=clerk, on=TODAY)
    session.commit()


def _neighbour(house: House) -> Application:
    place = factories.institution(house.kind)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    return house.accepted(place=place, owner=owner)
