"""变更申请: filed by the institution, checked by one person, approved by another (令3 Art 37, 令2 Art 40)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from actions import (
    amendment_effects,
    holds,
    lifecycle,
    numbering,
    statutory_clocks,
    unfiled_changes,
)
from database import session
from models import Amendment, AmendmentItem, Institution
from queries import agreements, calendar_days, registered
from queries import amendments as ask
from rules import amendments as rule
from rules.lifecycle import AmendmentState as S
from rules.permissions import Actor, Permission, Role, require
from rules.refusal import Refused


def open_draft(institution: Institution, *, actor: Actor, on: date) -> Amendment:
    """Begin a request. A clerk who types it in is recorded as proxy and takes no part in deciding it.

    Refused without an agreement, and while another draft lies there: one request may carry every change.
    """
    require(actor, Permission.DRAFT_AMENDMENT, institution)
    if not agreements.living(institution.id):
        raise Refused(
            "该机构没有服务协议，不需要申请变更。", cure="登记信息有误的，请联系经办机构更正档案。"
        )
    holds.lock(institution.id)
    other = session.scalar(
        select(Amendment).where(
            Amendment.institution_id == institution.id, Amendment.state == S.DRAFT
        )
    )
    if other is not None:
        raise Refused(
            f"变更申请 {other.number} 尚未提交。", cure="请在该申请中继续填写，可以一并变更多项。"
        )
    amendment = Amendment(
        number=numbering.case_number("BG", on.year),
        institution=institution,
        state=S.DRAFT,
        proxy_by_id=None if actor.role is Role.INSTITUTION else actor.id,
        created_on=on,
    )
    lifecycle.begin(
        amendment, "open", "填报变更申请", actor=actor, on=on, institution=institution.name
    )
    return amendment


def submit(amendment: Amendment, *, actor: Actor, on: date) -> None:
    """Hand the request in. A filing after its limit is marked late, never refused.

    Refused without items, without a file to each, and while another request changes the same fact.
    """
    holds.lock(amendment.institution_id)
    _complete(amendment)
    for item in amendment.items:
        _judge(item, amendment.institution.kind.family, on)
    late = [item.label for item in amendment.items if item.late]
    lifecycle.move(
        amendment,
        "submit",
        actor=actor,
        on=on,
        basis=amendment.items[0].basis,
        note=f"逾期提出：{'、'.join(late)}" if late else "",
        submitted_on=amendment.submitted_on or on,
        reason="",
    )
    statutory_clocks.finish(amendment, statutory_clocks.running(amendment, rule.RULE), on=on)
    unfiled_changes.settle(amendment, actor=actor, on=on)


def _complete(amendment: Amendment) -> None:
    if not amendment.items:
        raise Refused("还没有填写变更事项。", cure="请先添加变更事项和批准文件。")
    bare = [item.label for item in amendment.items if item.sha256 is None]
    if bare:
        raise Refused(f"还缺少批准文件：{'、'.join(bare)}。", cure="请逐项上传 PDF 或者图片。")
    for item in amendment.items:
        other = ask.pending(amendment.institution_id, item.field, besides=amendment.id)
        if other is not None:
            raise Refused(
                f"{item.label}的变更正在 {other.number} 中办理。",
                cure="请等待办结，或者撤回后合并申请。",
            )


def _judge(item: AmendmentItem, family: str, on: date) -> None:
    """In time or late, by the day of the first submission with this item."""
    item.filed_on = item.filed_on or on
    limit = rule.deadline(item.approved_on, family, calendar_days.workdays())
    item.due_on = limit.due if limit else None
    item.late = rule.is_late(item.due_on, item.filed_on)


def send_back(amendment: Amendment, *, reason: str, actor: Actor, on: date) -> None:
    """Return it with the reasons. What was filed in time stays filed in time."""
    _need(reason, "退回须写明缺什么、怎样补。")
    lifecycle.move(
        amendment, "send_back", actor=actor, on=on, note=reason.strip(), reason=reason.strip()
    )


def check(amendment: Amendment, *, opinion: str, actor: Actor, on: date) -> None:
    """The first person found the papers right."""
    _need(opinion, "请写明审核意见。")
    lifecycle.move(
        amendment,
        "check",
        actor=actor,
        on=on,
        note=opinion.strip(),
        checked_by_id=actor.id,
        checked_on=on,
    )


def hand_back(amendment: Amendment, *, reason: str, actor: Actor, on: date) -> None:
    """The second person wants it checked again."""
    _need(reason, "退回经办须写明原因。")
    lifecycle.move(
        amendment,
        "hand_back",
        actor=actor,
        on=on,
        note=reason.strip(),
        checked_by_id=None,
        checked_on=None,
    )


def escalate(amendment: Amendment, *, reason: str, actor: Actor, on: date) -> None:
    """Ask the leader, because a ban stands against one of the new persons. Refused where none does."""
    hits = ask.hits(amendment, on)
    if not hits:
        raise Refused("拟任人员没有限制，不需要领导决定。", cure="可以直接批准。")
    _need(reason, "请写明提请决定的理由。")
    basis = next(iter(hits.values())).basis
    lifecycle.move(amendment, "escalate", actor=actor, on=on, basis=basis, note=reason.strip())


def allow(amendment: Amendment, *, text: str, actor: Actor, on: date) -> None:
    """The leader's written decision on exactly the bans that stand today."""
    _need(text, "领导决定须以书面写明理由。")
    hits = ask.hits(amendment, on)
    lifecycle.move(
        amendment,
        "allow",
        actor=actor,
        on=on,
        note=text.strip(),
        leader_by_id=actor.id,
        leader_on=on,
        leader_text=text.strip(),
        allowed_bans=sorted(hits),
    )


def deny(amendment: Amendment, *, text: str, actor: Actor, on: date) -> None:
    _end(amendment, "deny", text, actor=actor, on=on)


def refuse(amendment: Amendment, *, reason: str, actor: Actor, on: date) -> None:
    """不予变更, with its reason."""
    _end(amendment, "refuse", reason, actor=actor, on=on)


def _end(amendment: Amendment, verb: str, reason: str, *, actor: Actor, on: date) -> None:
    _need(reason, "不予变更须写明理由。")
    amendment.decided_on = on
    amendment_effects.refusal_letter(amendment, reason.strip(), actor=actor, on=on)
    lifecycle.move(amendment, verb, actor=actor, on=on, note=reason.strip(), reason=reason.strip())


def approve(amendment: Amendment, *, opinion: str, actor: Actor, on: date) -> None:
    """The second person approves: the registry changes by period and the confirmation is issued.

    Refused while a ban stands that the leader did not decide on, and when the registry changed meanwhile.
    """
    holds.lock(amendment.institution_id)
    _need(opinion, "请写明复核意见。")
    _unchanged(amendment)
    _no_open_ban(amendment, on)
    basis = amendment.items[0].basis
    lifecycle.move(
        amendment,
        "approve",
        actor=actor,
        on=on,
        basis=basis,
        note=opinion.strip(),
        decided_by_id=actor.id,
        decided_on=on,
    )
    amendment_effects.apply(amendment, actor=actor, on=on)


def _unchanged(amendment: Amendment) -> None:
    for item in amendment.items:
        now = registered.present(amendment.institution, item.field)
        if (now.text, now.secret) != (item.old_text, item.old_secret):
            raise Refused(
                f"提交之后{item.label}的登记内容已经变化，与申请所列的原内容不一致。",
                cure="请退回经办，由机构核对后重新提交。",
            )


def _no_open_ban(amendment: Amendment, on: date) -> None:
    hits = ask.hits(amendment, on)
    left = [hit for key, hit in hits.items() if key not in amendment.allowed_bans]
    if left:
        raise Refused(
            f"拟任人员存在限制：{left[0].text}",
            basis=left[0].basis,
            cure="请提请领导书面决定，或者不予变更。",
        )


def withdraw(amendment: Amendment, *, actor: Actor, on: date) -> None:
    """Take the request back. What the agency learnt by it stays known: the limit of each change runs on."""
    clock = statutory_clocks.running(amendment, rule.RULE)
    lifecycle.move(amendment, "withdraw", actor=actor, on=on)
    statutory_clocks.discard(amendment, clock)
    if amendment.submitted_on is not None:
        unfiled_changes.remember(amendment, actor=actor, on=on)


def _need(text: str, why: str) -> None:
    if not text.strip():
        raise Refused(why)
