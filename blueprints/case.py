"""What every case page shows: identity, clocks, letters, one timeline, and whether this person may decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import g, url_for

import clock
import formatting
from blueprints.access import may
from queries import (
    blacklistings,
    clock_views,
    collective_decisions,
    documents,
    rectifications,
    referrals,
    responsible_inspectors,
    timeline,
)
from rules import collective
from rules.lifecycle import LIFECYCLES
from rules.rectifications import SOURCES

NUMBERS = {
    "application": "受理号",
    "agreement": "协议编号",
    "amendment": "申请编号",
    "unfiled_change": "登记编号",
    "change_notice": "告知编号",
    "violation": "案件编号",
    "collective_decision": "讨论编号",
    "withdrawal": "申请编号",
    "indication": "情形编号",
    "region_notice": "登记编号",
    "rectification": "整改编号",
    "referral": "移送编号",
    "deduction": "记分编号",
    "reversal": "更正编号",
    "appeal": "申诉编号",
    "restoration": "修复编号",
    "filing": "报送编号",
    "renewal": "续签编号",
    "objection": "异议编号",
    "rating_objection": "异议编号",
    "grade_change": "变动编号",
    "talk": "约谈编号",
    "reinstatement": "恢复编号",
    "blacklisting": "名单编号",
    "credit_pledge": "承诺编号",
    "credit_information": "信息编号",
    "statement": "申报编号",
    "retention_release": "返还编号",
    "annual_settlement": "清算编号",
    "prepayment": "预付编号",
}


def frame(subject: Any, *, related: list[tuple[str, int]] | None = None) -> dict[str, Any]:
    """The common context of a case page. `related` are further rows whose events belong to it."""
    institution = subject.institution
    noun = subject.__tablename__
    letters = documents.of(noun, subject.id)
    subjects = [(noun, subject.id), *[("document", row.id) for row in letters], *(related or [])]
    shown = LIFECYCLES[noun].states[subject.state]
    return {
        "subject": subject,
        "case": {
            "name": institution.name if institution else subject.rating.name,
            "number": subject.number,
            "light": {"state": shown.light, "text": shown.label},
        },
        "identity": identity(institution, subject.number, NUMBERS[noun]),
        "clocks": clock_views.of(noun, subject.id, on=clock.today()),
        "letters": letters,
        "events": timeline.of(subjects),
        "meaning": shown.meaning,
        "arising": arising(subject),
    }


def arising(subject: Any) -> dict[str, Any] | None:
    """What has to be put right or was referred because of this matter, and where that is begun; else nothing."""
    noun, order = subject.__tablename__, ""
    if noun not in SOURCES:
        return None
    if may("order_rectification", subject):
        key = subject.institution_id
        order = url_for("rectifications.new", key=key, source=noun, id=subject.id)
    listed = noun != "violation"  # its page lists them beside its talks
    orders = rectifications.of((noun, subject.id)) if listed else []
    rows = [(row, rectifications.badge_of(row)) for row in orders]
    sent = referrals.of_case(subject.id) if noun == "violation" else []
    refer = noun == "violation" and may("draft_referral", subject)
    found = {
        "rectifications": rows,
        "order": order,
        "referrals": [(row, referrals.badge(row)) for row in sent],
        "refer": url_for("referrals.new", key=subject.id) if refer else "",
    }
    return found | {"listed": listed} if any(found.values()) else None


def identity(institution: Any, number: str = "", label: str = "") -> list[dict[str, str]]:
    """Who this is about, on one line; of a person for whom no institution answers nothing but the number."""
    if institution is None:
        return [{"label": label, "value": number}]
    inspector = responsible_inspectors.on_day(institution.id, clock.today())
    listed = blacklistings.of_institution(institution.id, clock.today())
    facts = [
        {"label": label, "value": number},
        {"label": "医保编码", "value": institution.code or "未赋码"},
        {
            "label": "统一社会信用代码",
            "value": formatting.mask_code(institution.uscc or "") or "未登记",
        },
        {"label": "类型", "value": institution.kind.label},
        {"label": "地址", "value": institution.address or "未登记"},
        {
            "label": "责任稽核员",
            "value": inspector.name if inspector else "未指定",
            "href": url_for("rectifications.index", institution=institution.id),
            "link_label": "整改台账",
        },
        {
            "label": "严重失信名单",
            "value": f"在名单内，至 {listed.until}" if listed else "",
            "href": url_for("blacklistings.show", key=listed.id) if listed else "",
            "link_label": "查看",
        },
    ]
    return [fact for fact in facts if fact["value"]]


def council(subject: Any, limit: Any, on: date) -> dict[str, Any]:
    """What the card of a collective decision about a payment needs; `limit`: from which sum a group decides."""
    convenes = may("convene_decision", subject)
    return {
        "limit": limit,
        "quorum": collective.quorum(on, subject.institution.kind.family),
        "candidates": collective_decisions.candidates(subject) if convenes else [],
        "may": convenes,
    }


def crumbs(label: str, endpoint: str, number: str) -> list[dict[str, str]]:
    """Where am I: the list, then this case."""
    return [{"label": label, "href": url_for(endpoint)}, {"label": number, "href": ""}]


def waiting_for(subject: Any) -> str:
    """Why this person has nothing to decide here now."""
    state = LIFECYCLES[subject.__tablename__].states[subject.state]
    if state.desk is None:
        return f"{state.meaning}。"
    if state.desk is g.actor.role:
        return f"{state.meaning}。您参与过本件的其他环节，应当由他人办理。"
    return f"{state.meaning}。现在由{state.desk.label}办理：{state.step}。"
