"""Bytes by their hash."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from database import session
from models import Blob


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def content(sha256: str) -> bytes:
    """The stored bytes; a content that no longer fits its hash raises instead of being handed out."""
    found = session.scalar(select(Blob.content).where(Blob.sha256 == sha256))
    if found is None or digest(found) != sha256:
        raise LookupError(f"stored content {sha256[:12]} is missing or damaged")
    return found
