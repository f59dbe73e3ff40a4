"""参数依据: every figure of the law in force on a day, where it stands and how sure we are."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

import clock
import formatting
from blueprints.access import permit
from blueprints.sheets import sheet
from queries.paging import Asked, asked
from rules import parameters as law
from rules.parameters import CONFIDENCES, KINDS, Line
from rules.permissions import Permission

COLUMNS = ["参数", "键", "适用", "数值", "施行日期", "依据", "可信度", "起算口径", "说明"]


@permit(Permission.VIEW_PARAMETERS)
def parameter_list() -> ResponseReturnValue:
    given = asked(request.args)
    day = given.day("on") or clock.today()
    every = law.in_force(day)
    rows = [line for line in every if _fits(line, given)]
    if given.word("format"):
        return sheet("参数依据", COLUMNS, [_cells(line) for line in rows])
    return render_template(
        "administration/parameters.html",
        heading="参数依据",
        on=day,
        filters=_filters(given, every, formatting.day(day)),
        rows=rows,
        tables=law.tables(day),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _fits(line: Line, given: Asked) -> bool:
    kind = given.word("kind")
    tests = (
        not given.q or given.q in line.label or given.q.casefold() in line.key,
        not kind or line.kind in ("", kind),
        not given.word("source") or given.word("source") in line.sources,
        not given.word("confidence") or line.confidence == given.word("confidence"),
    )
    return all(tests)


def _filters(given: Asked, every: list[Line], day: str) -> list[dict[str, Any]]:
    titles = law.source_titles(key for line in every for key in line.sources)

    def pick(name: str, label: str, options: list[Any]) -> dict[str, Any]:
        value = given.word(name)
        return {"name": name, "label": label, "type": "select", "value": value, "options": options}

    return [
        {"name": "on", "label": "哪一天", "type": "date", "value": day},
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "名称或者键"},
        pick("kind", "适用", [(kind, label) for kind, label in KINDS.items() if kind]),
        pick("source", "来源", list(titles.items())),
        pick("confidence", "可信度", list(CONFIDENCES.items())),
    ]  # fmt: skip


def _cells(line: Line) -> list[Any]:
    basis = [line.value, line.since, line.basis, line.confidence_label]
    return [line.label, line.key, line.kind_label, *basis, line.pegged_to, line.note]
