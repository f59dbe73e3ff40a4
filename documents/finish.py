"""The last step of a letter's PDF before it is written: every object is put into bytes once.

Left to itself the engine does so twice for a PDF/A, whose identifier is a hash of them all, compressing every font and
every page twice at the slowest level.
"""

from __future__ import annotations

import zlib

import pydyf  # type: ignore[import-untyped]  # published without types

LEVEL = 6  # half the time of level 9 for half a percent more bytes


class _Finished(pydyf.Object):
    """An object whose bytes are known."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    @property
    def data(self) -> bytes:
        return self._data


class _FinishedStream(_Finished, pydyf.Stream):
    """Likewise; streams are never put into an object stream."""


def finish(pdf: pydyf.PDF) -> None:
    """Replace each object of the PDF by its bytes."""
    for place, known in enumerate(pdf.objects):
        if known.free == "f":
            continue
        stream = isinstance(known, pydyf.Stream)
        finished = (_FinishedStream if stream else _Finished)(
            _compressed(known) if stream else known.data
        )
        finished.number, finished.generation = known.number, known.generation
        pdf.objects[place] = finished


def _compressed(stream: pydyf.Stream) -> bytes:
    if stream.compress:
        bare = pydyf.Stream(stream.stream).data
        content = bare[bare.index(b"stream\n") + len(b"stream\n") : -len(b"\nendstream")]
        stream.stream, stream.compress = [zlib.compress(content, LEVEL)], False
        stream.extra["Filter"] = "/FlateDecode"
    data: bytes = stream.data
    return data
