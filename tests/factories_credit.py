"""Credit information of the shortest honest kind; names and papers are obviously invented."""

from __future__ import annotations

from datetime import date

from actions import credit_information as act
from actions.materials import Upload
from models import CreditInformation
from rules.permissions import Actor, Role

PAPER = Upload("示例通报.pdf", b"%PDF-1.4 sample paper", "application/pdf")


def content(kind: str, on: date, **values) -> act.Content:
    given = {"text": "示例内容。", "source": "示例县医疗保障局 示通〔2026〕1号"}
    return act.Content(kind=kind, happened_on=on, **(given | values))


def recorded(about, kind: str, on: date, staff: dict[Role, Actor], **values) -> CreditInformation:
    return act.record(
        content(kind, on, **values), PAPER, about=about, actor=staff[Role.CLERK], on=on
    )


def confirmed(about, kind: str, on: date, staff: dict[Role, Actor], **values) -> CreditInformation:
    row = recorded(about, kind, on, staff, **values)
    act.confirm(row, actor=staff[Role.REVIEWER], on=on)
    return row
