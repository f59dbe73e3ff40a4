"""Who reads which parameter: the source of the house, searched as syntax trees.

A read is `law.<topic>.<name>` (the law object is always called law), `regulations.at(…).<topic>.<name>`, or the key
written out as a string. A table that is read also reads the parameters its rows point to.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import regulations
from regulations import reader

ROOT = Path(regulations.__file__).parent.parent
ROOMS = ("rules", "scoring", "actions", "queries", "documents", "jobs", "blueprints", "commands")


def readers(book: regulations.Book) -> dict[str, set[str]]:
    """Parameter key or table name → files that read it."""
    found = defaultdict(set)
    for file, tree in sources():
        for key in (*_strings(tree), *(".".join(chain) for chain in _chains(tree))):
            for name in _known(key, book):
                found[name].add(file)
        for asked in _called(tree, "table"):
            found[f"table {asked}"].add(file)
    for name, table in book.tables.items():
        for pointed in _pointed(table) & book.parameters.keys():
            found[pointed] |= found.get(f"table {name}", set())
    return {key: files for key, files in found.items() if files}


def unknown(book: regulations.Book) -> list[str]:
    """Parameters and tables that code asks for by name and no regulation file holds."""
    faults = []
    for file, tree in sources():
        faults += [f"{file}: law.{'.'.join(c)}" for c in _chains(tree) if not _resolves(c, book)]
        faults += [f"{file}: table {t}" for t in _called(tree, "table") if t not in book.tables]
        keys = (*_called(tree, "value"), *_rules(tree))
        faults += [f"{file}: {key}" for key in keys if key not in book.parameters]
    return faults


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted(ROOT.glob(f"{room}.py")) + sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def _known(key: str, book: regulations.Book) -> Iterator[str]:
    """`eval.max.value` still reads eval.max; a branch alone reads nothing."""
    parts = key.split(".")
    for length in range(2, min(len(parts), 4) + 1):
        if ".".join(parts[:length]) in book.parameters:
            yield ".".join(parts[:length])


def _resolves(chain: tuple[str, ...], book: regulations.Book) -> bool:
    topics = {key.split(".")[0] for key in book.parameters}
    if len(chain) < 2 or chain[0] not in topics:
        return True  # another object that is called law, or one of its own methods
    return any(_known(".".join(chain), book))


def _chains(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    """The attribute names behind a law object, longest chain of each expression only."""
    inner = {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node not in inner:
            root, names = _unwound(node)
            if isinstance(root, ast.Name) and "law" in (path := [root.id, *names]):
                yield tuple(path[path.index("law") + 1 :])
            elif isinstance(root, ast.Call) and _name(root.func) in ("at", "law"):
                yield tuple(names)


def _unwound(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """`a().b.c` is what `a()` is, and the names b, c."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return node, names


def _strings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _called(tree: ast.Module, method: str) -> Iterator[str]:
    """First argument of `law.table("…")` or `law.value("…")`, where it is written out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked = node.func.attr == method and _is_law(node.func.value)
            if asked and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def _rules(tree: ast.Module) -> Iterator[str]:
    """The rule of `clocks.due("…")`, positional or by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("clocks.due"):
            given = node.args[:1] + [word.value for word in node.keywords if word.arg == "rule"]
            yield from (str(one.value) for one in given if isinstance(one, ast.Constant))


def _is_law(node: ast.expr) -> bool:
    called = _name(node.func) if isinstance(node, ast.Call) else _name(node)
    return called in ("law", "at", "_law")


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _pointed(table: reader.Table) -> set[str]:
    pointed = set()
    for row in table.rows:
        for value in row.extra.values():
            pointed |= set(value) if isinstance(value, tuple) else {value}
    return {one for one in pointed if isinstance(one, str)}
