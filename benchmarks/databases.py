"""Throw-away databases: a SQLite file, and a PostgreSQL of its own where the machine has the programs."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from benchmarks.figures import note


@contextmanager
def all_of_them() -> Iterator[dict[str, str]]:
    """Name → URL of an empty database of each kind that can be had; what cannot is said aloud."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="dingdian-bench-", dir="/tmp"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        urls = {"sqlite": f"sqlite:///{folder / 'bench.db'}"}
        server = os.environ.get("BENCH_POSTGRES_URL") or _cluster(stack, folder)
        if server:
            urls["postgresql"] = _database(stack, server)
        else:
            note(
                "postgresql: skipped (no BENCH_POSTGRES_URL, and PostgreSQL is not installed here)"
            )
        yield urls


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _database(stack: ExitStack, server: str) -> str:
    name = f"bench_{secrets.token_hex(6)}"
    _say(server, f'CREATE DATABASE "{name}"')
    stack.callback(_say, server, f'DROP DATABASE "{name}" WITH (FORCE)')
    return f"{server}/{name}"


def _say(server: str, statement: str) -> None:
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _cluster(stack: ExitStack, folder: Path) -> str:
    """A cluster that ends with the measurement; durable as a real one, because that is what is measured."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if programs is None or not (programs / "initdb").exists():
        return ""
    home, port, password = folder / "pg", free_port(), secrets.token_hex(16)
    home.mkdir()
    (home / "password").write_text(password)
    if os.getuid() == 0:
        folder.chmod(0o711)
        for path in (home, home / "password"):
            shutil.chown(path, "postgres")
    _run(programs / "initdb", "-D", home / "data", "-U", "bench", f"--pwfile={home / 'password'}",
         "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c shared_buffers=512MB"
    control = (programs / "pg_ctl", "-D", home / "data", "-l", home / "log", "-w", "-s")
    _run(*control, "-o", options, "start")
    stack.callback(_run, *control, "-m", "immediate", "stop")
    return f"postgresql+psycopg://bench:{password}@127.0.0.1:{port}"


def _run(*command: object) -> None:
    """PostgreSQL refuses to run as root."""
    other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*other, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")
