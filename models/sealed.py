"""Personal data at rest: sealed columns (AES-256-GCM) and a blind index for looking them up.

The sealing key and the index key are different, so that whoever may search cannot read. A sealed value is bound
to its column: moved to another column it does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import unicodedata

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_keys: dict[str, bytes] = {}


def configure(data_key: str, index_key: str) -> None:
    """Take the two keys (32 bytes, base64url) of the settings. Called once at start."""
    _keys["data"] = base64.urlsafe_b64decode(data_key)
    _keys["index"] = base64.urlsafe_b64decode(index_key)


def blind_index(text: str) -> str:
    """What equal numbers share and nothing else: width, case and spaces do not matter."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return hmac.new(_keys["index"], plain.encode(), hashlib.sha256).hexdigest()


def seal_bytes(content: bytes, place: str) -> bytes:
    """A whole file at rest: nonce and ciphertext, bound to its place like a column."""
    nonce = os.urandom(12)
    return nonce + AESGCM(_keys["data"]).encrypt(nonce, content, place.encode())


def open_bytes(sealed: bytes, place: str) -> bytes:
    return AESGCM(_keys["data"]).decrypt(sealed[:12], sealed[12:], place.encode())


class Sealed(TypeDecorator[str]):
    """Text stored as `1:<base64 of nonce and ciphertext>`; the leading number names the key."""

    impl = String
    cache_ok = True

    def __init__(self, place: str, length: int = 255) -> None:
        super().__init__(length)
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if not value:
            return None
        nonce = os.urandom(12)
        sealed = AESGCM(_keys["data"]).encrypt(nonce, value.encode(), self.place.encode())
        return "1:" + base64.b64encode(nonce + sealed).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if not value:
            return None
        raw = base64.b64decode(value.removeprefix("1:"))
        return AESGCM(_keys["data"]).decrypt(raw[:12], raw[12:], self.place.encode()).decode()
