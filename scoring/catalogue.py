"""The schemes on file: schemes/*.yaml of the house, by key."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rules.refusal import Refused
from scoring import reading
from scoring.scheme import Scheme

FOLDER = Path(__file__).resolve().parent.parent / "schemes"


def startable() -> list[Scheme]:
    """Every scheme on file a cycle may be rated by: the house's own first, then the defaults."""
    return [*schemes(), *defaults()]


def schemes() -> list[Scheme]:
    """The house's own schemes, by key."""
    return [parsed(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]


def defaults() -> list[Scheme]:
    """Further editable defaults, of other places and of persons; to be checked before anything is rated by them."""
    return [parsed(path.read_text("utf-8")) for path in sorted(FOLDER.glob("defaults/*.yaml"))]


def published() -> list[Scheme]:
    """Rating systems others have published, kept to prove the engine; no cycle is rated by them."""
    return [parsed(path.read_text("utf-8")) for path in sorted(FOLDER.glob("published/*.yaml"))]


def everything() -> list[Scheme]:
    """All that can be read as a page: in use, defaults, published."""
    return [*schemes(), *defaults(), *published()]


def text(key: str) -> str:
    """The scheme as it is written. Refused for a key that is not on file."""
    found = on_file(key)
    if found:
        return found
    raise Refused(f"没有名为“{key}”的信用评价方案。", cure="请在方案列表中选择。")


def on_file(key: str) -> str:
    """The same, empty for a key that is not on file."""
    for path in (*FOLDER.glob("*.yaml"), *FOLDER.glob("defaults/*.yaml")):
        if path.stem == key:
            return path.read_text("utf-8")
    return ""


@lru_cache(maxsize=32)
def parsed(scheme_text: str) -> Scheme:
    """A scheme from its text, read once: the text itself is the key, so a changed file is another scheme."""
    return reading.load(scheme_text if "\n" in scheme_text else f"{scheme_text}\n")
