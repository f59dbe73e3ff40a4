"""Tables of text as people keep them: encoding and separator found out, headings trimmed, empty rows left out."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from rules.refusal import Refused

ROW = "row·"  # the row of the sheet, as a spreadsheet counts it
SEPARATORS = ("\t", ";", "|")
MARKS = (
    (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
# Without a mark: where the noughts of plain letters stand in the first character tells the width and the order.
WIDE = (
    (0, b"\0\0\0", "utf-32-be"), (1, b"\0\0\0", "utf-32-le"), (0, b"\0", "utf-16-be"), (1, b"\0", "utf-16-le"),
)  # fmt: skip
WORKBOOKS = ((b"PK\x03\x04", "Excel 工作簿"), (b"\xd0\xcf\x11\xe0", "Excel 97 工作簿"))
CURE = "请另存为首行是列名的 CSV。"


def table(path: Path) -> pl.DataFrame:
    """Every cell as text, blank ones missing; the column ROW says where a row stood. Refused when it is no table."""
    text = _text(path)
    heading = text.partition("\n")[0]
    most = max(SEPARATORS, key=heading.count)
    separator = most if heading.count(most) > heading.count(",") else ","
    try:
        frame = pl.read_csv(io.StringIO(text), infer_schema=False, separator=separator)
    except pl.exceptions.PolarsError:
        raise Refused(
            f"{path.name} 不是能读的 CSV 表：{_fault(text, separator)}。", cure=CURE
        ) from None
    _headed_once(path, heading, separator)
    frame = frame.rename({name: name.strip() for name in frame.columns})
    cells = frame.with_columns(pl.all().str.strip_chars().replace("", None))
    said = pl.any_horizontal(pl.all().exclude(ROW).is_not_null())
    return cells.with_row_index(ROW, offset=2).filter(said)


def _fault(text: str, separator: str) -> str:
    """Why the engine could not read it, in words about rows."""
    if not text.strip():
        return "文件是空的"
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error:
        return "引号没有成对"
    wide = next((n for n, row in enumerate(rows, 1) if len(row) > len(rows[0])), None)
    if wide is None:
        return "首行不是列名"
    return f"第{wide}行有{len(rows[wide - 1])}格，列名只有{len(rows[0])}个"


def _headed_once(path: Path, heading: str, separator: str) -> None:
    """The engine would quietly rename the second of two equal headings."""
    names = Counter(name.strip() for name in next(csv.reader([heading], delimiter=separator)))
    twice = [name for name, times in names.items() if name and times > 1]
    if twice:
        raise Refused(
            f"{path.name} 的列名“{twice[0]}”出现了不止一次。", cure="请只留一列，或改用不同的列名。"
        )


def _text(path: Path) -> str:
    content = path.read_bytes()
    for mark, what in WORKBOOKS:
        if content.startswith(mark):
            raise Refused(f"{path.name} 是 {what}，不是 CSV 表。", cure=CURE)
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if "\n" in text else text.replace("\r", "\n")
    raise Refused(f"{path.name} 的文字编码无法识别。", cure="请另存为 UTF-8 编码的 CSV。")


def _encodings(content: bytes) -> Iterator[str]:
    """A mark decides, or noughts; then UTF-8; Chinese letters come in pairs of bytes, western accents stand alone."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            yield encoding
    if b"\0" in content[:4]:
        yield from (name for at, zeros, name in WIDE if content[at:].startswith(zeros))
    yield "utf-8-sig"
    runs = re.findall(rb"[\x80-\xff]+", content)
    paired = sum(len(run) > 1 for run in runs)
    yield from ("gb18030", "cp1252") if paired * 2 > len(runs) else ("cp1252", "gb18030")
