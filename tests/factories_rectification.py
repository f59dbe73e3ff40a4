"""Rectifications for tests, made the shortest honest way."""

from __future__ import annotations

from datetime import date, timedelta

from actions import rectification_items, rectifications
from actions.materials import Upload
from models import Institution, Rectification
from rules.permissions import Actor, Role
from rules.rectifications import Item, ProofStage
from tests import factories
from tests.conftest import TODAY

DAYS = 30
TWO = (
    Item("三份记录没有签名", "补正并建立双人复核"),
    Item("医保标识没有公示", "在收费窗口公示", unit="收费处", person="样某某"),
)


def owner(place: Institution) -> Actor:
    return factories.actor(Role.INSTITUTION, institution=place, name="示例整改机构经办人")


def ordered(
    place: Institution,
    staff: dict[Role, Actor],
    *,
    items: tuple[Item, ...] = TWO,
    on: date = TODAY,
    due_on: date | None = None,
    source: tuple[str, int] = ("inspection", 0),
) -> Rectification:
    """An order of the clerk, so that every inspector may verify it."""
    return rectifications.order(
        place, source=source, source_text="检查意见书〔2026〕1号" if source[1] == 0 else "",
        items=items, due_on=due_on or on + timedelta(days=DAYS), basis="服务协议第二十一条",
        actor=staff[Role.CLERK], on=on,
    )  # fmt: skip


def proof(name: str = "整改后照片.png") -> Upload:
    return Upload(name, b"\x89PNG\r\n\x1a\n" + name.encode(), "image/png")


def answered(row: Rectification, who: Actor, *, on: date = TODAY) -> None:
    """Every item the institution has to do: said and proved."""
    for item in row.items:
        if item.state in ("open", "returned"):
            rectification_items.answer(
                item, text="已经补正。", unit="医保办", person="样某某", actor=who, on=on
            )
            rectification_items.prove(item, proof(), stage=ProofStage.AFTER, actor=who, on=on)


def submitted(row: Rectification, who: Actor, *, on: date = TODAY) -> Rectification:
    answered(row, who, on=on)
    rectifications.submit(row, actor=who, on=on)
    return row


def closed(row: Rectification, who: Actor, inspector: Actor, *, on: date = TODAY) -> Rectification:
    submitted(row, who, on=on)
    for item in row.items:
        rectification_items.close_out(item, remark="现场核验属实", actor=inspector, on=on)
    rectifications.conclude(row, opinion="整改到位。", actor=inspector, on=on)
    return row


def reached(row: Rectification, stage: str, who: Actor, inspector: Actor) -> Rectification:
    """Brought on to a stage: submitted, judged (one item sent back), returned, closed."""
    if stage == "closed":
        return closed(row, who, inspector)
    submitted(row, who)
    if stage in ("judged", "returned"):
        first, second = row.items
        rectification_items.close_out(first, remark="属实", actor=inspector, on=TODAY)
        rectification_items.send_back(second, reason="照片看不清", actor=inspector, on=TODAY)
    if stage == "returned":
        due_on = TODAY + timedelta(days=DAYS)
        rectifications.conclude(
            row, opinion="第二项没有到位。", due_on=due_on, actor=inspector, on=TODAY
        )
    return row
