"""The work list as a first version would be written: entities, lazy loads, a count for every number, OFFSET, LIKE.

Same address parameters, same columns, same frame. It is only ever measured.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, g, render_template, request
from sqlalchemy.orm import Query

import clock
from benchmarks import naive_lights
from database import session
from models import Institution, WorkItem
from queries.paging import Page

naive = Blueprint("naive", __name__, template_folder="templates")
TABS = {
    "mine": "待我办理",
    "over": "超期",
    "due": "今明到期",
    "done": "我已办理",
    "started": "我发起的",
}
SORTS = {"due": WorkItem.due_on, "received_on": WorkItem.opened_on, "number": WorkItem.number}
LIGHTS = [
    ("over", "超期"),
    ("due", "今明到期"),
    ("soon", "3 日内"),
    ("ok", "正常"),
    ("paused", "停钟"),
    ("na", "无期限"),
]


@naive.get("/naive/worklist")
def index() -> str:
    on, args = clock.today(), request.args
    query = filtered(of_tab(args.get("tab", "mine"), on), args, on)
    number = args.get("page", 1, int)
    total = query.count()
    items = ordered(query, args.get("sort", "due")).offset((number - 1) * 50).limit(50).all()
    return render_template(
        "naive.html",
        heading="待办事项",
        tabs=[tab(word, label, on) for word, label in TABS.items()],
        filters=fields(args),
        rows=[row(item, on) for item in items],
        page=Page(number, 50, total),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


index.signed_in = True  # type: ignore[attr-defined]  # the guard lets every signed-in person in


def of_tab(word: str, on: date) -> Query[WorkItem]:
    query = session.query(WorkItem)
    if word == "done":
        return query.filter(WorkItem.done_by == g.actor.id)
    if word == "started":
        return query.filter(WorkItem.started_by == g.actor.id, WorkItem.done.is_(False))
    query = query.filter(
        WorkItem.done.is_(False),
        WorkItem.pooling_region == g.actor.pooling_region,
        WorkItem.desk.in_([str(g.actor.role), f"user:{g.actor.id}"]),
    )
    if word == "over":
        return query.filter(WorkItem.due_on < on, WorkItem.paused.is_(False))
    if word == "due":
        return query.filter(
            WorkItem.due_on.between(on, on + timedelta(days=1)), WorkItem.paused.is_(False)
        )
    return query


def filtered(query: Query[WorkItem], args: Any, on: date) -> Query[WorkItem]:
    if q := args.get("q"):
        like = f"%{q}%"
        query = query.filter(
            WorkItem.institution_name.like(like)
            | WorkItem.number.like(like)
            | WorkItem.pinyin.like(like)
        )
    for name in ("matter", "step"):
        if args.get(name):
            query = query.filter(getattr(WorkItem, name) == args[name])
    if args.get("from"):
        query = query.filter(WorkItem.opened_on >= date.fromisoformat(args["from"]))
    if args.get("to"):
        query = query.filter(WorkItem.opened_on <= date.fromisoformat(args["to"]))
    return naive_lights.filtered(query, args.get("light", ""), on)


def ordered(query: Query[WorkItem], sort: str) -> Query[WorkItem]:
    column = SORTS[sort.removeprefix("-")]
    order = column.desc() if sort.startswith("-") else column.asc()
    return query.order_by(order.nulls_last(), WorkItem.id)


def tab(word: str, label: str, on: date) -> dict[str, Any]:
    current = word == request.args.get("tab", "mine")
    return {
        "label": label,
        "count": of_tab(word, on).count(),
        "href": f"?tab={word}",
        "current": current,
    }


def fields(args: Any) -> list[dict[str, Any]]:
    waiting = of_tab("mine", clock.today())
    matters = sorted(found for (found,) in waiting.with_entities(WorkItem.matter).distinct())
    steps = sorted(found for (found,) in waiting.with_entities(WorkItem.step).distinct())

    def field(name: str, label: str, kind: str, options: Any = ()) -> dict[str, Any]:
        return {
            "name": name,
            "label": label,
            "type": kind,
            "value": args.get(name, ""),
            "options": options,
        }

    return [
        field("q", "关键字", "text"),
        field("matter", "事项", "select", [(word, word) for word in matters]),
        field("step", "环节", "select", [(word, word) for word in steps]),
        field("light", "时限", "select", LIGHTS),
        field("from", "受理日期", "date"),
        field("to", "至", "date"),
    ]


def row(item: WorkItem, on: date) -> dict[str, Any]:
    institution = session.get_one(Institution, item.institution_id)  # loaded when it is looked at
    return {
        "id": item.id,
        "number": item.number,
        "href": f"/{item.subject}s/{item.subject_id}",
        "institution": institution.name,
        "kind_label": institution.kind.label,
        "matter": item.matter,
        "step": item.step,
        "clerk": item.done_by_name,
        "received_on": item.opened_on,
        "used_percent": naive_lights.used(item, on),
        "light": naive_lights.light(item, on),
    }
