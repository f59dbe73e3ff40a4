"""A scheme in words as a Markdown page: what docs/schemes/ holds and `flask scheme` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoring.explain import describe
from scoring.scheme import Scheme
from scoring.scheme_words import Section


def markdown(scheme: Scheme) -> str:
    """Generated from the YAML; nothing in it is written by hand."""
    parts = [f"# {scheme.label}", f"由 `flask scheme` 从方案 `{scheme.key}` 生成，请勿手改。"]
    for section in describe(scheme):
        parts += [f"## {section.title}", *section.text]
        if section.rows:
            parts.append("\n".join(_table(section)))
    return "\n\n".join(parts) + "\n"


def _table(section: Section) -> Iterator[str]:
    yield _row(section.head)
    yield _row(["---"] * len(section.head))
    for row in section.rows:
        yield _row(row)


def _row(cells: Sequence[str]) -> str:
    plain = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(plain)} |"
