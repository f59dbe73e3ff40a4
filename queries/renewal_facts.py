"""What is looked at before an agreement is renewed, each fact with where it is written down."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from database import session
from models import (
    Agreement,
    Ban,
    CampaignResult,
    Suspension,
    UnfiledChange,
    Violation,
)
from queries import (
    blacklistings,
    grade_standing,
    penalties,
    proposals,
    rectifications,
    shares,
    withdrawals,
)
from queries.grade_standing import Standing
from rules.lifecycle import ProposalState, UnfiledChangeState, ViolationState
from rules.renewals import Clearing, Fact, clearing

CLOSED = (ViolationState.CLOSED, ViolationState.DISMISSED, ViolationState.SET_ASIDE)
LATE = (UnfiledChangeState.OVERDUE, UnfiledChangeState.CHARGED)
DIRECTLY = "renew"  # the scheme's word for a grade that is renewed without more ado
NOTHING = "无登记"


def of(agreement: Agreement, day: date) -> list[Fact]:
    """Every fact of the decision sheet, in the order in which people read it."""
    place, term = agreement.institution_id, agreement.id
    return [
        *_grade(place, day),
        _listed_by_us(place, day),
        _people(place, day),
        _cases(place),
        _rectifications(place, day),
        *_obligations(place, day),
        *_suspensions(term, day),
        _changes(place),
        *_campaigns(place, day),
        _exit(term),
    ]


def _grade(institution_id: int, day: date) -> list[Fact]:
    """考核: until assessments are kept on their own, the latest published rating stands for them, and says so."""
    label = "绩效考核（以最近公布的信用评价代替）"
    found = grade_standing.of(institution_id, on=day)
    if found is None:
        return [Fact("not_assessed", label, "没有已公布的结果", "信用评价", hit=True)]
    rating, cycle = found.rating, found.cycle
    value = f"{found.marked_label}，{rating.score:g} 分"
    fact = Fact("not_assessed", label, value, f"{cycle.name}（{cycle.published_on} 公布）")
    return [fact, _suggested(institution_id, found, day)]


def _suggested(institution_id: int, standing: Standing, day: date) -> Fact:
    """What the grade in force suggests and what a person made of it; and what was adopted before and still holds."""
    label, source = "信用等级的续签建议", standing.cycle.name
    row = proposals.latest(standing.rating.id, "renewal")
    used = proposals.in_force(institution_id, "renewal", on=day)
    told, hit = [], used is not None and used.value != DIRECTLY
    if row is not None and row.state != ProposalState.ADOPTED:
        refused = row.state == ProposalState.REFUSED
        told = [f"{row.label}；{f'不采用：{row.reason}' if refused else '尚未决定是否采用'}"]
        hit = hit or (row.value != DIRECTLY and not refused)
    if used is not None:
        told.append(f"{used.label}；{used.since} 采用（{used.cycle}，{used.grade}）")
    return Fact("low_grade", label, "；".join(told) or "方案没有此项", source, hit=hit)


def _listed_by_us(institution_id: int, day: date) -> Fact:
    row = blacklistings.of_institution(institution_id, day)
    value = f"在名单内（{row.number}），至 {row.until}" if row else "不在名单内"
    return Fact("blacklisted", "严重失信名单", value, "严重失信名单", hit=row is not None)


def _people(institution_id: int, day: date) -> Fact:
    share = shares.of(institution_id, day)
    people = f"{day.year} 年登记 {share.registered} 人，被暂停或者终止支付资格 {share.affected} 人"
    value = f"{people}（{share.percent}%，达到 {share.stop_payment_at}% 处理）"
    source = "人员支付资格台账"
    return Fact("people", "相关人员支付资格", value, source, hit=bool(share.step))


def _cases(institution_id: int) -> Fact:
    query = select(Violation.number).where(
        Violation.institution_id == institution_id, Violation.state.not_in(CLOSED)
    )
    numbers = list(session.scalars(query.order_by(Violation.id)))
    return Fact(
        "open_case", "未办结的违规案件", _listed(numbers), "违规案件台账", hit=bool(numbers)
    )


def _rectifications(institution_id: int, day: date) -> Fact:
    rows = rectifications.open_of_institution(institution_id)
    told = [
        f"{row.number}（期限 {row.due_on}{'，已逾期' if rectifications.is_overdue(row, day) else ''}）"
        for row in rows
    ]
    return Fact("open_rectification", "未办结的整改", _listed(told), "整改台账", hit=bool(rows))


def _obligations(institution_id: int, day: date) -> list[Fact]:
    """Penalties in default, and what a ban says is still owed."""
    owed = [
        f"{row.number}（应于 {row.due_on} 前履行）"
        for row in penalties.unperformed(institution_id, day)
    ]
    query = select(Ban.obligation).where(
        Ban.institution_id == institution_id,
        Ban.obligation != "",
        or_(Ban.obligation_met_on.is_(None), Ban.obligation_met_on > day),
    )
    open_ones = list(session.scalars(query.order_by(Ban.id)))
    return [
        Fact("open_obligation", "逾期未履行的处罚", _listed(owed), "处罚登记", hit=bool(owed)),
        Fact("open_obligation", "未履行的追回款项和违约金", _listed(open_ones), "限制期台账", hit=bool(open_ones)),
    ]  # fmt: skip


def _changes(institution_id: int) -> Fact:
    """Changes nobody applied for within the limit, whether or not a case was made of them already."""
    query = select(UnfiledChange.number).where(
        UnfiledChange.institution_id == institution_id, UnfiledChange.state.in_(LATE)
    )
    numbers = list(session.scalars(query.order_by(UnfiledChange.id)))
    label, source = "逾期未申请的信息变更", "信息变更台账"
    return Fact("overdue_change", label, _listed(numbers), source, hit=bool(numbers))


def _suspensions(agreement_id: int, day: date) -> list[Fact]:
    query = select(Suspension).where(Suspension.agreement_id == agreement_id)
    rows = list(session.scalars(query.order_by(Suspension.from_on)))
    running = [
        row for row in rows if row.from_on <= day and (row.ended_on is None or row.ended_on > day)
    ]
    told = [f"{row.from_on} 起，{row.ground_text}" for row in rows]
    times = f"{len(rows)} 次" + (f"：{_listed(told)}" if told else "")
    now = "是" if running else "否"
    return [
        Fact("suspended_now", "正在中止", now, "服务协议", hit=bool(running)),
        Fact("suspended_in_term", "本协议期内中止", times, "服务协议", hit=bool(rows)),
    ]


def _exit(agreement_id: int) -> Fact:
    """The institution itself said that it will not go on, and the agency agreed."""
    row = withdrawals.will_not_renew(agreement_id)
    value = f"{row.number}（{row.requested_on} 申请，{row.decided_on} 同意）" if row else "无"
    return Fact("exit_requested", "机构申请到期不再续签", value, "主动退出台账", hit=bool(row))


def _campaigns(institution_id: int, day: date) -> list[Fact]:
    query = select(CampaignResult).where(
        CampaignResult.institution_id == institution_id, CampaignResult.checked_on <= day
    )
    rows = list(session.scalars(query.order_by(CampaignResult.id)))
    if not rows:
        return [Fact("campaign_not_cleared", "专项行动结果", NOTHING, "专项行动台账")]
    return [_campaign(row, day) for row in rows]


def _campaign(row: CampaignResult, day: date) -> Fact:
    word = clearing(row.due_on, row.cleared_on, day)
    trigger = "campaign_open" if word is Clearing.OPEN else "campaign_not_cleared"
    due = f"，应于 {row.due_on} 前清除：{row.found_text}" if row.due_on else ""
    cleared = f"，{row.cleared_on} 清除" if row.cleared_on else ""
    value = f"{word.label}{due}{cleared}"
    return Fact(trigger, row.campaign.name, value, "专项行动台账", hit=word is not Clearing.PASSED)


def _listed(words: list[str]) -> str:
    return "；".join(words) if words else "无"
