"""What an institution puts into its 变更申请: one item for each registered fact, with the approval behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions import letters, statutory_clocks
from actions.materials import Upload
from database import session
from models import Amendment, AmendmentItem, StatutoryClock, UnfiledChange
from models.sealed import blind_index
from queries import calendar_days, registered
from queries.registered import Present
from rules import amendments as rule
from rules import names
from rules.amendments import Listed, Shape
from rules.lifecycle import AmendmentState as S
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

OWN = (S.DRAFT, S.RETURNED)


@dataclass(frozen=True)
class Change:
    """What was typed for one fact. `effective_on`: first day of the new value, else the day of approval."""

    field: str
    new: str
    authority: str
    document_number: str
    approved_on: date
    id_number: str = ""
    effective_on: date | None = None


def put(
    amendment: Amendment, change: Change, upload: Upload | None, *, actor: Actor, on: date
) -> AmendmentItem:
    """Put a change to the request, or replace what was put for the same fact; a file given before is kept.

    Refused once handed in, for a fact outside the list, a value the field does not take, and where nothing changes.
    """
    require(actor, Permission.SUBMIT_AMENDMENT, amendment)
    require_own(amendment)
    institution = amendment.institution
    listed = rule.named(change.field, on, institution.kind.family)
    _check(change, on)
    old = registered.present(institution, change.field)
    item = _item(amendment, listed)
    _write(item, change, listed, old, institution.kind.family, on)
    if upload is not None:
        item.sha256 = letters.keep(upload.content, upload.media_type)
        item.file_name = upload.name
    session.flush()
    follow_clock(amendment)
    return item


def drop(amendment: Amendment, item: AmendmentItem, *, actor: Actor) -> None:
    """Take an item out again. Refused once handed in."""
    require(actor, Permission.SUBMIT_AMENDMENT, amendment)
    require_own(amendment)
    amendment.items.remove(item)
    session.flush()
    follow_clock(amendment)


def require_own(amendment: Amendment) -> None:
    if amendment.state not in OWN:
        raise Refused("变更申请已经提交，不能再修改。", cure="被退回补正或者撤回后可以重新填写。")


def follow_clock(amendment: Amendment) -> None:
    """The limit runs from the earliest approval among the items. A request handed in once keeps its clock."""
    if amendment.submitted_on is not None:
        return
    first = min((item.approved_on for item in amendment.items), default=None)
    clock = statutory_clocks.running(amendment, rule.RULE)
    if clock is not None and clock.started_on != first:
        statutory_clocks.discard(amendment, clock)
        clock = None
    if clock is None and first is not None:
        start_clock(amendment, first)


def start_clock(subject: Amendment | UnfiledChange, approved_on: date) -> StatutoryClock | None:
    """None where the limit cannot be computed yet: a filing is not refused because a calendar is missing."""
    family = subject.institution.kind.family
    if rule.deadline(approved_on, family, calendar_days.workdays()) is None:
        return None
    return statutory_clocks.start(subject, rule.RULE, on=approved_on)


def _check(change: Change, on: date) -> None:
    rule.check_days(change.approved_on, change.effective_on or change.approved_on, on)
    if not change.authority.strip() or not change.document_number.strip():
        raise Refused(
            "请填写批准机关和批准文号。", cure="银行账户变更的，填写开户银行和开户许可证编号。"
        )


def _item(amendment: Amendment, listed: Listed) -> AmendmentItem:
    found = next((one for one in amendment.items if one.field == listed.field), None)
    if found is None:
        found = AmendmentItem(field=listed.field, label=listed.label, basis=listed.basis)
        amendment.items.append(found)
    return found


def _write(
    item: AmendmentItem, change: Change, listed: Listed, old: Present, family: str, on: date
) -> None:
    item.old_text, item.old_secret = old.text, old.secret
    item.id_index, item.new_secret = "", None
    if listed.shape is Shape.PERSON:
        number = rule.person(change.id_number, on)
        item.new_text, item.new_secret = names.clean_name(change.new), number
        item.id_index = blind_index(number)
        same = item.id_index == old.id_index
    else:
        value = rule.cleaned(listed, change.new, on, family)
        secret = listed.shape is Shape.ACCOUNT
        item.new_text = rule.shown(listed, value)
        item.new_secret = value if secret else None
        same = value == old.secret if secret else item.new_text == old.text
    if not item.new_text or same:
        raise Refused(f"{listed.label}与登记的一致，没有变更。", cure="请核对变更后的内容。")
    item.authority, item.document_number = change.authority.strip(), change.document_number.strip()
    item.approved_on = change.approved_on
    item.effective_on = change.effective_on or change.approved_on
