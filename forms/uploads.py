"""What may be handed in as a file: the extension and the first bytes must say the same."""

from __future__ import annotations

KINDS = {
    "pdf": (b"%PDF-", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
}


def media_type_of(name: str, head: bytes) -> str | None:
    """The media type of an upload, or None when it is not one we take."""
    magic, media_type = KINDS.get(name.rpartition(".")[2].lower(), (b"", ""))
    return media_type if magic and head.startswith(magic) else None
