"""Reading a table somebody sent: CSV in UTF-8 or GBK, or XLSX. Every cell as text, every row with its number.

The row number is the one people see in Excel: the heading of a plain list is row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from actions.sheet_child import TOO_LARGE
from queries import blobs
from rules.refusal import Refused
from rules.statements import MOST_LINES
from scoring import parquet

LARGEST_FILE = 25 * 1024 * 1024
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 2000
SUSPECT_FROM, SUSPECT_RATIO = 10 * 1024 * 1024, 50
OPENING = 8192  # characters looked at to find the separator
SECONDS = 90
ROOT = Path(__file__).resolve().parent.parent
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


UNREADABLE = {
    "workbook": ("工作簿无法读取，或者展开后过大。", "请在 Excel 中重新另存，或者拆分后再导入。"),
    "parquet": ("Parquet 文件不完整，无法读取，或者展开后过大。", "请重新导出，或者拆分后再导入。"),
}


@dataclass(frozen=True)
class Sheet:
    """`rows` includes whatever stands above the heading; `grid[n]` is row n + 1."""

    name: str
    sha256: str
    encoding: str
    grid: list[list[str]]
    others: list[str] = field(default_factory=list)


def read(content: bytes, filename: str) -> Sheet:
    """Refused when the file is too large, packed to mislead, encrypted, or no table at all."""
    if not content:
        raise Refused("文件是空的。", cure="请选择有内容的文件。")
    if len(content) > LARGEST_FILE:
        raise Refused(f"文件超过 {LARGEST_FILE // 1024 // 1024} MB。", cure="请拆分后分次导入。")
    if content.startswith(parquet.MARK):
        return _parquet(content, filename)
    if content.startswith(b"PK"):
        return _workbook(content, filename)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "旧版 .xls 或者加密的工作簿不能导入。",
            cure="请在 Excel 中取消密码，另存为 .xlsx 后再导入。",
        )
    return _csv(content, filename)


def _parquet(content: bytes, filename: str) -> Sheet:
    [(_name, grid)] = _opened(content, "parquet")
    return Sheet(filename, blobs.digest(content), "parquet", grid)


def _csv(content: bytes, filename: str) -> Sheet:
    text, encoding = _decoded(content)
    if "\x00" in text:
        raise Refused("文件不是表格。", cure="请导入 CSV 或者 XLSX 文件。")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=False)
    try:
        grid = list(reader)
    except csv.Error:
        raise Refused(
            "CSV 文件的引号或者换行不完整，无法读取。", cure="请用 Excel 打开核对后另存。"
        ) from None
    return Sheet(filename, blobs.digest(content), encoding, grid)


def _decoded(content: bytes) -> tuple[str, str]:
    """By the mark at its beginning; else UTF-8 if it is valid; else GB18030, which covers GBK."""
    marked = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Refused("文件的文字编码无法识别。", cure="请另存为 UTF-8 或者 GBK 编码的 CSV。")


def _separator(text: str) -> str:
    """The sign that is met most often in the first lines; a comma when none is."""
    opening = text[:OPENING]
    return max(",\t;", key=opening.count)


def _workbook(content: bytes, filename: str) -> Sheet:
    _guard(content)
    sheets = _opened(content, "workbook")
    filled = [(name, grid) for name, grid in sheets if any(any(row) for row in grid)]
    if not filled:
        raise Refused("工作簿里没有内容。", cure="请选择有内容的文件。")
    name, grid = filled[0]
    return Sheet(
        filename,
        blobs.digest(content),
        f"xlsx/{name}",
        grid,
        [other for other, _grid in filled[1:]],
    )


def _guard(content: bytes) -> None:
    """From the directory alone, before anything is unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile:
        raise Refused("工作簿已损坏，无法打开。", cure="请在 Excel 中重新另存后再导入。") from None
    unpacked = sum(member.file_size for member in members)
    names = {member.filename for member in members}
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED:
        raise Refused("工作簿展开后过大，没有打开。", cure="请拆分后分次导入。")
    if unpacked > SUSPECT_FROM and unpacked > SUSPECT_RATIO * len(content):
        raise Refused("工作簿的压缩比异常，没有打开。", cure="请在 Excel 中重新另存后再导入。")
    if any(member.flag_bits & 1 for member in members):
        raise Refused("工作簿已加密。", cure="请取消密码后再导入。")
    if "xl/workbook.xml" not in names or "xl/vbaProject.bin" in names:
        raise Refused("只能导入不带宏的 .xlsx 工作簿。", cure="请另存为 .xlsx 后再导入。")


def _opened(content: bytes, kind: str) -> list[tuple[str, list[list[str]]]]:
    limits = (str(MOST_LINES), str(LARGEST_UNPACKED))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "actions.sheet_child", kind, *limits],
            input=content, capture_output=True, timeout=SECONDS, cwd=ROOT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        done = None
    if done is not None and done.returncode == TOO_LARGE:
        raise Refused(
            f"文件超过 {MOST_LINES} 行，或者展开后超过 {LARGEST_UNPACKED // 1024 // 1024} MB，没有读取。",
            cure="请拆分后分次导入，或者另存为 CSV。",
        )
    if done is None or done.returncode:
        why, cure = UNREADABLE[kind]
        raise Refused(why, cure=cure)
    return json.loads(done.stdout)
