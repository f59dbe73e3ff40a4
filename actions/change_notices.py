"""变更告知: changes outside the list are told in writing and put on record; no limit, no approval."""

from __future__ import annotations

from datetime import date

from actions import lifecycle, numbering
from models import ChangeNotice, Institution
from rules import amendments as rule
from rules.lifecycle import ChangeNoticeState as S
from rules.permissions import Actor, Permission, Role, require
from rules.refusal import Refused


def tell(
    institution: Institution, *, matter: str, text: str, changed_on: date, actor: Actor, on: date
) -> ChangeNotice:
    """Put a written notice on record. Refused for a day to come and without saying what changed."""
    require(actor, Permission.TELL_CHANGE, institution)
    if changed_on > on:
        raise Refused("变更日期晚于今天。", cure="请在变更发生后告知。")
    if not matter.strip() or not text.strip():
        raise Refused("请写明变更的事项和内容。")
    row = ChangeNotice(
        number=numbering.case_number("GZ", on.year), institution=institution, state=S.TOLD,
        matter=matter.strip(), text=text.strip(), changed_on=changed_on, told_on=on,
        recorded_by_id=None if actor.role is Role.INSTITUTION else actor.id,
    )  # fmt: skip
    basis = rule.listed(on, institution.kind.family)[0].basis
    lifecycle.begin(row, "tell", "书面告知变更", actor=actor, on=on, basis=basis, text=row.matter)
    return row


def acknowledge(row: ChangeNotice, *, remark: str, actor: Actor, on: date) -> None:
    """The clerk has read it and brought the registry up to date where needed."""
    lifecycle.move(
        row,
        "acknowledge",
        actor=actor,
        on=on,
        note=remark.strip(),
        acknowledged_on=on,
        remark=remark.strip(),
    )
