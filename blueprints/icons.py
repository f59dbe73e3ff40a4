"""Icons drawn into the page, so that neither a font nor a second request is needed."""

from functools import cache
from pathlib import Path

from flask import current_app
from markupsafe import Markup

ICONS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "icons"
OPENING = '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'


def icon(name: str) -> Markup:
    """The drawing alone, hidden from screen readers: a word always stands beside it.

    A name missing from script/icons.txt raises in tests and in debug, and leaves the page
    without that drawing otherwise.
    """
    drawing = _drawing(name)
    if drawing is None and (current_app.testing or current_app.debug):
        raise LookupError(f"icon {name!r} is not in script/icons.txt")
    return drawing or Markup()


@cache
def _drawing(name: str) -> Markup | None:
    path = ICONS / f"{name}.svg"
    if not path.is_file():
        return None
    shapes = path.read_text(encoding="utf-8").partition(">")[2].strip()
    return Markup(OPENING + shapes)  # noqa: S704 — installed by hash, never typed in
