"""变更告知: what institutions told in writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import ChangeNotice, Institution
from queries import scope
from queries.filters import named, of_family
from queries.paging import Asked, Page, count, cut
from rules.clocks import Light
from rules.lifecycle import CHANGE_NOTICE
from rules.permissions import Actor


@dataclass(frozen=True)
class ListRow:
    id: int
    number: str
    institution: str
    kind_label: str
    matter: str
    changed_on: date
    told_on: date
    state: Light


def page(actor: Actor, ask: Asked) -> tuple[list[ListRow], Page]:
    query = select(ChangeNotice).join(Institution, ChangeNotice.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, ChangeNotice.institution_id)
    query = query.where(*named(ask, ChangeNotice.number))
    if ask.word("state") in CHANGE_NOTICE.states:
        query = query.where(ChangeNotice.state == ask.word("state"))
    query = query.where(*of_family(ask))
    found = session.scalars(cut(query.order_by(ChangeNotice.id.desc()), ask))
    return [_row(row) for row in found], Page(ask.page, ask.size, count(query))


def _row(row: ChangeNotice) -> ListRow:
    return ListRow(
        row.id, row.number, row.institution.name, row.institution.kind.label, row.matter,
        row.changed_on, row.told_on, badge(row),
    )  # fmt: skip


def badge(row: ChangeNotice) -> Light:
    shown = CHANGE_NOTICE.states[row.state]
    return Light(shown.light, shown.label)


def of_institution(institution_id: int) -> list[ChangeNotice]:
    query = select(ChangeNotice).where(ChangeNotice.institution_id == institution_id)
    return list(session.scalars(query.order_by(ChangeNotice.id.desc())))
