"""What a monitor reads: figures of the work, none of them about a person."""

from __future__ import annotations

from sqlalchemy import func, select

from database import session
from models import Event, JobRun, WorkItem


def figures() -> dict[str, int]:
    """Name (with labels) → value."""
    found = {"dingdian_events_total": session.scalar(select(func.max(Event.seq))) or 0}
    for done, number in session.execute(
        select(WorkItem.done, func.count()).group_by(WorkItem.done)
    ):
        found[f'dingdian_work_items{{done="{str(done).lower()}"}}'] = number
    runs = select(JobRun.job, func.count(), func.sum(JobRun.done), func.max(JobRun.day))
    for job, number, cases, day in session.execute(runs.group_by(JobRun.job)):
        found[f'dingdian_job_runs_total{{job="{job}"}}'] = number
        found[f'dingdian_job_cases_total{{job="{job}"}}'] = int(cases or 0)
        found[f'dingdian_job_last_day{{job="{job}"}}'] = day.toordinal()
    return found
