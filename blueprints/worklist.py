"""待办: the page clerks work from."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from blueprints.access import permit
from blueprints.sheets import sheet
from queries import applications
from queries import worklist as ask
from queries.paging import Page, asked
from queries.worklist import Filters, Row
from rules.permissions import Permission, Role

worklist = Blueprint("worklist", __name__)
TABS = {
    "mine": "待我办理",
    "over": "超期",
    "due": "今明到期",
    "done": "我已办理",
    "started": "我发起的",
}
LIGHTS = [
    ("over", "超期"),
    ("due", "今明到期"),
    ("soon", "3 日内"),
    ("ok", "正常"),
    ("paused", "停钟"),
    ("na", "无期限"),
]
AGAIN = "{number} 件申请再次告知补正，不符合“一次性告知”的规定，请查看理由"
SILENT = "{number} 件申请经提醒后机构仍未补正，请联系机构或者决定如何处理"
NOTICES = {
    Role.LEADER: ("again", AGAIN),
    Role.CHIEF: ("again", AGAIN),
    Role.CLERK: ("silent", SILENT),
}
ANY = 987654321  # stands for the id in an address
PAGES = {
    "application": "applications.show",
    "agreement": "agreements.show",
    "amendment": "amendments.show",
    "licence": "licences.show",
    "registration": "registrations.show",
    "unfiled_change": "unfiled_changes.show",
    "change_notice": "change_notices.show",
    "violation": "violations.show",
    "blacklisting": "blacklistings.show",
    "credit_pledge": "credit_pledges.show",
    "case_measure": "case_measures.show",
    "statement": "settlements.show",
    "remittance": "remittances.show",
    "deduction": "deductions.show",
    "referral": "referrals.show",
    "rectification": "rectifications.show",
    "reversal": "reversals.show",
    "appeal": "appeals.show",
    "restoration": "restorations.show",
    "reinstatement": "reinstatements.show",
    "renewal": "renewals.show",
    "reminder": "agreements.show",
    "opinion": "evaluations.opinion",
    "filing": "filings.show",
    "objection": "notices.objection",
    "rating_objection": "rating_objections.show",
    "grade_change": "grade_changes.show",
    "scheme_draft": "scheme_drafts.show",
    "vote": "collective_decisions.vote",
    "withdrawal": "withdrawals.show",
    "indication": "indications.show",
    "region_notice": "region_notices.show",
    "talk": "talks.show",
    "retention_release": "retention_releases.show",
    "annual_settlement": "annual_settlements.show",
    "prepayment": "prepayments.show",
}


@worklist.get("/worklist")
@permit(Permission.VIEW_WORKLIST)
def index() -> ResponseReturnValue:
    on = clock.today()
    filters = _filters()
    rows = ask.rows(g.actor, filters, on=on)
    if request.args.get("format"):
        return sheet("待办事项", _sheet_columns(), [_sheet_row(row) for row in rows])
    matters, steps = ask.choices(g.actor, on=on)
    return render_template(
        "worklist/list.html",
        heading="待办事项",
        tabs=_tabs(filters, on),
        filters=_filter_fields(filters, matters, steps),
        applied=_applied(filters),
        rows=_linked(rows),
        page=Page(filters.page, filters.size, _total(filters, rows, on)),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
        notices=_notices(),
    )


def _notices() -> list[dict[str, Any]]:
    """What departs from the usual course, told to whoever has to know: sentence and list."""
    told = NOTICES.get(g.actor.role)
    number = applications.flagged(g.actor).get(told[0], 0) if told else 0
    if not told or not number:
        return []
    return [
        {
            "text": told[1].format(number=number),
            "href": url_for("applications.index", flag=told[0]),
        }
    ]


def _total(filters: Filters, rows: list[Row], on: date) -> int:
    """A first page that is not full is all there is."""
    if filters.page == 1 and len(rows) < filters.size:
        return len(rows)
    return ask.count(g.actor, filters, on=on)


def _linked(rows: list[Row]) -> list[Row]:
    """Rows with the page on which each is done; an address is built once for each kind of subject."""
    addresses = {subject: _address(subject) for subject in {row.subject for row in rows}}
    return [
        row._replace(href=addresses[row.subject].replace(str(ANY), str(row.subject_id)))
        for row in rows
    ]


def _address(subject: str) -> str:
    return url_for(PAGES[subject], key=ANY)


def _filters() -> Filters:
    given = asked(request.args)
    return Filters(
        tab=given.word("tab") if given.word("tab") in TABS else "mine",
        q=given.q,
        matter=given.word("matter"),
        step=given.word("step"),
        light=given.word("light"),
        from_on=given.day("from"),
        to_on=given.day("to"),
        sort=given.word("sort") or "due",
        page=given.page,
        size=given.size,
    )


def _tabs(filters: Filters, on: date) -> list[dict[str, Any]]:
    counts = ask.tab_counts(g.actor, on=on)
    return [
        {
            "label": label,
            "count": counts[tab],
            "href": url_for("worklist.index", tab=tab),
            "current": tab == filters.tab,
        }
        for tab, label in TABS.items()
    ]


def _filter_fields(filters: Filters, matters: list[str], steps: list[str]) -> list[dict[str, Any]]:
    def pick(name: str, label: str, value: str, options: list[Any]) -> dict[str, Any]:
        return {"name": name, "label": label, "type": "select", "value": value, "options": options}

    return [
        {
            "name": "q",
            "label": "关键字",
            "type": "text",
            "value": filters.q,
            "placeholder": "机构/受理号/拼音",
        },
        pick("matter", "事项", filters.matter, [(word, word) for word in matters]),
        pick("step", "环节", filters.step, [(word, word) for word in steps]),
        pick("light", "时限", filters.light, LIGHTS),
        {
            "name": "from",
            "label": "受理日期",
            "type": "date",
            "value": formatting.day(filters.from_on),
        },
        {"name": "to", "label": "至", "type": "date", "value": formatting.day(filters.to_on)},
    ]


def _applied(filters: Filters) -> list[dict[str, str]]:
    shown = {
        "q": ("关键字", filters.q),
        "matter": ("事项", filters.matter),
        "step": ("环节", filters.step),
        "light": ("时限", dict(LIGHTS).get(filters.light, "")),
        "from": ("受理日期自", formatting.day(filters.from_on)),
        "to": ("受理日期至", formatting.day(filters.to_on)),
    }
    return [
        {"label": label, "value": value, "href": url_for("worklist.index", **_without(name))}
        for name, (label, value) in shown.items()
        if value
    ]


def _without(name: str) -> dict[str, Any]:
    return {
        key: value for key, value in request.args.items() if key not in (name, "page") and value
    }


def _sheet_columns() -> list[str]:
    return [
        "受理号",
        "机构名称",
        "类型",
        "事项",
        "当前环节",
        "经办人",
        "受理日期",
        "截止日期",
        "办理时限",
    ]


def _sheet_row(row: Row) -> list[Any]:
    days = [formatting.day(row.received_on), formatting.day(row.due_on)]
    return [
        row.number,
        row.institution,
        row.kind_label,
        row.matter,
        row.step,
        row.clerk,
        *days,
        row.light.text,
    ]
