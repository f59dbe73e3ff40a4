"""A seal as a page of its own, 42 mm square: the picture that a signature shows."""

from __future__ import annotations

KEY = "seal"
