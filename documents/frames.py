"""How parent and child speak: one byte of tag, eight bytes of length, the body."""

from __future__ import annotations

from typing import BinaryIO

LETTER, READY, PRINTED, FAILED = b"L", b"R", b"P", b"F"
_HEAD = 9


def send(stream: BinaryIO, tag: bytes, body: bytes) -> None:
    stream.write(tag + len(body).to_bytes(8, "big"))
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO, largest: int = 1 << 30) -> tuple[bytes, bytes]:
    """Tag and body of the next frame. EOFError when the other side is gone or sends too much."""
    head = stream.read(_HEAD)
    size = int.from_bytes(head[1:], "big")
    if len(head) < _HEAD or size > largest:
        raise EOFError
    body = stream.read(size)
    if len(body) < size:
        raise EOFError
    return head[:1], body
