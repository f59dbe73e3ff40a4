"""定时任务: the timetable with its last runs, and a run by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, current_app, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import events, operations
from blueprints.access import done, permit
from forms.jobs import RunForm
from queries import jobs as ask
from rules import event_words, timetable
from rules.permissions import Permission
from rules.refusal import Refused


@permit(Permission.VIEW_JOBS)
def job_list() -> ResponseReturnValue:
    now = clock.now().astimezone(clock.SHANGHAI)
    return render_template(
        "administration/jobs.html",
        lines=[{"job": line, "when": _when(line.name)} for line in ask.timetable_lines(now)],
        subject=event_words.subject,
        today=clock.today(),
    )


def _when(name: str) -> str:
    job = timetable.job(name)
    return f"每 {job.every} 分钟" if job.every else f"每日 {job.hour:02}:{job.minute:02}"


@permit(Permission.RUN_JOB)
def run_job(name: str) -> ResponseReturnValue:
    """The run commits case by case, so the form's answer is written before it: sent twice, it runs once."""
    if name not in [job.name for job in timetable.JOBS]:
        abort(404)
    form = RunForm()
    if not form.validate_on_submit():
        raise Refused("；".join(str(e) for found in form.errors.values() for e in found))
    day, dry = form.day.data or clock.today(), request.form.get("dry_run") == "1"
    if day > clock.today() and not dry:
        raise Refused(f"{day} 还没有到，不能提前办理。", cure="可以先试算。")
    back = url_for("administration.job_list")
    operations.answer(back, f"{timetable.job(name).label}（{day}）已经运行")
    report = current_app.extensions["run_job"](name, day, dry_run=dry)
    _write_down(report, day, dry=dry)
    for fault in report.failed:
        flash(
            f"没有办成：{event_words.subject(fault['subject'])} {fault['id']}：{fault['why']}",
            "error",
        )
    return done(_sentence(report, day, dry=dry), back)


def _write_down(report: Any, day: date, *, dry: bool) -> None:
    events.record(
        None,
        "try_job" if dry else "run_job",
        f"{'试算' if dry else '手动运行'}任务 {report.job}",
        actor=g.actor,
        on=clock.today(),
        day=day,
        done=len(report.done),
        waiting=len(report.waiting),
        failed=len(report.failed),
    )


def _sentence(report: Any, day: date, *, dry: bool) -> str:
    label = timetable.job(report.job).label
    result = f"{len(report.done)} 件办结，{len(report.waiting)} 件待人工处理，{len(report.failed)} 件未办成"
    return f"{'试算' if dry else '运行'}“{label}”（{day}）：{result}{'，没有写入' if dry else ''}。"
