"""What is in force on one day for one family: values by name, and tables of rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from regulations.reader import (
    CONFIDENCES,
    FAMILIES,
    Book,
    Citation,
    Edition,
    Parameter,
    Source,
    TableRow,
)


class UnknownKey(LookupError):
    """The code asks for a parameter or table that no regulation file holds: a fault of the program."""


class NotInForce(LookupError):
    """The parameter exists, but had no value that day (or none for that family)."""


@dataclass(frozen=True)
class Value:
    """`basis` is a ready Chinese citation; `source` holds the keys of sources.yaml, 、 between two of them."""

    key: str
    value: int
    unit: str
    label: str
    since: date
    basis: str
    source: str
    article: str
    confidence: str
    note: str = ""
    pegged_to: str = ""
    checked_on: date | None = None
    awaits: str = ""
    local: bool = False


@dataclass(frozen=True)
class Row:
    key: str
    label: str
    basis: str
    confidence: str
    since: date
    extra: Mapping[str, Any]
    kind: str | None = None
    article: str = ""


class Law:
    """`law.eval.max` and `law.value("eval.max")` are the same Value. Nothing in force: raises NotInForce."""

    def __init__(self, day: date, kind: str | None, book: Book) -> None:
        self.day = day
        self.kind = kind
        self._book = book
        self._values: dict[str, Value] = {}

    def __getattr__(self, topic: str) -> Any:
        if topic.startswith("_"):
            raise AttributeError(topic)
        return Branch(self, topic)

    def value(self, key: str) -> Value:
        """Raises UnknownKey for a key that never existed, NotInForce for one without a value that day."""
        if key not in self._values:
            parameter = self._book.parameters.get(key)
            if parameter is None:
                raise UnknownKey(f"no regulation file holds {key}")
            self._values[key] = self._in_force(parameter)
        return self._values[key]

    def table(self, name: str) -> tuple[Row, ...]:
        """The rows in force for this family, in the order of the text. None at all: raises NotInForce."""
        table = self._book.tables.get(name)
        if table is None:
            raise UnknownKey(f"no regulation file holds the table {name}")
        chosen = {row.key: row for row in (*table.rows, *table.local) if self._applies(row)}
        if not chosen:
            raise NotInForce(
                f"table {name} had no rows on {self.day} for {self.kind or 'any kind'}"
            )
        return tuple(self._row(row) for row in chosen.values())

    def parameters(self) -> tuple[Value, ...]:
        """Every value in force that day, by key."""
        return tuple(self.value(key) for key in sorted(self._book.parameters) if self._holds(key))

    def tables(self) -> Mapping[str, str]:
        """Name → Chinese label of every table."""
        return {name: table.label for name, table in self._book.tables.items()}

    def names(self, prefix: str) -> bool:
        return any(key.startswith(prefix + ".") for key in self._book.parameters)

    def _holds(self, key: str) -> bool:
        try:
            self.value(key)
        except NotInForce:
            return False
        return True

    def _in_force(self, parameter: Parameter) -> Value:
        """A local value in force outranks the national one; the overlay's keeper follows later national changes."""
        for local, editions in ((True, parameter.local), (False, parameter.editions)):
            edition = self._latest(editions)
            if edition is not None:
                return self._value(parameter, edition, local=local)
        raise NotInForce(
            f"{parameter.key} had no value on {self.day} for {self.kind or 'any kind'}"
        )

    def _latest(self, editions: tuple[Edition, ...]) -> Edition | None:
        fitting = [
            edition for edition in editions if edition.since <= self.day and self._cited(edition)
        ]
        return max(fitting, key=lambda edition: edition.since, default=None)

    def _cited(self, edition: Edition) -> list[Citation]:
        if self.kind is None:
            return list(edition.citations.values())
        return [cited for family, cited in edition.citations.items() if family in ("", self.kind)]

    def _value(self, parameter: Parameter, edition: Edition, *, local: bool) -> Value:
        cited = self._cited(edition)
        return Value(
            key=parameter.key,
            value=self._agreed(parameter, cited),
            unit=parameter.unit,
            label=parameter.label,
            since=edition.since,
            basis="；".join(
                dict.fromkeys(self._source(one.source).cite(one.article) for one in cited)
            ),
            source="、".join(dict.fromkeys(one.source for one in cited)),
            article="；".join(dict.fromkeys(one.article for one in cited if one.article)),
            confidence=max((one.confidence for one in cited), key=CONFIDENCES.index),
            note=parameter.local_note if local else parameter.note,
            pegged_to=parameter.pegged_to,
            checked_on=parameter.checked_on,
            awaits=parameter.awaits,
            local=local,
        )

    def _agreed(self, parameter: Parameter, cited: list[Citation]) -> int:
        values = {one.value for one in cited}
        if len(values) > 1:
            raise NotInForce(f"{parameter.key} differs by kind: ask for {' or '.join(FAMILIES)}")
        return values.pop()

    def _applies(self, row: TableRow) -> bool:
        family = self.kind is None or row.kind in (None, self.kind)
        return family and row.since <= self.day and (row.until is None or self.day < row.until)

    def _row(self, row: TableRow) -> Row:
        basis = self._source(row.source).cite(row.article)
        return Row(
            row.key, row.label, basis, row.confidence, row.since, row.extra, row.kind, row.article
        )

    def _source(self, key: str) -> Source:
        if key not in self._book.sources:
            raise UnknownKey(f"sources.yaml does not hold {key}")
        return self._book.sources[key]


class Branch:
    """Half a key: `law.apply` or `law.apply.ph`."""

    def __init__(self, law: Law, prefix: str) -> None:
        self._law = law
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        key = f"{self._prefix}.{name}"
        return Branch(self._law, key) if self._law.names(key) else self._law.value(key)
