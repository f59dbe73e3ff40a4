"""Credit information of the shortest honest kind; names and papers are obviously invented."""

from __future__ import annotations

from datetime import date

from actions import credit_information as act
from actions import cycles
from actions.credit_files import FactFile
from actions.materials import Upload
from models import CreditInformation, Cycle
from rules.permissions import Actor, Role
from tests import factories, factories_cycle

PAPER = Upload("示例通报.pdf", b"%PDF-1.4 sample paper", "application/pdf")
HEAD = "姓名,居民身份证号码,违规使用凭证,违规使用凭证认定文号,逾期未退回基金,退回通知文号,认定骗保,认定骗保文号"
ONE, TWO = factories.id_number(700_201), factories.id_number(700_202)


def insured(staff: dict[Role, Actor], *, on: date = factories_cycle.ON) -> Cycle:
    """Two insured persons from a file, rated and told."""
    lines = (f"样甲某,{ONE},1,示认1号,,,否,", f"样乙某,{TWO},,,1000.01,示退1号,,")
    given = FactFile("\n".join((HEAD, *lines)).encode(), "示例参保事实.csv")
    cycle = factories_cycle.started(
        staff, "样例参保人员", scheme="insured_person", given=given, on=on
    )
    factories_cycle.decided(factories_cycle.reviewed(cycle, staff, on=on), staff, on=on)
    cycles.publish(cycle, actor=staff[Role.LEADER], on=on)
    return cycle


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
