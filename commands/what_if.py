"""`flask what-if`: a cycle by other numbers, for whoever works without the pages. It never writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

import database
from commands.output import fail, json_option, refusals, say
from queries import cycles
from queries import what_ifs as ask
from scoring import changes as change
from scoring.step_words import bottom_words


@click.command("what-if")
@click.argument("name", metavar="CYCLE")
@click.option("--set", "words", multiple=True, help="path=value, e.g. domains.fund_use.weight=45.")
@click.option("--region", help="Pooling region, where there are several.")
@json_option
@refusals
def what_if(name: str, words: Sequence[str], region: str | None, as_json: bool) -> None:
    """Rate the frozen facts of CYCLE with some numbers of its scheme otherwise; show who would change.

    Paths: domains.KEY.weight, grades.KEY.at_least, vetoes.KEY=off, indicators.KEY.rule.FIELD, bonus.cap, malus.cap,
    combine.FIELD, parameters.NAME.value, elimination.percent, elimination.ties.

    Without --set the result of the cycle itself comes out.
    """
    with database.reading():
        regions = [region] if region else cycles.regions()
        found = [cycle for place in regions if (cycle := cycles.named(name, place))]
        if len(found) != 1:
            why = "有几个统筹区都有这个周期。" if found else f"没有名为“{name}”的评价周期。"
            fail(why, as_json=as_json, cure="请核对名称，或用 --region 写明统筹区。")
        tried = ask.tried(found[0], change.real(found[0].scheme_text, change.assigned(words)))
        say(_said(tried), as_json=as_json)


def _said(found: ask.Tried) -> dict[str, Any]:
    moved = ask.everyone(found)
    before, after = ({row[0]: row[n] for row in found.trial.distribution} for n in (1, 2))
    return {
        "cycle": found.cycle.name,
        "scheme": found.cycle.scheme,
        "edition": found.cycle.edition,
        "changes": [
            {"path": one.place.path, "from": one.before, "to": one.after}
            for one in found.differences
        ],
        "before": before,
        "after": after,
        "migration": [
            {"from": one, "to": two, "count": number}
            for (one, two), number in sorted(found.trial.migration.items())
        ],
        "changed": [_row(row) for row in moved],
        "bottom_rule": bottom_words(found.scheme),
        "bottom": [
            {
                "subject": one.who.subject,
                "name": one.name,
                "place": one.who.place,
                "of": one.who.of,
                "tied": one.who.tied,
                "spared": one.who.spared,
            }
            for one in ask.last(found)
        ],
        "written": False,
    }


def _row(row: ask.Row) -> dict[str, Any]:
    who = row.who
    return {
        "subject": who.subject,
        "code": row.code,
        "name": row.name,
        "grade": list(who.grade),
        "score": list(who.score),
        "rank": list(who.rank),
        "change": who.direction,
        "reason": row.reason,
    }


COMMANDS = [what_if]
