"""One PostgreSQL database for many tests: put back as the template was, which takes a tenth of making it anew."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, create_engine, text

from database import Base

USES = 200  # then a fresh copy: what is deleted leaves room behind
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
CALLED = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"


class Again:
    """A copy of the template that is used again. `clone(name)` and `drop(name)` make and remove a database."""

    def __init__(self, server: str, clone, drop) -> None:
        self.server, self.clone, self.drop = server, clone, drop
        self.name, self.uses, self.held = "", 0, None

    def url(self) -> str:
        """A database with the template's rows and nothing else."""
        if self.held is None or self.uses >= USES or not self._put_back():
            self._anew()
        self.uses += 1
        return f"{self.server}/{self.name}"

    def end(self) -> None:
        if self.held is not None:
            self.engine.dispose()
            self.drop(self.name)
            self.held = None

    def _anew(self) -> None:
        self.end()
        self.name, self.uses = f"test_{uuid.uuid4().hex[:12]}", 0
        self.clone(self.name)
        self.engine = create_engine(f"{self.server}/{self.name}")
        with self.engine.begin() as connection:
            filled = _filled(connection, list(Base.metadata.tables))
            self.empty = [name for name in Base.metadata.tables if name not in filled]
            self.held = _seen(connection, filled)
            self.called = dict(list(connection.execute(text(CALLED))))

    def _put_back(self) -> bool:
        """False when a test changed what the template holds: then only a fresh copy is the same."""
        with self.engine.begin() as connection:
            connection.execute(text(OTHERS))
            if _seen(connection, list(self.held)) != self.held:
                return False
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name in _filled(connection, self.empty):
                connection.execute(text(f"DELETE FROM {name}"))
            for name, value in list(connection.execute(text(CALLED))):
                first = self.called.get(name)
                if first != value:
                    put = f"SELECT setval('{name}', {first or 1}, {first is not None})"
                    connection.execute(text(put))
        return True


def _filled(connection: Connection, names: list[str]) -> list[str]:
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names
    )
    return list(connection.scalars(text(asked)))


def _seen(connection: Connection, names: list[str]) -> dict[str, str]:
    return {
        name: connection.scalar(
            text(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
        )
        for name in names
    }
