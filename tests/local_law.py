"""A county with rules of its own, for tests that must see the law change."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

import regulations
from regulations import reader

REGION = "990101"


@contextmanager
def in_force(folder: Path, files: Mapping[str, str]) -> Iterator[None]:
    """Inside, the law is that of a county whose overlay holds these files; the folder has to be empty."""
    law = folder / "law"
    shutil.copytree(regulations.ROOT, law, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, text in files.items():
        file = law / "local" / REGION / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    book = reader.read(law, REGION)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(regulations, "book", lambda: book)
            regulations.at.cache_clear()
            yield
    finally:
        regulations.at.cache_clear()
