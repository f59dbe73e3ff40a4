"""Rating by hand: any facts by any scheme without a database, and the institution's own cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

import clock
import database
from actions import cycles as act
from commands.output import fail, json_option, refusals, say
from database import session
from models import Cycle
from queries import cycles as ask
from queries import schemes
from rules.permissions import SYSTEM
from rules.refusal import Refused
from scoring import catalogue, credit, fact_files, frames, kept, scheme_paper

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.command("score")
@click.argument("scheme", type=FILE)
@click.argument("facts", type=FILE, nargs=-1, required=True)
@click.option("--out", type=OUT, required=True, help="One row per subject.")
@click.option("--lines", type=OUT, help="One row per subject and indicator.")
@json_option
@refusals
def score(
    scheme: Path, facts: Sequence[Path], out: Path, lines: Path | None, as_json: bool
) -> None:
    """Rate the FACTS (CSV, joined by the subject's key) by the SCHEME (YAML); no database is needed."""
    by = credit.load(scheme)
    given = fact_files.read(facts, by)
    rated = credit.rate(given.facts, by, given.events)
    fact_files.write(rated, out, lines)
    grades = Counter(str(grade) for grade in rated.results["grade"].to_list() if grade is not None)
    say(
        {"subjects": rated.results.height, "grades": dict(grades), "out": str(out)}, as_json=as_json
    )


@click.command("scheme")
@click.argument("scheme", type=FILE)
@click.option("--out", type=OUT, help="Markdown file; without it the text is shown.")
@refusals
def describe(scheme: Path, out: Path | None) -> None:
    """Say the SCHEME (YAML) in words a lawyer reads, as Markdown; no database is needed."""
    text = scheme_paper.markdown(credit.load(scheme))
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")


@click.command("rate")
@click.argument("name", metavar="CYCLE")
@click.option("--scheme", help="Key of a scheme on file; for a new cycle, or to try another one.")
@click.option("--from", "from_on", type=DAY, help="First day of a new cycle's period.")
@click.option("--to", "to_on", type=DAY, help="Last day of a new cycle's period.")
@click.option("--region", help="Pooling region, where there are several.")
@click.option("--dry-run", is_flag=True, help="Show what would come out; write nothing.")
@json_option
@refusals
def rate(
    name: str,
    scheme: str | None,
    from_on: datetime | None,
    to_on: datetime | None,
    region: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Start the cycle, or replay an existing one from what is frozen with it.

    An existing cycle is replayed and compared with what is stored (exit 1 when they differ). With --scheme it is
    computed anew and supersedes the earlier run; with --scheme and --dry-run its frozen facts are only tried.
    """
    place = region or _only_region(as_json)
    found = ask.named(name, place)
    if found is not None and scheme is None:
        _replay(found, as_json)
    elif found is not None and dry_run:
        _try(found, str(scheme), as_json)
    else:
        days = _period(found, from_on, to_on)
        _start(name, days, scheme, place, dry_run=dry_run, as_json=as_json)


def _only_region(as_json: bool) -> str:
    regions = ask.regions()
    if len(regions) != 1:
        fail(
            "请用 --region 写明统筹区。",
            as_json=as_json,
            cure=f"现有：{'、'.join(regions) or '无'}。",
        )
    return regions[0]


def _period(
    found: Cycle | None, from_on: datetime | None, to_on: datetime | None
) -> tuple[date, date]:
    """As asked, else that of the run to be superseded."""
    first = from_on.date() if from_on else found.from_on if found else None
    last = to_on.date() if to_on else found.to_on if found else None
    if first is None or last is None:
        raise Refused("新的评价周期须写明评价期。", cure="请加上 --from 和 --to。")
    return first, last


def _start(
    name: str,
    days: tuple[date, date],
    scheme: str | None,
    region: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    key = scheme or _only_scheme()
    cycle = act.start(name, *days, key, actor=SYSTEM, on=clock.today(), region=region)
    _say(cycle, key, [row.grade for row in cycle.ratings], as_json=as_json, written=not dry_run)
    session.rollback() if dry_run else session.commit()


def _only_scheme() -> str:
    keys = [one.key for one in catalogue.schemes() if one.status != "superseded"]
    if len(keys) != 1:
        raise Refused("请用 --scheme 写明方案。", cure=f"现有：{'、'.join(keys) or '无'}。")
    return keys[0]


def _replay(cycle: Cycle, as_json: bool) -> None:
    with database.reading():
        wrong = act.differences(cycle)
        grades = [row["grade"] for row in act.rerate(cycle)]
    if wrong:
        fail(f"重新计算的结果与存档不一致：{len(wrong)}家。", as_json=as_json)
    _say(cycle, cycle.scheme, grades, as_json=as_json, written=False, same=True)


def _try(cycle: Cycle, key: str, as_json: bool) -> None:
    """The frozen facts by another scheme; columns it asks for and they lack stay empty."""
    scheme = catalogue.parsed(schemes.text(key, cycle.pooling_region, on=clock.today()))
    rated = credit.rate(frames.frame(cycle.facts, scheme), scheme)
    grades = [row["grade"] for row in kept.ratings(rated, cycle.facts)]
    _say(cycle, key, grades, as_json=as_json, written=False)


def _say(
    cycle: Cycle, scheme: str, grades: list[str], *, as_json: bool, written: bool, **more: Any
) -> None:
    result = {
        "cycle": cycle.name,
        "state": str(cycle.state),
        "scheme": scheme,
        "from": cycle.from_on.isoformat(),
        "to": cycle.to_on.isoformat(),
        "rated": len(grades),
        "grades": dict(Counter(grades)),
        "written": written,
    }
    say(result | more, as_json=as_json)


COMMANDS = [score, describe, rate]
