"""Reads the YAML folder into frozen dataclasses and refuses whatever does not have the agreed shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FAMILIES = ("medical", "pharmacy")
CONFIDENCES = ("official", "secondary", "local", "assumed")
UNITS = (
    "working_day",
    "day",
    "month",
    "year",
    "point",
    "percent",
    "times",
    "person",
    "bed",
    "yuan",
    "multiple",
    "grade",
    "institution",
)
UNQUOTED_LEVELS = ("practice", "assumption")

_PARAMETER = {"label", "unit", "pegged_to", "confidence", "checked_on", "note", "awaits", "values"}
_OVERRIDE = {"confidence", "checked_on", "note", "values"}
_CITATION = {"value", "source", "article", "confidence"}
_TABLE = {"label", "confidence", "checked_on", "note", "awaits", "since", "source", "rows"}
_ROW = {"label", "kind", "since", "until", "source", "article", "confidence"}


class Invalid(ValueError):
    """A regulation file that cannot be trusted: names the file, the key and the fault."""


@dataclass(frozen=True)
class Source:
    key: str
    title: str
    number: str
    issuer: str
    level: str
    issued_on: date | None
    in_force_on: date
    repealed_on: date | None
    note: str = ""

    def cite(self, article: str) -> str:
        """《title》（number）article; a practice or an assumption is no document and gets no 《》."""
        if self.level in UNQUOTED_LEVELS:
            return self.title + article
        number = f"（{self.number}）" if self.number else ""
        return f"《{self.title}》{number}{article}"

    def in_force(self, day: date) -> bool:
        return self.in_force_on <= day and (self.repealed_on is None or day < self.repealed_on)


@dataclass(frozen=True)
class Citation:
    value: int
    source: str
    article: str
    confidence: str


@dataclass(frozen=True)
class Edition:
    """The value from `since` on; `citations` by family, or under "" where both families share one."""

    since: date
    citations: Mapping[str, Citation]


@dataclass(frozen=True)
class Parameter:
    key: str
    label: str
    unit: str
    pegged_to: str
    confidence: str
    checked_on: date
    editions: tuple[Edition, ...]
    note: str = ""
    awaits: str = ""
    local: tuple[Edition, ...] = ()
    local_note: str = ""


@dataclass(frozen=True)
class TableRow:
    key: str
    label: str
    kind: str | None
    since: date
    until: date | None
    source: str
    article: str
    confidence: str
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    name: str
    label: str
    rows: tuple[TableRow, ...]
    awaits: str = ""
    local: tuple[TableRow, ...] = ()


@dataclass(frozen=True)
class Book:
    sources: Mapping[str, Source]
    parameters: Mapping[str, Parameter]
    tables: Mapping[str, Table]


def read(root: Path, division: str = "") -> Book:
    """The national folder, then every overlay that exists for the division, province first."""
    book = Book(
        sources={key: Source(key=key, **raw) for key, raw in _load(root / "sources.yaml").items()},
        parameters=dict(_parameters(root)),
        tables={path.stem: _table(path) for path in sorted((root / "tables").glob("*.yaml"))},
    )
    for code in _levels(division):
        if (root / "local" / code).is_dir():
            book = _overlaid(book, root / "local" / code)
    return book


def _levels(division: str) -> Iterator[str]:
    if division:
        yield from dict.fromkeys((division[:2] + "0000", division[:4] + "00", division))


def _load(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as stream:
        return yaml.safe_load(stream) or {}


def _parameters(root: Path) -> Iterator[tuple[str, Parameter]]:
    for path in sorted(root.glob("*.yaml")):
        if path.stem != "sources":
            for name, raw in _load(path).items():
                key = f"{path.stem}.{name}"
                yield key, _parameter(key, raw)


def _parameter(key: str, raw: dict[str, Any]) -> Parameter:
    _only(key, raw, _PARAMETER)
    if raw["unit"] not in UNITS:
        raise Invalid(f"{key}: unknown unit {raw['unit']!r}")
    fields = {name: value for name, value in raw.items() if name != "values"}
    return Parameter(key=key, editions=_editions(key, raw["values"], raw["confidence"]), **fields)


def _editions(key: str, values: dict[date, Any], confidence: str) -> tuple[Edition, ...]:
    return tuple(
        Edition(day, _citations(f"{key} {day}", raw, confidence)) for day, raw in values.items()
    )


def _citations(where: str, raw: dict[str, Any], confidence: str) -> Mapping[str, Citation]:
    """Either one citation for all, or one per family; a family may carry its own value."""
    families = {family: raw[family] for family in FAMILIES if family in raw}
    common = {name: value for name, value in raw.items() if name not in families}
    if not families:
        families = {"": {}}
    return {
        family: _citation(where, {"article": "", "confidence": confidence} | common | own)
        for family, own in families.items()
    }


def _citation(where: str, raw: dict[str, Any]) -> Citation:
    _only(where, raw, _CITATION)
    if raw["confidence"] not in CONFIDENCES:
        raise Invalid(f"{where}: unknown confidence {raw['confidence']!r}")
    if type(raw["value"]) is not int:
        raise Invalid(f"{where}: a value is a whole number, not {raw['value']!r}")
    return Citation(**raw)


def _table(path: Path) -> Table:
    raw = _load(path)
    _only(path.stem, raw, _TABLE)
    return Table(path.stem, raw["label"], tuple(_rows(path.stem, raw)), raw.get("awaits", ""))


def _rows(name: str, raw: dict[str, Any]) -> Iterator[TableRow]:
    """A row inherits since, source and confidence from its table; a list under a key is its editions."""
    common = {"kind": None, "until": None, "article": ""}
    common |= {field: raw[field] for field in ("since", "source", "confidence") if field in raw}
    for key, editions in raw["rows"].items():
        for edition in editions if isinstance(editions, list) else [editions]:
            yield _row(f"{name}.{key}", str(key), common | edition)


def _row(where: str, key: str, raw: dict[str, Any]) -> TableRow:
    missing = _ROW - raw.keys()
    if missing:
        raise Invalid(f"{where}: {sorted(missing)} missing")
    if raw["confidence"] not in CONFIDENCES:
        raise Invalid(f"{where}: unknown confidence {raw['confidence']!r}")
    extra = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in raw.items()
        if name not in _ROW
    }
    return TableRow(key, extra=MappingProxyType(extra), **{name: raw[name] for name in _ROW})


def _overlaid(book: Book, folder: Path) -> Book:
    sources, parameters, tables = dict(book.sources), dict(book.parameters), dict(book.tables)
    if (folder / "sources.yaml").exists():
        for key, raw in _load(folder / "sources.yaml").items():
            _known(key not in sources, folder, f"source {key} exists already")
            sources[key] = Source(key=key, **raw)
    for path in sorted(folder.glob("*.yaml")):
        if path.stem != "sources":
            for name, raw in _load(path).items():
                key = f"{path.stem}.{name}"
                _known(key in parameters, folder, f"{key} is invented")
                parameters[key] = _override(parameters[key], raw)
    for path in sorted((folder / "tables").glob("*.yaml")):
        _known(path.stem in tables, folder, f"table {path.stem} is invented")
        tables[path.stem] = _override_table(tables[path.stem], _load(path), folder)
    return Book(sources, parameters, tables)


def _override(parameter: Parameter, raw: dict[str, Any]) -> Parameter:
    _only(parameter.key, raw, _OVERRIDE)
    editions = _editions(parameter.key, raw["values"], raw.get("confidence", "local"))
    return replace(parameter, local=editions, local_note=raw.get("note", ""))


def _override_table(table: Table, raw: dict[str, Any], folder: Path) -> Table:
    rows = tuple(_rows(table.name, {"confidence": "local"} | raw))
    invented = {row.key for row in rows} - {row.key for row in table.rows}
    _known(not invented, folder, f"{table.name}: rows {sorted(invented)} are invented")
    return replace(table, local=rows)


def _only(where: str, raw: dict[str, Any], allowed: set[str]) -> None:
    unknown = raw.keys() - allowed
    if unknown:
        raise Invalid(f"{where}: unknown fields {sorted(unknown)}")


def _known(true: bool, folder: Path, fault: str) -> None:
    if not true:
        raise Invalid(f"{folder.parent.name}/{folder.name}: {fault}")
