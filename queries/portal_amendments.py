"""信息变更 as the institution sees it: what it filed, until when, what follows; what the agency found unfiled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Amendment, ChangeNotice, Institution, Licence, StatutoryClock, UnfiledChange
from queries import amendments, change_notices, clock_views, licences, registered, unfiled_changes
from queries.clock_views import ClockView
from queries.portal_matters import Act, Matter
from rules import amendments as rule
from rules import licences as licence_rule
from rules.clocks import Light
from rules.lifecycle import AMENDMENT, CHANGE_NOTICE, UNFILED_CHANGE
from rules.lifecycle import AmendmentState as S
from rules.lifecycle import UnfiledChangeState as U

OWN = (S.DRAFT, S.RETURNED)
OVER = (S.APPROVED, S.REFUSED, S.WITHDRAWN)
TOLD = (U.NOTED, U.OVERDUE)  # what the agency has not verified is not told
MEANINGS = {
    "未提交": "变更申请还没有提交。逐项填写，核对后提交。",
    "已提交": "变更申请已经收到，经办机构正在审核。",
    "待补正": "变更申请被退回，请按退回原因补正后重新提交。已提交的日期不变。",
    "审核中": "变更申请正在审核。",
    "已变更": "变更已经确认，确认书见文书。",
    "不予变更": "变更未获批准，理由见告知书。登记信息不变。",
    "已撤回": "变更申请已撤回。已经有关部门批准的变更，申请期限继续计算。",
}
TONES = {"已变更": "ok", "不予变更": "over", "待补正": "back", "未提交": "na", "已撤回": "na"}


@dataclass(frozen=True)
class Item:
    field: str
    label: str
    basis: str
    old: str
    new: str
    authority: str
    document_number: str
    approved_on: date | None
    effective_on: date | None
    due_on: date | None
    late: bool
    file_name: str
    effect: str
    put: bool


@dataclass(frozen=True)
class AmendmentView:
    id: int
    version: int
    number: str
    state: Light
    meaning: str
    reason: str
    created_on: date
    submitted_on: date | None
    items: tuple[Item, ...]
    clock: ClockView | None
    editing: bool
    may_withdraw: bool

    @property
    def put(self) -> list[Item]:
        return [item for item in self.items if item.put]

    @property
    def missing(self) -> list[Item]:
        """Items without their paper."""
        return [item for item in self.put if not item.file_name]


@dataclass(frozen=True)
class Finding:
    """A change that the agency verified and that was not filed yet."""

    number: str
    label: str
    approved_on: date | None
    state: Light
    due_on: date | None
    basis: str
    explain: tuple[str, ...]


@dataclass(frozen=True)
class Duty:
    labels: tuple[str, ...]
    limit: str
    basis: str


@dataclass(frozen=True)
class NoticeView:
    number: str
    matter: str
    told_on: date
    state: Light


def view(row: Amendment, *, on: date) -> AmendmentView:
    """The whitelist of one request."""
    word = AMENDMENT.states[row.state].public
    return AmendmentView(
        id=row.id,
        version=row.version,
        number=row.number,
        state=Light(TONES.get(word, "review"), word),
        meaning=MEANINGS[word],
        reason=row.reason if row.state is S.RETURNED else "",
        created_on=row.created_on,
        submitted_on=row.submitted_on,
        items=tuple(_items(row, on)),
        clock=_clock("amendment", row.id, on),
        editing=row.state in OWN,
        may_withdraw="withdraw" in AMENDMENT.verbs_from(row.state),
    )


def _items(row: Amendment, on: date) -> list[Item]:
    family = row.institution.kind.family
    put = {item.field: item for item in row.items}
    shown = []
    for listed in rule.listed(on, family):
        item = put.get(listed.field)
        shown.append(
            Item(
                field=listed.field, label=listed.label, basis=listed.basis,
                old=item.old_text if item else registered.present(row.institution, listed.field).text,
                new=item.new_text if item else "", authority=item.authority if item else "",
                document_number=item.document_number if item else "",
                approved_on=item.approved_on if item else None,
                effective_on=item.effective_on if item else None,
                due_on=item.due_on if item else None, late=bool(item and item.late),
                file_name=item.file_name if item else "",
                effect=rule.effect(listed.field, on, family).text, put=item is not None,
            )
        )  # fmt: skip
    return shown


def _clock(subject: str, key: int, on: date) -> ClockView | None:
    query = select(StatutoryClock).where(
        StatutoryClock.subject == subject, StatutoryClock.subject_id == key
    )
    found = session.scalar(query.order_by(StatutoryClock.id.desc()).limit(1))
    return clock_views.view(found, on=on) if found else None


def of_institution(institution_id: int, *, on: date) -> list[AmendmentView]:
    return [view(row, on=on) for row in amendments.of_institution(institution_id)]


def findings(institution_id: int, *, on: date) -> list[Finding]:
    return [
        _finding(row, on)
        for row in unfiled_changes.of_institution(institution_id)
        if row.state in TOLD
    ]


def _finding(row: UnfiledChange, on: date) -> Finding:
    running = _clock("unfiled_change", row.id, on)
    shown = UNFILED_CHANGE.states[row.state]
    return Finding(
        row.number, row.label, row.approved_on, Light(shown.light, shown.public),
        running.due_on if running else None, row.basis, running.explain if running else (),
    )  # fmt: skip


def notices(institution_id: int) -> list[NoticeView]:
    return [_notice(row) for row in change_notices.of_institution(institution_id)]


def _notice(row: ChangeNotice) -> NoticeView:
    shown = CHANGE_NOTICE.states[row.state]
    return NoticeView(row.number, row.matter, row.told_on, Light(shown.light, shown.public))


def has_draft(institution_id: int) -> bool:
    return any(row.state is S.DRAFT for row in amendments.of_institution(institution_id))


def duty(institution_id: int, *, on: date) -> Duty:
    """What must be filed by this institution's kind, and within which time."""
    family = session.get_one(Institution, institution_id).kind.family
    rows = rule.listed(on, family)
    return Duty(tuple(row.label for row in rows), rule.limit(on, family), rows[0].basis)


def matters(institution_id: int, *, on: date) -> list[Matter]:
    """Licences that end and findings first, because their limit runs; then the requests under way."""
    found = [_to_file(one) for one in findings(institution_id, on=on)]
    ends = [_to_renew(row, on) for row in licences.of_institution_ending(institution_id, on=on)]
    rows = amendments.of_institution(institution_id)
    return ends + found + [_matter(row, on) for row in rows if row.state not in OVER]


def _to_renew(row: Licence, on: date) -> Matter:
    ends = row.valid_to or on
    return Matter(
        "licence", row.id, f"{row.kind} {row.number}", licence_rule.light(ends, on), mine=True,
        until=str(ends), todo="办理换证，换证后书面告知",
    )  # fmt: skip


def _to_file(one: Finding) -> Matter:
    return Matter(
        "unfiled_change", 0, f"{one.label}变更未申请 {one.number}", one.state, mine=True,
        until=str(one.due_on) if one.due_on else "没有期限", todo=f"申请{one.label}变更",
    )  # fmt: skip


def _matter(row: Amendment, on: date) -> Matter:
    todo = {S.DRAFT: "填写变更事项，核对后提交", S.RETURNED: "补正变更申请"}.get(row.state, "")
    word = AMENDMENT.states[row.state].public
    clock = _clock("amendment", row.id, on) if row.state is S.DRAFT else None
    return Matter(
        "amendment", row.id, f"变更申请 {row.number}", Light(TONES.get(word, "review"), word),
        mine=row.state in OWN, until=str(clock.due_on) if clock else "没有期限", todo=todo,
    )  # fmt: skip


def acts(institution_id: int) -> list[Act]:
    """What the institution itself did."""
    done = [
        Act(row.submitted_on, "提交变更申请", row.number)
        for row in amendments.of_institution(institution_id)
        if row.submitted_on
    ]
    told = change_notices.of_institution(institution_id)
    return done + [Act(row.told_on, "书面告知变更", row.number) for row in told]
