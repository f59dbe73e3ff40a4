"""Is this file a letter of ours? By its bytes alone."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click

from commands.output import json_option, say
from queries import documents as ask


@click.group("documents")
def group() -> None:
    """Letters as files."""


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify(file: Path, as_json: bool) -> None:
    """Look FILE up by its SHA-256. Exit 0: issued here, unchanged. Exit 1: not known."""
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    letter = ask.by_sha256(sha256)
    found: dict[str, object] = {
        "known": letter is not None,
        "kind": letter.kind if letter else None,
        "number": letter.number if letter else None,
        "sha256": sha256,
        "signatures": [],
    }
    say(found, as_json=as_json)
    if letter is None:
        sys.exit(1)


COMMANDS = [group]
