"""One row of the register of letters."""

from __future__ import annotations

from dataclasses import dataclass

from documents.letter import Letter


@dataclass(frozen=True)
class LetterKind:
    """`series` is the 字 of the number; `head_suffix` follows the agency's name."""

    key: str
    register: str
    title: str
    series: str
    shape: type[Letter]
    basis: str
    head_suffix: str = ""

    @property
    def template(self) -> str:
        return f"documents/{self.key}.html"
