"""The worklist of renewals as a page, a sheet and a batch: one filter for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from actions.batches import Item
from blueprints import files, typed
from queries import renewals as ask
from queries.paging import Asked
from queries.renewals import RenewalRow
from rules.lifecycle import RenewalState
from rules.permissions import Actor
from rules.renewals import Advice

COLUMNS = [
    "机构名称", "医保编码", "类型", "协议编号", "期满日", "应当申请日", "申请日", "状态", "评议结果", "例外",
]  # fmt: skip
FIRST = "candidates"
BATCHES = {
    "candidates": "collect",
    "assess": "assess",
    "propose": "propose",
    "decide": "agree",
    "offer": "offer",
}
TAB_OF = {kind: tab for tab, kind in BATCHES.items()}
STEPS = (
    ("申请或者列入", (RenewalState.COLLECTED, RenewalState.APPLIED)),
    ("评议表", (RenewalState.ASSESSED,)),
    ("评议意见", (RenewalState.PROPOSED,)),
    ("决定", (RenewalState.AGREED, RenewalState.REFUSED)),
    ("送签", (RenewalState.OFFERED,)),
    ("签订", (RenewalState.RENEWED,)),
)


def tab_of(given: Asked) -> str:
    return given.word("tab") if given.word("tab") in ask.TABS else FIRST


def tabs(counts: Mapping[str, int], current: str) -> list[dict[str, Any]]:
    labels = {FIRST: "待组织", **{tab: label for tab, (label, _) in ask.TABS.items()}}
    return [
        {
            "label": label,
            "count": counts[tab],
            "href": url_for("renewals.index", tab=tab),
            "current": tab == current,
        }
        for tab, label in labels.items()
    ]


def filters(given: Asked, tab: str) -> list[dict[str, Any]]:
    hint = "机构/编码/协议编号/拼音"
    found: list[dict[str, Any]] = [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": hint},
        files.kind_filter(given.word("kind")),
    ]
    if tab != FIRST:
        value = given.word("advice")
        found.append(
            {"name": "advice", "label": "评议结果", "type": "select", "value": value, "options": ask.ADVICES}
        )  # fmt: skip
    return found


def cells(row: RenewalRow) -> list[Any]:
    who, renewal = row.institution, row.renewal
    known = [
        who.name,
        who.code,
        who.kind.label,
        row.agreement.number,
        row.agreement.term_to,
        row.due_on,
    ]
    applied = renewal.applied_on if renewal else None
    advice = renewal.advice.label if renewal and renewal.advice else ""
    return [*known, applied, row.state_label, advice, "；".join(row.exceptions)]


def items(
    kind: str, given: Asked, form: MultiDict[str, str], *, actor: Actor, on: date
) -> list[Item]:
    """The ticked rows, or all without exceptions of the filter: always only what this person sees in this tab."""
    tab = TAB_OF[kind]
    if kind == "collect":
        rows, _ = ask.candidates(actor, given, on=on)
    else:
        rows, _ = ask.page(actor, tab, given)
    if form.get("which") == "clean":
        free = (None, Advice.RENEW)  # not assessed yet: there is no exception to look at
        chosen = [row for row in rows if row.renewal is None or row.renewal.advice in free]
    else:
        ticked = set(typed.keys(form.getlist("id")))
        chosen = [row for row in rows if _key(row) in ticked]
    return [_item(row) for row in chosen]


def _key(row: RenewalRow) -> int:
    return row.renewal.id if row.renewal else row.agreement.id


def _item(row: RenewalRow) -> Item:
    """What is known of the row before it is confirmed."""
    preview = f"协议 {row.agreement.number} {row.agreement.term_to} 期满"
    if row.renewal is None:
        return Item("agreement", row.agreement.id, row.institution.name, preview)
    told = "，".join(row.exceptions) or "没有例外"
    return Item("renewal", row.renewal.id, row.institution.name, f"{preview}；{told}")


def steps(state: RenewalState) -> list[dict[str, str]]:
    """What is done, and what comes next; nothing comes next after a refusal, and an ended one shows no steps."""
    reached = next((n for n, (_, states) in enumerate(STEPS) if state in states), None)
    if reached is None:
        return []
    coming = reached + 1 if state is not RenewalState.REFUSED else len(STEPS)
    return [
        {"label": label, "state": "done" if n <= reached else "cur" if n == coming else ""}
        for n, (label, _) in enumerate(STEPS)
    ]
