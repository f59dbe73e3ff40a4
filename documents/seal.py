"""The round seal of an agency as plain geometry: 42 mm across, star in the middle, name on the arc."""

from __future__ import annotations

import math
from dataclasses import dataclass

DIAMETER = 42.0  # mm
RING = 1.2  # mm, thickness of the circle
BASELINE = 15.7  # mm from the centre to the middle of a character
WIDEST_ARC = 276.0  # degrees; the foot stays free for the mark
WIDEST_STEP = 25.0  # degrees between two characters of a short name
STAR = 6.8  # mm


@dataclass(frozen=True)
class Glyph:
    """One character on the arc: degrees clockwise from the top."""

    text: str
    angle: float


@dataclass(frozen=True)
class Seal:
    """Lengths in mm, centre at 0, 0. `mark` is 样章·无效 on anything that is not a real seal."""

    glyphs: tuple[Glyph, ...]
    height: float
    narrow: float
    radius: float
    ring: float
    baseline: float
    star: str
    mark: str


def seal(agency: str, *, sample: bool) -> Seal:
    """The seal of an agency; a long name is set smaller, never cut."""
    name = "".join(agency.split())
    step = min(WIDEST_STEP, WIDEST_ARC / max(len(name) - 1, 1))
    room = math.radians(step) * BASELINE
    height = min(6.0, room * 1.3)
    first = -step * (len(name) - 1) / 2
    return Seal(
        glyphs=tuple(Glyph(c, round(first + n * step, 3)) for n, c in enumerate(name)),
        height=round(height, 3),
        narrow=round(min(0.84, room * 0.92 / height), 3),
        radius=(DIAMETER - RING) / 2,
        ring=RING,
        baseline=BASELINE,
        star=_star(),
        mark="样章·无效" if sample else "",
    )


def _star() -> str:
    """Ten corners of a five-pointed star, the inner ones on the circle of a true pentagram."""
    inner = STAR * math.sin(math.radians(18)) / math.sin(math.radians(54))
    corners = ((STAR if n % 2 == 0 else inner, math.radians(36 * n - 90)) for n in range(10))
    return " ".join(f"{r * math.cos(a):.3f},{r * math.sin(a):.3f}" for r, a in corners)
