"""Is this file a letter of ours? By its bytes alone."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click

from actions import official_seals
from commands.output import json_option, say
from queries import documents as ask


@click.group("documents")
def group() -> None:
    """Letters as files."""


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify(file: Path, as_json: bool) -> None:
    """Look FILE up by its SHA-256 and check its signatures. Exit 0: issued here, unchanged. Exit 1: not known."""
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    letter = ask.by_sha256(sha256)
    found: dict[str, object] = {
        "known": letter is not None,
        "kind": letter.kind if letter else None,
        "number": letter.number if letter else None,
        "sha256": sha256,
        "signatures": _signatures(content),
    }
    say(found, as_json=as_json)
    if letter is None:
        sys.exit(1)


def _signatures(content: bytes) -> list[dict[str, object]]:
    try:
        return official_seals.checked(content)
    except ValueError:
        return []


COMMANDS = [group]
