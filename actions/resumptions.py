"""恢复申请: kept with its evidence; sent back with the reason where what was wrong still is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions import events, indications, letters, statutory_clocks
from actions.materials import Upload
from database import session
from models import Resumption, Suspension
from rules import indications as rule
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

REVIEW = "agreement.resume_review"
MOST_FILES = 10


def keep(
    suspension: Suspension, text: str, files: Sequence[Upload], *, actor: Actor, on: date
) -> Resumption:
    """Put a request with its evidence on file."""
    if len(files) > MOST_FILES:
        raise Refused(f"证明材料最多 {MOST_FILES} 个文件。", cure="请合并后再上传。")
    kept = [
        {"name": one.name, "sha256": letters.keep(one.content, one.media_type)} for one in files
    ]
    row = Resumption(
        suspension=suspension, text=text.strip(), files=kept, asked_on=on, asked_by_id=actor.id
    )
    session.add(row)
    return row


def open_of(suspension: Suspension) -> Resumption | None:
    """The request that nobody has answered."""
    return next((row for row in suspension.resumptions if row.accepted is None), None)


def answer(suspension: Suspension, *, accepted: bool, opinion: str, actor: Actor, on: date) -> None:
    """Write the answer on the open request. Refused to whoever typed the request in."""
    row = open_of(suspension)
    if row is None:
        return
    if actor.id is not None and row.asked_by_id == actor.id:
        raise Refused("代为登记恢复申请的人员不能审核该申请。", cure="请由其他人员审核。")
    row.accepted, row.opinion = accepted, opinion
    row.answered_on, row.answered_by_id = on, actor.id


def send_back(suspension: Suspension, *, reason: str, actor: Actor, on: date) -> None:
    """Return a request: the suspension goes on, the institution may ask again, and the ground is on the list.

    The caller holds the locks. Refused without an open request or a reason.
    """
    require(actor, Permission.RESUME_AGREEMENT, suspension)
    if suspension.ended_on is not None or suspension.resumption_requested_on is None:
        raise Refused("没有等待审核的恢复申请。")
    if not reason.strip():
        raise Refused("请写明整改不到位的理由。", cure="逐条写明还差什么，便于机构继续整改。")
    answer(suspension, accepted=False, opinion=reason.strip(), actor=actor, on=on)
    suspension.resumption_requested_on = None
    statutory_clocks.finish(suspension, statutory_clocks.running(suspension, REVIEW), on=on)
    events.record(
        suspension, "return_request", "退回恢复申请", actor=actor, on=on, text=reason.strip()
    )
    if not suspension.voluntary:
        fact = rule.not_rectified(len(suspension.resumptions), suspension.id, reason.strip(), on)
        indications.put(suspension.agreement, fact, actor=actor, on=on)
