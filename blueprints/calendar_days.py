"""工作日历: the years as loaded, and loading one from the official notice."""

from __future__ import annotations

import calendar as months
import json
from datetime import date, timedelta
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import calendar_days as act
from actions import calendar_files, events, sheets
from actions.calendar_files import Arrangement
from blueprints.access import done, permit
from database import session
from forms.calendar_days import YearForm
from queries import calendar_days as ask
from queries.paging import asked
from rules.permissions import Permission
from rules.refusal import Refused
from rules.workdays import Workdays

LARGEST = 1024 * 1024  # a year's arrangement is some forty lines


@permit(Permission.VIEW_PARAMETERS)
def calendar() -> ResponseReturnValue:
    return _page(YearForm())


def _page(form: YearForm, status: int = 200) -> ResponseReturnValue:
    loaded = ask.years()
    word = asked(request.args).word("year")
    year = int(word) if word.isascii() and word.isdigit() and len(word) == 4 else clock.today().year
    known = year in loaded
    return render_template(
        "administration/calendar.html",
        years=sorted(loaded, reverse=True),
        year=year,
        loaded=loaded.get(year),
        grid=_grid(year, ask.workdays()) if known else [],
        form=form,
        today=clock.today(),
    ), status


def _grid(year: int, workdays: Workdays) -> list[dict[str, Any]]:
    """Twelve months of weeks from Monday to Sunday; days of other months are empty."""
    weeks = months.Calendar(firstweekday=0)
    return [
        {
            "month": month,
            "weeks": [
                [_cell(day, workdays) if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _cell(day: date, workdays: Workdays) -> dict[str, Any]:
    working, reason = workdays.is_working(day)
    listed = workdays.days.get(day)
    mark = "" if listed is None else "班" if listed.working else "休"
    return {"day": day, "working": working, "reason": reason, "mark": mark}


@permit(Permission.MANAGE_CALENDAR)
def preview_year() -> ResponseReturnValue:
    """What the file says and which running clocks it moves; nothing is kept."""
    form = YearForm()
    if not form.validate_on_submit():
        return _page(form, 400)
    arranged = _of_file(form)
    _check_length(arranged)
    moved = act.preview_year(arranged.year, arranged.source, arranged.days, on=clock.today())
    replaces = arranged.year in ask.years()
    session.rollback()
    return render_template(
        "administration/calendar_preview.html",
        arranged=arranged,
        text=_text(arranged),
        off=spans(arranged.days, off=True),
        work=spans(arranged.days, off=False),
        moved=moved,
        replaces=replaces,
    )


@permit(Permission.MANAGE_CALENDAR)
def load_year() -> ResponseReturnValue:
    """Keep the arrangement that was just shown."""
    try:
        raw = json.loads(request.form.get("arrangement", ""))
    except ValueError:
        raise Refused("没有收到要载入的安排。", cure="请重新选择文件并先查看影响。") from None
    arranged = calendar_files.of_mapping(raw, request.form.get("source", ""))
    moved = act.load_year(arranged.year, arranged.source, arranged.days, on=clock.today())
    events.record(
        None,
        "load_calendar",
        f"载入 {arranged.year} 年工作日历",
        actor=g.actor,
        on=clock.today(),
        basis=arranged.source,
        days=len(arranged.days),
        moved_clocks=moved,
    )
    back = url_for("administration.calendar", year=arranged.year)
    return done(f"已载入 {arranged.year} 年工作日历，{moved} 个在办时限随之变动。", back)


def _of_file(form: YearForm) -> Arrangement:
    source = f"{form.title.data}（{form.number.data}）"
    storage = form.file.data
    name, content = (storage.filename or "").casefold(), storage.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused("文件过大，不是一个年度的放假安排。", cure="请核对选择的文件。")
    if name.endswith(".json"):
        try:
            return calendar_files.of_mapping(json.loads(content.decode("utf-8-sig")), source)
        except ValueError:
            raise Refused("文件不是有效的 JSON。", cure="请核对文件内容。") from None
    return calendar_files.of_grid(sheets.read(content, name).grid, source)


def _check_length(arranged: Arrangement) -> None:
    """A year without a single day off by notice is a mistake in the file."""
    if not any(off for _day, off, _name in arranged.days):
        raise Refused(f"文件中没有 {arranged.year} 年的放假日。", cure="请核对年份和文件内容。")


def _text(arranged: Arrangement) -> str:
    days = [
        {"date": day.isoformat(), "isOffDay": off, "name": name} for day, off, name in arranged.days
    ]
    return json.dumps({"year": arranged.year, "days": days}, ensure_ascii=False)


def spans(days: list[Any], *, off: bool) -> list[tuple[date, date, str]]:
    """Days in a row under one name as one span."""
    found: list[tuple[date, date, str]] = []
    for day, is_off, name in sorted(days):
        if is_off is not off:
            continue
        if found and found[-1][2] == name and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day, name)
        else:
            found.append((day, day, name))
    return found
