"""What a list says otherwise about a designated institution: not written over the registry, but found unfiled.

Facts whose change must be filed come into the registry by an approved request alone; a list only tells that there
may have been a change. What was never on record is completed from the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from actions import unfiled_changes
from actions.import_matching import CHUNK, Change, Plan
from database import session
from models import Agreement, Institution
from queries import amendments, registered
from queries import unfiled_changes as ask
from rules import amendments as rule
from rules.amendments import Listed, Shape
from rules.permissions import Actor

SOURCE = "数据导入比对"


@dataclass(frozen=True)
class Finding:
    institution_id: int
    field: str
    text: str


def hold_back(plan: Plan, on: date) -> list[Finding]:
    """Take such facts out of what will be written; each row says so among its doubts."""
    designated = _designated([change.found.id for change in plan.changed])
    found: list[Finding] = []
    for change in [one for one in plan.changed if one.found.id in designated]:
        found += _held(change, on)
        if not change.values and not change.offices:
            plan.changed.remove(change)
            plan.unchanged += 1
    return found


def record(findings: list[Finding], file: str, *, actor: Actor, on: date) -> None:
    """Put each on record, to be verified by a clerk; what is known or under way already is left alone."""
    for one in findings:
        known = ask.open_of(one.institution_id, [one.field])
        if known or amendments.pending(one.institution_id, one.field, besides=0):
            continue
        institution = session.get_one(Institution, one.institution_id)
        unfiled_changes.note(
            institution, field=one.field, source=SOURCE, text=f"{one.text}（{file[:100]}）",
            approved_on=None, actor=actor, on=on,
        )  # fmt: skip


def _designated(ids: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        query = select(Agreement.institution_id).where(
            Agreement.institution_id.in_(ids[start : start + CHUNK]), Agreement.state.in_(ask.LIVE)
        )
        found |= set(session.scalars(query))
    return found


def _held(change: Change, on: date) -> list[Finding]:
    institution = session.get_one(Institution, change.found.id)
    found = []
    for listed in rule.listed(on, institution.kind.family):
        old = registered.present(institution, listed.field)
        if not old.text or not _differs(change, listed):
            continue
        new = _take_out(change, listed)
        said = f"登记为“{old.text}”，名单为“{new}”"
        change.entry.warnings.append(
            f"{listed.label}与登记的不一致，须由机构申请变更，登记内容没有改动。"
        )
        found.append(Finding(institution.id, listed.field, said))
    return found


def _differs(change: Change, listed: Listed) -> bool:
    return listed.field in change.values or listed.field in change.offices


def _take_out(change: Change, listed: Listed) -> str:
    """The new value in words; from now on the change does not carry it."""
    if listed.shape is Shape.PERSON:
        role = registered.ROLES[listed.field]
        change.offices.remove(role)
        return change.entry.offices[role][0]
    value = change.values.pop(listed.field)
    if listed.field == "name" and "code" not in change.values:
        change.values.pop("match_key", None)
    return rule.shown(listed, str(value))
