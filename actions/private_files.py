"""Files with personal data that wait in the database: uploads before their import, rows sent back, old values."""

from __future__ import annotations

from database import session
from models import Blob
from models.sealed import open_bytes, seal_bytes
from queries import blobs

PLACE = "private_file"


def keep(content: bytes, media_type: str) -> str:
    """Seal and store; returns the name to fetch it by."""
    sealed = seal_bytes(content, PLACE)
    name = blobs.digest(sealed)
    session.add(Blob(sha256=name, media_type=media_type, size=len(content), content=sealed))
    session.flush()
    return name


def fetch(name: str) -> bytes:
    """The content as it was kept; raises LookupError when it is missing or damaged."""
    return open_bytes(blobs.content(name), PLACE)
