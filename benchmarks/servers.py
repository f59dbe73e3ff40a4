"""gunicorn on the loopback, one process per core, for the length of a measurement."""

from __future__ import annotations

import base64
import http.client
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import filling
from benchmarks.databases import free_port
from benchmarks.figures import note
from config import ROOT

SECONDS_TO_START = 90
BENCH_PYTHON = ROOT / "var" / "bench-venv" / "bin" / "python"
_DATA_KEY = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
ANCHOR = ROOT / "var" / f"bench-{os.getpid()}.anchor"
_SECRET = secrets.token_hex()


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Processor time of the worker processes so far."""
        ticks = os.sysconf("SC_CLK_TCK")
        return sum(sum(map(int, _stat(child)[11:13])) for child in self._workers()) / ticks

    def _workers(self) -> list[str]:
        pid = self.process.pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()


def settings(url: str) -> dict[str, str]:
    """The environment of a process that serves this database; secrets are made for the run."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": _SECRET,
        "DATA_KEY": _DATA_KEY,
        "INDEX_KEY": _DATA_KEY,
        "EVENTS_ANCHOR": str(ANCHOR),
        "PYTHONWARNINGS": "ignore",
    }


def leave_nothing() -> None:
    """The heads of logs that are gone with their databases."""
    for path in ANCHOR.parent.glob(f"{ANCHOR.name}*"):
        path.unlink()


@contextmanager
def serving(entry: str, url: str, *, python: Path | str = sys.executable) -> Iterator[Server]:
    """One process per core, one request at a time each: threads would only lengthen the tail."""
    port = free_port()
    command = [
        str(python), "-m", "gunicorn", entry, "--bind", f"127.0.0.1:{port}", "--workers", str(os.cpu_count()),
        "--worker-class", "gthread", "--threads", "1", "--keep-alive", "30", "--log-level", "error",
        "--worker-tmp-dir", "/dev/shm", "--no-control-socket",  # noqa: S108 — memory, not a file to guess
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=settings(url))
    try:
        _wait(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def sign_in(port: int) -> str:
    """Through the real door; returns the cookie header."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", "/login")
    page = line.getresponse()
    form_cookie = (page.getheader("Set-Cookie") or "").split(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    given = {
        "username": filling.CLERK,
        "password": filling.PASSWORD,
        "csrf_token": token[1] if token else "",
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": form_cookie}
    line.request("POST", "/login", urlencode(given), kind)
    answer = line.getresponse()
    answer.read()
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name == "Set-Cookie"]
    line.close()
    found = next((cookie for cookie in cookies if cookie.startswith("dingdian=")), None)
    if found is None:
        raise RuntimeError(f"the clerk could not sign in: {answer.status}")
    return found


def django_python() -> Path | None:
    """The Python of var/bench-venv, installed on first use; None (said aloud) where that fails."""
    wanted = (ROOT / "requirements-bench.txt").read_text("utf-8")
    stamp = BENCH_PYTHON.parent.parent / "requirements"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return BENCH_PYTHON
    folder = str(BENCH_PYTHON.parent.parent)
    pip = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r"]
    for command in (
        [sys.executable, "-m", "venv", "--clear", folder],
        [str(BENCH_PYTHON), *pip, "requirements-bench.txt"],
    ):
        if subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode:
            note(
                "django: skipped (requirements-bench.txt could not be installed into var/bench-venv)"
            )
            return None
    stamp.write_text(wanted, "utf-8")
    return BENCH_PYTHON


def _stat(pid: str) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + SECONDS_TO_START
    while time.perf_counter() < until and process.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START)
        try:
            line.request("GET", "/login")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            line.close()
    raise RuntimeError("gunicorn did not answer")
