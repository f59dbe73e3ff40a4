"""May this service be paid, and who else would a measure hit: answers for other systems and for the case officer."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

import clock
import database
from actions import payment_book as book
from commands.output import fail, json_option, refusals, say
from database import session
from models import Institution
from queries import affected as reach
from queries import eligibility as ask
from queries import payment_book
from rules.eligibility import Reason
from scoring import payment_questions

DAY = click.DateTime(["%Y-%m-%d"])
INSTANT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"])
UNKNOWN = {"institution": "机构", "practitioner": "人员"}
CSV = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("eligibility")
@click.option("--institution", "institution_code", help="National code of the institution.")
@click.option("--practitioner", "practitioner_code", help="National code of the practitioner.")
@click.option("--service-date", type=DAY)
@click.option("--department", default="", help="Department of the institution that serves.")
@click.option("--emergency", is_flag=True, help="Emergency or rescue.")
@click.option("--known-at", type=INSTANT, help="As it would have been answered then (Shanghai).")
@click.option("--bulk", type=CSV, help="A CSV with a service in each row, instead of one.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where --bulk answers."
)
@json_option
@refusals
def eligibility(
    *,
    institution_code: str | None,
    practitioner_code: str | None,
    service_date: datetime | None,
    department: str,
    emergency: bool,
    known_at: datetime | None,
    bulk: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Say whether a service of a day may be paid by the fund, with every reason against it."""
    if bulk is not None and out is not None:
        _many(bulk, out, as_json)
        return
    if institution_code is None or service_date is None:
        raise click.UsageError("--institution with --service-date, or --bulk with --out")
    with database.reading():
        try:
            verdict = payment_book.of_codes(
                institution_code,
                practitioner_code or "",
                service_date.date(),
                emergency=emergency,
                department=department.strip(),
                known_at=known_at.replace(tzinfo=clock.SHANGHAI) if known_at else None,
            )
        except payment_book.UnknownCode as unknown:
            codes = {"institution": institution_code, "practitioner": practitioner_code}
            whose = str(unknown)
            fail(f"没有编码为 {codes[whose]} 的{UNKNOWN[whose]}。", as_json=as_json)
        reasons = [_plain(reason) for reason in verdict.reasons]
        say({"payable": verdict.payable, "reasons": reasons}, as_json=as_json)


def _many(bulk: Path, out: Path, as_json: bool) -> None:
    """First whoever the book does not hold yet is written down, so that nobody is refused for that."""
    book.complete()
    session.commit()
    with database.reading():
        rows = payment_questions.answered(
            bulk,
            institutions=payment_book.numbers_of_institutions(),
            people=payment_book.numbers_of_people(),
            lines=payment_book.lines(),
        )
    rows.write_csv(out)
    counts = {"questions": len(rows), "payable": int(rows["payable"].sum())}
    say(counts, as_json=as_json)


@click.command("affected")
@click.argument("institution_code", metavar="INSTITUTION")
@click.option("--action", type=click.Choice(["suspend", "terminate"]), required=True)
@click.option("--on", "day", type=DAY, help="Default: today.")
@click.option("--facts-on", type=DAY, help="Whose office holders answer for it. Default: that day.")
@json_option
@refusals
def affected(
    institution_code: str,
    action: str,
    day: datetime | None,
    facts_on: datetime | None,
    as_json: bool,
) -> None:
    """List who else is hit when the institution is suspended or terminated."""
    with database.reading():
        institution = _institution(institution_code, as_json)
        on = day.date() if day else clock.today()
        facts = facts_on.date() if facts_on else on
        found = reach.affected(institution, action, on, responsible_on=facts)
        hits = [asdict(hit) for hit in found]
        if as_json:
            click.echo(json.dumps(hits, ensure_ascii=False))
            return
        for hit in hits:
            click.echo(
                "\t".join(str(hit[name]) for name in ("subject", "relation", "article", "effect"))
            )


def _institution(code: str, as_json: bool) -> Institution:
    found = ask.institution_by_code(code)
    if found is None:
        fail(f"没有编码为 {code} 的机构。", as_json=as_json)
    return found


def _plain(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "article": reason.article,
        "from": reason.from_on.isoformat() if reason.from_on else None,
        "to": reason.to_on.isoformat() if reason.to_on else None,
    }


COMMANDS = [eligibility, affected]
