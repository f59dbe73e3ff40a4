"""The real lists beside the checkout: used when they are there, said aloud when not."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(path):
    """A file of the shared data, or a skip that says which one is missing."""
    found = DATA / path
    if not found.exists():
        pytest.skip(f"real data is not here: ../shared/data/{path}")
    return found
