"""Agreements that end soon and renewals in every state; names are obviously invented."""

from __future__ import annotations

from datetime import date

from actions import renewals
from database import session
from models import Agreement, Campaign, CampaignResult, Cycle, Institution, Rating, Renewal
from rules.lifecycle import CycleState
from rules.permissions import Actor, Role
from rules.renewals import Advice
from scoring import catalogue
from tests import factories
from tests import factories_agreement as made

FROM, TO = date(2025, 10, 1), date(2026, 9, 30)
ON = date(2026, 6, 15)
SCHEME = "county_four_grades"


def ending(kind: str, *, rated: str = "good", **more) -> Agreement:
    """An agreement until 30 September 2026, whose window opened on 30 March and is due on 30 June."""
    place = factories.institution(kind)
    more = {"on": date(2025, 9, 20), "term_from": FROM, "term_to": TO, **more}
    row = made.concluded(place, **more)
    if rated:
        rate(place, rated)
    return row


def rate(place: Institution, grade: str) -> Rating:
    """A published rating of this one institution, with what the scheme suggests for its grade."""
    from actions import proposals
    from models import Proposal
    from queries import cycles as ask

    text = catalogue.text(SCHEME)
    scheme = catalogue.parsed(text)
    cycle = session.query(Cycle).filter_by(name="样例年度").one_or_none() or Cycle(
        name="样例年度",
        pooling_region=place.pooling_region,
        state=CycleState.PUBLISHED,
        state_since=date(2026, 2, 1),
        scheme=scheme.key,
        edition=scheme.edition,
        scheme_text=text,
        facts=[],
        from_on=date(2025, 1, 1),
        to_on=date(2025, 12, 31),
        frozen_on=date(2026, 1, 10),
        published_on=date(2026, 2, 1),
    )
    session.add(cycle)
    session.flush()
    row = Rating(
        cycle=cycle, institution_id=place.id, score_milli=85000, grade=grade, rank=1, lines=[]
    )
    session.add(row)
    session.flush()
    for use in ask.uses_of(scheme, grade, date(2026, 2, 1)):
        session.add(Proposal(**proposals._columns(row, row.grade, use, date(2026, 2, 1))))
    session.flush()
    return row


def collected(kind: str, staff: dict[Role, Actor], **more) -> Renewal:
    """Organised by the clerk and assessed."""
    row = renewals.collect(ending(kind, **more), actor=staff[Role.CLERK], on=ON)
    renewals.assess(row, actor=staff[Role.CLERK], on=ON)
    return row


def proposed(
    kind: str, staff: dict[Role, Actor], decision: Advice = Advice.RENEW, **more
) -> Renewal:
    row = collected(kind, staff, **more)
    renewals.propose(row, decision, opinion="已逐项核对。", actor=staff[Role.REVIEWER], on=ON)
    return row


def agreed(kind: str, staff: dict[Role, Actor], **more) -> Renewal:
    row = proposed(kind, staff, **more)
    renewals.decide(row, Advice.RENEW, reason="", actor=staff[Role.LEADER], on=ON)
    return row


def refused(kind: str, staff: dict[Role, Actor], **more) -> Renewal:
    row = proposed(kind, staff, Advice.NOT_RENEW, **more)
    renewals.decide(
        row, Advice.NOT_RENEW, reason="陈列物品逾期没有清除。", actor=staff[Role.LEADER], on=ON
    )
    return row


def offered(kind: str, staff: dict[Role, Actor], **more) -> Renewal:
    row = agreed(kind, staff, **more)
    renewals.offer(row, actor=staff[Role.CLERK], on=ON)
    return row


def campaign(kind: str) -> Campaign:
    row = Campaign(
        name="示例陈列清理行动",
        family="pharmacy" if kind == "pharmacy" else "medical",
        subject_text="清理不允许陈列的物品。",
        pooling_region=factories.REGION,
        from_on=date(2026, 4, 1),
        due_on=date(2026, 5, 31),
    )
    session.add(row)
    session.flush()
    return row


def finding(
    row: Campaign, place: Institution, *, due_on: date | None, cleared_on: date | None = None
) -> CampaignResult:
    found = CampaignResult(
        campaign=row,
        institution=place,
        checked_on=date(2026, 4, 10),
        found_text="陈列日用百货" if due_on else "",
        due_on=due_on,
        cleared_on=cleared_on,
        proof="示例照片1号" if cleared_on else "",
    )
    session.add(found)
    session.flush()
    return found


def stages(kind: str, staff: dict[Role, Actor]) -> list[Renewal]:
    """One in every stage that somebody acts on, and a campaign with a finding that is still open."""
    ending(kind)
    place = ending(kind)
    finding(campaign_once(kind), place.institution, due_on=date(2026, 6, 30))
    return [
        made_(kind, staff)
        for made_ in (_asked, collected, proposed, agreed, refused, offered, _listed)
    ]


def campaign_once(kind: str) -> Campaign:
    row = campaign(kind)
    row.name = f"{row.name}（{kind}）"
    session.flush()
    return row


def _listed(kind: str, staff: dict[Role, Actor]) -> Renewal:
    return renewals.collect(ending(kind), actor=staff[Role.CLERK], on=ON)


def _asked(kind: str, staff: dict[Role, Actor]) -> Renewal:
    agreement = ending(kind)
    owner = factories.actor(Role.INSTITUTION, institution=agreement.institution)
    return renewals.apply(agreement, statement="按约定提供服务。", actor=owner, on=ON)
