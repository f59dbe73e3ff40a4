"""一户一档 and 一人一档 on paper: what the pages show of an institution or a person, as one PDF for the file."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from actions import dossiers as act
from actions import institutions as registry
from actions import operations
from blueprints import files
from blueprints.access import may
from database import session
from queries import (
    agreements,
    commitments,
    deductions,
    documents,
    former_facts,
    penalties,
    practitioners,
    proposals,
    published_ratings,
    qualification_measures,
    timeline,
    violations,
)
from queries import institutions as ask
from queries import registrations as registered
from queries.paging import Asked
from rules import commitments as commitment_rule
from rules.lifecycle import DEDUCTION, VIOLATION
from rules.permissions import Permission

LATEST = 300  # lines of the log


def person(row: Any) -> ResponseReturnValue:
    stand = practitioners.status(row, clock.today())
    number = formatting.mask_id(row.id_number) if row.id_number else "未登记"
    facts = [
        ("姓名", row.name), ("人员编码", row.code), ("类别", row.role.label), ("证件号码", number),
        ("专业技术职务", row.title), ("执业证书", row.licence_number), ("执业范围", row.licence_scope),
        ("证书有效期至", formatting.day(row.licence_valid_to)), ("支付资格", stand.status.label),
        ("截止日期", formatting.day(stand.until)),
    ]  # fmt: skip
    return _send(
        "一人一档",
        row,
        f"{row.name} {row.code}",
        facts,
        _tables_of_person(row),
        url_for("practitioners.show", key=row.id),
    )


def _tables_of_person(row: Any) -> list[act.Table]:
    sites = practitioners.registrations(row.id)
    entries, measures = deductions.of(row.id), qualification_measures.measures(row.id)
    letters = practitioners.letters(row.id)
    return [
        ("登记备案", ("机构", "类别", "科室", "起", "止"), [
            [one.institution.name, one.acts_as, one.department, one.from_on, one.to_on or "至今"] for one in sites]),
        ("服务承诺书", ("机构", "文本", "签署日期", "签署件"), _commitments(sites)),
        ("记分", ("编号", "决定日期", "机构", "情形", "分值", "状态"), [
            [one.number, one.decided_on, one.institution.name, one.item_text, one.points,
             DEDUCTION.states[one.state].label] for one in entries]),
        ("支付资格措施", ("措施", "起", "止", "依据"), [
            [one.kind, one.from_on, one.until or f"不得登记至 {one.bar_until}", one.basis] for one in measures]),
        _letters(letters),
    ]  # fmt: skip


def _commitments(sites: list[Any]) -> list[list[Any]]:
    signed = commitments.of_registrations([one.id for one in sites])
    return [
        [
            one.institution.name,
            commitment_rule.by_key(paper.text_key, clock.today()).label,
            paper.signed_on,
            "有" if paper.sha256 else "无",
        ]
        for one in sites
        for paper in signed[one.id]
    ]


def institution(row: Any) -> ResponseReturnValue:
    stand = ask.standings([row.id], clock.today())[row.id]
    facts = [
        ("机构名称", row.name), ("医保编码", row.code), ("统一社会信用代码", row.uscc), ("类型", row.kind.label),
        ("性质", row.nature), ("等级", row.level), ("行政区划", row.division), ("地址", row.address),
        ("联系电话", row.phone), ("协议状态", stand.label), ("协议起", formatting.day(stand.since)),
        ("协议止", formatting.day(stand.until)),
    ]  # fmt: skip
    return _send(
        "一户一档",
        row,
        row.name,
        facts,
        _tables_of_institution(row),
        url_for("institutions.show", key=row.id),
    )


def _tables_of_institution(row: Any) -> list[act.Table]:
    return [
        *_registry(row),
        *_standing(row),
        *(_cases(row) if may(str(Permission.VIEW_CASES), row) else []),
        _letters(documents.of_institution(row.id, g.actor)),
        _log(row),
    ]


def _registry(row: Any) -> list[act.Table]:
    """Who and what it is: office holders, licences, what it was before."""
    offices = [
        [one.role, formatting.mask_name(one.name), one.from_on, one.to_on or "现任"]
        for one in ask.offices(row.id)
    ]
    licences = [
        [one.kind, one.number, one.valid_from, one.valid_to or "长期", one.revoked_on]
        for one in ask.licences(row.id)
    ]
    former = [
        [registry.LABELS[one.field], _former(one), one.from_on, one.to_on, one.reason]
        for one in former_facts.of_institution(row.id)
    ]
    return [
        ("任职人员", ("职务", "姓名", "自", "至"), offices),
        ("证照", ("种类", "编号", "自", "至", "吊销、注销"), licences),
        ("曾用登记事项", ("事项", "曾登记为", "自", "至", "依据"), former),
    ]


def _former(one: Any) -> str:
    return formatting.mask_code(one.secret) if one.secret else str(one.text)


def _standing(row: Any) -> list[act.Table]:
    """Agreements, people, grades."""
    on = clock.today()
    held = [
        [one.number, agreements.standing_of(one, on=on).label, one.term_from, one.term_to]
        for one in agreements.of_institution(row.id)
    ]
    people = [
        [p.code, p.name, one.acts_as, one.department, one.from_on, one.to_on or "在册"]
        for one in registered.of_institution(row.id)
        for p in [one.practitioner]
    ]
    grades = [
        [one.cycle, one.marked_grade, one.score, one.published_on]
        for one in published_ratings.of_institution(row.id, on=on)
    ]
    uses = [
        [label, one.label, f"{one.grade}（{one.cycle}）", one.since]
        for label, one in proposals.all_in_force(row.id, on=on)
    ]
    return [
        ("服务协议", ("编号", "状态", "起", "止"), held),
        ("登记备案人员", ("编码", "姓名", "类别", "科室", "起", "止"), people),
        ("信用等级", ("周期", "等级", "得分", "公布日期"), grades),
        ("现行的信用应用", ("事项", "已采用的建议", "等级", "采用日期"), uses),
    ]


def _cases(row: Any) -> list[act.Table]:
    """Cases, as far as the person printing did not step aside, and penalties."""
    found = [
        [
            one.number,
            one.words,
            one.found_on,
            one.decided_on,
            VIOLATION.states[one.state].label,
        ]
        for one in violations.of_institution(row.id, g.actor)
        if may(str(Permission.VIEW_CASES), one)
    ]
    fined = [
        [one.number, one.authority, one.decided_on, formatting.yuan(one.amount), one.performed_on]
        for one in penalties.of_institution(row.id)
    ]
    return [
        ("违规案件", ("案号", "情形", "发现日期", "决定日期", "状态"), found),
        ("行政处罚", ("文号", "机关", "决定日期", "金额（元）", "履行日期"), fined),
    ]


def _log(row: Any) -> act.Table:
    lines, _page = timeline.of_institution(row.id, Asked(size=LATEST, words={}), g.actor)
    rows = [[formatting.instant(one.at), one.title, one.who, one.text] for one in lines]
    return ("日志", ("时间", "事项", "经办人", "说明"), rows)


def _letters(letters: list[Any]) -> act.Table:
    rows = [[one.number, one.title, one.issued_on, one.served_on or "未送达"] for one in letters]
    return ("文书", ("文号", "文书", "印发日期", "送达日期"), rows)


def _send(
    title: str,
    subject: Any,
    name: str,
    facts: list[tuple[str, Any]],
    tables: list[act.Table],
    back: str,
) -> ResponseReturnValue:
    """Printed first, then noted: a paper that could not be made leaves no line."""
    by = f"{g.actor.name} {formatting.instant(clock.now())} 打印"
    content = act.printed(title, name, facts, tables, by=by)
    act.note(subject, title, actor=g.actor, on=clock.today())
    operations.answer(back, f"{title}已打印，再次打印请重新操作")
    session.commit()
    return files.send(content, f"{title}-{name}.pdf", "application/pdf")
