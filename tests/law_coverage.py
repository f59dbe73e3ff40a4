"""Which test proves which row of the law: what docs/coverage-of-the-law.md is made from.

A test names its rows: `@pytest.mark.law("P3-08i", "M2-09")`, with `refuses=True` when it shows a refusal and
`passes=True` when it shows that something is allowed; `M2-12` stands for all its numbers. A case of
tests/scenarios/law_*.yaml names its rows and says by its answers which of the two it shows.
Nothing is run for this: tests are read as syntax trees.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

TESTS = Path(__file__).parent
ROOT = TESTS.parent
DOCUMENT = ROOT / "docs" / "coverage-of-the-law.md"
ELSEWHERE = re.compile(
    r"(?!P3-|M2-|S-)[A-Z]+\d*-\d+[a-z]?"
)  # rows of other chapters may be named too
CHAPTERS = (
    ("P3-", "令第3号 零售药店"),
    ("M2-", "令第2号 医疗机构"),
    ("S-", "医保发〔2024〕23号和地方细则 人员支付资格"),
    ("R-", "国务院令第735号 与经办机构有关的条款"),
)
TRIGGERS = {"machine": "系统", "person": "人员", "none": "不涉及"}
HEAD = """# Coverage of the law

Row by row, the two orders on designation (国家医疗保障局令第2号、第3号), the rules on the payment qualification of
practitioners (医保发〔2024〕23号) and what 国务院令第735号 asks of an agency, in our own short words: who finds out whether
the row is met (系统 the house itself, 人员 a person whom the house asks, 不涉及 addressed to others), on which page it
shows, and which tests and scenarios prove it. 拒 counts the tests that show a refusal, 通 those that show a pass.

Made by `script/coverage-of-the-law` from tests/law_rows.yaml, the markers in tests/ and tests/scenarios/law_*.yaml;
a test fails when this page is stale. Do not edit it.
"""


@dataclass(frozen=True)
class Proof:
    """One test or one scenario, with the rows it names."""

    name: str
    rows: tuple[str, ...]
    refuses: bool = False
    passes: bool = False


@dataclass
class Covered:
    """One row with everything that proves it."""

    row: dict
    proofs: list[Proof] = field(default_factory=list)

    def count(self, way: str) -> int:
        return sum(getattr(proof, way) for proof in self.proofs)


def rows() -> dict[str, dict]:
    return yaml.safe_load((TESTS / "law_rows.yaml").read_text("utf-8"))


def scenarios() -> Iterator[tuple[str, dict]]:
    """Every case of every file, with the name of its file."""
    for path in sorted((TESTS / "scenarios").glob("law_*.yaml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            yield path.stem, case


def proofs() -> list[Proof]:
    """All tests that name a row, then all scenarios."""
    found = [
        proof
        for path in sorted(TESTS.glob("test_*.py"))
        for proof in _of_file(path.stem, ast.parse(path.read_text("utf-8")))
    ]
    for file, case in scenarios():
        answers = set(case["answers"].values())
        found.append(
            Proof(
                f"{file}：{case['name']}",
                tuple(case["rows"]),
                "refused" in answers,
                "passes" in answers,
            )
        )
    return found


def _of_file(name: str, tree: ast.Module) -> Iterator[Proof]:
    """Markers above a function, and those in the module that its decorators name."""
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        for decorator in [*node.decorator_list, *filter(None, [named.get("pytestmark")])]:
            for mark in _marks(decorator, named):
                yield _proof(f"{name}.{node.name}", mark)


def _marks(node: ast.AST, named: dict[str, ast.expr]) -> Iterator[ast.Call]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in named:
            yield from _marks(named[inner.id], {})
        if (
            isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Attribute)
            and inner.func.attr == "law"
        ):
            yield inner


def _proof(name: str, mark: ast.Call) -> Proof:
    given = {word.arg: getattr(word.value, "value", False) for word in mark.keywords}
    texts = tuple(one.value for one in mark.args if isinstance(one, ast.Constant))
    return Proof(name, texts, bool(given.get("refuses")), bool(given.get("passes")))


def covered() -> dict[str, Covered]:
    """Every row with its proofs."""
    known = {key: Covered(row) for key, row in rows().items()}
    for proof in proofs():
        for key in dict.fromkeys(one for name in proof.rows for one in meant(name, known)):
            known[key].proofs.append(proof)
    return known


def meant(name: str, known: dict) -> list[str]:
    """The row of this name, or all the numbers under it."""
    return [name] if name in known else [key for key in known if key.startswith(f"{name}.")]


def unknown(names: Iterator[str] | list[str]) -> list[str]:
    """Names that are no row of these texts and no row of another chapter."""
    known = rows()
    return [one for one in names if not meant(one, known) and not ELSEWHERE.fullmatch(one)]


def document() -> str:
    """The whole page."""
    lines = [HEAD]
    for prefix, title in CHAPTERS:
        lines += [
            f"## {title}\n",
            "| 行 | 内容 | 由谁 | 页面 | 拒 | 通 | 证明 |",
            "|---|---|---|---|--:|--:|---|",
        ]
        lines += [_line(key, one) for key, one in covered().items() if key.startswith(prefix)]
        lines.append("")
    return "\n".join(lines)


def _line(key: str, one: Covered) -> str:
    pages = "<br>".join(f"`{page}`" for page in one.row["pages"]) or "—"
    names = dict.fromkeys(proof.name for proof in one.proofs)
    proofs_text = "<br>".join(names) or one.row.get("pending") or "—"
    cells = (
        key,
        one.row["what"],
        TRIGGERS[one.row["trigger"]],
        pages,
        str(one.count("refuses")),
        str(one.count("passes")),
        proofs_text,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
