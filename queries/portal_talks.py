"""约谈 as the institution sees it: a whitelist. Who of the agency holds it is told in the record, not here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models import Talk
from queries import talks
from queries.portal_matters import Act, Matter
from rules.clocks import Light
from rules.lifecycle import TALK, TalkState
from rules.talks import Host


@dataclass(frozen=True)
class TalkView:
    """`own`: the institution holds it with its practitioner, and `to_do` says what it does next."""

    id: int
    version: int
    number: str
    own: bool
    called: tuple[tuple[int, str], ...]
    reason: str
    basis: str
    planned_on: date
    planned_time: str
    place: str
    held_on: date | None
    minutes: str
    demands: str
    file_name: str
    state: Light
    to_do: str


def view(row: Talk) -> TalkView:
    shown = TALK.states[row.state]
    return TalkView(
        id=row.id,
        version=row.version,
        number=row.number,
        own=row.host is Host.INSTITUTION,
        called=tuple((one.id, one.person.text) for one in row.called),
        reason=row.reason,
        basis=row.basis,
        planned_on=row.planned_on,
        planned_time=row.planned_time,
        place=row.place,
        held_on=row.held_on,
        minutes=row.minutes,
        demands=row.demands,
        file_name=row.file_name,
        state=Light(shown.light, shown.public),
        to_do=_to_do(row),
    )


def _to_do(row: Talk) -> str:
    if row.state == TalkState.CALLED:
        return "约谈本人并登记记录" if row.host is Host.INSTITUTION else "按时到场"
    if row.state == TalkState.HELD and row.host is Host.INSTITUTION and row.sha256 is None:
        return "上传签字的约谈记录"
    return ""


def of_institution(institution_id: int) -> list[TalkView]:
    return [view(row) for row in talks.of_institution(institution_id)]


def matters(institution_id: int) -> list[Matter]:
    """Talks that are neither filed nor cancelled."""
    found = []
    for row in talks.of_institution(institution_id):
        if row.state not in talks.OPEN:
            continue
        shown = view(row)
        when = f"{'最迟' if shown.own else '定于'} {shown.planned_on} {shown.planned_time}".strip()
        title = f"约谈 {row.number}：{'、'.join(text for _id, text in shown.called)}"
        found.append(
            Matter("talk", row.id, title, shown.state, bool(shown.to_do), when, shown.to_do)
        )
    return found


def acts(institution_id: int) -> list[Act]:
    return [
        Act(row.held_on, "约谈", row.number)
        for row in talks.of_institution(institution_id)
        if row.held_on
    ]
