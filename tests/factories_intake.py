"""The intake of an application, made the shortest honest way: papers passed, what a person has to find found."""

from __future__ import annotations

from datetime import date

from actions import applications, materials, verifications
from models import Application
from queries import conditions, refusals
from rules.checks import PERSON, Result
from rules.permissions import Actor

PAPER = materials.Upload("示例材料.pdf", b"%PDF-1.4 sample", "application/pdf")


def submitted(institution, *, actor: Actor, on: date) -> Application:
    """Handed in with a file for every item."""
    row = applications.open_draft(institution, actor=actor, on=on)
    for item in row.materials:
        materials.hand_in(item, row, PAPER, actor=actor, on=on)
    applications.submit(row, actor=actor, on=on)
    return row


def verified(row: Application, *, actor: Actor, on: date) -> None:
    """All papers passed, and every line that a person decides found to be fine."""
    if any(item.state == "given" for item in row.materials):
        materials.pass_all_given(row, actor=actor, on=on)
    lines = conditions.of(row, on=on) + [one.line for one in refusals.check(row, on)]
    found = [
        verifications.Found(one.key, Result.FINE, "现场查看属实")
        for one in lines
        if one.check == PERSON and one.result is Result.OPEN
    ]
    verifications.state(row, found, actor=actor, on=on)


def accepted(row: Application, *, actor: Actor, on: date) -> None:
    verified(row, actor=actor, on=on)
    applications.accept(row, actor=actor, on=on)
