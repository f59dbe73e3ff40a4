"""YAML somebody wrote: its data and the line of every part, or what is wrong with the writing itself, by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from scoring.problems import Problem

LONGEST = 400_000  # characters of a text
MOST = 60_000  # parts of a text, with everything its references stand for
MERGED = "tag:yaml.org,2002:merge"
Fault = tuple[int, Problem]
READ = "检查缩进、冒号后的空格和引号是否成对"


class Unreadable(Exception):
    """The text is no YAML mapping. `faults`: line and problem."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__()


def parsed(text: str) -> tuple[yaml.Node, Any]:
    """The tree, for the lines, and the data. Raises Unreadable; text from outside can neither hang nor crash it."""
    if len(text) > LONGEST:
        raise _at(1, f"方案超过{LONGEST // 10_000}万字", "请核对是否传错了文件")
    root = _tree(text)
    if not isinstance(root, yaml.MappingNode):
        raise _at(1, "方案应由“字段: 内容”组成", "以 key: 开头书写")
    if _larger(root, MOST):
        raise _at(1, "方案的引用（& 和 *）层层套用，展开后过大", "把引用的内容直接写出来")
    faults = [*_repeated(root), *_senseless(root)]
    if faults:
        raise Unreadable(*faults)
    try:
        return root, yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _at(line, "YAML 写法有误，读不下去", READ) from None


def _at(line: int, why: str, cure: str) -> Unreadable:
    return Unreadable((line, Problem((), why, cure)))


def _tree(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _at(line, "YAML 写法有误，读不下去", READ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _at(line, "有不能识别的控制字符", "删去该字符，另存为 UTF-8 文本") from None
    except RecursionError:
        raise _at(1, "方案嵌套过深", "对照 schemes/ 下的默认方案改写") from None


def _larger(root: yaml.Node, most: int) -> bool:
    """Counted without recursion, each reference as often as it is used: one that holds itself never ends."""
    waiting, seen = [root], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > most:
            return True
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
    return False


def _repeated(node: yaml.Node) -> Iterator[Fault]:
    """YAML would silently keep the last of two equal keys; a weight could vanish that way."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _repeated(child)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                yield line, Problem((), "冒号前面不是一个词", "冒号前只写字段的名称")
                continue
            if key.value in seen:
                yield line, Problem((), f"“{key.value}”写了两次", "只留一个")
            seen.add(key.value)
            yield from _repeated(value)


def _senseless(node: yaml.Node) -> Iterator[Fault]:
    """Words that look like a day or a number and are none (2026-02-30), and tags of other programs."""
    line = node.start_mark.line + 1
    if node.tag == MERGED:
        return
    if node.tag not in yaml.SafeLoader.yaml_constructors:
        yield line, Problem((), f"不能使用标签“{node.tag}”", "删去感叹号开头的标签")
    elif isinstance(node, yaml.ScalarNode):
        try:
            yaml.SafeLoader("").construct_object(node)
        except (ValueError, yaml.YAMLError):
            yield (
                line,
                Problem((), f"“{node.value}”不是存在的日期或数", "核对写法；作文字用时加引号"),
            )
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _senseless(child)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _senseless(key)
            yield from _senseless(value)


def line_of(node: yaml.Node, where: tuple[str | int, ...]) -> int:
    """The line of the deepest part of the path that stands in the text."""
    line = node.start_mark.line + 1
    for step in where:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    line, node = key.start_mark.line + 1, value
    return int(line)
