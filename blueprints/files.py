"""Files in and out: uploads of materials, downloads that go through the same check as their record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Response, abort, make_response
from werkzeug.datastructures import FileStorage

import database
from actions import letters
from actions.materials import Upload
from database import session
from forms.uploads import media_type_of
from queries import blobs, material_files
from rules.refusal import Refused

INSIDE = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"  # the browser's own viewer styles a PDF; no script of the file runs
)


def material_row(application: Any, material: int) -> Any:
    """The item of this application's checklist, or 404."""
    row = next((one for one in application.materials if one.id == material), None)
    return row or abort(404)


def material(application: Any, material: int) -> Response:
    """The file handed in for an item of the checklist."""
    return handed_in(material_row(application, material))


def handed_in(row: Any) -> Response:
    """The file of any row that keeps `sha256` and `file_name`, or 404."""
    if row.sha256 is None:
        abort(404)
    content = blobs.content(row.sha256)
    return send(
        content,
        row.file_name,
        media_type_of(row.file_name, content[:16]) or "application/octet-stream",
    )


def edition(application: Any, key: int, *, inline: bool) -> Response:
    """One of the files ever handed in. A picture or PDF may be looked at inside our own pages, and nowhere else."""
    row = material_files.of(application, key) or abort(404)
    content = blobs.content(row.sha256)
    media_type = media_type_of(row.file_name, content[:16])
    if media_type is None or not inline:
        return send(content, row.file_name, media_type or "application/octet-stream")
    answer = send(content, row.file_name, media_type, inline=True)
    answer.headers["Content-Security-Policy"] = INSIDE
    return answer


def letter(key: int, find: Callable[[int], Any]) -> Response:
    """A letter's PDF. On first need it is made, while others may write, and stored; from then on only read."""
    row = find(key)
    if row.sha256 is None:
        content = letters.printed(row)
        session.rollback()
        database.start_reading(False)
        row = find(key)
        letters.store(row, content)
        session.commit()
    return send(blobs.content(row.sha256), f"{row.number}.pdf", "application/pdf", inline=True)


def kept(file: dict[str, str]) -> Response:
    """A stored file by its name and hash."""
    content = blobs.content(file["sha256"])
    kind = media_type_of(file["name"], content[:16]) or "application/octet-stream"
    return send(content, file["name"], kind)


def uploads_of(storages: list[FileStorage]) -> list[Upload]:
    """Several files at once; each must be what its name says."""
    given = [upload_of(one) for one in storages if one.filename]
    for one in given:
        if one.media_type == "application/octet-stream":
            raise Refused(f"“{one.name}”不是可以接收的文件。", cure="请上传 PDF、PNG 或者 JPG。")
    return given


def upload_of(storage: FileStorage) -> Upload:
    """What came in, its name cut to a bare name and its type told from its bytes."""
    content = storage.stream.read()
    name = (storage.filename or "").replace("\\", "/").rpartition("/")[2][-120:]
    return Upload(name, content, media_type_of(name, content[:16]) or "application/octet-stream")


def send(content: bytes, name: str, media_type: str, *, inline: bool = False) -> Response:
    """Bytes with a safe name, never run by the browser."""
    answer = make_response(content)
    way = "inline" if inline else "attachment"
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    if not inline:
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def kind_filter(value: str) -> dict[str, Any]:
    """The filter hospital or pharmacy, alike on every list."""
    options = [("medical", "医疗机构"), ("pharmacy", "零售药店")]
    return select_filter("kind", "类型", value, options)


def select_filter(
    name: str, label: str, value: str, options: list[tuple[str, str]]
) -> dict[str, Any]:
    """One choice in the filter bar of a list."""
    return {"name": name, "label": label, "type": "select", "value": value, "options": options}
