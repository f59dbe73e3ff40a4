"""案卷目录: every paper of a case in the order of its day, numbered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models import Violation
from queries import rectifications, talks
from queries import violations as cases


@dataclass(frozen=True)
class Paper:
    """`reference`: number of the letter or name of the file; `document_id`: the letter itself."""

    day: date
    title: str
    reference: str
    document_id: int | None = None


def of(violation: Violation) -> list[Paper]:
    """Letters, evidence, minutes and vouchers. A talk and a rectification stand with their number."""
    papers = [
        *_own(violation),
        *(Paper(row.issued_on, row.title, row.number, row.id) for row in cases.letters(violation)),
        *_money(violation),
        *_others(violation),
    ]
    return sorted(papers, key=lambda paper: paper.day)


def _own(violation: Violation) -> list[Paper]:
    first = violation.taken_up_on or violation.found_on
    papers = []
    if violation.clue_text:
        papers.append(Paper(violation.found_on, "线索登记表", violation.source_text))
    papers += [
        Paper(first, f"证据：{row.label}", row.file_name)
        for row in violation.findings
        if row.file_name
    ]
    if violation.views_on:
        papers.append(Paper(violation.views_on, "陈述申辩记录", ""))
    papers += [
        Paper(one.held_on, "集体讨论记录", one.number)
        for one in violation.discussions
        if one.held_on
    ]
    return papers


def _money(violation: Violation) -> list[Paper]:
    return [
        Paper(row.received_on, f"缴款凭证：{measure.step.label}", row.voucher)
        for measure in violation.measures
        for row in measure.remittances
        if row.state == "confirmed"
    ]


def _others(violation: Violation) -> list[Paper]:
    source = ("violation", violation.id)
    return [
        *(Paper(row.called_on, "约谈通知书和约谈记录", row.number) for row in talks.of(source)),
        *(
            Paper(row.ordered_on, "整改通知书和整改材料", row.number)
            for row in rectifications.of(source)
        ),
    ]
