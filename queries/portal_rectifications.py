"""整改 as the institution sees it: a whitelist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models import Rectification, RectificationItem
from queries import rectifications as ask
from queries.portal_matters import Act, Matter
from rules.clocks import Light
from rules.lifecycle import RECTIFICATION
from rules.lifecycle import RectificationState as S
from rules.rectifications import ItemState

WITH_US = (S.ORDERED, S.RETURNED)


@dataclass(frozen=True)
class ProofView:
    id: int
    name: str
    stage: str
    given_on: date


@dataclass(frozen=True)
class ItemView:
    id: int
    position: int
    problem: str
    measure: str
    unit: str
    person: str
    due_on: date
    due: Light
    state: Light
    answer: str
    verdict: str
    files: tuple[ProofView, ...]
    open: bool


@dataclass(frozen=True)
class OrderView:
    id: int
    version: int
    number: str
    source: str
    basis: str
    ordered_on: date
    due_on: date
    state: Light
    opinion: str
    items: tuple[ItemView, ...]
    open: bool

    @property
    def done(self) -> int:
        return sum(one.state.text == ItemState.CLOSED.label for one in self.items)


def view(row: Rectification, on: date) -> OrderView:
    shown = RECTIFICATION.states[row.state]
    told = row.state in (S.RETURNED, S.CLOSED, S.CANCELLED)  # the letter says it too
    return OrderView(
        id=row.id,
        version=row.version,
        number=row.number,
        source=row.source_text,
        basis=row.basis,
        ordered_on=row.ordered_on,
        due_on=row.due_on,
        state=Light(shown.light, shown.public),
        opinion=row.opinion if told else "",
        items=tuple(_item(one, row, on, told=told) for one in row.items),
        open=row.state in WITH_US,
    )


def _item(item: RectificationItem, row: Rectification, on: date, *, told: bool) -> ItemView:
    """While a verification runs, its verdicts are nobody's business yet."""
    judging = row.state is S.SUBMITTED
    state = Light("review", ItemState.SUBMITTED.label) if judging else ask.badge(item)
    return ItemView(
        id=item.id,
        position=item.position,
        problem=item.problem,
        measure=item.measure,
        unit=item.unit,
        person=item.person,
        due_on=item.due_on,
        due=ask.light(item, on) if row.state in WITH_US else Light("na", "—"),
        state=state,
        answer=item.answer,
        verdict=item.verdict if told else "",
        files=tuple(
            ProofView(one.id, one.file_name, one.stage.label, one.given_on) for one in item.files
        ),
        open=row.state in WITH_US and item.state in ask.TO_DO,
    )


def of_institution(institution_id: int, *, on: date) -> list[OrderView]:
    return [view(row, on) for row in ask.of_institution(institution_id)]


def matters(institution_id: int, *, on: date) -> list[Matter]:
    """Orders under way; what the institution has to put right is its own to do."""
    return [
        Matter(
            "rectification",
            one.id,
            f"整改 {one.number}（{len(one.items)} 项）",
            Light("over", "逾期未整改") if _late(one, on) else one.state,
            mine=one.open,
            until=f"期限 {one.due_on}",
            todo="提交整改情况" if one.open else "",
        )
        for row in ask.open_of_institution(institution_id)
        for one in [view(row, on)]
    ]


def _late(one: OrderView, on: date) -> bool:
    return any(item.open and item.due_on < on for item in one.items)


def acts(institution_id: int) -> list[Act]:
    rows = ask.of_institution(institution_id)
    return [Act(row.submitted_on, "提交整改情况", row.number) for row in rows if row.submitted_on]
