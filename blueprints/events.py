"""操作日志: who did what to what, and whether anybody laid hands on the record of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import database
import formatting
from actions import events as log
from blueprints.access import done, permit
from blueprints.sheets import sheet
from database import session
from queries import events as ask
from queries.events import Filters
from queries.paging import asked
from rules import event_words as words
from rules.permissions import Permission

COLUMNS = [
    "序号", "时间", "业务日期", "人员", "岗位", "操作", "说明", "对象", "机构",
    "原状态", "新状态", "依据", "事实", "校验值",
]  # fmt: skip
MOST = 100_000  # rows of one export; a longer log is exported by day


@permit(Permission.VIEW_EVENTS)
def event_list() -> ResponseReturnValue:
    filters = _filters()
    if asked(request.args).word("format"):
        return _export(filters)
    found = ask.rows(filters)
    rows, more = found[: filters.size], len(found) > filters.size
    return render_template(
        "administration/events.html",
        heading="操作日志",
        filters=_fields(filters),
        rows=[_row(event) for event in rows],
        names=ask.institution_names({row.institution_id for row in rows if row.institution_id}),
        total=ask.count(replace(filters, before=None)),
        older=rows[-1].seq if rows and more else None,
        newest=filters.before is None,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _filters() -> Filters:
    given = asked(request.args)

    def number(name: str) -> int | None:
        word = given.word(name)
        return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None

    return Filters(
        actor=given.word("actor"),
        verb=given.word("verb"),
        subject=given.word("subject"),
        subject_id=number("subject_id"),
        institution=given.word("institution"),
        q=given.q,
        from_on=given.day("from"),
        to_on=given.day("to"),
        before=number("before"),
        size=min(given.size, 500),
    )


def _fields(filters: Filters) -> list[dict[str, Any]]:
    def line(name: str, label: str, value: Any, kind: str = "text", **more: Any) -> dict[str, Any]:
        return {"name": name, "label": label, "type": kind, "value": value, **more}

    return [
        line("actor", "人员", filters.actor),
        line("verb", "操作", filters.verb, "select", options=[(v, words.verb(v)) for v in ask.verbs()]),
        line("subject", "对象", filters.subject, "select", options=[(s, words.subject(s)) for s in ask.subjects()]),
        line("subject_id", "对象编号", filters.subject_id or ""),
        line("institution", "机构", filters.institution, placeholder="名称或者编码"),
        line("q", "说明", filters.q),
        line("from", "业务日期", formatting.day(filters.from_on), "date"),
        line("to", "至", formatting.day(filters.to_on), "date"),
    ]  # fmt: skip


def _row(event: Any) -> dict[str, Any]:
    facts = json.dumps(event.facts, ensure_ascii=False, sort_keys=True) if event.facts else ""
    return {
        "event": event,
        "role": words.ROLES.get(event.role, event.role),
        "verb": words.verb(event.verb, event.subject),
        "subject": f"{words.subject(event.subject)} {event.subject_id or ''}".strip(),
        "before": words.state(event.from_state, event.subject),
        "after": words.state(event.to_state, event.subject),
        "facts": facts,
    }


def _export(filters: Filters) -> ResponseReturnValue:
    """Reading the log leaves a line itself: once per export, before the first row goes out."""
    way = "csv" if request.args.get("format") == "csv" else "xlsx"
    session.rollback()
    database.start_reading(False)
    log.record(
        None, "export_events", "导出操作日志", actor=g.actor, on=clock.today(), format=way,
        query=request.query_string.decode("utf-8", "replace")[:500],
    )  # fmt: skip
    session.commit()
    database.start_reading(True)
    events = ask.every(filters, MOST)
    names = ask.institution_names({row.institution_id for row in events if row.institution_id})
    return sheet("操作日志", COLUMNS, (_cells(_row(event), names) for event in events))


def _cells(row: dict[str, Any], names: dict[int, str]) -> list[Any]:
    event = row["event"]
    when = [event.seq, formatting.instant(event.at), event.day]
    who = [event.actor, row["role"], row["verb"], event.title, row["subject"]]
    what = [names.get(event.institution_id, ""), row["before"], row["after"], event.basis]
    return [*when, *who, *what, row["facts"], event.hash]


@permit(Permission.VIEW_EVENTS)
def check() -> ResponseReturnValue:
    """Walk the whole log; that it was checked, and what came of it, is itself a line."""
    found = ask.check(current_app.config["SETTINGS"].anchor_file)
    log.record(
        None, "check_events", "核验操作日志", actor=g.actor, on=clock.today(), rows=found.rows,
        whole=found.whole, first_bad=found.first_bad, head=found.head,
    )  # fmt: skip
    for fault in found.faults:
        flash(fault.what, "error")
    if found.whole:
        return done(
            f"操作日志完整：共 {found.rows} 条，全部衔接，与库外留存一致。",
            url_for("administration.event_list"),
        )
    done(f"核验完毕：共 {found.rows} 条。", url_for("administration.event_list"))
    flash(
        f"日志有 {found.fault_count} 处问题，第一处在第 {found.first_bad} 条。请立即报告，并保全数据库和库外留存文件。",
        "error",
    )
    return redirect(url_for("administration.event_list"), 303)
