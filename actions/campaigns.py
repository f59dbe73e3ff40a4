"""专项行动: what was found at an institution and whether it was cleared. What follows from it is asked at renewal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from actions import draws, events
from database import session
from models import Campaign, CampaignResult, Draw, Institution
from queries import campaigns as ask
from rules import inspection_draws
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


@dataclass(frozen=True)
class Plan:
    """What is checked, at which family, and until when a finding has to be cleared."""

    name: str
    family: str
    subject_text: str
    basis: str
    from_on: date
    due_on: date


def open_campaign(plan: Plan, *, actor: Actor, on: date) -> Campaign:
    """Begin a campaign in the actor's region. Refused when its name is taken or its days are in disorder."""
    campaign = Campaign(
        **asdict(plan), pooling_region=actor.pooling_region, recorded_by_id=actor.id
    )
    require(actor, Permission.MANAGE_CAMPAIGN, campaign)
    if ask.is_named(campaign.name, campaign.pooling_region):
        raise Refused(f"已有名为“{campaign.name}”的专项行动。", cure="请另取名称，例如加上年度。")
    if campaign.due_on < campaign.from_on:
        raise Refused("清除期限早于开始日期。", cure="请核对日期。")
    session.add(campaign)
    session.flush()
    events.record(campaign, "open", "开展专项行动", actor=actor, on=on, text=campaign.name)
    return campaign


def record(
    campaign: Campaign,
    institution: Institution,
    *,
    checked_on: date,
    found_text: str,
    due_on: date | None,
    actor: Actor,
    on: date,
) -> CampaignResult:
    """Write down what was found at one institution; nothing found is passed.

    Refused for another family, twice, for a day to come, or with a due day before the check.
    """
    require(actor, Permission.MANAGE_CAMPAIGN, institution)
    _check(campaign, institution, checked_on, on)
    found = found_text.strip()
    due = (due_on or campaign.due_on) if found else None
    if due is not None and due < checked_on:
        raise Refused("清除期限早于检查日期。", cure="请填写检查日期以后的期限。")
    result = CampaignResult(
        campaign=campaign,
        institution=institution,
        checked_on=checked_on,
        found_text=found,
        due_on=due,
        recorded_by_id=actor.id,
    )
    session.add(result)
    session.flush()
    text = found or "没有发现问题"
    events.record(result, "record", f"登记{campaign.name}结果", actor=actor, on=on, text=text)
    return result


def _check(campaign: Campaign, institution: Institution, checked_on: date, on: date) -> None:
    if institution.kind.family != campaign.family:
        raise Refused(f"{institution.name}不是本次行动的检查对象。", cure="请核对机构编码。")
    if ask.result_of(campaign.id, institution.id) is not None:
        raise Refused(f"{institution.name}在本次行动中已有结果。", cure="请在清单中登记清除情况。")
    if checked_on > on:
        raise Refused("检查日期还没有到。", cure="请填写实际检查的日期。")


def draw(campaign: Campaign, *, reason: str, actor: Actor, on: date, at: datetime) -> Draw:
    """Draw whom to check from everybody designated, by the ratio adopted for each; the record is kept for good.

    Refused a second time without a reason, and where nobody is designated.
    """
    require(actor, Permission.MANAGE_CAMPAIGN, campaign)
    plan = inspection_draws.plan({row.key: row.percent for row in ask.pool(campaign, on=on)})
    if not plan.pool:
        raise Refused("没有协议存续的机构可以抽取。", cure="请核对检查对象的类型。")
    return draws.draw(
        campaign, plan.pool, plan.wanted, excluded=(), of_round=1, reason=reason, actor=actor,
        on=on, at=at, title="抽取检查对象",
    )  # fmt: skip


def clear(result: CampaignResult, *, cleared_on: date, proof: str, actor: Actor, on: date) -> None:
    """What was found is gone, by this day and with this proof. Whether in time follows from the days."""
    require(actor, Permission.MANAGE_CAMPAIGN, result)
    if result.due_on is None or result.cleared_on is not None:
        raise Refused("没有待清除的问题。", cure="请核对清单。")
    if not result.checked_on <= cleared_on <= on:
        raise Refused("清除日期应在检查日期以后、今天以前。", cure="请核对清除日期。")
    if not proof.strip():
        raise Refused("请写明核实凭证。", cure="例如照片编号或者复查记录编号。")
    result.cleared_on, result.proof, result.cleared_by_id = cleared_on, proof.strip(), actor.id
    events.record(
        result, "clear", "登记专项行动整改完成", actor=actor, on=on, cleared_on=cleared_on, text=proof.strip()
    )  # fmt: skip
