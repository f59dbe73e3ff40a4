"""What today's engine makes of a cycle that was frozen and written down in tests/scenarios/replay."""

from __future__ import annotations

import json
from pathlib import Path

from actions.cycles import WORDING
from scoring import catalogue, credit, frames, kept

FOLDER = Path(__file__).parent / "scenarios" / "replay"


def read(key: str, part: str) -> str:
    return (FOLDER / f"{key}.{part}").read_text("utf-8")


def result(key: str) -> str:
    """One subject on a line, with every figure and its evidence; how a rule is worded is left out."""
    scheme = catalogue.parsed(read(key, "scheme.yaml"))
    facts = json.loads(read(key, "facts.json"))
    rows = kept.ratings(credit.rate(frames.frame(facts, scheme), scheme), facts)
    for row in rows:
        row["lines"] = [
            {name: value for name, value in line.items() if name not in WORDING}
            for line in row["lines"]
        ]
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n"
