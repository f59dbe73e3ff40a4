"""Charts on paper: SVG drawn from the very table that is printed below it, so that both always say the same. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from formatting import grade_colours

WIDE, LEFT, HIGH = 640, 150, 170
BEFORE, INK, LINE, TWO = "#c3cad3", "#1f2329", "#d5dae1", ("#0b5394", "#b45309")
DARK = {"#0b5394", "#2f7fc1", "#b3261e"}
RISE, FALL, SAME = "#e3f1e5", "#fde3e1", "#eef1f5"
FULL, LEAST = 100, 6  # percent; a narrower piece bears no number
Rows = Sequence[Sequence[str]]


def svg(kind: str, columns: Sequence[str], rows: Rows) -> str:
    """The picture of a table: first column = names, each further one = a series. Nothing of an empty table."""
    if not rows:
        return ""
    height, inside = KINDS[kind](columns, rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}" width="{WIDE}" height="{height}"'
        f' font-family="Letter Sans" font-size="12">{"".join(inside)}</svg>'
    )


def number(cell: str) -> float:
    try:
        return float(cell.replace(",", "").rstrip("%"))
    except ValueError:
        return 0.0


def text(x: float, y: float, words: str, anchor: str = "middle", fill: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
    )


def box(x: float, y: float, wide: float, high: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{fill}"/>'


def stroke(
    points: Sequence[tuple[float, float]], colour: str, *, dash: str = "", fill: str = "none"
) -> str:
    """A line through points; with a filling a closed figure."""
    said = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    shape = "polyline" if fill == "none" else "polygon"
    more = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<{shape} points="{said}" fill="{fill}" fill-opacity="0.18" stroke="{colour}" stroke-width="1.6"{more}/>'


def legend(words: Sequence[str], colours: Sequence[str], y: float = 12) -> list[str]:
    found, x = [], 20.0
    for word, colour in zip(words, colours, strict=True):
        found += [box(x, y - 9, 14, 10, colour), text(x + 18, y, word, "start")]
        x += 34 + 12 * len(word)
    return found


def columns(head: Sequence[str], rows: Rows) -> tuple[int, list[str]]:
    """Grades side by side, each in its colour; further series in grey."""
    shown, colours = head[1:], grade_colours(len(rows))
    top = max([number(cell) for row in rows for cell in row[1:]] + [1.0])
    step, floor = (WIDE - 40) / len(rows), HIGH - 24
    wide = min(46.0, step / (len(shown) + 1))
    found = legend(shown, [TWO[0], BEFORE, LINE][: len(shown)]) if len(shown) > 1 else []
    found.append(stroke([(20, floor), (WIDE - 20, floor)], LINE))
    for n, row in enumerate(rows):
        middle = 20 + step * (n + 0.5)
        found.append(text(middle, HIGH - 8, row[0]))
        for m, cell in enumerate(row[1:]):
            high = (floor - 44) * number(cell) / top
            x = middle + wide * (m - len(shown) / 2)
            found.append(box(x, floor - high, wide - 3, high, BEFORE if m else colours[n]))
            found.append(text(x + (wide - 3) / 2, floor - high - 4, cell))
    return HIGH, found


def stacked(head: Sequence[str], rows: Rows) -> tuple[int, list[str]]:
    """One bar of 100 % for each row, a piece for each grade."""
    colours, wide = grade_colours(len(head) - 1), WIDE - LEFT - 20
    found = legend(head[1:], colours)
    for n, row in enumerate(rows):
        y, x = 26 + 26 * n, float(LEFT)
        found.append(text(LEFT - 8, y + 14, row[0], "end"))
        for cell, colour in zip(row[1:], colours, strict=True):
            part = wide * number(cell) / FULL
            found.append(box(x, y, part, 19, colour))
            if number(cell) >= LEAST:
                fill = "#ffffff" if colour in DARK else INK
                found.append(text(x + part / 2, y + 14, cell, fill=fill))
            x += part
    return 30 + 26 * len(rows), found


def lines(head: Sequence[str], rows: Rows) -> tuple[int, list[str]]:
    """A line for each grade over the rows, from left to right."""
    colours = grade_colours(len(head) - 1)
    top = max([number(cell) for row in rows for cell in row[1:]] + [1.0])
    step, floor = (WIDE - 160) / max(1, len(rows) - 1), HIGH - 24
    found = [*legend(head[1:], colours), stroke([(60, floor), (WIDE - 60, floor)], LINE)]
    found += [text(80 + step * n, HIGH - 8, row[0]) for n, row in enumerate(rows)]
    for m, colour in enumerate(colours, 1):
        points = [
            (80 + step * n, floor - (floor - 40) * number(row[m]) / top)
            for n, row in enumerate(rows)
        ]
        found.append(stroke(points, colour))
        found += [
            text(x, y - 5, row[m], fill=colour) for (x, y), row in zip(points, rows, strict=True)
        ]
    return HIGH, found


def radar(head: Sequence[str], rows: Rows) -> tuple[int, list[str]]:
    """Rows as corners in percent; the second series dashed. Fewer than three corners make no figure."""
    if len(rows) < 3:  # noqa: PLR2004  a triangle is the least figure
        return columns(head, rows)
    radius, middle, centre = 72.0, WIDE / 2, 106.0

    def corner(n: int, share: float) -> tuple[float, float]:
        angle = 2 * math.pi * n / len(rows)
        return middle + radius * share * math.sin(angle), centre - radius * share * math.cos(angle)

    found = legend(head[1:], TWO[: len(head) - 1])
    for ring in (0.25, 0.5, 0.75, 1):
        found.append(stroke([corner(n, ring) for n in range(len(rows) + 1)], LINE))
    for m, colour in enumerate(TWO[: len(head) - 1], 1):
        points = [corner(n, number(row[m]) / FULL) for n, row in enumerate(rows)]
        found.append(
            stroke([*points, points[0]], colour, dash="5 3")
            if m > 1
            else stroke(points, colour, fill=colour)
        )
    for n, row in enumerate(rows):
        x, y = corner(n, 1.14)
        anchor = "middle" if abs(x - middle) < radius / 4 else "start" if x > middle else "end"
        found.append(text(x, y + 4, row[0], anchor))
    return 196, found


def heat(head: Sequence[str], rows: Rows) -> tuple[int, list[str]]:
    """From each grade (row) to each grade (column): what rose, what fell, what stayed."""
    wide = (WIDE - LEFT - 20) / (len(head) - 1)
    found = [text(LEFT + wide * (m + 0.5), 16, word) for m, word in enumerate(head[1:])]
    for n, row in enumerate(rows):
        y = 24 + 26 * n
        found.append(text(LEFT - 8, y + 16, row[0], "end"))
        for m, cell in enumerate(row[1:]):
            fill = "#ffffff" if not number(cell) else SAME if m == n else RISE if m < n else FALL
            found.append(box(LEFT + wide * m + 1, y + 1, wide - 2, 24, fill))
            found.append(text(LEFT + wide * (m + 0.5), y + 17, cell if number(cell) else "·"))
    return 30 + 26 * len(rows), found


KINDS = {"columns": columns, "stacked": stacked, "lines": lines, "radar": radar, "heat": heat}
