"""评分表 pasted from a spreadsheet: one row an item, cells parted by tabs. Errors name their row. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

YES = {"符合", "合格", "是", "通过", "√", "✓", "y", "yes", "1"}
NO = {"不符合", "不合格", "否", "不通过", "×", "✗", "x", "n", "no", "0"}
HEADINGS = {"项目", "评估项目", "评估内容", "序号", "编号"}
LONGEST = 500
MOST_ROWS = 200
DIGITS = 4  # of a score


@dataclass(frozen=True)
class Line:
    """One item of the law as the sheet may name it: by running number, by key or by label."""

    number: int
    key: str
    label: str
    full: int | None = None


@dataclass
class Sheet:
    """What was read: key → answer, and what is wrong, row by row. With an error nothing is taken over."""

    answers: dict[str, dict[str, object]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def read(text: str, lines: Sequence[Line]) -> Sheet:
    """Rows «item, result, remark, score»; blank rows and a heading row are passed over."""
    sheet = Sheet()
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(rows) > MOST_ROWS:
        sheet.errors.append(f"最多粘贴 {MOST_ROWS} 行，实际 {len(rows)} 行。")
        return sheet
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row.split("\t")]
        if any(cells) and not (number == 1 and cells[0] in HEADINGS):
            _take(number, cells, lines, sheet)
    if not sheet.answers and not sheet.errors:
        sheet.errors.append("没有可以读取的内容。")
    return sheet


def _take(number: int, cells: list[str], lines: Sequence[Line], sheet: Sheet) -> None:
    line = _item(cells[0], lines)
    if line is None:
        sheet.errors.append(f"第 {number} 行：没有“{cells[0][:40]}”这一评估项目。")
        return
    if line.key in sheet.answers:
        sheet.errors.append(f"第 {number} 行：“{line.label}”重复。")
        return
    _name, result, remark, score, *_more = [*cells, "", "", ""]
    passed = _result(result)
    if passed is None:
        sheet.errors.append(f"第 {number} 行：结论应为“符合”或者“不符合”。")
        return
    if len(remark) > LONGEST:
        sheet.errors.append(f"第 {number} 行：说明最多 {LONGEST} 字。")
        return
    answer: dict[str, object] = {"passed": passed, "remark": remark}
    if score and not _scored(score, line, answer):
        most = f"0 到 {line.full} 的整数" if line.full is not None else "空白，本项不记分"
        sheet.errors.append(f"第 {number} 行：分值应为{most}。")
        return
    sheet.answers[line.key] = answer


def _scored(text: str, line: Line, answer: dict[str, object]) -> bool:
    whole = text.isascii() and text.isdigit() and len(text) <= DIGITS
    if line.full is None or not whole or int(text) > line.full:
        return False
    answer["score"] = int(text)
    return True


def _item(name: str, lines: Sequence[Line]) -> Line | None:
    plain = name.rstrip(".、")
    for line in lines:
        if plain in (str(line.number), line.key, line.label):
            return line
    return next((line for line in lines if plain == f"{line.number}. {line.label}"), None)


def _result(word: str) -> bool | None:
    plain = word.strip().lower()
    return True if plain in YES else False if plain in NO else None
