"""Imports as the log tells them: what was uploaded, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from database import session
from models import Event
from rules.permissions import Actor


class Noun(NamedTuple):
    """What is imported: the verbs by which the log tells of it."""

    uploaded: str
    imported: str


INSTITUTIONS = Noun("upload_institutions", "import_institutions")
PEOPLE = Noun("upload_practitioners", "import_practitioners")
STATEMENTS = Noun("upload_statements", "import_statements")


@dataclass(frozen=True)
class Imported:
    """One import of the actor's region. `upload` is empty when it came by the command line."""

    at: datetime
    who: str
    upload: str
    file: str
    sha256: str
    counts: dict[str, int]
    repeated: int
    errors_file: str
    reasons: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, int] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)


def done(actor: Actor, noun: Noun, *, limit: int = 50) -> list[Imported]:
    """The latest imports, newest first."""
    return [_imported(row) for row in session.scalars(_events(actor, noun.imported).limit(limit))]


def uploaded(actor: Actor, upload: str, noun: Noun) -> str | None:
    """The name of a file that was uploaded in the actor's region, or None."""
    row = session.scalar(
        _events(actor, noun.uploaded).where(Event.facts["upload"].as_string() == upload)
    )
    return str(row.facts["file"]) if row else None


def result(actor: Actor, upload: str, noun: Noun) -> Imported | None:
    """What came of an upload; its latest import when it was imported more than once."""
    query = _events(actor, noun.imported).where(Event.facts["upload"].as_string() == upload)
    row = session.scalar(query.limit(1))
    return _imported(row) if row else None


def _events(actor: Actor, verb: str) -> Select[Event]:
    query = select(Event).where(Event.verb == verb, Event.pooling_region == actor.pooling_region)
    return query.order_by(Event.seq.desc())


def _imported(row: Event) -> Imported:
    facts: dict[str, Any] = row.facts
    names = ("read", "created", "updated", "unchanged", "rejected", "warnings")
    return Imported(
        at=row.at,
        who=row.actor,
        upload=facts.get("upload", ""),
        file=facts.get("file", ""),
        sha256=facts.get("sha256", ""),
        counts={name: facts.get(name, 0) for name in names},
        repeated=facts.get("repeated", 0),
        errors_file=facts.get("errors_file", ""),
        reasons=facts.get("reasons", {}),
        doubts=facts.get("doubts", {}),
        unused=facts.get("unused", []),
    )
