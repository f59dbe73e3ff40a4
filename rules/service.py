"""How letters are served, and what the law wants for it."""

from __future__ import annotations

from datetime import date

import regulations
from rules import clocks
from rules.workdays import Workdays

BY_HAND, ELECTRONIC, ANNOUNCED = "直接送达", "电子送达", "公告送达"
METHODS = (BY_HAND, "邮寄送达", "留置送达", ELECTRONIC)


def announcement(day: date) -> regulations.Value:
    """The days of a public notice that stands for service."""
    return regulations.at(day).service.announcement


def announced_until(since: date, workdays: Workdays) -> date:
    """The day on which a letter announced on a day counts as served."""
    return clocks.due("service.announcement", since, workdays=workdays, strict=False).due


def consent_required(day: date) -> regulations.Value:
    """That nobody is served electronically without having agreed in writing."""
    return regulations.at(day).service.consents
