"""From YAML text to a Scheme, or to a list of problems that name the line and the cure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from rules.refusal import Refused
from scoring import yaml_text
from scoring.checks import problems_of
from scoring.operators import Part, said
from scoring.problems import Problem
from scoring.scheme import Scheme

WORDS = {
    "missing": ("缺少“{name}”", "在这里补上 {name}"),
    "extra_forbidden": ("没有“{name}”这个字段", "{near}"),
    "string_type": ("“{name}”应为文字", "给“{value}”加上引号"),
    "literal_error": ("“{name}”不能写“{value}”", "可选：{expected}"),
    "union_tag_invalid": ("不认识的计分方式“{tag}”", "可选：{expected_tags}"),
    "union_tag_not_found": ("计分规则没有写 operator", "补上 operator，如 operator: ladder"),
    "greater_than": ("“{name}”须大于{gt}，现为{value}", "改为大于{gt}的数"),
    "greater_than_equal": ("“{name}”不得小于{ge}，现为{value}", "改为不小于{ge}的数"),
    "less_than_equal": ("“{name}”不得大于{le}，现为{value}", "改为不大于{le}的数"),
    "float_parsing": ("“{name}”应为数字，现为“{value}”", "改为数字，不带单位和引号"),
    "float_type": ("“{name}”应为数字", "改为数字"),
    "finite_number": ("“{name}”应为有限的数", "改为普通数字"),
    "int_parsing": ("“{name}”应为整数，现为“{value}”", "改为整数"),
    "int_from_float": ("“{name}”应为整数，现为{value}", "改为整数"),
    "too_short": ("“{name}”至少要有{min_length}项", "补足条目，不用时整段删去"),
    "string_too_short": ("“{name}”不能为空", "填写内容"),
    "date_from_datetime_parsing": ("“{value}”不是日期", "写成 2026-01-01 的样子"),
}
OTHERWISE = ("“{name}”的写法不对，现为“{value}”", "对照 schemes/ 下的默认方案改写")


class SchemeError(Refused):
    """A scheme that cannot be used. `problems` lists every fault with its line."""

    def __init__(self, problems: Iterable[tuple[int, Problem]]) -> None:
        self.problems = tuple(sorted(problems, key=lambda pair: pair[0]))
        why = "\n".join(f"第{line}行：{p.why}。办法：{p.cure}。" for line, p in self.problems)
        super().__init__(why, cure=f"方案共有{len(self.problems)}处须改正，改好后重新导入。")


def load(path_or_text: Path | str) -> Scheme:
    """Read a scheme from a file or from its text. Raises SchemeError with every fault found."""
    try:
        root, data = yaml_text.parsed(_text(path_or_text))
    except yaml_text.Unreadable as unreadable:
        raise SchemeError(unreadable.faults) from None
    found, problems = examined(data)
    if found is None or problems:
        raise SchemeError((yaml_text.line_of(root, problem.where), problem) for problem in problems)
    return found


def examined(data: Any) -> tuple[Scheme | None, list[Problem]]:
    """The scheme, where it has the right shape, and every fault found, by the path of the part that has it."""
    try:
        found = Scheme.model_validate(data)
    except ValidationError as error:
        return None, [_worded(e) for e in error.errors()]
    return found, problems_of(found)


def _text(path_or_text: Path | str) -> str:
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        return path_or_text
    try:
        return Path(path_or_text).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SchemeError(
            [(1, Problem((), "方案文件不是 UTF-8 编码", "用文本编辑器另存为 UTF-8"))]
        ) from None


def _worded(error: Any) -> Problem:
    context = {
        k: (said(v) if isinstance(v, float) else str(v))
        .replace("'", "")
        .replace(" or ", "、")
        .replace(", ", "、")
        for k, v in error.get("ctx", {}).items()
    }
    if error["type"] == "scheme":
        return Problem(error["loc"], context["why"], context["cure"])
    name = str(error["loc"][-1]) if error["loc"] else "方案"
    value = error.get("input")
    shown = "" if isinstance(value, dict | list) else str(value)
    why, cure = WORDS.get(error["type"], OTHERWISE)
    if value is None and error["type"] != "missing":
        why, cure = "“{name}”没有填写", "填写内容；不需要时整行删去"
    words = {
        **context,
        "name": name,
        "value": shown,
        "near": _near(error["loc"]) if error["loc"] else "",
    }
    return Problem(error["loc"], why.format(**words), cure.format(**words))


def _near(where: Sequence[Any]) -> str:
    """The field of the right part that was probably meant."""
    known = sorted({field for part in _parts_at(where[:-1]) for field in part.model_fields})
    close = difflib.get_close_matches(str(where[-1]), known, n=1)
    return f"是否应为 {close[0]}；不需要时删去" if close else "删去这一行"


def _parts_at(where: Sequence[Any]) -> list[type[Part]]:
    """The models that may stand at a path: fields are followed, list positions and union tags passed over."""
    parts: list[type[Part]] = [Scheme]
    for step in where:
        below = [p.model_fields[step].annotation for p in parts if step in p.model_fields]
        parts = [found for annotation in below for found in _parts_in(annotation)] or parts
    return parts


def _parts_in(annotation: Any) -> list[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _parts_in(inner)]
