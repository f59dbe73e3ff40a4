"""The `flask …` commands.

Exit 0 done, 1 refused or failed, 2 wrong usage; `--json` prints one object and nothing else.
"""

from __future__ import annotations

from flask import Flask

from commands import (
    bench,
    credit,
    demo,
    documents,
    eligibility,
    events,
    house,
    imports,
    jobs,
    law,
    points,
    tokens,
    users,
    what_if,
)

GROUPS = [
    bench,
    credit,
    demo,
    documents,
    eligibility,
    events,
    house,
    imports,
    jobs,
    law,
    points,
    tokens,
    users,
    what_if,
]


def register(app: Flask) -> None:
    for group in GROUPS:
        for command in group.COMMANDS:
            app.cli.add_command(command)
